"""Queries for till money."""

from collections.abc import Iterable, Sequence

from msgspec import structs
from peewee import Expression, Query, fn

from pos_tui.domain.cash import Move, MoveKind, Shift, Total
from pos_tui.domain.item import COUNTING, KIND_WORDS, ItemKind
from pos_tui.domain.payment import LABELS, Method
from pos_tui.domain.sale import SaleState
from pos_tui.domain.topup import FINAL, TopUpState
from pos_tui.store.database import Transaction
from pos_tui.store.models import CashMoveRow, JournalRow, PaymentRow, SaleRow, ShiftRow, TopUpRow
from pos_tui.store.models.items import ItemRow
from pos_tui.store.payments import counting, unanswered
from pos_tui.store.sentences import marks, row_of

_SHIFT = tuple(getattr(ShiftRow, name) for name in Shift.__struct_fields__)
_OPEN_SHIFT = "SELECT {} FROM shift WHERE till = ? AND closed_at IS NULL ORDER BY number DESC LIMIT 1".format(
    ", ".join(Shift.__struct_fields__)
)
_MOVE_NAMES = Move.__struct_fields__
_INSERT_MOVE = row_of("cash_move", _MOVE_NAMES)
_KIND = _MOVE_NAMES.index("kind")
HANDED_BACK = f"kind = '{MoveKind.REFUND.value}'"
"""What makes a move of the drawer one that went back to a customer, for statements written as text."""
_REFUNDED_OF = (
    f"SELECT sale_id, SUM(amount) FROM cash_move WHERE {HANDED_BACK} AND sale_id IN ({{}}) GROUP BY sale_id"
)
_REFUNDED = "SELECT SUM(amount) FROM cash_move WHERE sale_id = ? AND kind = ?"


def insert_shift(tx: Transaction, shift: Shift) -> None:
    """Insert a shift just opened."""
    tx.insert(ShiftRow, **structs.asdict(shift))


def open_shift(tx: Transaction, till: int) -> Shift | None:
    """Return the open shift of a till."""
    rows = tx.read(_OPEN_SHIFT, till)
    return Shift(*rows[0]) if rows else None


def last_shift(tx: Transaction, till: int) -> Shift | None:
    """Return the shift of a till that was opened last."""
    return _shift(tx, ShiftRow.till == till)


def last_closed(tx: Transaction, till: int) -> Shift | None:
    """Return the shift of a till that was closed last."""
    return _shift(tx, (ShiftRow.till == till) & ShiftRow.closed_at.is_null(False))


def closed_page(tx: Transaction, till: int, limit: int, edge: int | None, newer: bool) -> list[Shift]:
    """Return a page of a till's closed shifts, newest first: before the number `edge`, or `newer` than it.

    Without an edge it is the newest page, or with `newer` the oldest.
    """
    where = (ShiftRow.till == till) & ShiftRow.closed_at.is_null(False)
    if edge is not None:
        where &= ShiftRow.number > edge if newer else ShiftRow.number < edge
    order = ShiftRow.number.asc() if newer else ShiftRow.number.desc()
    rows = tx.rows(ShiftRow.select(*_SHIFT).where(where).order_by(order).limit(limit))
    return [Shift(*row) for row in (rows[::-1] if newer else rows)]


def get_shift(tx: Transaction, key: str) -> Shift | None:
    """Return one shift."""
    return _shift(tx, ShiftRow.id == key)


def insert_move(tx: Transaction, move: Move) -> None:
    """Append one line to the drawer's book."""
    tx.change(_INSERT_MOVE, *structs.astuple(move))


def moves_of(tx: Transaction, shift_id: str) -> list[Move]:
    """Return a shift's moves, in the order they were made."""
    query = CashMoveRow.select(*(getattr(CashMoveRow, name) for name in _MOVE_NAMES))
    moves = []
    for row in tx.rows(query.where(CashMoveRow.shift_id == shift_id).order_by(CashMoveRow.number)):
        values = list(row)
        values[_KIND] = MoveKind(values[_KIND])
        moves.append(Move(*values))
    return moves


def refunded(tx: Transaction, sale_id: str) -> int:
    """Return what was given back of a sale, in whatever shift."""
    rows = tx.read(_REFUNDED, sale_id, MoveKind.REFUND.value)
    return int(rows[0][0] or 0)


def refunded_of(tx: Transaction, sale_ids: Sequence[str]) -> dict[str, int]:
    """Return what was given back of each sale out of the drawer."""
    rows = tx.read(_REFUNDED_OF.format(marks(len(sale_ids))), *sale_ids)
    return {str(key): int(amount) for key, amount in rows}


def sale_by_number(tx: Transaction, till: int, number: int) -> str | None:
    """Return the key of a saved sale by the number on its papers."""
    row = tx.row(SaleRow.select(SaleRow.id).where((SaleRow.till == till) & (SaleRow.number == number)))
    return str(row[0]) if row else None


def by_method(tx: Transaction, shift_id: str) -> list[Total]:
    """Return what each form of payment brought to a shift's sales; cash less the change."""
    where = PaymentRow.sale_id.in_(_sales_of(shift_id)) & counting()
    query = PaymentRow.select(PaymentRow.method, fn.COUNT(PaymentRow.id), fn.SUM(PaymentRow.amount))
    change = tx.row(SaleRow.select(fn.SUM(SaleRow.change)).where(SaleRow.id.in_(_sales_of(shift_id))))
    back = int(change[0] or 0) if change else 0
    rows = tx.rows(query.where(where).group_by(PaymentRow.method).order_by(PaymentRow.method))
    return [
        Total(LABELS[Method(name)], int(count), int(amount) - (back if name == Method.CASH else 0))
        for name, count, amount in rows
    ]


def by_seller(tx: Transaction, shift_id: str) -> list[Total]:
    """Return what each seller sold in a shift."""
    query = SaleRow.select(SaleRow.seller, fn.COUNT(SaleRow.id), fn.SUM(SaleRow.total))
    where = SaleRow.id.in_(_sales_of(shift_id))
    return _totals(tx.rows(query.where(where).group_by(SaleRow.seller).order_by(SaleRow.seller)))


def by_operator(tx: Transaction, shift_id: str) -> list[Total]:
    """Return what was topped up per operator company in a shift's sales."""
    name = TopUpRow.operator_name
    lost = sorted(FINAL - {TopUpState.CONFIRMED})
    where = TopUpRow.sale_id.in_(_sales_of(shift_id)) & TopUpRow.state.not_in(lost)
    query = TopUpRow.select(name, fn.COUNT(TopUpRow.id), fn.SUM(TopUpRow.face))
    return _totals(tx.rows(query.where(where).group_by(name).order_by(name)))


def by_kind(tx: Transaction, shift_id: str) -> list[Total]:
    """Return what was sold per kind of item in a shift's sales."""
    where = ItemRow.sale_id.in_(_sales_of(shift_id)) & ItemRow.state.in_(sorted(COUNTING))
    query = ItemRow.select(ItemRow.kind, fn.SUM(ItemRow.quantity), fn.SUM(ItemRow.amount))
    rows = tx.rows(query.where(where).group_by(ItemRow.kind).order_by(ItemRow.kind))
    return _totals((KIND_WORDS[ItemKind(name)], count, amount) for name, count, amount in rows)


def count_cancelled(tx: Transaction, shift: Shift, until: int) -> int:
    """Count the sales a till abandoned while a shift was open."""
    where = (SaleRow.till == shift.till) & (SaleRow.state == SaleState.DISCARDED)
    where &= (SaleRow.opened_at >= shift.opened_at) & (SaleRow.opened_at <= until)
    return _count(tx, SaleRow.select(fn.COUNT(SaleRow.id)).where(where))


def count_pending_topups(tx: Transaction, till: int) -> int:
    """Count a till's top-ups that still wait for something."""
    where = TopUpRow.open_since.is_null(False) & (TopUpRow.till == till)
    return _count(tx, TopUpRow.select(fn.COUNT(TopUpRow.id)).where(where))


def count_unanswered_payments(tx: Transaction, till: int) -> int:
    """Count a till's payments of which nobody knows the end."""
    return _count(
        tx, PaymentRow.select(fn.COUNT(PaymentRow.id)).where((PaymentRow.till == till) & unanswered())
    )


def chain_head(tx: Transaction, till: int) -> str:
    """Return the hash of a till's last journal line."""
    query = JournalRow.select(JournalRow.hash).where(JournalRow.till == till)
    row = tx.row(query.order_by(JournalRow.seq.desc()).limit(1))
    return str(row[0]) if row else ""


def has_hash(tx: Transaction, till: int, value: str) -> bool:
    """Say whether a till's journal has a line with this hash, looked for from its end: it is a late one."""
    where = (JournalRow.till == till) & (JournalRow.hash == value)
    found = JournalRow.select(JournalRow.seq).where(where).order_by(JournalRow.seq.desc())
    return tx.row(found.limit(1)) is not None


def _shift(tx: Transaction, where: Expression) -> Shift | None:
    row = tx.row(ShiftRow.select(*_SHIFT).where(where).order_by(ShiftRow.number.desc()).limit(1))
    return Shift(*row) if row else None


def _sales_of(shift_id: str) -> Query:
    where = (CashMoveRow.shift_id == shift_id) & (CashMoveRow.kind == MoveKind.SALE)
    return CashMoveRow.select(CashMoveRow.sale_id).where(where)


def _count(tx: Transaction, query: Query) -> int:
    row = tx.row(query)
    return int(row[0]) if row else 0


def _totals(rows: Iterable[tuple[object, ...]]) -> list[Total]:
    return [Total(str(name), int(str(count)), int(str(amount))) for name, count, amount in rows]
