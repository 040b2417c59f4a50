"""Queries for card receipts, their editions and their links."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import TypeVar

from peewee import JOIN, Expression, Model, Value, fn

from pos_tui.domain.card_receipt import CardReceipt, Chosen, Counted, Line
from pos_tui.domain.matching import Slip
from pos_tui.domain.reconciliation import (
    Acquirer,
    Difference,
    Modality,
    Owner,
    State,
    plain_authorisation,
    plain_brand,
    plain_code,
    plain_nsu,
)
from pos_tui.store.bulk import insert_rows
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models.reconciliation import (
    AcquirerSaleRow,
    CardEditionRow,
    CardLinkRow,
    CardReceiptRow,
    EstablishmentRow,
)

BATCH = 500
_NAMES = tuple(field.name for field in fields(CardReceipt))
_COLUMNS = tuple(getattr(CardReceiptRow, name) for name in _NAMES)
K = TypeVar("K")


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
    row = tx.row(CardReceiptRow.select(*_COLUMNS).where(CardReceiptRow.id == key))
    return _receipt(row) if row else None


def to_send(tx: Transaction, since: int, after: str, limit: int = BATCH) -> list[CardReceipt]:
    """Return a page of receipts to send: editions made since an instant, of stores whose code is known."""
    where = (CardReceiptRow.to_send_since >= since) & (CardReceiptRow.id > after)
    where &= (CardReceiptRow.establishment != "") & (CardReceiptRow.state != State.NO_FEED)
    query = CardReceiptRow.select(*_COLUMNS).where(where).order_by(CardReceiptRow.id)
    return [_receipt(row) for row in tx.rows(query.limit(limit))]


def without_code(tx: Transaction) -> list[tuple[str, Acquirer]]:
    """Return the stores and acquirers that have receipts but no code."""
    where = (CardReceiptRow.establishment == "") & (CardReceiptRow.state != State.NO_FEED)
    query = CardReceiptRow.select(CardReceiptRow.branch, CardReceiptRow.acquirer).where(where).distinct()
    return [(str(branch), Acquirer(acquirer)) for branch, acquirer in tx.rows(query)]


def adopt(tx: Transaction, branch: str, acquirer: Acquirer, code: str) -> int:
    """Give a store's receipts the code that they waited for."""
    where = (CardReceiptRow.branch == branch) & (CardReceiptRow.acquirer == acquirer)
    where &= CardReceiptRow.establishment == ""
    version = CardReceiptRow.version + 1
    return tx.run(CardReceiptRow.update(establishment=code, version=version).where(where))


def code_of(tx: Transaction, branch: str, acquirer: Acquirer) -> str:
    """Return a store's code at an acquirer, or nothing."""
    where = (EstablishmentRow.branch == branch) & (EstablishmentRow.acquirer == acquirer)
    row = tx.row(EstablishmentRow.select(EstablishmentRow.code).where(where))
    return str(row[0]) if row else ""


def codes(tx: Transaction) -> list[Row]:
    """Return id, branch, acquirer, code, group and version of every establishment."""
    row = EstablishmentRow
    query = row.select(row.id, row.branch, row.acquirer, row.code, row.group, row.version)
    return tx.rows(query.order_by(row.branch, row.acquirer))


def branches(tx: Transaction) -> list[str]:
    """Return the stores that have receipts."""
    query = CardReceiptRow.select(CardReceiptRow.branch).distinct().order_by(CardReceiptRow.branch)
    return [str(row[0]) for row in tx.rows(query)]


def editions(tx: Transaction, key: str) -> list[Row]:
    """Return edition, authorisation, instalments, who, reason and when of a receipt's editions."""
    row = CardEditionRow
    query = row.select(row.edition, row.authorisation, row.instalments, row.who, row.reason, row.made_at)
    return tx.rows(query.where(row.receipt_id == key).order_by(row.edition))


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


# Links ----------------------------------------------------------------------------------------------


def link_of(tx: Transaction, receipt: str) -> Row | None:
    """Return sale, stage, who, reason and when of a receipt's link."""
    row = CardLinkRow
    query = row.select(row.sale_id, row.stage, row.who, row.reason, row.linked_at)
    return tx.row(query.where(row.receipt_id == receipt))


def linked_to(tx: Transaction, sale: str) -> str | None:
    """Return the receipt that a sale is linked to."""
    row = tx.row(CardLinkRow.select(CardLinkRow.receipt_id).where(CardLinkRow.sale_id == sale))
    return str(row[0]) if row else None


def links_of_days(tx: Transaction, first: int, last: int) -> dict[str, tuple[str, int]]:
    """Return the links that matching made of the receipts of some days: receipt → sale and stage."""
    query = (
        CardLinkRow.select(CardLinkRow.receipt_id, CardLinkRow.sale_id, CardLinkRow.stage)
        .join(CardReceiptRow, on=(CardReceiptRow.id == CardLinkRow.receipt_id))
        .where((CardLinkRow.stage < 5) & CardReceiptRow.day.between(first, last))
    )
    return {row[0]: (row[1], row[2]) for row in tx.rows(query)}


def replace_links(
    tx: Transaction, gone: Sequence[str], new: Sequence[tuple[str, str, int]], now: int
) -> None:
    """Take links away by their receipts, and put others in: receipt, sale, stage."""
    for keys in batches(gone):
        tx.run(CardLinkRow.delete().where(CardLinkRow.receipt_id.in_(keys) & (CardLinkRow.stage < 5)))
    for links in batches(new):
        rows = [(receipt, sale, stage, "", "", now) for receipt, sale, stage in links]
        row = CardLinkRow
        named = [row.receipt_id, row.sale_id, row.stage, row.who, row.reason, row.linked_at]
        insert_rows(tx, CardLinkRow, named, rows)


Wanted = Mapping[tuple[State, str, str], Sequence[tuple[str, int]]]
"""State, differences and owner → the keys that go there, each with the version it was read at."""


def move(tx: Transaction, model: type[Model], wanted: Wanted) -> int:
    """Compare-and-set many rows; return how many were still as they had been read."""
    moved = 0
    for (state, differences, owner), rows in wanted.items():
        by_version: defaultdict[int, list[str]] = defaultdict(list)
        for key, version in rows:
            by_version[version].append(key)
        changes: dict[str, object] = {"state": state, "owner": owner}
        if model is CardReceiptRow:
            changes["differences"] = differences
        for version, keys in by_version.items():
            for some in batches(keys):
                moved += _claim_all(tx, model, some, version, changes)
    return moved


def _claim_all(
    tx: Transaction, model: type[Model], keys: Sequence[str], version: int, changes: Mapping[str, object]
) -> int:
    """`Transaction.claim` for rows that all stand at one version and become the same."""
    here = model.id.in_(list(keys)) & (model.version == version)  # type: ignore[attr-defined]
    return tx.run(model.update(**changes, version=version + 1).where(here))


def batches(items: Sequence[K]) -> Iterable[Sequence[K]]:
    """Cut into pieces that a statement holds."""
    return (items[at : at + BATCH] for at in range(0, len(items), BATCH))


# The desk -------------------------------------------------------------------------------------------

_LINE = (
    *("id", "day", "acquirer", "nsu", "authorisation", "brand", "amount"),
    *("state", "owner"),
)


def counted(tx: Transaction, chosen: Chosen) -> list[Counted]:
    """Return how many receipts, and sales that only the acquirer has, stand in each state."""
    found = []
    for model, where in ((CardReceiptRow, _ours(chosen)), (AcquirerSaleRow, _theirs(chosen))):
        query = model.select(model.state, fn.COUNT(model.id), fn.SUM(model.amount)).where(where)
        for state, count, amount in tx.rows(query.group_by(model.state)):
            found.append(Counted(State(state), int(count), int(amount)))
    return sorted(found, key=lambda one: list(State).index(one.state))


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
            (CardReceiptRow.instalments, CardReceiptRow.differences)
            if ours
            else (AcquirerSaleRow.parts, Value(""))
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
    return _narrowed(where, CardReceiptRow, chosen)


def _theirs(chosen: Chosen) -> Expression:
    """Only those without a receipt: the others are seen beside theirs."""
    where = AcquirerSaleRow.day.between(chosen.since.toordinal(), chosen.until.toordinal())
    where &= AcquirerSaleRow.state.in_([State.ORPHAN, State.DUPLICATE, State.INCOMPLETE])
    if chosen.branch:
        here = EstablishmentRow.select(EstablishmentRow.code).where(EstablishmentRow.branch == chosen.branch)
        where &= AcquirerSaleRow.establishment.in_(here)
    return _narrowed(where, AcquirerSaleRow, chosen)


def _narrowed(where: Expression, model: type[Model], chosen: Chosen) -> Expression:
    for name in ("acquirer", "state", "owner"):
        wanted = getattr(chosen, name)
        if wanted:
            where &= getattr(model, name) == wanted
    return where


def _line(row: Row, ours: bool) -> Line:
    key, day, acquirer, nsu, authorisation, brand, amount, state, owner, instalments, differences = row
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
        differences=_differences(differences),
        owner=Owner(owner),
    )


def report_rows(tx: Transaction, chosen: Chosen, after: Cursor | None, limit: int = BATCH) -> list[Row]:
    """Return day, id, acquirer, brand, modality, instalments, amount, state, and the fee that the linked
    sale tells, of a page of receipts; the oldest first.
    """
    row = CardReceiptRow
    where = _ours(chosen)
    if after is not None:
        where &= (row.day > after[0]) | ((row.day == after[0]) & (row.id > after[1]))
    query = (
        row.select(
            *(row.day, row.id, row.acquirer, row.brand, row.modality, row.instalments, row.amount, row.state),
            AcquirerSaleRow.fee,
        )
        .join(CardLinkRow, JOIN.LEFT_OUTER, on=(CardLinkRow.receipt_id == row.id))
        .join(AcquirerSaleRow, JOIN.LEFT_OUTER, on=(AcquirerSaleRow.id == CardLinkRow.sale_id))
        .where(where)
        .order_by(row.day, row.id)
    )
    return tx.rows(query.limit(limit))


def _receipt(row: Row) -> CardReceipt:
    values = dict(zip(_NAMES, row, strict=True))
    values["acquirer"] = Acquirer(values["acquirer"])
    values["modality"] = Modality(values["modality"]) if values["modality"] else None
    values["day"] = date.fromordinal(values["day"])
    values["state"] = State(values["state"])
    values["owner"] = Owner(values["owner"])
    values["differences"] = _differences(values["differences"])
    values["refunded"] = bool(values["refunded"])
    return CardReceipt(**values)


def _differences(text: str) -> tuple[Difference, ...]:
    return tuple(Difference(one) for one in text.split(",") if one)
