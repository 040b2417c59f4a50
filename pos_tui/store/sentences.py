"""Statements written as text, and those that write one row of a model.

peewee writes a statement anew each time it is run, which takes longer than running it. The text of an INSERT
or an UPDATE depends on the model and the names of the columns alone, so it is written once for these.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, TypeVar

from peewee import Model

T = TypeVar("T", bound=StrEnum)


class Sentence(NamedTuple):
    """A statement with a `?` for each of its values."""

    text: str
    values: tuple[object, ...]


def inserting(model: type[Model], values: Mapping[str, object]) -> Sentence:
    """Return the INSERT of one row; a column that is not named has its default."""
    text, columns, defaults = _insert(model, tuple(values))
    given = [column.db_value(value) for column, value in zip(columns, values.values(), strict=True)]
    return Sentence(text, (*given, *defaults))


def updating(model: type[Model], values: Mapping[str, object]) -> Sentence:
    """Return an UPDATE of some columns, its WHERE still to be added."""
    text, columns = _update(model, tuple(values))
    given = [column.db_value(value) for column, value in zip(columns, values.values(), strict=True)]
    return Sentence(text, tuple(given))


def claiming(model: type[Model], values: Mapping[str, object]) -> Sentence:
    """Return the UPDATE of a row, its key and the version it is to have still to be given."""
    text, columns = _claim(model, tuple(values))
    given = [column.db_value(value) for column, value in zip(columns, values.values(), strict=True)]
    return Sentence(text, tuple(given))


def members(kind: type[T]) -> dict[str, T]:
    """Return what each stored text means: looked up, since a call of an Enum takes as long as a row."""
    return {member.value: member for member in kind}


def row_of(table: str, names: Sequence[str]) -> str:
    """Return the INSERT of one row whose values come in this order; any other column stays empty."""
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks(len(names))})"


def marks(count: int) -> str:
    """Return the marks of so many values, for an IN."""
    return ",".join("?" * count)


@cache
def _insert(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Any], tuple[object, ...]]:
    fields: dict[str, Any] = model._meta.fields
    defaults = {
        field.column_name: field.db_value(field.default)
        for name, field in fields.items()
        if name not in names and field.default is not None
    }
    columns = ", ".join(f'"{name}"' for name in (*(fields[name].column_name for name in names), *defaults))
    text = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({marks(len(names) + len(defaults))})'
    return text, [fields[name] for name in names], tuple(defaults.values())


@cache
def _claim(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Any]]:
    text, fields = _update(model, names)
    return f"{text} WHERE id = ? AND version = ?", fields


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Any]]:
    fields: list[Any] = [model._meta.fields[name] for name in names]
    assigned = ", ".join(f'"{field.column_name}" = ?' for field in fields)
    return f'UPDATE "{model._meta.table_name}" SET {assigned}', fields
