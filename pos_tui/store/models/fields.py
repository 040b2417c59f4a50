"""The two kinds of column that every table has, and the index of what is still to be done."""

from collections.abc import Callable
from typing import TypeVar

from peewee import BigIntegerField, CharField, Model

Table = TypeVar("Table", bound=type[Model])


class Key(CharField):
    """A UUIDv7 as 32 hexadecimal digits, made on the till."""

    def __init__(self, **options: object) -> None:
        super().__init__(max_length=32, **options)


class Instant(BigIntegerField):
    """UTC milliseconds since 1970."""


def indexed_while_set(*columns: str) -> Callable[[Table], Table]:
    """Index a table by each of these columns, over the rows where it is set: what is still to be done.

    SQLite reads the whole table for `IS NOT NULL` where an index holds every row; what is settled needs no
    place in one.
    """

    def index(table: Table) -> Table:
        for name in columns:
            column = table._meta.fields[name]
            there = column.is_null(False) if column.null else column != ""
            table.add_index(table.index(column).where(there))
        return table

    return index
