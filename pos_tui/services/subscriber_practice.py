"""In training: a database of usage of its own, with the invented people's connections and calls."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path

from pos_tui.providers.sandbox.subscribers import people

_RADACCT = """
CREATE TABLE radacct (username, acctstarttime, acctstoptime, acctupdatetime, acctinterval, acctinputoctets,
                      acctoutputoctets, framedipaddress, callingstationid, acctterminatecause)
"""
_CDR = "CREATE TABLE cdr (calldate, src, dst, billsec, disposition, accountcode)"
_DIALLED = (
    ("33210000", 192, "ANSWERED"),
    ("011998765432", 721, "ANSWERED"),
    ("065999991234", 0, "NO ANSWER"),
    ("08007771234", 35, "ANSWERED"),
    ("190", 61, "ANSWERED"),
)
"""What the invented terminals dialled, seconds, and how it ended."""


def make(path: Path, today: date, zone: tzinfo) -> None:
    """Write the database anew, as things stand on a day."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(_RADACCT)
        connection.execute(_CDR)
        for person in people(today):
            connection.executemany(
                "INSERT INTO radacct VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        one.login,
                        _text(one.start),
                        _text(one.end),
                        _text(one.updated),
                        600,
                        one.upload,
                        one.download,
                        one.address,
                        one.mac,
                        one.cause,
                    )
                    for one in person.sessions
                ],
            )
            for contract in person.dossier.subscriber.contracts:
                for terminal in contract.terminals:
                    connection.executemany(
                        "INSERT INTO cdr VALUES (?, ?, ?, ?, ?, ?)", _calls(terminal, zone)
                    )
    path.chmod(0o600)


def _calls(terminal: str, zone: tzinfo) -> list[tuple[object, ...]]:
    latest = datetime.now(zone).replace(tzinfo=None) - timedelta(minutes=10)
    return [
        ((latest - timedelta(minutes=7 * place)).isoformat(" ", "seconds"), terminal, *call, terminal)
        for place, call in enumerate(_DIALLED)
    ]


def _text(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(" ", "seconds") if at else None
