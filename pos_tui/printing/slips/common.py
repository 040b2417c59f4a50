"""What most papers share: the store's head, the sale's line, money and dates as they are printed."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from functools import lru_cache

from msgspec import Struct

from pos_tui.domain.documents import mask_document
from pos_tui.domain.money import format_brl
from pos_tui.domain.phone import Mobile
from pos_tui.printing.receipt import Align, Blank, Block, Pair, Reprint, Rule, Size, Text


class StoreHead(Struct, frozen=True):
    """Who issues the paper. `cnpj` bare or punctuated; `contacts` are lines such as a phone or SAC."""

    name: str
    cnpj: str
    city: str
    address: str = ""
    contacts: tuple[str, ...] = ()


class SaleHead(Struct, frozen=True):
    """Which sale it belongs to. `at` is an aware instant; it is printed in the caller's zone."""

    number: str
    at: datetime
    till: str
    """The PDV."""
    seller: str
    customer: str = "Consumidor"
    document: str = ""
    """Bare CPF or CNPJ; a CPF is printed masked."""


class Paid(Struct, frozen=True):
    """One payment: the words of its form, and centavos. A card adds what its slip says."""

    form: str
    amount: int
    detail: str = ""


def local(at: datetime, tz: tzinfo) -> str:
    """Write an aware instant as the counter reads it: `23/11/2026 14:05`."""
    if at.tzinfo is None:
        raise ValueError("local: a naive datetime")
    here = at.astimezone(tz)
    return f"{here.day:02}/{here.month:02}/{here.year} {here.hour:02}:{here.minute:02}"


def reprint_mark(number: int, at: datetime, by: str, tz: tzinfo) -> Reprint:
    """Return the mark of a numbered copy for `Receipt.reprinted`; 2 is the first after the original."""
    return Reprint(number, local(at, tz), by)


def phone(line: Mobile) -> str:
    """Write a mobile number as receipts do: `(67) 99999-8888`."""
    return f"({line.ddd}) {line.number[:5]}-{line.number[5:]}"


def title(text: str) -> Text:
    """The name of the paper."""
    return Text(text, Align.CENTRE, bold=True, size=Size.TALL)


@lru_cache(maxsize=4)
def store_head(store: StoreHead) -> tuple[Block, ...]:
    """The issuer, centred, and a rule. It is the same on every paper of a till, and made once."""
    cnpj = "".join(char for char in store.cnpj if char.isalnum())
    lines = [f"CNPJ {mask_document(cnpj)}" if cnpj else "", store.address, store.city]
    name = Text(store.name, Align.CENTRE, bold=True)
    return name, *(Text(line, Align.CENTRE) for line in lines if line), Rule()


def sale_head(sale: SaleHead, tz: tzinfo) -> Iterator[Block]:
    """Number, instant, till, seller and customer."""
    yield Pair("Venda", sale.number)
    yield Pair("Data/hora", local(sale.at, tz))
    yield Pair("PDV", sale.till)
    yield Pair("Vendedor", sale.seller)
    if sale.customer:
        yield Pair("Cliente", sale.customer)
    if sale.document:
        yield Pair("CPF" if len(sale.document) == 11 else "CNPJ", mask_document(sale.document))


def pairs(*rows: tuple[str, str]) -> Iterator[Pair]:
    """Labelled values; what is empty is left out."""
    return (Pair(label, value) for label, value in rows if value)


_PAYMENT = Text("Pagamento", bold=True)


def payments(paid: tuple[Paid, ...], change: int) -> Iterator[Block]:
    """The forms of payment with what was received, and the change."""
    if not paid:
        return
    yield Rule()
    yield _PAYMENT
    for payment in paid:
        yield Pair(payment.form, format_brl(payment.amount))
        if payment.detail:
            yield Text(payment.detail)
    if change:
        yield Pair("Troco", format_brl(change), bold=True)


@lru_cache(maxsize=4)
def contacts(store: StoreHead) -> tuple[Block, ...]:
    """Where to complain; made once."""
    lines = [Text(line, Align.CENTRE) for line in store.contacts]
    return (Blank(), *lines) if lines else ()
