"""The store on a server: its tables, its retries, and a commit whose answer never came."""

import threading
from collections.abc import Callable, Iterator

import psycopg
import pytest

from pos_tui.domain.errors import StoreError
from pos_tui.store import database, dialect
from pos_tui.store.database import Store, Transaction, open_store
from pos_tui.store.models import CounterRow
from pos_tui.store.server import UnknownCommit
from tests.cable import Cable, cable
from tests.postgres import Postgres, needed, running
from tests.store.test_migrations import MODELS, shape

pytestmark = needed()


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A server of its own."""
    with running() as postgres:
        yield postgres


@pytest.fixture
def url(server: Postgres, request: pytest.FixtureRequest) -> str:
    """The address of an empty database."""
    name = f"d{abs(hash(request.node.nodeid))}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
    return server.url.removesuffix("/postgres") + f"/{name}"


@pytest.fixture
def line(server: Postgres) -> Iterator[Cable]:
    """A cable to the server."""
    with cable(server.port) as between:
        yield between


def through(url: str, line: Cable, server: Postgres) -> Store:
    """A store that was opened and then reaches its server by a cable."""
    return open_store(url.replace(f":{server.port}/", f":{line.port}/"))


def count(tx: Transaction) -> int:
    """Take a number: doing it twice shows."""
    return tx.next_number("n")


def value(store: Store) -> int:
    """The last number taken."""
    with store.reading() as tx:
        return tx.number("n")


def test_the_migrations_make_the_models(url: str, server: Postgres) -> None:
    store = open_store(url)
    plain = dialect.database(server.url)
    with plain.bind_ctx(MODELS):
        plain.create_tables(MODELS)
    assert shape(store.db) == shape(plain)
    dialect.release(plain)
    dialect.close_idle(plain)
    store.close()


def test_ten_tills_that_start_at_once_migrate_once(url: str) -> None:
    stores: list[Store] = []
    tills = [threading.Thread(target=lambda: stores.append(open_store(url))) for _ in range(10)]
    for till in tills:
        till.start()
    for till in tills:
        till.join(120)
    assert len(stores) == 10
    assert len(database.applied(stores[0].db)) == len(list(database.MIGRATIONS.glob("[0-9]*.py")))
    for store in stores:
        store.close()


def test_b20_a_loser_repeats_until_it_passes(url: str) -> None:
    """Two programs take numbers from one counter: none is given twice, none is left out."""
    stores = [open_store(url), open_store(url)]
    taken: list[int] = []

    def take(store: Store) -> None:
        taken.extend(store.write(count) for _ in range(60))

    at_once([lambda store=store: take(store) for store in stores])  # type: ignore[misc]
    assert sorted(taken) == list(range(1, 121))
    for store in stores:
        store.close()


def test_b20_what_never_passes_is_told_after_a_while(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store, tries = open_store(url), []
    monkeypatch.setattr(database, "PAUSE", 0)

    def doomed(tx: Transaction) -> None:
        tries.append(tx)
        tx.run_sentence("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$", ())

    with pytest.raises(StoreError):
        store.write(doomed)
    assert len(tries) == database.RETRIES
    store.close()


@pytest.mark.parametrize("arrives", [True, False])
def test_b20_a_commit_without_an_answer_is_looked_up(
    url: str, line: Cable, server: Postgres, arrives: bool
) -> None:
    """Whether the server got it or not, it is written once."""
    store = through(url, line, server)
    assert store.write(count) == 1
    for expected in (2, 3, 4):
        line.lose(b"COMMIT\0", arrives=arrives)
        assert store.write(count) == expected
        assert value(store) == expected
    assert line.lost == 3
    store.close()


def test_nobody_knows_when_the_server_stays_away(
    url: str, line: Cable, server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = through(url, line, server)
    monkeypatch.setattr(database, "PAUSE", 0)
    store.write(count)
    line.lose(b"COMMIT\0", arrives=True, for_good=True)
    with pytest.raises(UnknownCommit):
        store.write(count)
    line.plug()
    assert value(store) == 2
    store.close()


def test_a_server_that_restarted_is_found_again(url: str, line: Cable, server: Postgres) -> None:
    store = through(url, line, server)
    store.write(count)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname <> 'postgres'"
        )
    assert value(store) == 1
    assert store.write(count) == 2
    store.close()


def test_a_server_that_is_away_is_told(url: str, line: Cable, server: Postgres) -> None:
    store = through(url, line, server)
    line.pull()
    with pytest.raises(StoreError, match="não responde"):
        value(store)
    with pytest.raises(StoreError, match="não responde"):
        store.write(count)
    line.plug()
    assert store.write(count) == 1
    store.close()


def test_changes_are_counted(url: str) -> None:
    ours, theirs = open_store(url), open_store(url)
    before = ours.changes()
    assert ours.changes() == before
    theirs.write(count)
    assert ours.changes() != before
    for store in (ours, theirs):
        store.close()


def test_sums_are_whole_numbers(url: str) -> None:
    from peewee import fn

    store = open_store(url)
    store.write(lambda tx: tx.insert(CounterRow, name="a", value=7))
    with store.reading() as tx:
        row = tx.row(CounterRow.select(fn.SUM(CounterRow.value)))
    assert row == (7,) and type(row[0]) is int
    store.close()


def at_once(works: list[Callable[[], object]]) -> None:
    """Run every work in a thread of its own, to the end."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
