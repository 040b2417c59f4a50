"""Queries of the reports. They return plain rows: who reads them names the fields."""

from collections.abc import Collection
from dataclasses import dataclass

from peewee import Expression

from pos_tui.domain.sale import SaleState
from pos_tui.domain.topup import TopUpState
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models import SaleRow, TopUpRow

Cursor = tuple[int, str, int]
"""Where a page ends: `(saved_at, sale, position)` of its last row."""


@dataclass(frozen=True, slots=True)
class TopUpQuery:
    """Top-ups of sales saved in a period."""

    since: int
    until: int
    states: Collection[TopUpState]
    seller: str = ""
    branch: str = ""


def topup_rows(tx: Transaction, query: TopUpQuery, limit: int, after: Cursor | None = None) -> list[Row]:
    """Return a page: sale, position, number, saved at, branch, seller, customer, operator, line, state,
    face, cost; the oldest sale first.
    """
    where: Expression = (SaleRow.state == SaleState.SAVED) & (SaleRow.saved_at >= query.since)
    where &= (SaleRow.saved_at < query.until) & TopUpRow.state.in_(sorted(query.states))
    if query.seller:
        where &= SaleRow.seller == query.seller
    if query.branch:
        where &= SaleRow.branch == query.branch
    if after is not None:
        where &= _after(*after)
    rows = (
        TopUpRow.select(
            SaleRow.id,
            TopUpRow.position,
            SaleRow.number,
            SaleRow.saved_at,
            SaleRow.branch,
            SaleRow.seller,
            SaleRow.customer_name,
            TopUpRow.operator_name,
            TopUpRow.line,
            TopUpRow.state,
            TopUpRow.face,
            TopUpRow.cost,
        )
        .join(SaleRow, on=(SaleRow.id == TopUpRow.sale_id))
        .where(where)
        .order_by(SaleRow.saved_at, SaleRow.id, TopUpRow.position)
    )
    return tx.rows(rows.limit(limit))


def _after(saved_at: int, sale: str, position: int) -> Expression:
    same = SaleRow.saved_at == saved_at
    later = (SaleRow.saved_at > saved_at) | (same & (SaleRow.id > sale))
    return later | (same & (SaleRow.id == sale) & (TopUpRow.position > position))


def branches(tx: Transaction, since: int) -> list[str]:
    """Return which branches sold since an instant."""
    query = SaleRow.select(SaleRow.branch).where(SaleRow.saved_at >= since).distinct()
    return [str(row[0]) for row in tx.rows(query.order_by(SaleRow.branch))]
