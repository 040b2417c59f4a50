"""Queries for what links a receipt to an acquirer's sale, and the states that follow."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from peewee import Insert, Model

from pos_tui.domain.matching import Slip
from pos_tui.domain.reconciliation import State
from pos_tui.store.bulk import batches, insert_rows
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models.reconciliation import CardLinkRow, CardReceiptRow
from pos_tui.store.sentences import marks, updating

OF_A_DAY = 1
"""The stage of a link that needs no other day."""
BY_HAND = 5
"""The stage of a link that a person made; those of matching are below it."""


class Held(NamedTuple):
    """Slips of one side as they are matched, and how each stands now, by its key."""

    slips: list[Slip]
    standing: dict[str, tuple[str, str, int]]
    """State, differences or owner, version."""
    links: dict[str, tuple[str, int]]
    """The other side's key, and the stage it was found at."""


def link_of(tx: Transaction, receipt: str) -> Row | None:
    """Return sale, stage, who, reason and when of a receipt's link."""
    row = CardLinkRow
    query = row.select(row.sale_id, row.stage, row.who, row.reason, row.linked_at)
    return tx.row(query.where(row.receipt_id == receipt))


def linked_to(tx: Transaction, sale: str) -> str | None:
    """Return the receipt that a sale is linked to."""
    row = tx.row(CardLinkRow.select(CardLinkRow.receipt_id).where(CardLinkRow.sale_id == sale))
    return str(row[0]) if row else None


def replace_links(
    tx: Transaction, gone: Sequence[str], new: Sequence[tuple[str, str, int]], now: int
) -> None:
    """Take links away by their receipts, and put others in: receipt, sale, stage.

    A sale that another receipt was matched with is taken from it; what a person linked meanwhile stays.
    """
    row = CardLinkRow
    for keys in batches(gone):
        tx.change(f"{_CUT} AND receipt_id IN ({marks(len(keys))})", BY_HAND, *keys)
    named = [row.receipt_id, row.sale_id, row.stage, row.who, row.reason, row.linked_at]
    for links in batches(new):
        sales = [sale for _, sale, _ in links]
        tx.change(f"{_CUT} AND sale_id IN ({marks(len(sales))})", BY_HAND, *sales)
        rows = [(receipt, sale, stage, "", "", now) for receipt, sale, stage in links]
        insert_rows(tx, CardLinkRow, named, rows, _keep)


_CUT = "DELETE FROM card_link WHERE stage < ?"


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
    sentence, values = updating(model, {**changes, "version": version + 1})
    where = f"version = ? AND id IN ({marks(len(keys))})"
    return tx.change(f"{sentence} WHERE {where}", *values, version, *keys)
