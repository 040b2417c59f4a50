"""Queries for what waits in every till beside the sale: monthly charges, requests to an ERP, TEF menus.

Each row ends a question that only somebody at a counter, or a supervisor, can end.
"""

from peewee import JOIN

from pos_tui.domain.recurring import AttemptState
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models import SaleRow
from pos_tui.store.models.recurring import AttemptRow
from pos_tui.store.models.subscribers import SubscriberActionRow
from pos_tui.store.models.tef import TefOperationRow

S = AttemptState
UNSURE = (S.SENDING, S.UNCERTAIN, S.CANCELLING, S.LATE, S.REFUNDING)
"""Not the customer's turn to pay: the store's, to learn or decide."""


def attempts(tx: Transaction, limit: int) -> list[Row]:
    """Return id, sale, number, till, branch, seller, state, total, why and since when of monthly charges."""
    row = AttemptRow
    query = row.select(
        row.id, row.sale_id, SaleRow.number, row.till, SaleRow.branch, SaleRow.seller, row.state, row.total,
        row.why, row.open_since, row.created_at,
    ).join(SaleRow, on=(SaleRow.id == row.sale_id))  # fmt: skip
    where = row.holds.is_null(False) & row.state.in_(UNSURE)
    return tx.rows(query.where(where).order_by(row.id).limit(limit))


def requests(tx: Transaction, limit: int) -> list[Row]:
    """Return id, kind, till, branch, who, what about, state, why and since when of requests to an ERP."""
    row = SubscriberActionRow
    query = row.select(
        row.id, row.kind, row.till, SaleRow.branch, row.who, row.about, row.state, row.why, row.open_since
    ).join(SaleRow, JOIN.LEFT_OUTER, on=(SaleRow.id == row.sale_id))
    return tx.rows(query.where(row.open_since.is_null(False)).order_by(row.open_since).limit(limit))


def tef_menus(tx: Transaction, limit: int) -> list[Row]:
    """Return id, till, who, state, decision, why and since when of operations of TEF menus."""
    row = TefOperationRow
    query = row.select(row.id, row.till, row.who, row.state, row.decision, row.why, row.open_since)
    return tx.rows(query.where(row.open_since.is_null(False)).order_by(row.open_since).limit(limit))
