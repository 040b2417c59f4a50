"""Queries for what links a receipt to an acquirer's sale, and the states that follow."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from peewee import Insert, Model

from pos_tui.domain.reconciliation import State
from pos_tui.store.bulk import batches, insert_rows
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models.reconciliation import CardLinkRow, CardReceiptRow

BY_HAND = 5
"""The stage of a link that a person made; those of matching are below it."""


def link_of(tx: Transaction, receipt: str) -> Row | None:
    """Return sale, stage, who, reason and when of a receipt's link."""
    row = CardLinkRow
    query = row.select(row.sale_id, row.stage, row.who, row.reason, row.linked_at)
    return tx.row(query.where(row.receipt_id == receipt))


def linked_to(tx: Transaction, sale: str) -> str | None:
    """Return the receipt that a sale is linked to."""
    row = tx.row(CardLinkRow.select(CardLinkRow.receipt_id).where(CardLinkRow.sale_id == sale))
    return str(row[0]) if row else None


def links_of_day(tx: Transaction, day: int) -> dict[str, tuple[str, int]]:
    """Return the links that matching made of a day's receipts: receipt → sale and stage."""
    query = (
        CardLinkRow.select(CardLinkRow.receipt_id, CardLinkRow.sale_id, CardLinkRow.stage)
        .join(CardReceiptRow, on=(CardReceiptRow.id == CardLinkRow.receipt_id))
        .where((CardLinkRow.stage < BY_HAND) & (CardReceiptRow.day == day))
    )
    return {row[0]: (row[1], row[2]) for row in tx.rows(query)}


def replace_links(
    tx: Transaction, gone: Sequence[str], new: Sequence[tuple[str, str, int]], now: int
) -> None:
    """Take links away by their receipts, and put others in: receipt, sale, stage.

    A sale that another receipt was matched with is taken from it; what a person linked meanwhile stays.
    """
    row = CardLinkRow
    for keys in batches(gone):
        tx.run(row.delete().where(row.receipt_id.in_(keys) & (row.stage < BY_HAND)))
    named = [row.receipt_id, row.sale_id, row.stage, row.who, row.reason, row.linked_at]
    for links in batches(new):
        sales = [sale for _, sale, _ in links]
        tx.run(row.delete().where(row.sale_id.in_(sales) & (row.stage < BY_HAND)))
        rows = [(receipt, sale, stage, "", "", now) for receipt, sale, stage in links]
        insert_rows(tx, CardLinkRow, named, rows, _keep)


def _keep(query: Insert) -> Insert:
    return query.on_conflict_ignore()


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
