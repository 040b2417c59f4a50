"""Opening a database, and the one way to write to it.

SQLite runs in WAL with `synchronous=FULL`: a commit is on the disk before it is told. Every writing
transaction is IMMEDIATE, so that a read inside it can never be stale (facts/pos-and-faults.md §8.1). How a
server does the same is told in `server`.
"""

import contextlib
import itertools
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from peewee import Database, OperationalError, PeeweeException

from pos_tui.domain.errors import StoreError
from pos_tui.store import dialect
from pos_tui.store.dialect import file_of
from pos_tui.store.telling import as_store_error
from pos_tui.store.transaction import FileReading, FileWriting, Row, Transaction

T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"
RETRIES = 10
PAUSE, LONGEST_PAUSE = 0.02, 0.5
"""Seconds before the second try, doubled each time up to the longest; what is slept is a random part."""
PATIENCE_SECONDS = 30
"""How long work behind the screen waits for another program's lock on the file."""
TURN_SECONDS = 2.0
"""How long a key just pressed waits for this program's own commits, which take no longer than the disk."""

__all__ = ["Row", "Store", "Transaction", "file_of", "open_store"]


step: Callable[[str], None] = lambda name: None  # noqa: E731
"""Called between every two steps that a crash could part; only crash tests put anything here."""


_turns: dict[str, threading.RLock] = {}
"""One for each file, whoever opened it."""


class Store:
    """One database, usable from any thread: each has a connection while it reads or writes."""

    shared = False
    """Whether other tills write to it over a network."""
    away = False
    """Whether its server is given up for now, and this till goes on without it (`store.shadow`)."""
    hindrance = ""
    """Why a server that is there does not take what waits for it, as a sentence; else empty."""

    def __init__(self, db: Database) -> None:
        self.db = db
        # In SQLite nobody could tell whether the lock is another program's backup, or a commit of ours that
        # is about to end.
        self._one = _turns.setdefault(str(db.database), threading.RLock())
        self._pace = threading.local()
        self._checking: Any = None
        """The connection that reads the whole file, while it does."""

    def reading(self) -> contextlib.AbstractContextManager[Transaction]:
        """Run queries that change nothing."""
        return FileReading(self.db)

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in one transaction and commit it with fsync; its effects are on the disk on return.

        `work` may run several times (a database may ask to repeat a transaction), so it must do nothing but
        queries.

        Raises:
            StoreError: when the database cannot take it; nothing was written.
        """
        until = time.monotonic() + (0 if self._hurried else PATIENCE_SECONDS)
        with as_store_error():
            for attempt in itertools.count():
                try:
                    with self._turn():
                        return self._commit(work)
                except PeeweeException as error:
                    if not self._may_repeat(error, attempt, until):
                        raise
                    pause(attempt)
            raise AssertionError("unreachable")

    def hurry(self) -> None:
        """Have this thread, which works for a key just pressed, tell of others' locks instead of waiting."""
        self._pace.hurried = True

    def changes(self) -> int:
        """Return a number that is another one whenever others committed something: one cheap question.

        Others are other connections to the file.
        """
        with self.reading():
            return dialect.data_version(self.db)

    def waiting(self) -> int:
        """Return how many transactions its server has not got."""
        return 0

    def waiting_since(self) -> int | None:
        """Return since when the oldest of them waits, in UTC milliseconds."""
        return None

    def sign(self, till: int, at: int) -> None:
        """Say that a till is there; where nobody else looks, nothing is said."""

    def seen(self) -> dict[int, int]:
        """Return when each till last said so."""
        return {}

    def quick_check(self) -> str | None:
        """Return what is damaged in the file, or None. Reads all of it: never before the screen.

        Raises:
            StoreError: the file cannot be read, or the program is closing.
        """
        with as_store_error():
            self._checking = self.db.connection()  # type: ignore[no-untyped-call]
            try:
                answer = str(_sql(self.db, "PRAGMA quick_check(1)")[0][0])
            finally:
                self._checking = None
        return None if answer == "ok" else answer

    def rest(self) -> None:
        """Keep nothing open for this thread, which has nothing to do for a while."""
        self.close()

    def close(self) -> None:
        """Close this thread's connection."""
        if not self.db.is_closed():
            self.db.close()

    def end(self) -> None:
        """Close for good; nobody waits for a check of the whole file."""
        if (checking := self._checking) is not None:
            with contextlib.suppress(sqlite3.ProgrammingError):  # it ended this very moment, and is closed
                checking.interrupt()
        self.close()

    # Inside

    @property
    def _hurried(self) -> bool:
        return getattr(self._pace, "hurried", False)

    def _turn(self) -> "_Turn":
        """Wait for this program's other threads."""
        return _Turn(self._one, TURN_SECONDS if self._hurried else -1)

    def _may_repeat(self, error: PeeweeException, attempt: int, until: float) -> bool:
        """Whether nothing was written, and the same may pass if it is run again."""
        return time.monotonic() <= until and dialect.asks_to_repeat(error, attempt)

    def _commit(self, work: Callable[[Transaction], T]) -> T:
        step("before-commit")
        with FileWriting(self.db, dialect.HURRIED_MS if self._hurried else dialect.PATIENT_MS) as tx:
            done = work(tx)
            step("in-transaction")
        step("after-commit")
        return done


class _Turn:
    """One's turn among the threads of this program, for as long as its `with` lasts."""

    __slots__ = ("_lock", "_patience")

    def __init__(self, lock: threading.RLock, patience: float) -> None:
        self._lock: Any = lock
        self._patience = patience

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=self._patience):
            raise OperationalError("database is locked")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()


def pause(attempt: int) -> None:
    """Sleep before the next attempt: longer each time, and never as long as the others do."""
    time.sleep(random.uniform(0, min(LONGEST_PAUSE, PAUSE * 2**attempt)))  # noqa: S311  jitter, not a secret


def open_store(url: str, password: str = "", gate: str = "") -> Store:
    """Open the database at `url`, bring its tables up to date, and return it.

    `gate` names the store where one database is that of many (`ServerStore`).

    Raises:
        StoreError: the file is no database, is damaged, is newer than this program, or cannot be written.
    """
    db = dialect.database(url, password)
    store = store_on(db, gate)
    try:
        with as_store_error(url if file_of(url) else ""):
            _brought_up(db)
    except BaseException:
        store.end()
        raise
    return store


def _brought_up(db: Database) -> None:
    """Connect and make the tables; another till may be at its first start at this very moment."""
    until = time.monotonic() + dialect.BUSY_SECONDS
    for attempt in itertools.count():
        there: Sequence[str] = ()
        try:
            db.connect(reuse_if_open=True)
            dialect.mark(db)
            there = applied(db)
            migrate(db)
            dialect.release(db)
            return
        except PeeweeException as error:
            others = dialect.asks_to_repeat(error) or applied(db) != there
            if dialect.is_server(db) or not others or time.monotonic() > until:
                raise
            pause(attempt)


def store_on(db: Database, gate: str = "") -> Store:
    """Return the store on a database whose tables are up to date."""
    if not dialect.is_server(db):
        return Store(db)
    from pos_tui.store.server import ServerStore

    return ServerStore(db, gate)


def migrate(db: Database) -> None:
    """Bring its tables up to date. Raises StoreError when they are newer than this program."""
    known = sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))
    there = applied(db)
    newer = [name for name in there if name not in known]
    if newer:
        raise StoreError(
            f"O banco de dados é de uma versão mais nova do programa ({newer[-1]}). Atualize o programa."
        )
    if len(there) == len(known):
        return
    # Imported only when there is something to do: it costs a tenth of the start.
    from playhouse.migrations import Runner

    dialect.unlimited(db)
    for attempt in range(RETRIES):
        try:
            Runner(db, str(MIGRATIONS)).up()
            return
        except PeeweeException:
            # Another till may be at the same: whoever was second goes on from where the first one came.
            if attempt + 1 == RETRIES or not dialect.is_server(db):
                raise
            pause(attempt)


def _sql(db: Database, text: str) -> list[Row]:
    return list(db.execute_sql(text).fetchall())  # type: ignore[no-untyped-call]


def applied(db: Database) -> Sequence[str]:
    """Return the names of the migrations that a database has, in order."""
    try:
        return [str(row[0]) for row in _sql(db, "SELECT name FROM schema_migration ORDER BY name")]
    except PeeweeException as error:
        if dialect.is_missing_table(error):
            return []
        raise
