"""Queries for the personal data of customers: by person, and of those who have not come for long."""

from peewee import fn

from pos_tui.domain.customer import Customer
from pos_tui.domain.privacy import ANONYMOUS
from pos_tui.domain.sale import SaleState
from pos_tui.domain.text import fold
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models import CustomerRow, CustomerWordRow, JournalRow, PrintJobRow, SaleRow, TopUpRow
from pos_tui.store.models.fields import alike
from pos_tui.store.models.orders import OrderRow
from pos_tui.store.models.recurring import AttemptRow
from pos_tui.store.models.subscribers import CreditRow, SubscriberActionRow, SubscriberRow

_PERSON = (CustomerRow.id, CustomerRow.name, CustomerRow.document, CustomerRow.phone, CustomerRow.email)


def created_at(tx: Transaction, customer_id: str) -> int:
    """Return when somebody was registered."""
    row = tx.row(CustomerRow.select(CustomerRow.created_at).where(CustomerRow.id == customer_id))
    return int(row[0]) if row else 0


def sale_ids(tx: Transaction, customer_id: str) -> list[str]:
    """Return the keys of somebody's sales, in whatever state, the oldest first."""
    query = SaleRow.select(SaleRow.id).where(SaleRow.customer_id == customer_id).order_by(SaleRow.id)
    return [str(row[0]) for row in tx.rows(query)]


def topups_of_line(tx: Transaction, line: str) -> list[Row]:
    """Return every top-up of a line: when, operator, face, state, NSU."""
    query = TopUpRow.select(
        TopUpRow.requested_at, TopUpRow.operator_name, TopUpRow.face, TopUpRow.state, TopUpRow.nsu
    )
    return tx.rows(query.where(TopUpRow.line == line).order_by(TopUpRow.requested_at))


def papers_of(tx: Transaction, sales: list[str]) -> list[Row]:
    """Return the papers of some sales: key, version, kind, when queued, document, whether still owed."""
    query = PrintJobRow.select(
        PrintJobRow.id, PrintJobRow.version, PrintJobRow.kind, PrintJobRow.queued_at, PrintJobRow.document,
        PrintJobRow.open_since.is_null(False),
    )  # fmt: skip
    return tx.rows(query.where(PrintJobRow.sale_id.in_(sales)).order_by(PrintJobRow.id))


def set_paper(tx: Transaction, key: str, version: int, document: str) -> bool:
    """Change what stands on a stored paper; say whether nobody was faster."""
    return tx.claim(PrintJobRow, key, version, document=document)


def history(tx: Transaction, customer_id: str) -> list[Row]:
    """Return what was done with somebody's data: when, who, what."""
    query = JournalRow.select(JournalRow.at, JournalRow.who, JournalRow.event)
    return tx.rows(query.where(JournalRow.subject == customer_id).order_by(JournalRow.id))


def last_note(tx: Transaction, customer_id: str) -> int | None:
    """Return when somebody's last sale with a fiscal note was saved."""
    where = (SaleRow.customer_id == customer_id) & (SaleRow.invoice != "")
    where &= alike(SaleRow.state) == SaleState.SAVED
    row = tx.row(SaleRow.select(fn.MAX(SaleRow.saved_at)).where(where))
    return int(row[0]) if row and row[0] is not None else None


def rename_in_sale(tx: Transaction, key: str, version: int) -> bool:
    """Take the name out of a sale; say whether nobody was faster."""
    return tx.claim(SaleRow, key, version, customer_name=ANONYMOUS, customer_folded=fold(ANONYMOUS))


def forget(tx: Transaction, customer_id: str, at: int, *, keep_document: bool) -> bool:
    """Make somebody of the portfolio anonymous; False when somebody else did it first."""
    values: dict[str, object] = {"name": ANONYMOUS, "phone": None, "email": None, "erased_at": at}
    if not keep_document:
        values["document"] = None
    here = (CustomerRow.id == customer_id) & CustomerRow.erased_at.is_null()
    tx.run(CustomerWordRow.delete().where(CustomerWordRow.customer_id == customer_id))
    return tx.run(CustomerRow.update(**values).where(here)) == 1


def away_since(tx: Transaction, before: int, edge: Customer | None, limit: int) -> list[Customer]:
    """Return a page of who registered and bought nothing since an instant, in the order they came."""
    came = SaleRow.select(SaleRow.id).where(
        (SaleRow.customer_id == CustomerRow.id) & (SaleRow.opened_at >= before)
    )
    where = CustomerRow.erased_at.is_null() & (CustomerRow.created_at < before) & ~fn.EXISTS(came)
    if edge is not None:
        since = created_at(tx, edge.id)
        where &= (CustomerRow.created_at > since) | (
            (CustomerRow.created_at == since) & (CustomerRow.id > edge.id)
        )
    query = CustomerRow.select(*_PERSON).where(where).order_by(CustomerRow.created_at, CustomerRow.id)
    return [
        Customer(row[0], row[1], row[2] or "", row[3] or "", row[4] or "")
        for row in tx.rows(query.limit(limit))
    ]


def documents_kept(tx: Transaction) -> list[str]:
    """Return who is anonymous but for the document that the law keeps."""
    where = CustomerRow.erased_at.is_null(False) & CustomerRow.document.is_null(False)
    return [str(row[0]) for row in tx.rows(CustomerRow.select(CustomerRow.id).where(where))]


def drop_document(tx: Transaction, customer_id: str) -> None:
    """Take the document of somebody anonymous."""
    tx.run(CustomerRow.update(document=None).where(CustomerRow.id == customer_id))


def attempts_of(tx: Transaction, sales: list[str]) -> list[Row]:
    """Return the recurring payments of some sales: when, total, how many, state, whether still open."""
    query = AttemptRow.select(
        AttemptRow.created_at, AttemptRow.total, AttemptRow.count, AttemptRow.state,
        AttemptRow.open_since.is_null(False),
    )  # fmt: skip
    return tx.rows(query.where(AttemptRow.sale_id.in_(sales)).order_by(AttemptRow.id))


def is_subscriber(tx: Transaction, document: str) -> bool:
    """Say whether the store's own book of subscribers has somebody."""
    query = SubscriberRow.select(SubscriberRow.id).where(SubscriberRow.document == document)
    return tx.row(query.limit(1)) is not None


def subscriber_actions(tx: Transaction, document: str) -> list[Row]:
    """Return what was asked of the ERP for somebody: key, version, when, about what, amount, state, open."""
    row = SubscriberActionRow
    query = row.select(
        row.id, row.version, row.created_at, row.about, row.amount, row.state, row.open_since.is_null(False)
    )
    return tx.rows(query.where(row.document == document).order_by(row.id))


def subscriber_credits(tx: Transaction, document: str) -> list[Row]:
    """Return the credit bought by somebody: key, version, when, plan, amount, state."""
    row = CreditRow
    query = row.select(row.id, row.version, row.created_at, row.plan, row.amount, row.state)
    return tx.rows(query.where(row.document == document).order_by(row.id))


def forget_action(tx: Transaction, key: str, version: int) -> bool:
    """Take the person out of what was asked of the ERP; say whether nobody was faster."""
    gone = {"subscriber_name": ANONYMOUS, "document": "", "bill": ""}
    return tx.claim(SubscriberActionRow, key, version, **gone)


def forget_credit(tx: Transaction, key: str, version: int) -> bool:
    """Take the person out of bought credit; say whether nobody was faster."""
    return tx.claim(CreditRow, key, version, subscriber_name=ANONYMOUS, document="")


def orders_with(tx: Transaction, document: str) -> list[Row]:
    """Return the online orders that name a document: when, order, payment, delivery, total, as told."""
    row = OrderRow
    query = row.select(row.created_at, row.state, row.payment, row.delivery, row.total, row.told)
    return tx.rows(query.where(row.search.contains(document)).order_by(row.created_at))
