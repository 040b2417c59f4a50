"""One consistent copy of a SQLite database while others write to it, and what proves a copy good.

The copy is made by SQLite's online backup inside one read transaction: what is counted is what is copied.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from pos_tui.domain.errors import StoreError
from pos_tui.domain.journal import GENESIS
from pos_tui.store import chain
from pos_tui.store.database import MIGRATIONS, Transaction
from pos_tui.store.models import CounterRow

PAGE = 2_000
"""Rows of the journal held in memory while it is checked."""


class Head(Struct, frozen=True):
    """Where one till's journal ends."""

    till: int
    seq: int
    hash: str


class Facts(Struct, frozen=True):
    """What a database holds, told shortly: two copies of the same instant have the same facts."""

    schema: tuple[str, ...]
    """Its migrations, in order."""
    rows: Mapping[str, int]
    """How many rows each table has."""
    heads: tuple[Head, ...]


def copy(source: Path, target: Path) -> Facts:
    """Copy a database, in use or not, into a new file, and return what the original held at that instant.

    Raises:
        StoreError: it cannot be read or the copy cannot be written; a part of it may be left.
    """
    with _told(source), _open(source, "ro") as original, _open(target, "rwc") as made:
        original.execute("BEGIN")
        facts = _facts(original)
        original.backup(made)
        original.execute("ROLLBACK")
        # One file holds all of it: no -wal beside it that could be forgotten.
        made.execute("PRAGMA journal_mode=DELETE")
    return facts


def examine(path: Path) -> Facts:
    """Read a whole database file that nobody uses, and return what it holds.

    Raises:
        StoreError: it is damaged, its journal's chain is broken, or a newer program made it.
    """
    with _told(path), _open(path, "ro") as db:
        (answer,) = db.execute("PRAGMA integrity_check(1)").fetchone()
        if answer != "ok":
            raise StoreError(f"{path.name} está danificado ({answer}).")
        facts = _facts(db)
        _refuse_newer(facts.schema)
        for head in facts.heads:
            _check_chain(db, head.till)
    return facts


def check_whole(path: Path) -> str:
    """Say what SQLite finds damaged in a file, or nothing. Reads all of it."""
    with _told(path), _open(path, "ro") as db:
        (answer,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    return "" if answer == "ok" else str(answer)


def settle(path: Path) -> None:
    """Bring what stands in a database's write-ahead log into its file. Raises StoreError."""
    with _told(path), _open(path, "rw") as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _facts(db: sqlite3.Connection) -> Facts:
    names = [str(row[0]) for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    tables = sorted(name for name in names if not name.startswith("sqlite_"))
    if "journal" not in tables or "schema_migration" not in tables:
        raise StoreError("O arquivo não é um banco de dados do pos-tui.")
    rows = {name: int(db.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]) for name in tables}
    schema = tuple(str(row[0]) for row in db.execute("SELECT name FROM schema_migration ORDER BY name"))
    # SQLite takes the hash from the row that has the highest seq.
    ends = db.execute("SELECT till, MAX(seq), hash FROM journal GROUP BY till ORDER BY till")
    heads = tuple(Head(int(till), int(seq), str(value)) for till, seq, value in ends)
    return Facts(schema, rows, heads)


def _check_chain(db: sqlite3.Connection, till: int) -> None:
    columns = ", ".join(f'"{name}"' for name in (*chain.CHAINED, "hash"))
    query = f"SELECT {columns} FROM journal WHERE till = ? AND seq > ? ORDER BY seq LIMIT {PAGE}"
    previous, at = GENESIS, 0
    while page := db.execute(query, (till, at)).fetchall():
        broken = chain.first_broken(page, previous, at)
        if broken is not None:
            raise StoreError(f"O diário do caixa {till} foi alterado a partir da linha {broken}.")
        previous, at = chain.end(page)


def _refuse_newer(schema: tuple[str, ...]) -> None:
    newer = sorted(set(schema) - {path.stem for path in MIGRATIONS.glob("[0-9]*.py")})
    if newer:
        raise StoreError(f"É de uma versão mais nova do programa ({newer[-1]}). Atualize o programa antes.")


@contextlib.contextmanager
def _open(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    uri = f"file:{quote(str(path.absolute()))}?mode={mode}"
    db = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30)
    try:
        yield db
    finally:
        db.close()


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{path.name} não pôde ser lido ou copiado ({error}).") from error


def skip_ahead(tx: Transaction, gap: int) -> None:
    """Move every numbering ahead: what was numbered after the copy was made is known outside."""
    # How far the journal was checked is no numbering.
    numberings = CounterRow.update(value=CounterRow.value + gap).where(
        ~CounterRow.name.startswith("checked/")
    )
    tx.run(numberings)
