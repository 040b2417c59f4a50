"""Queries for the sales that acquirers list."""

from datetime import date

from peewee import fn

from pos_tui.domain.card_receipt import AcquirerSale
from pos_tui.domain.matching import Slip
from pos_tui.domain.reconciliation import Acquirer, Life, Modality, Owner, State
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
    *("last_four", "terminal", "minute", "names", "copies", "seen", "state", "owner", "version"),
)


def day_slips(
    tx: Transaction, day: int, whole: bool = True
) -> tuple[list[Slip], dict[str, tuple[str, str, int]]]:
    """Return a day's sales to be matched, and how each stands: state, owner, version.

    Those linked by a person are left as they are; those of which instalments are missing wait for them. Not
    `whole`: only those that the day alone did not settle.
    """
    row = AcquirerSaleRow
    settled = CardLinkRow.stage == 5 if whole else CardLinkRow.stage.in_([1, 5])
    linked = CardLinkRow.select(CardLinkRow.sale_id).where((CardLinkRow.sale_id == row.id) & settled)
    where = (row.day == day) & ~fn.EXISTS(linked)
    if not whole:
        where &= row.state != State.DUPLICATE
    slips, standing = [], {}
    for one in tx.rows(row.select(*(getattr(row, name) for name in _SLIP)).where(where)):
        parts, seen = one[8], one[14]
        if seen in (0, parts):
            slips.append(Slip(one[0], date.fromordinal(day), *one[2:14]))
            standing[one[0]] = (one[15], one[16], one[17])
    return slips, standing


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
    return [Slip(one[0], date.fromordinal(one[1]), *one[2:]) for one in rows]


def slip(tx: Transaction, key: str) -> Slip | None:
    """Return one sale in the form it is compared in."""
    row = AcquirerSaleRow
    found = tx.row(row.select(*(getattr(row, name) for name in _SLIP[:14])).where(row.id == key))
    return Slip(found[0], date.fromordinal(found[1]), *found[2:]) if found else None


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
