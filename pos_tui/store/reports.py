"""Queries of the reports. They return plain rows: who reads them names the fields."""

from collections.abc import Collection

from msgspec import Struct
from peewee import Expression, Field, fn

from pos_tui.domain.cash import Move, MoveKind, Shift
from pos_tui.domain.item import COUNTING, ItemKind
from pos_tui.domain.sale import SaleState
from pos_tui.domain.topup import TopUpState
from pos_tui.store import payments
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models import CashMoveRow, PaymentRow, SaleRow, ShiftRow, TopUpRow
from pos_tui.store.models.fields import alike
from pos_tui.store.sentences import marks

Cursor = tuple[int, str, int]
"""Where a page of top-ups ends: `(saved_at, sale, position)` of its last row."""

DAY_MS = 24 * 3_600_000
_MOVE = Move.__struct_fields__
_SHIFT = tuple(getattr(ShiftRow, name) for name in Shift.__struct_fields__)


class TopUpQuery(Struct, frozen=True):
    """Top-ups of sales saved in a period."""

    since: int
    until: int
    states: Collection[TopUpState]
    seller: str = ""
    branch: str = ""


def edge(after: str) -> Cursor | None:
    """Read the key of a report's line, `saved_at/sale/position`; an empty one is the beginning."""
    if not after:
        return None
    at, sale, position = after.split("/")
    return int(at), sale, int(position)


_TOPUPS = """
SELECT s.id, t.position, s.number, s.saved_at, s.branch, s.seller, s.customer_name, t.operator_name, t.line,
       t.state, t.face, t.cost
FROM sale s JOIN topup t ON t.sale_id = s.id WHERE """
_FORWARDS = " ORDER BY s.saved_at, s.id, t.position LIMIT ?"
_BACKWARDS = " ORDER BY s.saved_at DESC, s.id DESC, t.position DESC LIMIT ?"
_SUMS = """
SELECT t.state, t.operator_name, COUNT(*), SUM(t.face) FROM sale s JOIN topup t ON t.sale_id = s.id
WHERE {} GROUP BY t.state, t.operator_name ORDER BY t.state, t.operator_name
"""
"""The indexes of both tables hold all that is asked here."""


def topup_rows(tx: Transaction, query: TopUpQuery, limit: int, after: Cursor | None = None) -> list[Row]:
    """Return a page: sale, position, number, saved at, branch, seller, customer, operator, line, state,
    face, cost; the oldest sale first.
    """
    where, values = _chosen(query, _from(query.since, after), query.until)
    if after is not None:
        where, values = f"{where} AND (s.saved_at, s.id, t.position) > (?, ?, ?)", [*values, *after]
    return tx.read(_TOPUPS + where + _FORWARDS, *values, limit)


def topup_rows_before(
    tx: Transaction, query: TopUpQuery, limit: int, before: Cursor | None = None
) -> list[Row]:
    """Return the page that ends before a row, or the last page: the same columns in the same order."""
    until = min(query.until, before[0] + 1) if before else query.until
    where, values = _chosen(query, query.since, until)
    if before is not None:
        where, values = f"{where} AND (s.saved_at, s.id, t.position) < (?, ?, ?)", [*values, *before]
    return tx.read(_TOPUPS + where + _BACKWARDS, *values, limit)[::-1]


def topup_sums(tx: Transaction, query: TopUpQuery) -> list[Row]:
    """Return what the top-ups of a query come to: state, operator, how many, centavos."""
    where, values = _chosen(query, query.since, query.until)
    return [
        (state, name, int(count), int(face))
        for state, name, count, face in tx.read(_SUMS.format(where), *values)
    ]


def _chosen(query: TopUpQuery, since: int, until: int) -> tuple[str, list[object]]:
    where = "s.state = 'saved' AND s.saved_at >= ? AND s.saved_at < ?"
    given: list[object] = [since, until]
    if set(query.states) != set(TopUpState):
        where += f" AND t.state IN ({marks(len(query.states))})"
        given += sorted(state.value for state in query.states)
    for column, value in (("seller", query.seller), ("branch", query.branch)):
        if value:
            where += f" AND s.{column} = ?"
            given.append(value)
    return where, given


def margins(tx: Transaction, since: int, until: int, seller: str = "", branch: str = "") -> list[Row]:
    """Return seller, count, sold, cost and what was sold at no known cost, of confirmed top-ups."""
    unknown = fn.SUM(TopUpRow.face).filter(TopUpRow.cost.is_null())
    query = (
        TopUpRow.select(
            SaleRow.seller,
            fn.COUNT(TopUpRow.id),
            fn.SUM(TopUpRow.face),
            fn.COALESCE(fn.SUM(TopUpRow.cost), 0),
            fn.COALESCE(unknown, 0),
        )
        .join(SaleRow, on=(SaleRow.id == TopUpRow.sale_id))
        .where(_saved(since, until, seller, branch) & (TopUpRow.state == TopUpState.CONFIRMED))
        .group_by(SaleRow.seller)
        .order_by(SaleRow.seller)
    )
    return [(str(row[0]), *(int(value) for value in row[1:])) for row in tx.rows(query)]


def goods(tx: Transaction, since: int, until: int, seller: str = "", branch: str = "") -> dict[str, int]:
    """Return what each seller sold in services and products; bills are somebody else's."""
    from pos_tui.store.models.items import ItemRow

    query = (
        ItemRow.select(SaleRow.seller, fn.SUM(ItemRow.amount))
        .join(SaleRow, on=(SaleRow.id == ItemRow.sale_id))
        .where(_saved(since, until, seller, branch) & ItemRow.state.in_(sorted(COUNTING)))
        .where(ItemRow.kind != ItemKind.BILL)
        .group_by(SaleRow.seller)
    )
    return {str(name): int(amount) for name, amount in tx.rows(query)}


def moves(
    tx: Transaction, since: int, until: int, kind: str, till: str, limit: int, after: str = ""
) -> list[Move]:
    """Return a page of the moves of cash in a period, in the order they were made.

    Sales that moved none are left out.
    """
    where = (CashMoveRow.at >= since) & (CashMoveRow.at < until)
    where &= (CashMoveRow.kind != MoveKind.SALE) | (CashMoveRow.amount != 0)
    # Keys begin with the time they were made, so the index skips what is older; a day aside for a clock that
    # was set right meanwhile.
    where &= CashMoveRow.id > (after or f"{max(0, since - DAY_MS):012x}")
    if kind:
        where &= CashMoveRow.kind == kind
    if till:
        where &= alike(CashMoveRow.till) == int(till)
    query = CashMoveRow.select(*(getattr(CashMoveRow, name) for name in _MOVE)).where(where)
    found = []
    for row in tx.rows(query.order_by(CashMoveRow.id).limit(limit)):
        values = dict(zip(_MOVE, row, strict=True))
        found.append(Move(**{**values, "kind": MoveKind(values["kind"])}))
    return found


def shifts(tx: Transaction, since: int, until: int, till: str, limit: int, after: str = "") -> list[Shift]:
    """Return a page of the shifts opened in a period, in that order."""
    where = (ShiftRow.opened_at >= since) & (ShiftRow.opened_at < until) & (ShiftRow.id > after)
    if till:
        where &= ShiftRow.till == int(till)
    return [
        Shift(*row)
        for row in tx.rows(ShiftRow.select(*_SHIFT).where(where).order_by(ShiftRow.id).limit(limit))
    ]


class Saved(Struct, frozen=True):
    """Sales saved in a period."""

    since: int
    until: int
    seller: str = ""
    branch: str = ""


def payment_rows(tx: Transaction, query: Saved, limit: int, after: Cursor | None = None) -> list[Row]:
    """Return a page of the payments that count: sale, number, saved at, branch, seller, customer, invoice,
    the sale's change, the payment's position and id; the oldest sale first.
    """
    where = _saved(_from(query.since, after), query.until, query.seller, query.branch) & payments.counting()
    if after is not None:
        where &= _after(*after, PaymentRow.position)
    rows = (
        PaymentRow.select(
            SaleRow.id, SaleRow.number, SaleRow.saved_at, SaleRow.branch, SaleRow.seller,
            SaleRow.customer_name, SaleRow.invoice, SaleRow.change, PaymentRow.position, PaymentRow.id,
        )
        .join(SaleRow, on=(SaleRow.id == PaymentRow.sale_id))
        .where(where)
        .order_by(SaleRow.saved_at, SaleRow.id, PaymentRow.position)
    )  # fmt: skip
    return tx.rows(rows.limit(limit))


def tills(tx: Transaction) -> list[str]:
    """Return which tills ever opened their drawer."""
    return [str(row[0]) for row in tx.rows(ShiftRow.select(ShiftRow.till).distinct().order_by(ShiftRow.till))]


def _saved(since: int, until: int, seller: str, branch: str) -> Expression:
    where: Expression = (SaleRow.state == SaleState.SAVED) & (SaleRow.saved_at >= since)
    where &= SaleRow.saved_at < until
    if seller:
        where &= SaleRow.seller == seller
    if branch:
        where &= alike(SaleRow.branch) == branch
    return where


def _from(since: int, after: Cursor | None) -> int:
    """Where the index is entered: at the page's edge, or each page would pass over all those before it."""
    return max(since, after[0]) if after else since


def _after(saved_at: int, sale: str, position: int, column: Field) -> Expression:
    same = SaleRow.saved_at == saved_at
    later = (SaleRow.saved_at > saved_at) | (same & (SaleRow.id > sale))
    return later | (same & (SaleRow.id == sale) & (column > position))
