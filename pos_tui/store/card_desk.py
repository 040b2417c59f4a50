"""Queries for the desk of card receipts and for its reports."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from peewee import JOIN, Expression, Model, Value, fn

from pos_tui.domain.card_receipt import CardReceipt, Chosen, Counted, Line
from pos_tui.domain.matching import FAR_DAYS
from pos_tui.domain.reconciliation import WATCHED, Acquirer, Life, Owner, State, watched
from pos_tui.domain.values import replace
from pos_tui.store.bulk import BATCH
from pos_tui.store.card_receipts import COLUMNS, read_differences, receipt_of
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models import SaleRow
from pos_tui.store.models.reconciliation import (
    AcquirerSaleRow,
    CardLinkRow,
    CardReceiptRow,
    EstablishmentRow,
)

_LINE = (
    *("id", "day", "acquirer", "nsu", "authorisation", "brand", "amount"),
    *("state", "owner"),
)


def counted(tx: Transaction, chosen: Chosen) -> list[Counted]:
    """Return how many receipts, and sales that only the acquirer has, stand in each state."""
    found: defaultdict[State, list[int]] = defaultdict(lambda: [0, 0])
    for model, where in ((CardReceiptRow, _ours(chosen)), (AcquirerSaleRow, _theirs(chosen))):
        query = model.select(model.state, fn.COUNT(model.id), fn.SUM(model.amount)).where(where)
        for state, count, amount in tx.rows(query.group_by(model.state)):
            found[State(state)][0] += int(count)
            found[State(state)][1] += int(amount)
    return [Counted(state, *found[state]) for state in State if state in found]


def days_without_file(tx: Transaction, since: int) -> list[Row]:
    """Return acquirer, establishment, modality and day of which receipts wait for a file, since a day."""
    row = CardReceiptRow
    query = row.select(row.acquirer, row.establishment, row.modality, row.day)
    where = (row.state == State.FILE_MISSING) & (row.day >= since)
    return tx.rows(query.where(where).distinct().order_by(row.day))


Cursor = tuple[int, str]
"""Where a page ends: `(day, key)` of its last line."""


def page(
    tx: Transaction, chosen: Chosen, limit: int, edge: Cursor | None = None, newer: bool = False
) -> list[Line]:
    """Return a page of the desk, the newest day first: what is older than `edge`, or `newer` than it."""
    lines = []
    for model, where in ((CardReceiptRow, _ours(chosen)), (AcquirerSaleRow, _theirs(chosen))):
        day, key = model.day, model.id
        if edge is not None:
            same = day == edge[0]
            where &= (
                (day > edge[0]) | (same & (key > edge[1]))
                if newer
                else (day < edge[0]) | (same & (key < edge[1]))
            )
        columns = [getattr(model, name) for name in _LINE]
        ours = model is CardReceiptRow
        rest = (
            (CardReceiptRow.instalments, CardReceiptRow.differences, _life_of_ours(), CardReceiptRow.refunded)
            if ours
            else (AcquirerSaleRow.parts, Value(""), AcquirerSaleRow.life, Value(0))
        )
        order = (day, key) if newer else (day.desc(), key.desc())
        rows = tx.rows(model.select(*columns, *rest).where(where).order_by(*order).limit(limit))
        lines += [_line(row, ours) for row in rows]
    lines.sort(key=lambda line: (line.day, line.key), reverse=not newer)
    kept = lines[:limit]
    return kept[::-1] if newer else kept


def _ours(chosen: Chosen) -> Expression:
    where = CardReceiptRow.day.between(chosen.since.toordinal(), chosen.until.toordinal())
    if chosen.branch:
        where &= CardReceiptRow.branch == chosen.branch
    if chosen.owner == Owner.CLIENT:
        # What became of a sale afterwards is the client's, however well it was matched.
        return _narrowed(where, CardReceiptRow, replace(chosen, owner="")) & (
            (CardReceiptRow.owner == Owner.CLIENT) | _watched(chosen)
        )
    return _narrowed(where, CardReceiptRow, chosen)


def _watched(chosen: Chosen) -> Expression:
    """`domain.reconciliation.watched` as a condition on receipts."""
    undone = [Life.CANCELLED, Life.REFUNDED]
    row, others = CardReceiptRow, sorted(WATCHED - set(undone))
    unexpected = ~row.refunded & row.id.in_(_receipts_of(undone, chosen))
    found: Expression = row.id.in_(_receipts_of(others, chosen)) | unexpected
    return found


def _receipts_of(lives: Sequence[Life], chosen: Chosen) -> Any:
    """The receipts whose sale came to one of these ends; its day may differ from the receipt's."""
    sale, link = AcquirerSaleRow, CardLinkRow
    first, last = chosen.since.toordinal() - FAR_DAYS, chosen.until.toordinal() + FAR_DAYS
    query = sale.select(link.receipt_id).join(link, on=(link.sale_id == sale.id))
    return query.where(sale.life.in_(list(lives)) & sale.day.between(first, last))


def _life_of_ours() -> Any:
    sale, link = AcquirerSaleRow, CardLinkRow
    query = sale.select(sale.life).join(link, on=(link.sale_id == sale.id))
    return query.where(link.receipt_id == CardReceiptRow.id)


def _theirs(chosen: Chosen) -> Expression:
    """Only those without a receipt: the others are seen beside theirs."""
    where = AcquirerSaleRow.day.between(chosen.since.toordinal(), chosen.until.toordinal())
    where &= AcquirerSaleRow.state.in_([State.ORPHAN, State.DUPLICATE, State.INCOMPLETE])
    if chosen.branch:
        named = EstablishmentRow.select(EstablishmentRow.code).where(EstablishmentRow.branch == chosen.branch)
        # The code of the settings stands in no row of its own, but in the receipts.
        here, used = AcquirerSaleRow.establishment, CardReceiptRow.alias()
        under = used.select(used.id).where((used.establishment == here) & (used.branch == chosen.branch))
        where &= here.in_(named) | fn.EXISTS(under)
    return _narrowed(where, AcquirerSaleRow, chosen)


def _narrowed(where: Expression, model: type[Model], chosen: Chosen) -> Expression:
    for name in ("acquirer", "state", "owner"):
        wanted = getattr(chosen, name)
        if wanted:
            where &= getattr(model, name) == wanted
    return where


def _line(row: Row, ours: bool) -> Line:
    key, day, acquirer, nsu, authorisation, brand, amount, state, owner, *rest = row
    instalments, differences, told, refunded = rest
    life = Life(told or "")
    return Line(
        key=key,
        ours=ours,
        day=date.fromordinal(day),
        acquirer=Acquirer(acquirer),
        nsu=nsu,
        authorisation=authorisation,
        brand=brand,
        amount=amount,
        instalments=instalments,
        state=State(state),
        differences=read_differences(differences),
        owner=Owner(owner),
        life=life if watched(life, bool(refunded)) else Life.NONE,
        refunded=bool(refunded),
    )


def report_rows(tx: Transaction, chosen: Chosen, after: Cursor | None, limit: int = BATCH) -> list[Row]:
    """Return day, id, acquirer, brand, modality, instalments, amount, state, and the fee that the linked
    sale tells, of a page of receipts; the oldest first.
    """
    row = CardReceiptRow
    query = (
        row.select(
            *(row.day, row.id, row.acquirer, row.brand, row.modality, row.instalments, row.amount, row.state),
            AcquirerSaleRow.fee,
        )
        .join(CardLinkRow, JOIN.LEFT_OUTER, on=(CardLinkRow.receipt_id == row.id))
        .join(AcquirerSaleRow, JOIN.LEFT_OUTER, on=(AcquirerSaleRow.id == CardLinkRow.sale_id))
        .where(_later(_ours(chosen), row, after))
        .order_by(row.day, row.id)
    )
    return tx.rows(query.limit(limit))


def report_sales(tx: Transaction, chosen: Chosen, after: Cursor | None, limit: int = BATCH) -> list[Row]:
    """Return the same of the sales that only the acquirer has, without the fee: nobody owes it yet.

    Of a sale that stands twice there, one that stands twice here too is counted with the receipts.
    """
    row, ours = AcquirerSaleRow, CardReceiptRow
    here = (ours.day == row.day) & (ours.establishment == row.establishment) & (ours.amount == row.amount)
    twice = fn.EXISTS(ours.select(ours.id).where((ours.state == State.DUPLICATE) & here))
    query = row.select(
        *(row.day, row.id, row.acquirer, row.brand, row.modality, row.parts, row.amount),
        *(Value(State.ORPHAN.value), Value(None)),
    )
    where = _later(_theirs(chosen), row, after) & ((row.state != State.DUPLICATE) | ~twice)
    return tx.rows(query.where(where).order_by(row.day, row.id).limit(limit))


def receipts(
    tx: Transaction, chosen: Chosen, after: Cursor | None, limit: int
) -> list[tuple[int | None, CardReceipt]]:
    """Return a page of receipts, the oldest first, each behind the number of its sale."""
    row = CardReceiptRow
    query = (
        row.select(SaleRow.number, *COLUMNS)
        .join(SaleRow, JOIN.LEFT_OUTER, on=(SaleRow.id == row.sale_id))
        .where(_later(_ours(chosen), row, after))
        .order_by(row.day, row.id)
    )
    return [(found[0], receipt_of(found[1:])) for found in tx.rows(query.limit(limit))]


def _later(where: Expression, row: Any, after: Cursor | None) -> Expression:
    if after is not None:
        where &= (row.day > after[0]) | ((row.day == after[0]) & (row.id > after[1]))
    return where
