"""The two kinds of column that every table has, and the index of what is still to be done."""

from collections.abc import Callable
from typing import TypeVar

from peewee import SQL, BigIntegerField, CharField, Expression, Field, IntegerField, Model

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


def few(name: str, where: str, *columns: str) -> Callable[[Table], Table]:
    """Index the few rows of a table of which something holds.

    A statement is read from it that says the same in words: SQLite does not look at the values given to it.
    """

    def index(table: Table) -> Table:
        these = [table._meta.fields[column] for column in columns]
        table.add_index(table.index(*these, name=name).where(SQL(where)))
        return table

    return index


def alike(column: Field) -> Expression:
    """A column in which thousands of rows hold the same, for a statement that another index must answer.

    SQLite, which counts no rows, takes each equality for a rare one and would go through them all.
    """
    number = isinstance(column, BigIntegerField | IntegerField)
    return column + 0 if number else column.concat("")
