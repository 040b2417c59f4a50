"""An open transaction, and what runs in it. On a file, what is written as text goes straight to sqlite3."""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import peewee
from peewee import Database, DatabaseError, Model, PeeweeException, Query

from pos_tui.store import dialect
from pos_tui.store.sentences import Sentence, claiming, inserting
from pos_tui.store.telling import tell

Row = tuple[Any, ...]

_log = logging.getLogger("peewee")
"""What is asked past peewee is told to its log all the same."""


class Transaction:
    """An open writing transaction: runs queries; everything in it is committed together or not at all."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.chain_ends: dict[int, tuple[int, str]] = {}
        """Where the journal of each till that was written to here ends (`store.chain`)."""

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
    def database(self) -> Database:
        """What it runs on."""
        return self._db

    def make_tables(self, models: Sequence[type[Model]]) -> None:
        """Create the tables of some models where they are missing."""
        with self._db.bind_ctx(models):
            self._db.create_tables(models)

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
        """Return every row of a SELECT written as text, with a `?` for each value.

        What is asked at every key or every sale is written so: peewee takes longer to write a statement than
        the database to answer it.
        """
        return list(self._execute(Sentence(sentence, values)).fetchall())

    def change(self, sentence: str, *values: object) -> int:
        """Run an INSERT, UPDATE or DELETE written as text; return how many rows it touched."""
        return int(self._execute(Sentence(sentence, values)).rowcount)

    def _execute(self, query: "Query | Sentence") -> Any:
        if isinstance(query, Sentence):
            return self._db.execute_sql(self._marked(query.text), query.values)  # type: ignore[no-untyped-call]
        return self._db.execute(query)  # type: ignore[no-untyped-call]

    def _marked(self, sentence: str) -> str:
        """The text with the server's own mark for each value, to which a `%` begins one."""
        mark = self._db.param
        return sentence if mark == "?" else sentence.replace("%", "%%").replace("?", mark)

    def insert(self, model: type[Model], **values: object) -> None:
        """Insert one row; a column that is not named has its default."""
        sentence, given = inserting(model, values)
        self.change(sentence, *given)

    def claim(self, model: type[Model], key: str, version: int, **changes: object) -> bool:
        """Change a row only if it is still at `version`; say whether we were the one (design §2.5).

        This is the only way a row with a state is ever changed.
        """
        changes["version"] = version + 1
        sentence, values = claiming(model, changes)
        return self.change(sentence, *values, key, version) == 1

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


class FileTransaction(Transaction):
    """On a file: what is written as text goes to this thread's own connection.

    peewee's way there, its cursor and what it does around it, takes longer than SQLite takes for a row.
    """

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self._hand: Callable[[], sqlite3.Connection | sqlite3.Cursor] = db.connection
        """What runs statements."""
        self._logged = _log.isEnabledFor(logging.DEBUG)

    def read(self, sentence: str, *values: object) -> list[Row]:
        """Return every row of a SELECT written as text."""
        if self._logged:
            _log.debug((sentence, values))
        try:
            return self._hand().execute(sentence, values).fetchall()
        except sqlite3.Error as error:
            raise _as_peewee(error) from error

    def change(self, sentence: str, *values: object) -> int:
        """Run an INSERT, UPDATE or DELETE written as text; return how many rows it touched."""
        if self._logged:
            _log.debug((sentence, values))
        try:
            return self._hand().execute(sentence, values).rowcount
        except sqlite3.Error as error:
            raise _as_peewee(error) from error


class FileReading(FileTransaction):
    """Queries that change nothing, for as long as its `with` lasts; the first one connects."""

    def __enter__(self) -> Transaction:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            tell(error)


class FileWriting(FileTransaction):
    """A writing transaction for as long as its `with` lasts: committed at its end, rolled back by an error.

    Begun IMMEDIATE: deferred, SQLite could read first and find the lock taken when it writes.
    """

    def __init__(self, db: Database, wait_ms: int) -> None:
        super().__init__(db)
        self._wait_ms = wait_ms

    def __enter__(self) -> Transaction:
        cursor = self._db.connection().cursor()  # type: ignore[no-untyped-call]
        self._hand = lambda: cursor
        self.change(f"PRAGMA busy_timeout={self._wait_ms}")
        try:
            self.change("BEGIN IMMEDIATE")
        except BaseException:
            self._wait_as_ever()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self.change("COMMIT")
        finally:
            # After an error of its own SQLite has often rolled back by itself.
            if self._db.connection().in_transaction:  # type: ignore[no-untyped-call]
                self.change("ROLLBACK")
            self._wait_as_ever()

    def _wait_as_ever(self) -> None:
        self.change(f"PRAGMA busy_timeout={dialect.BUSY_SECONDS * 1000}")


def _as_peewee(error: sqlite3.Error) -> PeeweeException:
    """Return the error that peewee makes of it: its names are those of sqlite3."""
    kind: type[PeeweeException] = getattr(peewee, type(error).__name__, DatabaseError)
    return kind(error, *error.args)
