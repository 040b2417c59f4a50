"""The tables of FreeRADIUS, Asterisk and FreeSWITCH as their makers create them, and a few rows."""

RADACCT = """
CREATE TABLE radacct (
  RadAcctId bigserial PRIMARY KEY, AcctSessionId text NOT NULL, AcctUniqueId text NOT NULL UNIQUE,
  UserName text, Realm text, NASIPAddress inet NOT NULL, NASPortId text, NASPortType text,
  AcctStartTime timestamp with time zone, AcctUpdateTime timestamp with time zone,
  AcctStopTime timestamp with time zone, AcctInterval bigint, AcctSessionTime bigint, AcctAuthentic text,
  ConnectInfo_start text, ConnectInfo_stop text, AcctInputOctets bigint, AcctOutputOctets bigint,
  CalledStationId text, CallingStationId text, AcctTerminateCause text, ServiceType text,
  FramedProtocol text, FramedIPAddress inet, FramedIPv6Address inet, FramedIPv6Prefix inet,
  FramedInterfaceId text, DelegatedIPv6Prefix inet, Class text)
"""
ASTERISK = """
CREATE TABLE cdr (
  calldate timestamp NOT NULL, clid varchar(80), src varchar(80), dst varchar(80), dcontext varchar(80),
  channel varchar(80), dstchannel varchar(80), lastapp varchar(80), lastdata varchar(80), duration integer,
  billsec integer, disposition varchar(45), amaflags integer, accountcode varchar(20), uniqueid varchar(150),
  userfield varchar(255), peeraccount varchar(20), linkedid varchar(150), sequence integer)
"""
FREESWITCH = """
CREATE TABLE fs_cdr (
  caller_id_name text, caller_id_number text, destination_number text, context text, start_stamp timestamp,
  answer_stamp timestamp, end_stamp timestamp, duration integer, billsec integer, hangup_cause text,
  uuid text, bleg_uuid text, accountcode text, read_codec text, write_codec text)
"""
SESSION = """
INSERT INTO radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime,
  acctstoptime, acctinterval, acctinputoctets, acctoutputoctets, framedipaddress, callingstationid,
  acctterminatecause)
VALUES ('s', %s, %s, '10.0.0.1', %s, %s, %s, %s, %s, %s, '100.64.0.10', 'AA:BB:CC:00:00:10', %s)
"""
CALL = """
INSERT INTO cdr (calldate, src, dst, duration, billsec, disposition, accountcode)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
SWITCHED = """
INSERT INTO fs_cdr (caller_id_number, destination_number, start_stamp, answer_stamp, billsec, accountcode)
VALUES (%s, %s, %s, %s, %s, %s)
"""
