"""What goes to a file's connection past peewee fails as what goes through it does."""

from pathlib import Path

import pytest
from peewee import IntegrityError

from pos_tui.domain.errors import StoreError
from pos_tui.store.database import Transaction, open_store
from tests.databases import needs_file

pytestmark = needs_file

SECOND_ROW_FAILS = "SELECT abs(x) FROM (SELECT 1 AS x UNION ALL SELECT -9223372036854775808)"


@pytest.mark.parametrize("asked", ["SELECT 1 FROM nowhere", SECOND_ROW_FAILS])
def test_a_reading_that_fails_is_told_as_a_sentence(tmp_path: Path, asked: str) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'pos.db'}")
    with pytest.raises(StoreError, match="O banco de dados recusou a operação"), store.reading() as tx:
        tx.read(asked)
    store.end()


def test_a_writing_meets_the_errors_of_peewee_and_leaves_nothing(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'pos.db'}")

    def work(tx: Transaction) -> None:
        tx.keep_number("a", 1)
        with pytest.raises(IntegrityError, match="UNIQUE"):
            tx.change("INSERT INTO counter (name, value) VALUES (?, ?)", "a", 2)
        tx.read("SELECT 1 FROM nowhere")

    with pytest.raises(StoreError, match="nowhere"):
        store.write(work)
    with store.reading() as tx:
        assert tx.number("a") == 0
    store.end()


def test_an_error_that_is_none_of_the_database_passes_as_it_is(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'pos.db'}")
    with pytest.raises(KeyError), store.reading():
        raise KeyError
    store.end()
