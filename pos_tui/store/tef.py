"""Queries for the operations of the TEF manager's menu."""

from peewee import Expression

from pos_tui.domain.payment import Decision, PaymentState
from pos_tui.domain.tef import TefOperation
from pos_tui.store.database import Transaction
from pos_tui.store.models.fields import alike
from pos_tui.store.models.tef import TefOperationRow

_NAMES = TefOperation.__struct_fields__
_COLUMNS = tuple(getattr(TefOperationRow, name) for name in _NAMES)
_STATE, _DECISION = _NAMES.index("state"), _NAMES.index("decision")


def insert(tx: Transaction, operation: TefOperation) -> None:
    """Insert one."""
    tx.insert(TefOperationRow, **{name: getattr(operation, name) for name in _NAMES})


def get(tx: Transaction, key: str) -> TefOperation | None:
    """Return one."""
    found = _select(tx, TefOperationRow.id == key, 1)
    return found[0] if found else None


def by_number(tx: Transaction, till: int, number: str) -> TefOperation | None:
    """Return what a till asked under a number."""
    found = _select(tx, (TefOperationRow.till == till) & (TefOperationRow.number == number), 1)
    return found[0] if found else None


def open_of(tx: Transaction, till: int) -> list[TefOperation]:
    """Return what a till has not heard the end of, oldest first."""
    row = TefOperationRow
    query = row.select(*_COLUMNS).where(row.open_since.is_null(False) & (alike(row.till) == till))
    return [_entity(one) for one in tx.rows(query.order_by(row.open_since, row.id).limit(50))]


def last_of(tx: Transaction, till: int, limit: int) -> list[TefOperation]:
    """Return a till's last operations, the newest first."""
    query = TefOperationRow.select(*_COLUMNS).where(alike(TefOperationRow.till) == till)
    return [_entity(row) for row in tx.rows(query.order_by(TefOperationRow.id.desc()).limit(limit))]


def _select(tx: Transaction, where: Expression, limit: int) -> list[TefOperation]:
    query = TefOperationRow.select(*_COLUMNS).where(where).order_by(TefOperationRow.id).limit(limit)
    return [_entity(row) for row in tx.rows(query)]


def _entity(row: tuple[object, ...]) -> TefOperation:
    values = list(row)
    values[_STATE] = PaymentState(str(values[_STATE]))
    values[_DECISION] = Decision(str(values[_DECISION]))
    return TefOperation(*values)  # type: ignore[arg-type]
