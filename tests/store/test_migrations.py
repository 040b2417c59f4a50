"""The migrations, run from nothing, make exactly the tables the models describe."""

import importlib
import pkgutil
from pathlib import Path
from typing import Any

from peewee import Model, SqliteDatabase

from pos_tui.store import models
from pos_tui.store.database import open_store


def every_model() -> list[type[Model]]:
    """The models of every capability's file."""
    files = [
        models.__name__,
        *(f"{models.__name__}.{each.name}" for each in pkgutil.iter_modules(models.__path__)),
    ]
    names = [vars(importlib.import_module(file)).values() for file in files]
    found = {
        each for values in names for each in values if isinstance(each, type) and issubclass(each, Model)
    }
    return sorted(found - {Model}, key=lambda model: model.__name__)


MODELS = every_model()


def shape(db: Any) -> set[tuple[str, ...]]:
    """Every column and index of every table, the history of migrations left out."""
    found: set[tuple[str, ...]] = set()
    for table in db.get_tables():
        if table == "schema_migration":
            continue
        for column in db.get_columns(table):
            found.add((table, column.name, column.data_type, str(column.null), str(column.primary_key)))
        for index in db.get_indexes(table):
            some = "WHERE" in index.sql if index.sql else False
            found.add((table, "index", ",".join(index.columns), str(index.unique), str(some)))
    return found


def test_the_migrations_make_the_models(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'migrated.db'}")
    plain = SqliteDatabase(str(tmp_path / "plain.db"))
    with plain.bind_ctx(MODELS):
        plain.create_tables(MODELS)
    assert isinstance(store.db, SqliteDatabase)
    assert shape(store.db) == shape(plain)
    assert len({row[0] for row in shape(plain)}) == len(MODELS)
    plain.close()
    store.close()


def test_a_second_opening_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'twice.db'}"
    first = open_store(url)
    before = shape(first.db)
    first.close()
    again = open_store(url)
    assert shape(again.db) == before
    again.close()
