"""Connections and calls from the databases where they are born: FreeRADIUS's `radacct`, and a CDR table.

Read-only, by SQL whose values are always parameters; the tables' names come from the config, checked there.
Sources: facts/cards-and-isp.md D.1 and D.2 (FreeRADIUS's PostgreSQL schema, Asterisk's `cdr`, FreeSWITCH's
`cdr_csv` columns as a table). PostgreSQL in production; SQLite in training.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from msgspec import Struct

from pos_tui.domain.outcome import Done, NotSent, Outcome, Uncertain
from pos_tui.domain.text import clean
from pos_tui.domain.usage import Call, Period, Session, area_of, termination

MOST = 1000
"""Rows that a statement may have. One more is read, so that whoever asks sees that there are too many."""
PATIENCE_MS = 15_000

Row = tuple[object, ...]
T = TypeVar("T")


class CdrKind(StrEnum):
    """Whose columns the calls have."""

    ASTERISK = "asterisk"
    FREESWITCH = "freeswitch"


class Tables(Struct, frozen=True):
    """Where the records are; an empty name means there are none."""

    radacct: str = ""
    cdr: str = ""
    kind: CdrKind = CdrKind.ASTERISK


_SESSIONS = """
SELECT username, acctstarttime, acctstoptime, acctupdatetime, acctinterval, acctinputoctets, acctoutputoctets,
       CAST(framedipaddress AS text), callingstationid, acctterminatecause
  FROM {table}
 WHERE username IN ({logins}) AND acctstarttime < {mark} AND (acctstoptime IS NULL OR acctstoptime >= {mark})
 ORDER BY acctstarttime DESC LIMIT {most}
"""
_CALLS = {
    CdrKind.ASTERISK: """
SELECT calldate, dst, billsec, disposition = 'ANSWERED'
  FROM {table}
 WHERE (accountcode = {mark} OR src = {mark}) AND calldate >= {mark} AND calldate < {mark}
 ORDER BY calldate DESC LIMIT {most}
""",
    CdrKind.FREESWITCH: """
SELECT start_stamp, destination_number, billsec, answer_stamp IS NOT NULL
  FROM {table}
 WHERE (accountcode = {mark} OR caller_id_number = {mark}) AND start_stamp >= {mark} AND start_stamp < {mark}
 ORDER BY start_stamp DESC LIMIT {most}
""",
}


class Records:
    """One database of usage. Every question opens and closes a connection of its own."""

    def __init__(
        self, url: str, tables: Tables, zone: tzinfo, password: Callable[[], str] = lambda: ""
    ) -> None:
        """`zone` is where instants without an offset were written: Asterisk's `calldate` has none."""
        self._url = url
        self.tables = tables
        self._zone = zone
        self._password = password
        self._local = url.startswith("sqlite:///")
        self._mark = "?" if self._local else "%s"

    def __repr__(self) -> str:
        return f"Records({self._url.split('@')[-1]!r})"

    def sessions(self, logins: Sequence[str], period: Period) -> Outcome[tuple[Session, ...]]:
        """Connections of some logins that overlap a period, the latest first."""
        if not logins:
            return Done(())
        marks = ", ".join(self._mark for _ in logins)
        # Nothing but names checked by the settings, and marks, is put into the text.
        text = _SESSIONS.format(table=self.tables.radacct, logins=marks, mark=self._mark, most=MOST + 1)
        values = [*logins, self._value(period.until), self._value(period.since)]
        return self._ask(text, values, self._session)

    def calls(self, terminal: str, period: Period) -> Outcome[tuple[Call, ...]]:
        """Calls of a terminal, the latest first. A CDR has no price: none is told."""
        text = _CALLS[self.tables.kind].format(table=self.tables.cdr, mark=self._mark, most=MOST + 1)
        since, until = (self._value(at, naive=True) for at in (period.since, period.until))
        return self._ask(text, [terminal, terminal, since, until], lambda row: self._call(terminal, row))

    # Reading rows

    def _session(self, row: Row) -> Session:
        login, start, end, updated, interval, up, down, address, mac, cause = row
        began = self._instant(start)
        assert began is not None, "the query asked for it"
        return Session(
            login=_text(login),
            start=began,
            end=self._instant(end),
            updated=self._instant(updated),
            interval=timedelta(seconds=_count(interval)) or None,
            upload=_count(up),
            download=_count(down),
            address=_text(address).split("/")[0],
            mac=_text(mac),
            cause=_text(cause),
        )

    def _call(self, terminal: str, row: Row) -> Call:
        at, destination, seconds, answered = row
        began = self._instant(at)
        assert began is not None, "the query asked for it"
        number = _text(destination)
        return Call(
            began, terminal, number, _count(seconds), bool(answered), termination(number, area_of(terminal))
        )

    def _instant(self, value: object) -> datetime | None:
        if isinstance(value, str):
            value = datetime.fromisoformat(value) if value else None
        if not isinstance(value, datetime):
            return None
        return (value if value.tzinfo else value.replace(tzinfo=self._zone)).astimezone(UTC)

    def _value(self, at: datetime, naive: bool = False) -> object:
        """Write an instant as its column has it: with its offset, or as the zone's wall clock."""
        local = at.astimezone(self._zone).replace(tzinfo=None) if naive else at.astimezone(UTC)
        return local.isoformat(" ", "seconds") if self._local else local

    # Asking

    def _ask(self, text: str, values: list[object], read: Callable[[Row], T]) -> Outcome[tuple[T, ...]]:
        try:
            rows = self._sqlite(text, values) if self._local else self._postgres(text, values)
            return Done(tuple(read(row) for row in rows))
        except ModuleNotFoundError:
            return NotSent("Falta o pacote do PostgreSQL: instale pos-tui[postgres].")
        except Exception as error:
            # Drivers' own words may quote the address with its password.
            return Uncertain(f"O banco de conexões e ligações não respondeu ({type(error).__name__}).")

    def _sqlite(self, text: str, values: list[object]) -> Iterable[Row]:
        path = quote(str(Path(self._url.removeprefix("sqlite:///")).absolute()))
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            rows: list[Row] = connection.execute(text, values).fetchall()
            return rows

    def _postgres(self, text: str, values: list[object]) -> Iterable[Row]:
        import psycopg

        options = f"-c default_transaction_read_only=on -c statement_timeout={PATIENCE_MS}"
        secret = self._password() or None
        with psycopg.connect(self._url, options=options, connect_timeout=10, password=secret) as connection:
            return connection.execute(text.encode(), values).fetchall()


def _text(value: object) -> str:
    return clean(str(value)) if value is not None else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0
