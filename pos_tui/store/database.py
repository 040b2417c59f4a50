"""Opening a database, and the one way to write to it.

SQLite runs in WAL with `synchronous=FULL`: a commit is on the disk before it is told. Every writing
transaction is IMMEDIATE, so that a read inside it can never be stale (facts/pos-and-faults.md §8.1). On a
server the same is had by changing one row first, the gate, which all writers of a store pass one by one.
Serializable transactions were tried instead: ten tills selling flat out made each other repeat more often
than they passed.
"""

import contextlib
import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from peewee import (
    Database,
    InterfaceError,
    Model,
    OperationalError,
    PeeweeException,
    Query,
)

from pos_tui.domain.errors import StoreError
from pos_tui.store import dialect
from pos_tui.store.dialect import file_of
from pos_tui.store.ids import new_key
from pos_tui.store.sentences import Sentence, inserting, updating
from pos_tui.store.telling import as_store_error

T = TypeVar("T")
Row = tuple[Any, ...]

MIGRATIONS = Path(__file__).parent / "migrations"
RETRIES = 10
PAUSE, LONGEST_PAUSE = 0.02, 0.5
"""Seconds before the second try, doubled each time up to the longest; what is slept is a random part."""
PATIENCE_SECONDS = 30
"""How long work behind the screen waits for another program's lock on the file."""
TURN_SECONDS = 2.0
"""How long a key just pressed waits for this program's own commits, which take no longer than the disk."""
LOOKS = 8
"""How often a lost commit is looked up before nobody knows."""
NEVER = 1 << 60
FORGOTTEN_MS = 30 * 24 * 3_600_000
"""After so long a program that never said more is taken to be gone."""

__all__ = ["Row", "Store", "Transaction", "UnknownCommit", "file_of", "open_store"]


step: Callable[[str], None] = lambda name: None  # noqa: E731
"""Called between every two steps that a crash could part; only crash tests put anything here."""


class Transaction:
    """An open writing transaction: runs queries; everything in it is committed together or not at all."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def rows(self, query: Query) -> list[Row]:
        """Return every row of a query as plain tuples."""
        return list(self._execute(query).fetchall())

    def row(self, query: Query) -> Row | None:
        """Return the first row, or None."""
        found: Row | None = self._execute(query).fetchone()
        return found

    def run(self, query: Query) -> int:
        """Run an INSERT, UPDATE or DELETE and return how many rows it touched."""
        return int(self._execute(query).rowcount)

    @property
    def dialect(self) -> type[Database]:
        """Which kind of database it is: a statement's text is good for one kind."""
        return type(self._db)

    def sentence(self, query: Query) -> str:
        """Return the text of a query, its values left out."""
        context: Any = self._db.get_sql_context()
        return str(context.sql(query).query()[0])

    def run_sentence(self, sentence: str, values: Sequence[object]) -> int:
        """Run a text of `sentence` with values in its order; return how many rows it touched."""
        return int(self._db.execute_sql(sentence, values).rowcount)  # type: ignore[no-untyped-call]

    def read(self, sentence: str, *values: object) -> list[Row]:
        """Return every row of a SELECT written as text, with a `?` for each value and no `%`.

        What is asked at every key or every sale is written so: peewee takes longer to write a statement than
        the database to answer it.
        """
        return list(self._execute(Sentence(sentence, values)).fetchall())

    def change(self, sentence: str, *values: object) -> int:
        """Run an INSERT, UPDATE or DELETE written as text; return how many rows it touched."""
        return int(self._execute(Sentence(sentence, values)).rowcount)

    def _execute(self, query: "Query | Sentence") -> Any:
        if isinstance(query, Sentence):
            text = query.text if self._db.param == "?" else query.text.replace("?", self._db.param)
            return self._db.execute_sql(text, query.values)  # type: ignore[no-untyped-call]
        return self._db.execute(query)  # type: ignore[no-untyped-call]

    def insert(self, model: type[Model], **values: object) -> None:
        """Insert one row; a column that is not named has its default."""
        sentence, given = inserting(model, values)
        self.change(sentence, *given)

    def claim(self, model: type[Model], key: str, version: int, **changes: object) -> bool:
        """Change a row only if it is still at `version`; say whether we were the one (design §2.5).

        This is the only way a row with a state is ever changed.
        """
        sentence, values = updating(model, {**changes, "version": version + 1})
        return self.change(f"{sentence} WHERE id = ? AND version = ?", *values, key, version) == 1

    def next_number(self, name: str, floor: int = 1) -> int:
        """Take the next value of a persisted counter, never below `floor`, never twice."""
        value = max(self.number(name) + 1, floor)
        self.keep_number(name, value)
        return value

    def number(self, name: str) -> int:
        """Return the value of a counter, 0 before it was ever set."""
        found = self.read("SELECT value FROM counter WHERE name = ?", name)
        return int(found[0][0]) if found else 0

    def keep_number(self, name: str, value: int) -> None:
        """Set a counter."""
        if not self.change("UPDATE counter SET value = ? WHERE name = ?", value, name):
            self.change("INSERT INTO counter (name, value) VALUES (?, ?)", name, value)


class _Forgotten(OperationalError):
    """Our row on the server is gone: we were silent for too long."""

    sqlstate = "40001"


class UnknownCommit(StoreError):
    """The server went away in the middle of a commit, and does not come back to be asked."""

    def __init__(self) -> None:
        super().__init__(
            "O servidor parou de responder enquanto gravava, e não se sabe se gravou. Quando ele voltar, "
            "confira antes de repetir."
        )


class _Reading(Transaction):
    """Queries that change nothing: one that loses its connection is simply asked again."""

    def _execute(self, query: Query | Sentence) -> Any:
        try:
            return super()._execute(query)
        except (OperationalError, InterfaceError) as error:
            if self._db.transaction_depth() or not dialect.is_lost(error):
                raise
            dialect.drop(self._db)
            self._db.connect()
            return super()._execute(query)


_turns: dict[str, threading.RLock] = {}
"""One for each file, whoever opened it."""


class Store:
    """One database, usable from any thread: each has a connection while it reads or writes."""

    def __init__(self, db: Database, gate: str = "") -> None:
        """`gate` names what shares one gate: empty for all who use this database."""
        self.db = db
        self._server = dialect.is_server(db)
        self._gate = f"gate/{gate}"[:32]
        self._writer = new_key()
        """Our own row on a server."""
        self._registered = False
        # One program's threads would only make each other repeat; and in SQLite nobody could tell whether
        # the lock is another program's backup, or a commit of ours that is about to end.
        self._one = (
            threading.RLock() if self._server else _turns.setdefault(str(db.database), threading.RLock())
        )
        self._deep = threading.local()
        self._pace = threading.local()
        self._ended = False

    @contextlib.contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Run queries that change nothing."""
        with as_store_error(), self._connected():
            yield _Reading(self.db)

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in one transaction and commit it with fsync; its effects are on the disk on return.

        `work` may run several times (a database may ask to repeat a transaction), so it must do nothing but
        queries.

        Raises:
            StoreError: when the database cannot take it; nothing was written.
            UnknownCommit: the server went away while it committed.
        """
        until = time.monotonic() + (0 if self._hurried else PATIENCE_SECONDS)
        with as_store_error():
            for attempt in itertools.count(1):
                try:
                    with self._turn(), self._connected():
                        self._register()
                        return self._commit(work)
                except PeeweeException as error:
                    again = dialect.asks_to_repeat(error, attempt - 1) or self._gone(error)
                    enough = attempt >= RETRIES if self._server else time.monotonic() > until
                    if enough or not again:
                        raise
                    _pause(attempt - 1)
            raise AssertionError("unreachable")

    def hurry(self) -> None:
        """Have this thread, which works for a key just pressed, tell of others' locks instead of waiting."""
        self._pace.hurried = True

    def changes(self) -> int:
        """Return a number that is another one whenever others committed something: one cheap question.

        On a server others are other programs; on SQLite they are other connections to the file.
        """
        from pos_tui.store.models.server import WriterRow

        with self.reading() as tx:
            if not self._server:
                return dialect.data_version(self.db)
            both = WriterRow.id.in_((self._gate, self._writer))
            rows = tx.rows(WriterRow.select(WriterRow.id, WriterRow.changes).where(both))
        found = {str(key): int(count) for key, count in rows}
        return found.get(self._gate, 0) - found.get(self._writer, 0)

    @property
    def shared(self) -> bool:
        """Whether other tills write to it over a network."""
        return self._server

    def quick_check(self) -> str | None:
        """Return what is damaged in a SQLite file, or None. Reads the whole file: never before the screen."""
        if self._server:
            return None
        with as_store_error(), self._connected():
            answer = str(_sql(self.db, "PRAGMA quick_check(1)")[0][0])
        return None if answer == "ok" else answer

    def close(self) -> None:
        """Close this thread's connection, and those to a server that nobody uses now."""
        if not self.db.is_closed():
            self.db.close()
        dialect.close_idle(self.db)

    def end(self) -> None:
        """Close this thread's connection for good; those that others still use close as they finish."""
        self._ended = True
        self.close()

    # Inside

    @property
    def _hurried(self) -> bool:
        return getattr(self._pace, "hurried", False)

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for this program's other threads."""
        if not self._one.acquire(timeout=TURN_SECONDS if self._hurried else -1):
            raise OperationalError("database is locked")
        try:
            yield
        finally:
            self._one.release()

    @contextlib.contextmanager
    def _connected(self) -> Iterator[None]:
        """Have a connection; the outermost of nested uses gives a server's back to the pool."""
        depth = getattr(self._deep, "depth", 0)
        self.db.connect(reuse_if_open=True)
        self._deep.depth = depth + 1
        try:
            yield
        finally:
            self._deep.depth = depth
            if not depth:
                dialect.release(self.db)
                if self._ended:
                    dialect.close_idle(self.db)

    def _gone(self, error: BaseException) -> bool:
        """Whether the connection was lost with nothing written; throws it away."""
        if not dialect.is_lost(error):
            return False
        dialect.drop(self.db)
        return True

    def _commit(self, work: Callable[[Transaction], T]) -> T:
        step("before-commit")
        key, sent = new_key(), False
        try:
            with dialect.begin(self.db):
                self._pass_gate(key)
                done = work(Transaction(self.db))
                step("in-transaction")
                sent = True
        except PeeweeException as error:
            if not sent or not self._gone(error) or not self._was_committed(key):
                raise
        step("after-commit")
        return done

    # A commit whose answer is lost is looked up by its key: our row on the server holds the last one.

    def _register(self) -> None:
        if self._server and not self._registered:
            from pos_tui.store.models.server import WriterRow

            now = int(time.time() * 1000)
            with dialect.begin(self.db):
                tx = Transaction(self.db)
                tx.run(WriterRow.delete().where(WriterRow.at < now - FORGOTTEN_MS))
                rows = [(self._gate, NEVER), (self._writer, now)]
                tx.run(WriterRow.insert_many(rows, [WriterRow.id, WriterRow.at]).on_conflict_ignore())
            self._registered = True

    def _pass_gate(self, key: str) -> None:
        """Be the only writer of the store from here to the commit, and leave the commit's key."""
        if self._server:
            from pos_tui.store.models.server import WriterRow

            left = WriterRow.update(last=key, changes=WriterRow.changes + 1)
            if Transaction(self.db).run(left.where(WriterRow.id.in_((self._gate, self._writer)))) != 2:
                self._registered = False
                raise _Forgotten

    def _was_committed(self, key: str) -> bool:
        """Look a lost commit up. A commit still under way holds our row: this waits until it has ended.

        Raises:
            UnknownCommit: the server does not come back.
        """
        from pos_tui.store.models.server import WriterRow

        mine = WriterRow.id == self._writer
        for attempt in range(LOOKS):
            try:
                self.db.connect(reuse_if_open=True)
                with dialect.begin(self.db):
                    tx = Transaction(self.db)
                    tx.run(WriterRow.update(changes=WriterRow.changes + 1).where(mine))
                    row = tx.row(WriterRow.select(WriterRow.last).where(mine))
                return row is not None and row[0] == key
            except PeeweeException as error:
                if not self._gone(error) and not dialect.asks_to_repeat(error):
                    raise
            _pause(attempt)
        raise UnknownCommit


def _pause(attempt: int) -> None:
    time.sleep(random.uniform(0, min(LONGEST_PAUSE, PAUSE * 2**attempt)))  # noqa: S311  jitter, not a secret


def open_store(url: str, password: str = "", gate: str = "") -> Store:
    """Open the database at `url`, bring its tables up to date, and return it.

    `gate` names the store where one database is that of many (`Store`).

    Raises:
        StoreError: the file is no database, is damaged, is newer than this program, or cannot be written.
    """
    db = dialect.database(url, password)
    store = Store(db, gate)
    try:
        with as_store_error(url if file_of(url) else ""):
            db.connect(reuse_if_open=True)
            dialect.mark(db)
            _migrate(db)
            dialect.release(db)
    except BaseException:
        store.end()
        raise
    return store


def _migrate(db: Database) -> None:
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
            _pause(attempt)


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
