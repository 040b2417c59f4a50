"""Two tills confirm the same pending at once: exactly one does (facts/pos-and-faults.md §8.1, fault 50)."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.services.context import Context
from pos_tui.store.database import open_store
from pos_tui.store.models import TopUpRow
from tests.postgres import Postgres, needed, running
from tests.store.race import PENDINGS, plant, run


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A server of its own."""
    with running() as postgres:
        yield postgres


ONE, TWO = ("", ""), ("a", "b")
"""Both through the store's one gate; or each through its own, so that only the claim stands between them."""


def race(
    url: str, way: str = "claim", isolation: str = "READ COMMITTED", gates: tuple[str, str] = ONE
) -> Counter[str]:
    """Race for pendings planted at an address; return how often each was confirmed."""
    store = open_store(url)
    store.write(lambda tx: tx.run(TopUpRow.delete()))
    keys = plant(store)
    confirmed = Counter(key for each in run(url, way, isolation, keys, gates) for key in each)
    assert set(confirmed) == set(keys), "one was confirmed by nobody"
    for till in (1, 2):
        assert Context(store, till, "Corrida").journal.verify(whole=True) is None
    store.close()
    return confirmed


def test_no_double_confirmation_on_sqlite(tmp_path: Path) -> None:
    assert race(f"sqlite:///{tmp_path / 'race.db'}").total() == PENDINGS


@needed()
@pytest.mark.parametrize(
    ("isolation", "gates"), [("READ COMMITTED", ONE), ("READ COMMITTED", TWO), ("SERIALIZABLE", TWO)]
)
def test_no_double_confirmation_on_postgresql(
    server: Postgres, isolation: str, gates: tuple[str, str]
) -> None:
    """At SERIALIZABLE the loser gets 40001, which is also CockroachDB's."""
    assert race(server.url, isolation=isolation, gates=gates).total() == PENDINGS


@needed()
def test_the_race_catches_read_then_save(server: Postgres) -> None:
    """The planted counter-example: were the house to do it this way, the tests above would tell."""
    doubles = race(server.url, "save", "READ COMMITTED").total() - PENDINGS
    assert doubles > PENDINGS // 10, doubles
