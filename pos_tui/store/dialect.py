"""What differs between SQLite, PostgreSQL and CockroachDB; nothing else in the program asks which one it is.

A server is reached by psycopg 3 through peewee's pool; both are imported only where an address names one.
"""

import contextlib
from pathlib import Path
from typing import Any

from peewee import Database, InterfaceError, OperationalError, PeeweeException, SqliteDatabase

from pos_tui.domain.errors import StoreError

BUSY_SECONDS = 5
CONNECTIONS = 4
"""Most that one till opens; mostly it uses one or two."""
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "busy_timeout": BUSY_SECONDS * 1000,
    "cache_size": -512,  # for each connection, and a till has several; the system keeps the file in memory
}
HURRIED_MS, PATIENT_MS = 50, 10
"""How long one try waits for another program's lock: a key is echoed within 100 ms (I8), though it may find
one of our own threads at its try. Who has time waits between the tries, where others get their turn."""
_APPLICATION_ID = 0x504F5354
"""Marks the file as ours ("POST")."""
_SERVER = {
    "connect_timeout": 3,
    "application_name": "pos-tui",
    # A pooler between (PgBouncer) gives each transaction another connection: nothing is prepared on one.
    "prepare_threshold": None,
    # A cable that was pulled answers nothing, not even a reset.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    # A till that freezes inside a transaction lets the others go on after three seconds.
    "options": "-c statement_timeout=15000 -c lock_timeout=6000 -c idle_in_transaction_session_timeout=3000",
}
SCHEMES = ("postgresql", "cockroachdb")
ISOLATION = "READ COMMITTED"
"""Of PostgreSQL. Writers pass one by one (`Store`), so that each statement sees what was committed before."""
REPEATS = frozenset({"40001", "40P01"})
"""Serialization failure and deadlock: nothing was written, and the same again may pass."""
_LOST = ("08", "57P")
"""Beginnings of the codes of a connection or a server that is gone."""


def file_of(url: str) -> Path | None:
    """Return the file that a URL means, or None where it means a server."""
    scheme, _, rest = url.partition("://")
    return Path(rest.removeprefix("/")) if scheme == "sqlite" else None


def database(url: str, password: str = "") -> Database:
    """Return the database at an address, not yet connected.

    Raises:
        StoreError: the address is none we know, or the driver of its server is not installed.
    """
    path = file_of(url)
    if path is not None:
        return _sqlite(path)
    if url.partition("://")[0] in SCHEMES:
        return _server(url, password)
    raise StoreError(
        f"Endereço de banco de dados não reconhecido: {url.partition(':')[0]}://… Use sqlite:///arquivo.db, "
        "postgresql://servidor/banco ou cockroachdb://servidor/banco."
    )


def _sqlite(path: Path) -> SqliteDatabase:
    if str(path) == ":memory:":
        raise StoreError("O banco de dados precisa de um arquivo: uma venda não pode morar só na memória.")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        path.touch(mode=0o600)
    return SqliteDatabase(str(path), pragmas=PRAGMAS, check_same_thread=True)


def _server(url: str, password: str) -> Database:
    """peewee's pooled database of a scheme, on psycopg 3."""
    try:
        import psycopg  # noqa: F401
        from playhouse.cockroachdb import CockroachDatabase
        from playhouse.pool import MaxConnectionsExceeded, _PooledPostgresqlDatabase
        from psycopg.types.numeric import IntLoader
    except ImportError:
        raise StoreError("Falta o pacote do PostgreSQL: instale pos-tui[postgres].") from None
    from peewee import PostgresqlDatabase

    scheme, _, rest = url.partition("://")
    kind: Any = PostgresqlDatabase if scheme == "postgresql" else CockroachDatabase

    class Connecting(kind):  # type: ignore[misc]
        def _connect(self) -> object:
            connection = super()._connect()
            # Sums of whole numbers are whole numbers, as SQLite has them: no column here holds a fraction.
            connection.adapters.register_loader("numeric", IntLoader)
            return connection

    class Server(_PooledPostgresqlDatabase, Connecting):  # type: ignore[misc]
        """Checked when it is taken from the pool: what died while idle is never used."""

        def connect(self, reuse_if_open: bool = False) -> bool:
            try:
                return bool(super().connect(reuse_if_open))
            except MaxConnectionsExceeded as error:
                raise OperationalError("all connections of this till are in use") from error

    secret = {"password": password} if password else {}
    server: Database = Server(
        f"postgresql://{rest}",
        max_connections=CONNECTIONS,
        timeout=10,
        prefer_psycopg3=True,
        isolation_level=ISOLATION,
        **_SERVER,
        **secret,
    )
    return server


def is_server(db: Database) -> bool:
    """Whether others reach this database over a network."""
    return not isinstance(db, SqliteDatabase)


def mark(db: Database) -> None:
    """Have the file say whose it is, once: a pragma of each connection would wait for who is writing."""
    if not is_server(db) and _pragma(db, "application_id") != _APPLICATION_ID:
        _pragma(db, f"application_id={_APPLICATION_ID}")


def release(db: Database) -> None:
    """Give a thread's connection back to the pool; a file keeps its own, since opening it costs more."""
    if is_server(db) and db.transaction_depth() == 0 and not db.is_closed():
        db.close()


def close_idle(db: Database) -> None:
    """Close a server's connections that wait in the pool."""
    pooled: Any = db
    if is_server(db):
        pooled.close_idle()


def drop(db: Database) -> None:
    """Throw a thread's connection away, whatever state it is in."""
    pooled: Any = db
    with contextlib.suppress(PeeweeException):
        pooled.manual_close()


def sqlstate(error: BaseException) -> str | None:
    """Return a server's five-character code of what went wrong, None where it gave none."""
    return getattr(getattr(error, "orig", error), "sqlstate", None)


def asks_to_repeat(error: BaseException, attempt: int = 0) -> bool:
    """Whether nothing was written and the same transaction may pass if it is run again."""
    code = sqlstate(error)
    # 23505 may stand for 40001 where two read the same end of a list; a true one comes again, and is told.
    return code in REPEATS or (code == "23505" and attempt < 2) or "database is locked" in str(error)


def is_lost(error: BaseException) -> bool:
    """Whether the connection to a server is gone, so that nobody knows what became of a commit under way."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    origin = getattr(error, "orig", None)
    if not type(origin).__module__.startswith("psycopg"):
        return False
    code = sqlstate(error)
    return code is None or code.startswith(_LOST)


def is_missing_table(error: BaseException) -> bool:
    """Whether a table that was asked for does not exist."""
    return sqlstate(error) == "42P01" or "no such table" in str(error)


def unlimited(db: Database) -> None:
    """Let statements of this connection take their time: a migration reads whole tables."""
    if is_server(db):
        db.execute_sql("SET statement_timeout = 0")  # type: ignore[no-untyped-call]


def data_version(db: Database) -> int:
    """Return SQLite's own counter of what other connections changed in this file."""
    return int(_pragma(db, "data_version") or 0)


def _pragma(db: Database, text: str) -> int | None:
    cursor: Any = db.execute_sql(f"PRAGMA {text}")  # type: ignore[no-untyped-call]
    row = cursor.fetchone()
    return row[0] if row else None
