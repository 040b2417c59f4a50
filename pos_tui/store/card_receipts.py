"""Queries for card receipts and their editions."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from sys import intern
from typing import Any

from peewee import JOIN, Expression

from pos_tui.domain.card_receipt import CardReceipt
from pos_tui.domain.matching import Slip
from pos_tui.domain.reconciliation import (
    SETTLED_STATES,
    Acquirer,
    Correction,
    Difference,
    Modality,
    Owner,
    State,
    plain_authorisation,
    plain_brand,
    plain_code,
    plain_nsu,
)
from pos_tui.store.bulk import BATCH, batches
from pos_tui.store.card_links import BY_HAND, OF_A_DAY, Held
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models.reconciliation import CardEditionRow, CardLinkRow, CardReceiptRow
from pos_tui.store.sentences import marks

_NAMES = CardReceipt.__struct_fields__
COLUMNS = tuple(getattr(CardReceiptRow, name) for name in _NAMES)
"""What `receipt_of` reads."""


def insert(tx: Transaction, receipt: CardReceipt, minute: int = -1) -> None:
    """Insert a receipt."""
    tx.insert(CardReceiptRow, **stored({name: getattr(receipt, name) for name in _NAMES}))


def stored(values: Mapping[str, object]) -> dict[str, object]:
    """Return values as they are stored."""
    kept = dict(values)
    if isinstance(kept.get("day"), date):
        kept["day"] = kept["day"].toordinal()  # type: ignore[attr-defined]
    if "modality" in kept:
        kept["modality"] = kept["modality"] or ""
    if "differences" in kept:
        kept["differences"] = ",".join(kept["differences"])  # type: ignore[arg-type]
    return kept


def get(tx: Transaction, key: str) -> CardReceipt | None:
    """Return one receipt."""
    row = tx.row(CardReceiptRow.select(*COLUMNS).where(CardReceiptRow.id == key))
    return receipt_of(row) if row else None


def to_send(tx: Transaction, since: int, after: str, limit: int = BATCH) -> list[CardReceipt]:
    """Return a page of receipts to send: editions made since an instant, of stores whose code is known."""
    where = (CardReceiptRow.to_send_since >= since) & (CardReceiptRow.id > after)
    where &= (CardReceiptRow.establishment != "") & (CardReceiptRow.state != State.NO_FEED)
    query = CardReceiptRow.select(*COLUMNS).where(where).order_by(CardReceiptRow.id)
    return [receipt_of(row) for row in tx.rows(query.limit(limit))]


_LEFT_OUT = f"""
SELECT COUNT(*), MIN(day), MAX(day) FROM card_receipt
WHERE to_send_since IS NOT NULL AND to_send_since < ? AND establishment <> '' AND state <> '{State.NO_FEED}'
"""


def left_out(tx: Transaction, since: int) -> tuple[int, date, date] | None:
    """Return how many receipts wait to be sent from before an instant, with their first and last day."""
    ((count, first, last),) = tx.read(_LEFT_OUT, since)
    return (int(count), date.fromordinal(first), date.fromordinal(last)) if count else None


_MISTAKEN = (State.TO_SEND, State.NOT_FOUND, State.FILE_MISSING)


def of_codes(
    tx: Transaction, branch: str, acquirer: str, codes: Sequence[str], since: date
) -> list[CardReceipt]:
    """Return a store's receipts since a day that some codes are wrong for, by all that is known.

    What merely waits for its file may have been sold under the code of then.
    """
    row = CardReceiptRow
    where = (row.branch == branch) & (row.acquirer == acquirer) & row.establishment.in_(list(codes))
    where &= (row.day >= since.toordinal()) & row.state.in_([*_MISTAKEN, State.DIVERGENT])
    found = [receipt_of(one) for one in tx.rows(row.select(*COLUMNS).where(where))] if codes else []
    return [one for one in found if one.state in _MISTAKEN or Difference.ESTABLISHMENT in one.differences]


def editions(tx: Transaction, key: str) -> list[Row]:
    """Return edition, authorisation, instalments, who, reason and when of a receipt's editions."""
    row = CardEditionRow
    query = row.select(row.edition, row.authorisation, row.instalments, row.who, row.reason, row.made_at)
    return tx.rows(query.where(row.receipt_id == key).order_by(row.edition))


def add_edition(
    tx: Transaction,
    key: str,
    edition: int,
    said: CardReceipt | Correction,
    who: str = "",
    reason: str = "",
    made_at: int = 0,
) -> None:
    """Write down what an edition of a receipt says; the first one is nobody's."""
    tx.insert(
        CardEditionRow,
        receipt_id=key,
        edition=edition,
        authorisation=said.authorisation,
        instalments=said.instalments,
        who=who,
        reason=reason,
        made_at=made_at,
    )


# The two sides as they are matched ------------------------------------------------------------------

_SLIP = tuple(
    getattr(CardReceiptRow, name)
    for name in (
        *("id", "day", "establishment", "nsu", "authorisation", "amount", "brand", "modality"),
        *("instalments", "last_four", "terminal", "edition", "state", "differences", "version"),
    )
)


def count(tx: Transaction, day: int) -> int:
    """Return how many receipts a day has."""
    return int(tx.read("SELECT COUNT(*) FROM card_receipt WHERE day = ?", day)[0][0])


def slips_of_day(tx: Transaction, day: int, mask: int, share: int) -> Held:
    """Return those of a day's receipts that are to be matched, by the last bits of their amounts.

    Those linked by a person are left as they are, and so are those without a feed or a code.
    """
    where = (CardReceiptRow.day == day) & (CardReceiptRow.amount.bin_and(mask) == share)
    return _held(tx.rows(_matched(where, [State.NO_FEED, State.BY_HAND], [BY_HAND])))


def open_slips(tx: Transaction, first: int, last: int, after: tuple[int, str], limit: int) -> Held:
    """Return a page of the receipts of some days that their day alone did not settle."""
    row = CardReceiptRow
    later = (row.day > after[0]) | (row.id > after[1])
    where = row.day.between(max(first, after[0]), last) & later
    skipped = [State.NO_FEED, State.BY_HAND, State.DUPLICATE]
    query = _matched(where, skipped, [OF_A_DAY, BY_HAND])
    return _held(tx.rows(query.order_by(row.day, row.id).limit(limit)))


def _matched(where: Expression, states: list[State], stages: list[int]) -> Any:
    row, link = CardReceiptRow, CardLinkRow
    free = link.stage.is_null() | link.stage.not_in(stages)
    where &= row.state.not_in(states) & (row.establishment != "") & free
    query = row.select(*_SLIP, link.sale_id, link.stage)
    return query.join(link, JOIN.LEFT_OUTER, on=(link.receipt_id == row.id)).where(where)


def _held(rows: list[Row]) -> Held:
    held = Held([], {}, {})
    for row in rows:
        # Thousands are held at once, and these values are few.
        told: Row = (*row[:6], intern(row[6]), intern(row[7]), *row[8:12])
        held.slips.append(slip(*told))
        held.standing[row[0]] = (intern(row[12]), intern(row[13]), row[14])
        if row[15] is not None:
            held.links[row[0]] = (row[15], row[16])
    return held


def free_near(tx: Transaction, acquirer: str, first: int, last: int) -> list[Slip]:
    """Return the receipts of some days that are not reconciled, for suggestions."""
    row = CardReceiptRow
    where = row.day.between(first, last) & (row.acquirer == acquirer)
    where &= row.state.not_in([*SETTLED_STATES, State.NO_FEED])
    return [slip(*one[:12]) for one in tx.rows(row.select(*_SLIP).where(where))]


_day = lru_cache(1_024)(date.fromordinal)
_code = lru_cache(1_024)(plain_code)


def slip(
    key: str,
    day: int,
    establishment: str,
    nsu: str,
    authorisation: str,
    amount: int,
    brand: str,
    modality: str,
    instalments: int,
    last_four: str,
    terminal: str,
    edition: int,
) -> Slip:
    """Return a receipt in the form it is compared in."""
    return Slip(
        key,
        _day(day),
        _code(establishment),
        plain_nsu(nsu),
        plain_authorisation(authorisation),
        amount,
        plain_brand(brand),
        modality,
        instalments,
        last_four,
        _code(terminal),
        -1,
        f"{key}/{edition}",
    )


def editions_now(tx: Transaction, keys: Sequence[str]) -> dict[str, str]:
    """Return the present edition of some receipts."""
    found: dict[str, str] = {}
    for some in batches(keys):
        rows = tx.read(f"SELECT id, edition FROM card_receipt WHERE id IN ({marks(len(some))})", *some)
        found |= {row[0]: str(row[1]) for row in rows}
    return found


def tellings(tx: Transaction, keys: Sequence[str]) -> dict[str, tuple[Acquirer, Modality | None, bool, bool]]:
    """Return of receipts the acquirer, the modality, whether they are to be sent, and whether they were."""
    found = {}
    chosen = "SELECT id, acquirer, modality, to_send_since, sent_file FROM card_receipt"
    for some in batches(keys):
        rows = tx.read(f"{chosen} WHERE id IN ({marks(len(some))})", *some)
        for key, acquirer, modality, unsent, sent in rows:
            kind = Modality(modality) if modality else None
            found[key] = (Acquirer(acquirer), kind, unsent is not None, sent is not None)
    return found


def receipt_of(row: Row) -> CardReceipt:
    """Read a row of `COLUMNS`."""
    values = dict(zip(_NAMES, row, strict=True))
    values["acquirer"] = Acquirer(values["acquirer"])
    values["modality"] = Modality(values["modality"]) if values["modality"] else None
    values["day"] = date.fromordinal(values["day"])
    values["state"] = State(values["state"])
    values["owner"] = Owner(values["owner"])
    values["differences"] = read_differences(values["differences"])
    values["refunded"] = bool(values["refunded"])
    return CardReceipt(**values)


def read_differences(text: str) -> tuple[Difference, ...]:
    """Return the differing fields as a row holds them."""
    return tuple(Difference(one) for one in text.split(",") if one)
