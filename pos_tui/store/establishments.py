"""Queries for the codes by which acquirers know a store."""

from collections.abc import Sequence
from datetime import date

from peewee import fn

from pos_tui.domain.reconciliation import SETTLED_STATES, Acquirer, State
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models.reconciliation import CardReceiptRow, EstablishmentRow


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


def other_codes(tx: Transaction, branch: str, acquirer: Acquirer, code: str) -> list[str]:
    """Return the codes under which a store's receipts stand, beside this one."""
    row = CardReceiptRow
    where = (row.branch == branch) & (row.acquirer == acquirer) & row.establishment.not_in(["", code])
    return [str(one[0]) for one in tx.rows(row.select(row.establishment).where(where).distinct())]


def first_open_day(
    tx: Transaction, branch: str, acquirer: Acquirer, codes: Sequence[str], since: date
) -> date | None:
    """Return the oldest day since then of a store's receipts of some codes that nobody settled."""
    row = CardReceiptRow
    where = (row.branch == branch) & (row.acquirer == acquirer) & row.establishment.in_(list(codes))
    where &= (row.day >= since.toordinal()) & row.state.not_in([*SETTLED_STATES, State.NO_FEED])
    found = tx.row(row.select(fn.MIN(row.day)).where(where))
    return date.fromordinal(found[0]) if found and found[0] else None


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
