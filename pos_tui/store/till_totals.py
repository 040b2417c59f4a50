"""Queries for what every till of the store has sold and holds: grouped, so that ten cost as much as one."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from peewee import Expression, Query, fn

from pos_tui.domain.cash import Drawer, MoveKind, Shift, Total
from pos_tui.domain.payment import LABELS, Method
from pos_tui.domain.sale import SaleState
from pos_tui.store.database import Transaction
from pos_tui.store.models import CashMoveRow, CounterRow, JournalRow, PaymentRow, SaleRow, ShiftRow
from pos_tui.store.payments import counting

_SHIFT = tuple(getattr(ShiftRow, name) for name in Shift.__struct_fields__)
_SOLD = (fn.COUNT(SaleRow.id), fn.SUM(SaleRow.total), fn.MAX(SaleRow.branch))
MOST = 200
"""Tills of one store, and then some."""


class Sold(NamedTuple):
    """Some sales of one till."""

    sales: int = 0
    total: int = 0
    branch: str = ""


def tills(tx: Transaction) -> list[int]:
    """Return every till that ever moved money here: it has a counter of its moves, or shifts."""
    counters = tx.rows(CounterRow.select(CounterRow.name).where(CounterRow.name.startswith("cash/")))
    shifts = tx.rows(ShiftRow.select(ShiftRow.till).distinct())
    return sorted({int(name.partition("/")[2]) for (name,) in counters} | {int(one) for (one,) in shifts})


def open_shifts(tx: Transaction) -> list[Shift]:
    """Return every open shift; in a centre two stores may have a till of the same number."""
    query = ShiftRow.select(*_SHIFT).where(ShiftRow.closed_at.is_null()).order_by(ShiftRow.till, ShiftRow.id)
    return [Shift(*row) for row in tx.rows(query.limit(MOST))]


def last_closed(tx: Transaction, some: Sequence[int]) -> list[Shift]:
    """Return the shift that each of some tills closed last."""
    newest = ShiftRow.select(ShiftRow.till, fn.MAX(ShiftRow.number).alias("number")).where(
        ShiftRow.till.in_(list(some)) & ShiftRow.closed_at.is_null(False)
    )
    last = newest.group_by(ShiftRow.till).alias("last")
    on = (ShiftRow.till == last.c.till) & (ShiftRow.number == last.c.number)
    return [Shift(*row) for row in tx.rows(ShiftRow.select(*_SHIFT).join(last, on=on))]


def drawers(tx: Transaction, shifts: Iterable[str]) -> dict[str, Drawer]:
    """Return the sums of the moves of some shifts."""
    query = CashMoveRow.select(CashMoveRow.shift_id, CashMoveRow.kind, fn.SUM(CashMoveRow.amount))
    rows = tx.rows(
        query.where(CashMoveRow.shift_id.in_(list(shifts))).group_by(CashMoveRow.shift_id, CashMoveRow.kind)
    )
    sums: dict[str, dict[MoveKind, int]] = {}
    for shift, kind, amount in rows:
        sums.setdefault(shift, {})[MoveKind(kind)] = int(amount)
    return {
        shift: Drawer(*(one.get(kind, 0) for kind in MoveKind))  # in the order of both
        for shift, one in sums.items()
    }


def sold_in(tx: Transaction, shifts: Iterable[str]) -> dict[str, Sold]:
    """Return what some shifts sold."""
    query = CashMoveRow.select(CashMoveRow.shift_id, *_SOLD).join(
        SaleRow, on=(SaleRow.id == CashMoveRow.sale_id)
    )
    where = (CashMoveRow.kind == MoveKind.SALE) & CashMoveRow.shift_id.in_(list(shifts))
    return {key: Sold(*sold) for key, *sold in tx.rows(query.where(where).group_by(CashMoveRow.shift_id))}


def sold_since(tx: Transaction, some: Sequence[int], since: int) -> dict[int, Sold]:
    """Return what some tills sold since an instant."""
    query = SaleRow.select(SaleRow.till, *_SOLD).where(_saved_since(some, since)).group_by(SaleRow.till)
    return {int(till): Sold(*sold) for till, *sold in tx.rows(query)}


def methods_in(tx: Transaction, shift: str) -> list[Total]:
    """Return what each form of payment brought to a shift's sales."""
    sale = (CashMoveRow.kind == MoveKind.SALE) & (CashMoveRow.shift_id == shift)
    return _methods(tx, CashMoveRow.select(CashMoveRow.sale_id).where(sale))


def methods_since(tx: Transaction, till: int, since: int) -> list[Total]:
    """Return what each form of payment brought to a till's sales since an instant."""
    return _methods(tx, SaleRow.select(SaleRow.id).where(_saved_since([till], since)))


def last_lines(tx: Transaction, some: Sequence[int]) -> dict[int, int]:
    """Return the instant of the last journal line of each of some tills: an index gives each at once."""
    found = {}
    for till in some:
        query = JournalRow.select(JournalRow.at).where(JournalRow.till == till)
        row = tx.row(query.order_by(JournalRow.seq.desc()).limit(1))
        if row is not None:
            found[till] = int(row[0])
    return found


def _saved_since(some: Sequence[int], since: int) -> Expression:
    where: Expression = (SaleRow.state == SaleState.SAVED) & (SaleRow.saved_at >= since)
    return where & SaleRow.till.in_(list(some))


def _methods(tx: Transaction, sales: Query) -> list[Total]:
    """Cash is told less the change; both ways of Pix are one."""
    query = PaymentRow.select(PaymentRow.method, fn.COUNT(PaymentRow.id), fn.SUM(PaymentRow.amount))
    rows = tx.rows(query.where(PaymentRow.sale_id.in_(sales) & counting()).group_by(PaymentRow.method))
    back = tx.row(SaleRow.select(fn.SUM(SaleRow.change)).where(SaleRow.id.in_(sales)))
    found = {Method(name): (int(count), int(amount)) for name, count, amount in rows}
    if Method.CASH in found:
        count, amount = found[Method.CASH]
        found[Method.CASH] = count, amount - (int(back[0] or 0) if back else 0)
    told: dict[str, Total] = {}
    for method in (one for one in Method if one in found):
        before = told.get(LABELS[method], Total(LABELS[method], 0, 0))
        count, amount = found[method]
        told[before.name] = Total(before.name, before.count + count, before.amount + amount)
    return list(told.values())
