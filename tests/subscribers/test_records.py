"""Connections and calls read from a real PostgreSQL with the makers' own tables."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest

from pos_tui.domain.outcome import Uncertain
from pos_tui.domain.usage import Period, SessionState, Termination
from pos_tui.providers.subscribers.records import MOST, CdrKind, Records, Tables
from tests import postgres
from tests.postgres import Postgres
from tests.subscribers import usage_schema as schema
from tests.subscribers.kits import done

pytestmark = postgres.needed()
ZONE = ZoneInfo("America/Campo_Grande")
NOON = datetime(2026, 11, 23, 16, tzinfo=UTC)
DAY = Period(datetime(2026, 11, 23, 4, tzinfo=UTC), datetime(2026, 11, 24, 4, tzinfo=UTC))
TABLES = Tables("radacct", "cdr")
_SMUGGLED = "cdr WHERE false; DELETE FROM cdr; SELECT 1 FROM cdr"


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres.running() as running:
        with psycopg.connect(running.url) as connection:
            for table in (schema.RADACCT, schema.ASTERISK, schema.FREESWITCH):
                connection.execute(table.encode())
            _fill(connection)
        yield running


def _fill(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    hour = timedelta(hours=1)
    sessions = (
        ("yesterday", "jose", DAY.since - 9 * hour, None, DAY.since - 8 * hour, None, 1, 2, "User-Request"),
        ("across", "jose", DAY.since - hour, None, DAY.since + hour, None, 10, 2_400_000_000, "Lost-Carrier"),
        ("open", "jose", NOON - 2 * hour, NOON - hour / 12, None, 300, 5, 6, None),
        ("stale", "jose.2", NOON - 200 * hour, NOON - 199 * hour, None, 300, 7, 8, None),
        ("other", "maria'--", NOON - hour, NOON, None, 300, 9, 9, None),
    )
    for row in sessions:
        connection.execute(schema.SESSION.encode(), row)
    local = NOON.astimezone(ZONE).replace(tzinfo=None)
    for call in (
        (local, "201", "33210000", 200, 192, "ANSWERED", "6733210010"),
        (local - hour, "6733210010", "011998765432", 30, 0, "NO ANSWER", ""),
        (local - 30 * hour, "201", "33210000", 10, 10, "ANSWERED", "6733210010"),
        (local, "6733219999", "190", 10, 10, "ANSWERED", "6733219999"),
    ):
        connection.execute(schema.CALL.encode(), call)
    for switched in (
        ("6733210010", "0015551234567", local, local, 61, "x"),
        ("6733210010", "190", local - hour, None, 0, "x"),
    ):
        connection.execute(schema.SWITCHED.encode(), switched)


def test_sessions_that_overlap_the_day(server: Postgres) -> None:
    found = done(Records(server.url, TABLES, ZONE).sessions(("jose", "jose.2"), DAY))
    assert [one.login for one in found] == ["jose", "jose", "jose.2"]
    assert [one.state(NOON) for one in found] == [
        SessionState.OPEN,
        SessionState.CLOSED,
        SessionState.STALE,
    ]
    across = found[1]
    assert (across.address, across.mac, across.cause) == ("100.64.0.10", "AA:BB:CC:00:00:10", "Lost-Carrier")
    assert (across.upload, across.download) == (10, 2_400_000_000)
    assert found[0].interval == timedelta(minutes=5)


def test_a_login_is_a_value_and_never_sql(server: Postgres) -> None:
    records = Records(server.url, TABLES, ZONE)
    (maria,) = done(records.sessions(("maria'--",), DAY))
    assert maria.login == "maria'--"
    assert done(records.sessions(("' OR '1'='1",), DAY)) == ()
    assert done(records.sessions((), DAY)) == ()


def test_asterisks_calls_of_a_terminal(server: Postgres) -> None:
    answered, missed = done(Records(server.url, TABLES, ZONE).calls("6733210010", DAY))
    assert (answered.at, answered.destination, answered.seconds) == (NOON, "33210000", 192)
    assert (answered.answered, answered.termination) == (True, Termination.LOCAL)
    assert (missed.answered, missed.termination) == (False, Termination.MOBILE_COUNTRY)
    assert answered.amount is None


def test_freeswitchs_calls_of_a_terminal(server: Postgres) -> None:
    records = Records(server.url, Tables("", "fs_cdr", CdrKind.FREESWITCH), ZONE)
    abroad, service = done(records.calls("6733210010", DAY))
    assert (abroad.termination, abroad.answered, abroad.seconds) == (Termination.INTERNATIONAL, True, 61)
    assert (service.termination, service.answered) == (Termination.SPECIAL, False)


def test_nothing_can_be_written(server: Postgres) -> None:
    """Should a name ever smuggle SQL in, the connection itself is read-only."""
    records = Records(server.url, Tables("radacct", _SMUGGLED), ZONE)
    assert isinstance(records.calls("6733210010", DAY), Uncertain)
    assert len(done(Records(server.url, TABLES, ZONE).calls("6733210010", DAY))) == 2


def test_a_server_that_is_not_there_says_no_password() -> None:
    url = f"postgresql://radius:segredo@127.0.0.1:{postgres._free_port()}/radius"
    records = Records(url, TABLES, ZONE, lambda: "outro-segredo")
    outcome = records.sessions(("jose",), DAY)
    assert isinstance(outcome, Uncertain)
    assert "segredo" not in outcome.why + repr(records)


def test_too_many_lines_are_one_more_than_a_statement_may_have(server: Postgres) -> None:
    with psycopg.connect(server.url) as connection:
        rows = [(NOON.replace(tzinfo=None), "202", "190", 1, 1, "ANSWERED", "6733215555")] * (MOST + 5)
        connection.cursor().executemany(schema.CALL.encode(), rows)
    assert len(done(Records(server.url, TABLES, ZONE).calls("6733215555", DAY))) == MOST + 1
