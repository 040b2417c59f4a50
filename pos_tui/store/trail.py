"""Queries for the audit trail and the oversight: every till's journal, payments and papers."""

import json

from peewee import JOIN, Expression

from pos_tui.domain.journal import SYSTEM
from pos_tui.domain.spool import JobState
from pos_tui.domain.trail import PRINT, TrailFilter, TrailLine
from pos_tui.domain.trail_words import EVENT_WORDS, KIND_WORDS, codes_matching, matching
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models import JournalRow, PaymentRow, PrintJobRow, SaleRow
from pos_tui.store.models.fields import alike
from pos_tui.store.payments import unanswered

_LINE = tuple(getattr(JournalRow, name) for name in TrailLine.__struct_fields__)


def page(
    tx: Transaction, chosen: TrailFilter, limit: int, edge: str | None = None, newer: bool = False
) -> list[TrailLine]:
    """Return a page of the trail, newest first: older than the line `edge`, or `newer` than it.

    Lines are ordered by their keys, which sort by the time they were made. Without an edge it is the newest
    page, or with `newer` the oldest.
    """
    where = (JournalRow.at >= chosen.since) & (JournalRow.at < chosen.until)
    if edge is not None:
        where &= JournalRow.id > edge if newer else JournalRow.id < edge
    if chosen.till is not None:
        where &= alike(JournalRow.till) == chosen.till
    if not chosen.printing:
        where &= (JournalRow.kind != PRINT) | (JournalRow.who != SYSTEM)
    if chosen.text:
        where &= _holds(chosen.text)
    order = JournalRow.id.asc() if newer else JournalRow.id.desc()
    rows = tx.rows(JournalRow.select(*_LINE).where(where).order_by(order).limit(limit))
    return [TrailLine(*row) for row in (rows[::-1] if newer else rows)]


def _holds(text: str) -> Expression:
    """Data is stored as ASCII JSON, so what is typed is escaped the same way before it is looked for."""
    escaped = json.dumps(text)[1:-1]
    found: Expression = JournalRow.who.contains(text) | JournalRow.data.contains(escaped)
    for name, code in codes_matching(text):
        found |= JournalRow.data.contains(f'"{name}":"{code}"')
    found |= JournalRow.kind.in_(matching(KIND_WORDS, text))
    return found | JournalRow.event.in_(matching(EVENT_WORDS, text))


def unanswered_payments(tx: Transaction, limit: int) -> list[Row]:
    """Return every till's payments of which nobody knows the end.

    Each is id, sale, number, till, branch, seller, method, amount, state, decision, when the sale was opened,
    and the state of the sale.
    """
    query = PaymentRow.select(
        PaymentRow.id, PaymentRow.sale_id, SaleRow.number, SaleRow.till, SaleRow.branch, SaleRow.seller,
        PaymentRow.method, PaymentRow.amount, PaymentRow.state, PaymentRow.decision, SaleRow.opened_at,
        SaleRow.state,
    ).join(SaleRow, on=(SaleRow.id == PaymentRow.sale_id))  # fmt: skip
    return tx.rows(query.where(unanswered()).order_by(SaleRow.opened_at, PaymentRow.id).limit(limit))


def unconfirmed_papers(tx: Transaction, limit: int) -> list[Row]:
    """Return every till's papers that wait for a person: id, till, branch, kind, when queued, why.

    The branch is that of the paper's sale, None for one that belongs to no sale.
    """
    query = PrintJobRow.select(
        PrintJobRow.id, PrintJobRow.till, SaleRow.branch, PrintJobRow.kind, PrintJobRow.queued_at,
        PrintJobRow.why,
    ).join(SaleRow, JOIN.LEFT_OUTER, on=(SaleRow.id == PrintJobRow.sale_id))  # fmt: skip
    where = PrintJobRow.open_since.is_null(False) & (PrintJobRow.state == JobState.UNCONFIRMED)
    return tx.rows(query.where(where).order_by(PrintJobRow.queued_at).limit(limit))
