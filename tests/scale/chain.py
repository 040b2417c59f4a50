"""Two stores and a centre, each a PostgreSQL of its own; logical replication carries what they hold.

Nothing here is of the program's own: the stores publish their tables, the centre subscribes to each, and what
is to be the same everywhere flows back from the centre in a publication of its own (docs/scale.md).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from pos_tui.store.database import open_store
from tests.cable import Cable, cable
from tests.postgres import Postgres, running
from tests.scale.islands import address, make_database

SQL = Path(__file__).parents[2] / "docs" / "chain"
"""What an administrator runs: the very files that the documentation names."""
STORES = ("loja1", "loja2")
OFFICE = 99
"""The till by which the centre is kept."""
SETTINGS = (
    "wal_level=logical",
    "wal_receiver_timeout=2s",
    "wal_sender_timeout=2s",
    "wal_retrieve_retry_interval=200ms",
)


@dataclass(frozen=True)
class Chain:
    """Three clusters, and the cables by which the centre reaches the stores."""

    centre: Postgres
    stores: dict[str, Postgres]
    cables: dict[str, Cable]

    def ask(self, server: Postgres, text: str) -> list[tuple[object, ...]]:
        """Ask a server's database of the store."""
        with psycopg.connect(address(server.port)) as connection:
            return connection.execute(text.encode()).fetchall()

    def rows(self, table: str, server: Postgres) -> set[tuple[object, ...]]:
        """Every row of a table."""
        return set(self.ask(server, f'SELECT * FROM "{table}"'))

    def published(self) -> list[str]:
        """The tables that the stores publish."""
        text = "SELECT tablename FROM pg_publication_tables WHERE pubname = 'loja' ORDER BY tablename"
        return [str(row[0]) for row in self.ask(self.stores["loja1"], text)]

    def complete(self) -> bool:
        """Whether the centre holds what both stores hold, and besides only the journal of its own till."""
        for table in self.published():
            here = self.rows(table, self.centre)
            there = set().union(*(self.rows(table, store) for store in self.stores.values()))
            own = {row for row in here - there if table == "journal" and OFFICE in row}
            if here - own != there:
                return False
        return True


@contextmanager
def chain() -> Iterator[Chain]:
    """Start all three and connect them as the documentation says."""
    with ExitStack() as stack:
        centre = stack.enter_context(running(*SETTINGS))
        stores = {name: stack.enter_context(running(*SETTINGS)) for name in STORES}
        cables = {name: stack.enter_context(cable(server.port)) for name, server in stores.items()}
        back = stack.enter_context(cable(centre.port))
        for server in (centre, *stores.values()):
            make_database(server.port)
            open_store(address(server.port)).end()
        run(centre, "centre.sql", {})
        for name, server in stores.items():
            run(server, "store.sql", {"store": name, "centre": conninfo(back.port)})
            run(centre, "subscribe.sql", {"store": name, "address": conninfo(cables[name].port)})
        yield Chain(centre, stores, cables)


def run(server: Postgres, file: str, values: dict[str, str]) -> None:
    """Run one of the administrator's files, its `:names` filled in."""
    text = (SQL / file).read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    for name, value in values.items():
        lines = [line.replace(f":'{name}'", f"'{value}'").replace(f":{name}", value) for line in lines]
    with psycopg.connect(address(server.port), autocommit=True) as connection:
        for statement in " ".join(lines).split(";"):
            if statement.strip():
                connection.execute(statement.encode())


def conninfo(port: int) -> str:
    """How one server reaches another."""
    return f"host=127.0.0.1 port={port} user=postgres dbname=loja connect_timeout=2"


def until(condition: Callable[[], bool]) -> bool:
    """Wait for a condition; say whether it came."""
    pause = threading.Event()
    return any(condition() or pause.wait(0.2) for _ in range(500))
