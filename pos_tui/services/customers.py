"""The portfolio: find somebody, register somebody."""

import re

from pos_tui.domain.card import refuse_pan
from pos_tui.domain.customer import Customer
from pos_tui.domain.documents import parse_document
from pos_tui.domain.errors import FieldError
from pos_tui.domain.phone import parse_mobile
from pos_tui.domain.text import clean, digits
from pos_tui.services.context import Context
from pos_tui.services.journal import Event
from pos_tui.store import customers
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key

PAGE = 30
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_LANDLINE = re.compile(r"[1-9][0-9][2-5][0-9]{7}")


class Customers:
    """Search and registration."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def search(self, text: str) -> list[Customer]:
        """Return up to `PAGE` customers by beginnings of name words, CPF/CNPJ or phone."""
        with self._context.store.reading() as tx:
            return customers.search(tx, clean(text), PAGE)

    def register(self, name: str, document: str, phone: str, email: str, who: str) -> Customer:
        """Add somebody to the portfolio.

        Raises:
            FieldError: names the field (`name`, `document`, `phone`, `email`) and what is wrong with it.
        """
        customer = Customer(
            id=new_key(),
            name=_name(name),
            document=_document(document),
            phone=_phone(phone),
            email=_email(email),
        )

        def work(tx: Transaction) -> None:
            known = customers.by_document(tx, customer.document) if customer.document else None
            if known is not None:
                raise FieldError("document", f"Já cadastrado: {known.name}. Busque pelo documento.")
            customers.insert(tx, customer, self._context.now())
            self._context.journal.note(tx, Event("customer", customer.id, who), "registered")

        self._context.store.write(work)
        return customer


def _name(text: str) -> str:
    name = clean(refuse_pan("name", text), 80)
    if len([char for char in name if char.isalpha()]) < 2:
        raise FieldError("name", "Informe o nome do cliente.")
    return name


def _document(text: str) -> str:
    if not clean(text):
        return ""
    try:
        return parse_document(text)
    except ValueError as error:
        raise FieldError("document", str(error)) from None


def _phone(text: str) -> str:
    typed = digits(text)
    if not typed or _LANDLINE.fullmatch(typed):
        return typed
    try:
        return parse_mobile(typed).digits
    except ValueError as error:
        raise FieldError("phone", str(error)) from None


def _email(text: str) -> str:
    email = clean(refuse_pan("email", text), 120).lower()
    if email and not _EMAIL.fullmatch(email):
        raise FieldError("email", "E-mail incompleto: use nome@provedor.com.br ou deixe em branco.")
    return email
