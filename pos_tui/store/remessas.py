"""Queries for the files made for the conciliator."""

from pos_tui.domain.reconciliation import Acquirer
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models.reconciliation import RemessaRow


def insert(
    tx: Transaction,
    key: str,
    number: int,
    acquirer: Acquirer,
    name: str,
    content: str,
    receipts: int,
    now: int,
) -> None:
    """Commit a file."""
    values = {"number": number, "acquirer": acquirer, "name": name, "content": content}
    tx.insert(RemessaRow, id=key, **values, receipts=receipts, made_at=now)


def unwritten(tx: Transaction) -> list[Row]:
    """Return key, name and content of the files that are not on the disk as far as is known."""
    query = RemessaRow.select(RemessaRow.id, RemessaRow.name, RemessaRow.content)
    return tx.rows(query.where(RemessaRow.written_at.is_null()).order_by(RemessaRow.number))


def written(tx: Transaction, key: str, now: int) -> int:
    """Note that a file is on the disk."""
    here = (RemessaRow.id == key) & RemessaRow.written_at.is_null()
    return tx.run(RemessaRow.update(written_at=now).where(here))


def last(tx: Transaction) -> Row | None:
    """Return number, name, receipts and when of the last file."""
    row = RemessaRow
    return tx.row(row.select(row.number, row.name, row.receipts, row.made_at).order_by(row.number.desc()))
