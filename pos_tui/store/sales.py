"""Queries for sales with all that hangs on them. The lines of the list are in `sale_lines`."""

from collections.abc import Sequence

from pos_tui.domain.sale import Sale, SaleState
from pos_tui.domain.text import fold
from pos_tui.store import cash, items, payments, topups
from pos_tui.store.database import Transaction
from pos_tui.store.models import SaleRow
from pos_tui.store.sentences import members

_APART = ("topups", "payments", "items", "cash_returned")
"""The last ones, read by themselves."""
_NAMES = tuple(field for field in Sale.__struct_fields__ if field not in _APART)
_STATE, _STATES = _NAMES.index("state"), members(SaleState)
_HANGING = [
    f"EXISTS (SELECT 1 FROM {table} WHERE sale_id = sale.id)" for table in ("topup", "payment", "sale_item")
]
_SALE = f"SELECT {', '.join((*_NAMES, *_HANGING))} FROM sale WHERE "
"""Says too what hangs on it: what does not is not asked for."""


def insert(tx: Transaction, sale: Sale) -> None:
    """Insert a new sale, without its items."""
    tx.insert(
        SaleRow, **{name: getattr(sale, name) for name in _NAMES}, customer_folded=folded(sale.customer_name)
    )


def folded(name: str) -> str:
    """Return a customer's name as the list's search compares it."""
    return fold(name)


def get(tx: Transaction, key: str) -> Sale | None:
    """Return one sale with its items and payments."""
    return _one(tx, "id = ?", key)


def numbers(tx: Transaction, keys: Sequence[str]) -> dict[str, int]:
    """Return the numbers of the saved ones among these sales."""
    rows = tx.rows(SaleRow.select(SaleRow.id, SaleRow.number).where(SaleRow.id.in_(keys)))
    return {key: number for key, number in rows if number is not None}


def open_of(tx: Transaction, till: int) -> Sale | None:
    """Return the sale this till has open."""
    return _one(tx, "state = 'open' AND till = ?", till)


def sellers(tx: Transaction, since: int) -> list[str]:
    """Return who sold since an instant."""
    query = (
        SaleRow.select(SaleRow.seller).where(SaleRow.saved_at >= since).distinct().order_by(SaleRow.seller)
    )
    return [str(row[0]) for row in tx.rows(query)]


def _one(tx: Transaction, where: str, value: object) -> Sale | None:
    rows = tx.read(f"{_SALE}{where} LIMIT 1", value)
    if not rows:
        return None
    *values, has_topups, has_payments, has_items = rows[0]
    key, state = values[0], _STATES[values[_STATE]]
    values[_STATE] = state
    values += (tuple(topups.of_sale(tx, key)) if has_topups else (),)
    values += (tuple(payments.of_sale(tx, key)) if has_payments else (),)
    values += (tuple(items.of_sale(tx, key)) if has_items else (),)
    values += (cash.refunded(tx, key) if state is SaleState.SAVED else 0,)
    return Sale(*values)
