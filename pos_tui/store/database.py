"""Opening a database, and the one way to write to it.

SQLite runs in WAL with `synchronous=FULL`: a commit is on the disk before it is told. Every writing
transaction is IMMEDIATE, so that a read inside it can never be stale (facts/pos-and-faults.md §8.1).
"""

import contextlib
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from peewee import Database, DatabaseError, InterfaceError, Model, OperationalError, Query, SqliteDatabase

from pos_tui.domain.errors import StoreError

T = TypeVar("T")
Row = tuple[Any, ...]

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 5
RETRIES = 6
_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "busy_timeout": BUSY_SECONDS * 1000,
    "cache_size": -8192,
    "application_id": 0x504F5354,  # "POST"
}


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

    def _execute(self, query: Query) -> Any:
        return self._db.execute(query)  # type: ignore[no-untyped-call]

    def insert(self, model: type[Model], **values: object) -> None:
        """Insert one row."""
        self.run(model.insert(**values))

    def claim(self, model: type[Model], key: str, version: int, **changes: object) -> bool:
        """Change a row only if it is still at `version`; say whether we were the one (design §2.5).

        This is the only way a row with a state is ever changed.
        """
        query = model.update(**changes, version=version + 1).where(
            (model.id == key) & (model.version == version)  # type: ignore[attr-defined]
        )
        return self.run(query) == 1

    def next_number(self, name: str, floor: int = 1) -> int:
        """Take the next value of a persisted counter, never below `floor`, never twice."""
        value = max(self.number(name) + 1, floor)
        self.keep_number(name, value)
        return value

    def number(self, name: str) -> int:
        """Return the value of a counter, 0 before it was ever set."""
        from pos_tui.store.models import CounterRow

        found = self.row(CounterRow.select(CounterRow.value).where(CounterRow.name == name))
        return int(found[0]) if found else 0

    def keep_number(self, name: str, value: int) -> None:
        """Set a counter."""
        from pos_tui.store.models import CounterRow

        if not self.run(CounterRow.update(value=value).where(CounterRow.name == name)):
            self.insert(CounterRow, name=name, value=value)


class Store:
    """One database, usable from any thread: peewee keeps a connection per thread."""

    def __init__(self, db: Database) -> None:
        self.db = db

    @contextlib.contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Run queries that change nothing."""
        with _as_store_error():
            self.db.connect(reuse_if_open=True)
            yield Transaction(self.db)

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in one transaction and commit it with fsync; its effects are on the disk on return.

        `work` may run several times (a database may ask to repeat a transaction), so it must do nothing but
        queries.

        Raises:
            StoreError: when the database cannot take it; nothing was written.
        """
        with _as_store_error():
            self.db.connect(reuse_if_open=True)
            for attempt in range(RETRIES):
                try:
                    step("before-commit")
                    with self._begin():
                        done = work(Transaction(self.db))
                        step("in-transaction")
                    step("after-commit")
                    return done
                except OperationalError as error:
                    if attempt + 1 == RETRIES or not _asks_to_repeat(error):
                        raise
                    time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311  jitter, not a secret
            raise AssertionError("unreachable")

    def _begin(self) -> contextlib.AbstractContextManager[object]:
        if isinstance(self.db, SqliteDatabase):
            return self.db.atomic("IMMEDIATE")
        return self.db.atomic()

    def quick_check(self) -> str | None:
        """Return what is damaged in a SQLite file, or None. Reads the whole file: never before the screen."""
        if not isinstance(self.db, SqliteDatabase):
            return None
        with _as_store_error():
            self.db.connect(reuse_if_open=True)
            answer = str(_sql(self.db, "PRAGMA quick_check(1)")[0][0])
        return None if answer == "ok" else answer

    def close(self) -> None:
        """Close this thread's connection."""
        if not self.db.is_closed():
            self.db.close()


def open_store(url: str) -> Store:
    """Open the database at `url`, bring its tables up to date, and return it.

    Raises:
        StoreError: the file is no database, is damaged, is newer than this program, or cannot be written.
    """
    db = _database(url)
    store = Store(db)
    with _as_store_error(url):
        db.connect(reuse_if_open=True)
        _migrate(db)
    return store


def file_of(url: str) -> Path | None:
    """Return the file that a URL means, or None where it means a server."""
    scheme, _, rest = url.partition("://")
    return Path(rest.removeprefix("/")) if scheme == "sqlite" else None


def _database(url: str) -> Database:
    path = file_of(url)
    if path is not None:
        if str(path) == ":memory:":
            raise StoreError(
                "O banco de dados precisa de um arquivo: uma venda não pode morar só na memória."
            )
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            path.touch(mode=0o600)
        return SqliteDatabase(str(path), pragmas=_PRAGMAS, check_same_thread=True)
    raise StoreError(
        f"Endereço de banco de dados não reconhecido: {url.partition(':')[0]}://… Use sqlite:///arquivo.db."
    )


def _migrate(db: Database) -> None:
    known = sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))
    there = applied(db)
    newer = [name for name in there if name not in known]
    if newer:
        raise StoreError(
            f"O banco de dados é de uma versão mais nova do programa ({newer[-1]}). Atualize o programa."
        )
    if len(there) < len(known):
        # Imported only when there is something to do: it costs a tenth of the start.
        from playhouse.migrations import Runner

        Runner(db, str(MIGRATIONS)).up()


def _sql(db: Database, text: str) -> list[Row]:
    return list(db.execute_sql(text).fetchall())  # type: ignore[no-untyped-call]


def applied(db: Database) -> Sequence[str]:
    """Return the names of the migrations that a database has, in order."""
    try:
        return [str(row[0]) for row in _sql(db, "SELECT name FROM schema_migration ORDER BY name")]
    except OperationalError as error:
        if "no such table" in str(error):
            return []
        raise


def _asks_to_repeat(error: OperationalError) -> bool:
    """SQLite that could not get its lock; PostgreSQL's serialization failure and deadlock."""
    cause = getattr(error.__cause__, "sqlstate", None)
    return cause in {"40001", "40P01"} or "database is locked" in str(error)


_ADVICE = (
    (
        "not a database",
        "não é um banco de dados ou está danificado. Guarde o arquivo e restaure a última cópia dele.",
    ),
    ("malformed", "está danificado. Pare de vender, guarde o arquivo e restaure a última cópia."),
    ("readonly", "está protegido contra gravação. Confira as permissões do arquivo e da pasta."),
    ("unable to open", "não pôde ser aberto. Confira se a pasta existe e suas permissões."),
    ("is locked", "está ocupado por outro programa (cópia de segurança, antivírus). Tente de novo."),
    (
        "disk is full",
        "não pôde gravar: o disco está cheio. Libere espaço; nada foi perdido do que já estava salvo.",
    ),
    ("disk I/O", "não pôde ser lido ou gravado: o disco falhou. Chame o suporte e faça uma cópia."),
)


@contextlib.contextmanager
def _as_store_error(url: str = "") -> Iterator[None]:
    """Tell database errors as sentences; the original stays as the cause for the log."""
    try:
        yield
    except (OperationalError, DatabaseError, InterfaceError, OSError) as error:
        text = str(error)
        advice = next((words for mark, words in _ADVICE if mark in text), f"recusou a operação: {text}.")
        where = f" ({url})" if url else ""
        raise StoreError(f"O banco de dados{where} {advice}") from error
