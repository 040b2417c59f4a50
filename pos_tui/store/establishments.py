"""Queries for the codes by which acquirers know a store."""

from pos_tui.domain.reconciliation import Acquirer, State
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
