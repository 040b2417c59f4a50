"""Queries for operators. The PIN's hash leaves only through `by_number`."""

from peewee import Expression

from pos_tui.domain.people import Operator, Role
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models import OperatorRow

_NAMES = Operator.__struct_fields__
_COLUMNS = tuple(getattr(OperatorRow, name) for name in _NAMES)


def any_of(tx: Transaction) -> bool:
    """Say whether anybody is registered."""
    return tx.row(OperatorRow.select(OperatorRow.id).limit(1)) is not None


def all_of(tx: Transaction) -> list[Operator]:
    """Return everybody, by number."""
    return [_operator(row) for row in tx.rows(OperatorRow.select(*_COLUMNS).order_by(OperatorRow.number))]


def get(tx: Transaction, key: str) -> Operator | None:
    """Return one person."""
    row = _one(tx, OperatorRow.id == key)
    return _operator(row) if row else None


def by_number(tx: Transaction, number: int) -> tuple[Operator, str] | None:
    """Return a person and the hash of the PIN."""
    row = _one(tx, OperatorRow.number == number)
    return (_operator(row[:-1]), str(row[-1])) if row else None


def _one(tx: Transaction, where: Expression) -> Row | None:
    return tx.row(OperatorRow.select(*_COLUMNS, OperatorRow.pin_hash).where(where))


def _operator(row: Row) -> Operator:
    values = dict(zip(_NAMES, row, strict=False))
    values["role"] = Role(values["role"])
    values["active"] = bool(values["active"])
    return Operator(**values)
