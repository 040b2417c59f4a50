"""Queries for the sales that acquirers list."""

from datetime import date
from functools import lru_cache
from sys import intern
from typing import Any

from peewee import JOIN, Expression

from pos_tui.domain.card_receipt import AcquirerSale
from pos_tui.domain.matching import Slip
from pos_tui.domain.reconciliation import Acquirer, Life, Modality, Owner, State
from pos_tui.store.card_links import BY_HAND, OF_A_DAY, Held
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models.reconciliation import (
    AcquirerPartRow,
    AcquirerSaleRow,
    CardLinkRow,
    StatementFileRow,
)

_SALE = (
    *("id", "acquirer", "establishment", "nsu", "authorisation", "day", "minute", "brand", "modality"),
    *("parts", "seen", "amount", "fee", "terminal", "last_four", "summary", "names", "copies", "life"),
    *("state", "owner", "version"),
)
COLUMNS = tuple(getattr(AcquirerSaleRow, name) for name in _SALE)


_SLIP = (
    *("id", "day", "establishment", "nsu", "authorisation", "amount", "brand", "modality", "parts"),
    *("last_four", "terminal", "minute", "names", "copies", "state", "owner", "version"),
)


def count(tx: Transaction, day: int) -> int:
    """Return how many sales a day has."""
    return int(tx.read("SELECT COUNT(*) FROM acquirer_sale WHERE day = ?", day)[0][0])


def slips_of_day(tx: Transaction, day: int, mask: int, share: int) -> Held:
    """Return those of a day's sales that are to be matched, by the last bits of their amounts.

    Those linked by a person are left as they are; those of which instalments are missing wait for them.
    """
    where = (AcquirerSaleRow.day == day) & (AcquirerSaleRow.amount.bin_and(mask) == share)
    return _held(tx.rows(_matched(where, [BY_HAND])))


def open_slips(tx: Transaction, first: int, last: int, after: tuple[int, str], limit: int) -> Held:
    """Return a page of the sales of some days that their day alone did not settle."""
    row = AcquirerSaleRow
    later = (row.day > after[0]) | (row.id > after[1])
    where = row.day.between(max(first, after[0]), last) & later
    query = _matched(where & (row.state != State.DUPLICATE), [OF_A_DAY, BY_HAND])
    return _held(tx.rows(query.order_by(row.day, row.id).limit(limit)))


def _matched(where: Expression, stages: list[int]) -> Any:
    row, link = AcquirerSaleRow, CardLinkRow
    where &= (row.seen == 0) | (row.seen == row.parts)
    where &= link.stage.is_null() | link.stage.not_in(stages)
    query = row.select(*(getattr(row, name) for name in _SLIP), link.receipt_id, link.stage)
    return query.join(link, JOIN.LEFT_OUTER, on=(link.sale_id == row.id)).where(where)


def _held(rows: list[Row]) -> Held:
    held = Held([], {}, {})
    for row in rows:
        held.slips.append(_slip(row))
        held.standing[row[0]] = (intern(row[14]), intern(row[15]), row[16])
        if row[17] is not None:
            held.links[row[0]] = (row[17], row[18])
    return held


# Thousands are held at once, and these values are few.
_day = lru_cache(1_024)(date.fromordinal)


def _slip(row: Row) -> Slip:
    key, day, code, nsu, authorisation, amount, brand, modality, *rest = row[:14]
    where = _day(day), intern(code), nsu, authorisation, amount, intern(brand), intern(modality)
    return Slip(key, *where, *rest)


def get(tx: Transaction, key: str) -> AcquirerSale | None:
    """Return one sale."""
    found = tx.row(AcquirerSaleRow.select(*COLUMNS).where(AcquirerSaleRow.id == key))
    return _sale(found) if found else None


def free_near(tx: Transaction, acquirer: str, first: int, last: int) -> list[Slip]:
    """Return the sales of some days that nobody has, for suggestions."""
    row = AcquirerSaleRow
    taken = CardLinkRow.select(CardLinkRow.sale_id)
    where = row.day.between(first, last) & (row.acquirer == acquirer) & row.id.not_in(taken)
    rows = tx.rows(row.select(*(getattr(row, name) for name in _SLIP[:14])).where(where))
    return [_slip(one) for one in rows]


def slip(tx: Transaction, key: str) -> Slip | None:
    """Return one sale in the form it is compared in."""
    row = AcquirerSaleRow
    found = tx.row(row.select(*(getattr(row, name) for name in _SLIP[:14])).where(row.id == key))
    return _slip(found) if found else None


def records_of(tx: Transaction, sale: str) -> list[Row]:
    """Return part, file's name, line, offset and record of everything that made a sale."""
    query = (
        AcquirerPartRow.select(
            AcquirerPartRow.part,
            StatementFileRow.name,
            AcquirerPartRow.line,
            AcquirerPartRow.offset,
            AcquirerPartRow.record,
        )
        .join(StatementFileRow, on=(StatementFileRow.id == AcquirerPartRow.file_id))
        .where(AcquirerPartRow.sale_id == sale)
    )
    return tx.rows(query.order_by(AcquirerPartRow.part))


def _sale(row: Row) -> AcquirerSale:
    values = dict(zip(_SALE, row, strict=True))
    values["acquirer"] = Acquirer(values["acquirer"])
    values["day"] = date.fromordinal(values["day"])
    values["modality"] = Modality(values["modality"]) if values["modality"] else None
    values["life"] = Life(values["life"])
    values["state"] = State(values["state"])
    values["owner"] = Owner(values["owner"])
    return AcquirerSale(**values)
