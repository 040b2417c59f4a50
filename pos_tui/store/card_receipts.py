"""Queries for card receipts and their editions."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date

from peewee import fn

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
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models.reconciliation import CardEditionRow, CardLinkRow, CardReceiptRow

_NAMES = tuple(field.name for field in fields(CardReceipt))
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


def day_slips(
    tx: Transaction, day: int, whole: bool = True
) -> tuple[list[Slip], dict[str, tuple[str, str, int]]]:
    """Return a day's receipts to be matched, and how each stands: state, differences, version.

    Those linked by a person are left as they are, and so are those without a feed or a code. Not `whole`:
    only those that the day alone did not settle.
    """
    settled = CardLinkRow.stage == 5 if whole else CardLinkRow.stage.in_([1, 5])
    linked = CardLinkRow.select(CardLinkRow.receipt_id).where(
        (CardLinkRow.receipt_id == CardReceiptRow.id) & settled
    )
    skipped = [State.NO_FEED, State.BY_HAND, *([] if whole else [State.DUPLICATE])]
    where = (CardReceiptRow.day == day) & CardReceiptRow.state.not_in(skipped)
    where &= (CardReceiptRow.establishment != "") & ~fn.EXISTS(linked)
    slips, standing = [], {}
    for row in tx.rows(CardReceiptRow.select(*_SLIP).where(where)):
        slips.append(slip(*row[:12]))
        standing[row[0]] = (row[12], row[13], row[14])
    return slips, standing


def free_near(tx: Transaction, acquirer: str, first: int, last: int) -> list[Slip]:
    """Return the receipts of some days that are not reconciled, for suggestions."""
    row = CardReceiptRow
    where = row.day.between(first, last) & (row.acquirer == acquirer)
    where &= row.state.not_in([*SETTLED_STATES, State.NO_FEED])
    return [slip(*one[:12]) for one in tx.rows(row.select(*_SLIP).where(where))]


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
        date.fromordinal(day),
        plain_code(establishment),
        plain_nsu(nsu),
        plain_authorisation(authorisation),
        amount,
        plain_brand(brand),
        modality,
        instalments,
        last_four,
        plain_code(terminal),
        -1,
        f"{key}/{edition}",
    )


def editions_now(tx: Transaction, keys: Sequence[str]) -> dict[str, str]:
    """Return the present edition of some receipts."""
    found: dict[str, str] = {}
    for some in batches(keys):
        query = CardReceiptRow.select(CardReceiptRow.id, CardReceiptRow.edition)
        found |= {row[0]: str(row[1]) for row in tx.rows(query.where(CardReceiptRow.id.in_(list(some))))}
    return found


def tellings(tx: Transaction, keys: Sequence[str]) -> dict[str, tuple[Acquirer, Modality | None, bool, bool]]:
    """Return of receipts the acquirer, the modality, whether they are to be sent, and whether they were."""
    row = CardReceiptRow
    found = {}
    for some in batches(keys):
        query = row.select(row.id, row.acquirer, row.modality, row.to_send_since, row.sent_file)
        for key, acquirer, modality, unsent, sent in tx.rows(query.where(row.id.in_(list(some)))):
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
