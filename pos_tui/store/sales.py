"""Queries for sales, their payments and the sale list."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from peewee import Expression, fn

from pos_tui.domain.item import Item, describe
from pos_tui.domain.recurring import PaymentStatus, payment_words
from pos_tui.domain.sale import Sale, SaleFilter, SaleLine, SaleState, due_of
from pos_tui.domain.text import digits, fold
from pos_tui.domain.topup import TopUp
from pos_tui.store import cash, items, payments, recurring, topups
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models import SaleRow

_APART = ("topups", "payments", "items", "cash_returned")
_NAMES = tuple(field.name for field in fields(Sale) if field.name not in _APART)
_COLUMNS = tuple(getattr(SaleRow, name) for name in _NAMES)
_LINE = (
    SaleRow.id,
    SaleRow.till,
    SaleRow.number,
    fn.COALESCE(SaleRow.saved_at, SaleRow.opened_at),
    SaleRow.branch,
    SaleRow.seller,
    SaleRow.customer_name,
    SaleRow.invoice,
    SaleRow.total,
    SaleRow.change,
    SaleRow.state,
)

Held = TypeVar("Held", TopUp, Item)

Cursor = tuple[int, str]
"""Where a page ends: `(saved_at, id)` of its last line."""


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
    return _one(tx, SaleRow.id == key)


def numbers(tx: Transaction, keys: Sequence[str]) -> dict[str, int]:
    """Return the numbers of the saved ones among these sales."""
    rows = tx.rows(SaleRow.select(SaleRow.id, SaleRow.number).where(SaleRow.id.in_(keys)))
    return {key: number for key, number in rows if number is not None}


def open_of(tx: Transaction, till: int) -> Sale | None:
    """Return the sale this till has open."""
    return _one(tx, (SaleRow.till == till) & (SaleRow.state == SaleState.OPEN))


def page(
    tx: Transaction, chosen: SaleFilter, limit: int, edge: Cursor | None = None, newer: bool = False
) -> list[SaleLine]:
    """Return a page of saved sales, newest first: those older than `edge`, or `newer` than it.

    Without an edge it is the newest page, or with `newer` the oldest.
    """
    since, until = chosen.since, chosen.until
    if edge is not None:  # the index is entered at the edge, or each page would pass over all those before it
        since, until = (max(since, edge[0]), until) if newer else (since, min(until, edge[0] + 1))
    where = _standing(chosen) & (SaleRow.saved_at >= since) & (SaleRow.saved_at < until)
    if edge is not None:
        where &= _beyond(edge, newer)
    if chosen.seller:
        where &= SaleRow.seller == chosen.seller
    if chosen.branch:
        where &= SaleRow.branch == chosen.branch
    if chosen.text:
        where &= _matches(chosen.text)
    order = (SaleRow.saved_at, SaleRow.id) if newer else (SaleRow.saved_at.desc(), SaleRow.id.desc())
    rows = tx.rows(SaleRow.select(*_LINE).where(where).order_by(*order).limit(limit))
    return _lines(tx, rows[::-1] if newer else rows)


def with_pendings(tx: Transaction, limit: int) -> list[SaleLine]:
    """Return the sales of every till that hold pendings, the oldest first; open sales, and OS that wait.

    Before all of them stand those with a payment that came after it was given up.
    """
    waiting = [line.sale_id for line in payments.late(tx)]
    waiting += [topup.sale_id for topup in topups.pending(tx, limit)]
    ids = list(dict.fromkeys([*waiting, *recurring.live_sales(tx, limit)]))
    lines = {line.id: line for line in _lines(tx, tx.rows(SaleRow.select(*_LINE).where(SaleRow.id.in_(ids))))}
    return [lines[key] for key in ids if key in lines]


def _standing(chosen: SaleFilter) -> Expression:
    match chosen.payment:
        case PaymentStatus.PENDING:
            return SaleRow.state == SaleState.AWAITING
        case PaymentStatus.ERROR:
            return SaleRow.id.in_(recurring.with_problem())
        case _ if chosen.unpaid:
            return SaleRow.state.in_([SaleState.AWAITING, SaleState.SAVED])
        case _:
            return SaleRow.state == SaleState.SAVED


def _beyond(edge: Cursor, newer: bool) -> Expression:
    at, key = edge
    if newer:
        return (SaleRow.saved_at > at) | ((SaleRow.saved_at == at) & (SaleRow.id > key))
    return (SaleRow.saved_at < at) | ((SaleRow.saved_at == at) & (SaleRow.id < key))


def _lines(tx: Transaction, rows: Sequence[Row]) -> list[SaleLine]:
    ids = [row[0] for row in rows]
    credited, goods = _by_sale(topups.of_sales(tx, ids)), _by_sale(items.of_sales(tx, ids))
    refunded, paying = _refunded(tx, ids), payments.unanswered_of(tx, ids)
    attempts = recurring.of_sales(tx, ids)
    return [
        replace(
            _line(row, credited.get(row[0], []), goods.get(row[0], []), refunded.get(row[0], 0)),
            paying=paying.get(row[0], ""),
            recurring=payment_words(attempts.get(row[0], []), row[-1] == SaleState.AWAITING),
            discarded=row[-1] == SaleState.DISCARDED,
        )
        for row in rows
    ]


def _refunded(tx: Transaction, sale_ids: Sequence[str]) -> dict[str, int]:
    """What went back of each sale, as `Sale.owed_back` counts it."""
    found = cash.refunded_of(tx, sale_ids)
    for key, amount in payments.given_back_otherwise(tx, sale_ids).items():
        found[key] = found.get(key, 0) + amount
    return found


def sellers(tx: Transaction, since: int) -> list[str]:
    """Return who sold since an instant."""
    query = (
        SaleRow.select(SaleRow.seller).where(SaleRow.saved_at >= since).distinct().order_by(SaleRow.seller)
    )
    return [str(row[0]) for row in tx.rows(query)]


def _matches(text: str) -> Expression:
    by_name = SaleRow.customer_folded.contains(fold(text))
    number = digits(text)
    return by_name | (SaleRow.number == int(number)) if number and len(number) < 16 else by_name


def _one(tx: Transaction, where: Expression) -> Sale | None:
    row = tx.row(SaleRow.select(*_COLUMNS).where(where).limit(1))
    if row is None:
        return None
    values: dict[str, Any] = dict(zip(_NAMES, row, strict=True))
    values["state"] = SaleState(values["state"])
    return Sale(
        **values,
        topups=tuple(topups.of_sales(tx, [row[0]])),
        payments=tuple(payments.of_sale(tx, row[0])),
        items=tuple(items.of_sales(tx, [row[0]])),
        cash_returned=cash.refunded(tx, row[0]) if values["state"] is SaleState.SAVED else 0,
    )


def _by_sale(held: Sequence[Held]) -> dict[str, list[Held]]:
    grouped: dict[str, list[Held]] = {}
    for one in held:
        grouped.setdefault(one.sale_id, []).append(one)
    return grouped


def _line(row: Row, credited: Sequence[TopUp], goods: Sequence[Item], refunded: int) -> SaleLine:
    """A sale with how many of its top-ups wait, how many there are, and the words of the first that waits."""
    waiting = [topup for topup in credited if topup.pending]
    words = (waiting or list(credited))[0].words if credited else describe(goods)
    total, change, state = row[8:]
    owed = max(0, total - due_of(credited, goods) - refunded) if state == SaleState.SAVED else 0
    held = sum(item.counts for item in goods)
    return SaleLine(*(*row[:9], len(waiting), len(credited), words, owed, held, change))
