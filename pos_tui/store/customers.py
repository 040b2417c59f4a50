"""Queries for the portfolio of customers."""

from peewee import Expression

from pos_tui.domain.customer import Customer
from pos_tui.domain.text import digits
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models import CustomerRow, CustomerWordRow
from pos_tui.store.words import begins, words

_COLUMNS = (CustomerRow.id, CustomerRow.name, CustomerRow.document, CustomerRow.phone, CustomerRow.email)


def insert(tx: Transaction, customer: Customer, now: int) -> None:
    """Insert a customer and the words it is found by."""
    tx.insert(
        CustomerRow,
        id=customer.id,
        name=customer.name,
        document=customer.document or None,
        phone=customer.phone or None,
        email=customer.email or None,
        created_at=now,
    )
    for word in words(customer.name):
        tx.insert(CustomerWordRow, word=word, customer_id=customer.id)


def get(tx: Transaction, key: str) -> Customer | None:
    """Return one customer."""
    found = _select(tx, CustomerRow.id == key, 1)
    return found[0] if found else None


def by_document(tx: Transaction, document: str) -> Customer | None:
    """Return who has a CPF or CNPJ."""
    found = _select(tx, CustomerRow.document == document, 1)
    return found[0] if found else None


def search(tx: Transaction, text: str, limit: int) -> list[Customer]:
    """Find customers by the beginnings of words of their name (accents ignored), by CPF/CNPJ or by phone."""
    number = digits(text)
    bare = "".join(char for char in text.upper() if char.isalnum())
    if len(number) >= 3 and not any(char.isalpha() for char in text):
        return _select(tx, begins(CustomerRow.document, number) | begins(CustomerRow.phone, number), limit)
    if len(bare) == 14 and number:
        return _select(tx, CustomerRow.document == bare, limit)
    typed = words(text)
    if not typed:
        return []
    where = None
    for word in typed:
        ids = CustomerWordRow.select(CustomerWordRow.customer_id).where(begins(CustomerWordRow.word, word))
        found = CustomerRow.id.in_(ids)
        where = found if where is None else where & found
    return _select(tx, where, limit)


def _select(tx: Transaction, where: Expression | None, limit: int) -> list[Customer]:
    query = CustomerRow.select(*_COLUMNS).where(CustomerRow.erased_at.is_null() & where)
    query = query.order_by(CustomerRow.name).limit(limit)
    return [_entity(row) for row in tx.rows(query)]


def _entity(row: Row) -> Customer:
    return Customer(row[0], row[1], row[2] or "", row[3] or "", row[4] or "")
