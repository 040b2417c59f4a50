"""CockroachDB, by the text that its dialect makes: no server of it can be had here (docs/scale.md)."""

import re
from pathlib import Path
from typing import Any

import pytest
from peewee import Model

from pos_tui.store import dialect
from pos_tui.store.database import Transaction, store_on
from pos_tui.store.models import SaleRow
from pos_tui.store.models.server import WriterRow
from pos_tui.store.server import ServerStore
from tests.store.test_migrations import MODELS

STORE = Path(dialect.__file__).parent
DB: Any = dialect.database("cockroachdb://root@127.0.0.1:26257/rede")
ABSENT = re.compile(r"for_update|FOR UPDATE|advisory|\bLISTEN\b|\bNOTIFY\b|nextval|SERIAL\b|LOCK TABLE")
"""What CockroachDB does not have, or has as a hot spot."""


def test_its_address_makes_its_dialect() -> None:
    from playhouse.cockroachdb import CockroachDatabase

    assert isinstance(DB, CockroachDatabase) and isinstance(store_on(DB, "loja 52"), ServerStore)
    assert DB.database == "postgresql://root@127.0.0.1:26257/rede"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_table_has_a_sequence(model: type[Model]) -> None:
    with DB.bind_ctx([model]):
        schema: Any = model._schema  # type: ignore[attr-defined]
        texts = [schema._create_table().query()[0], *(index.query()[0] for index in schema._create_indexes())]
    assert texts[0].startswith("CREATE TABLE") and not ABSENT.search(" ".join(texts))


def test_no_statement_asks_for_what_it_has_not() -> None:
    for file in STORE.rglob("*.py"):
        code = re.sub(r'"""(?:.|\n)*?"""|#.*', "", file.read_text("utf-8"))
        found = ABSENT.search(code)
        assert found is None, (file.name, found)


def test_a_statement_of_text_has_its_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[str, object]] = []

    class Cursor:
        rowcount = 1

    def execute_sql(text: str, values: object) -> Cursor:
        ran.append((text, values))
        return Cursor()

    monkeypatch.setattr(DB, "execute_sql", execute_sql)
    tx = Transaction(DB)
    assert tx.claim(SaleRow, "k", 3, state="saved")
    text = 'UPDATE "sale" SET "state" = %s, "version" = %s WHERE id = %s AND version = %s'
    assert ran == [(text, ("saved", 4, "k", 3))]


def test_a_row_that_is_there_is_left_alone() -> None:
    query: Any = WriterRow.insert(id="k").on_conflict_ignore()
    text = DB.get_sql_context().sql(query).query()[0]
    assert text.endswith("ON CONFLICT DO NOTHING")
