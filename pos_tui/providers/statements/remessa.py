"""The remessa: TEIACARD's 300-byte shape under a layout name of our own (facts A.2; `teiacard.py`)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from msgspec import Struct

from pos_tui.domain.card_receipt import CardReceipt
from pos_tui.domain.instants import from_ms
from pos_tui.domain.reconciliation import ACQUIRER_WORDS, Acquirer, Modality
from pos_tui.domain.text import to_ascii
from pos_tui.providers.statements.teiacard import BRANDS, LENGTH, OWN_LAYOUT, OWN_VERSION, REMESSA, SERVICES

_SERVICE = {modality: code for code, modality in SERVICES.items()}
_BRAND: dict[str, str] = {brand: code for code, brand in reversed(BRANDS.items())}
_TEF = 2
"""Meio de captura: PDV/TEF."""


class Sender(Struct, frozen=True):
    """Who sends, and under which number."""

    cnpj: str
    name: str
    acquirer: Acquirer
    sequence: int
    made_at: datetime
    """In the store's zone."""


def _text(value: str, size: int) -> str:
    return to_ascii(value)[:size].ljust(size)


def _number(value: int, size: int) -> str:
    """Raises ValueError for what does not fit: a cut number is another number."""
    text = str(value).zfill(size)
    if len(text) > size:
        raise ValueError(f"{value} does not fit {size} digits")
    return text


def lines(sender: Sender, receipts: Iterable[CardReceipt]) -> Iterator[str]:
    """Yield the file's records, each of 300 characters without line end: a batch per store and service."""
    yield _header(sender)
    batches = records = 0

    def place(one: CardReceipt) -> tuple[str, str]:
        return one.establishment, _SERVICE[one.modality or Modality.CREDIT]

    for (code, service), group in groupby(sorted(receipts, key=lambda one: (*place(one), one.id)), place):
        batches += 1
        head = _start(batches, 1) + service + " " * 7 + _inscription(sender)
        store = " " * 5 + code.ljust(18)
        yield (head + store).ljust(LENGTH)
        count = gross = 0
        for one in group:
            count, gross = count + 1, gross + one.amount
            yield _sale(sender, batches, count, service, one)
        totals = _number(count, 6) + _number(gross, 14) * 2
        yield (_start(batches, 3) + service + " " * 7 + _inscription(sender) + store + totals).ljust(LENGTH)
        records += count + 2
    tail = "000" + "9999" + "9" + " " * 9 + _number(batches, 6) + _number(records + 2, 6)
    yield tail.ljust(LENGTH)


def _start(batch: int, kind: int) -> str:
    return "000" + _number(batch, 4) + str(kind)


def _inscription(sender: Sender) -> str:
    return "1" + sender.cnpj.rjust(14, "0")


def _header(sender: Sender) -> str:
    text = "000" + "0000" + "0" + " " * 9 + _inscription(sender)
    text += _text(sender.name, 40) + _text(ACQUIRER_WORDS[sender.acquirer], 40) + str(REMESSA)
    text += f"{sender.made_at:%d%m%Y%H%M%S}" + _number(sender.sequence, 7) + _number(OWN_VERSION, 5)
    return (text + _text(OWN_LAYOUT, 40)).ljust(LENGTH)


def _sale(sender: Sender, batch: int, count: int, service: str, one: CardReceipt) -> str:
    at = from_ms(one.sold_at).astimezone(sender.made_at.tzinfo)
    text: str = _start(batch, 2) + service + _number(count, 5) + "V" + " " + _inscription(sender)
    text += " " * 5 + one.establishment.ljust(18) + _text(f"{one.till:02d}", 6) + "0" * 15 + "0" * 10
    text += " " * 10 + _text(one.authorisation, 10) + f"{one.day:%d%m%Y}" + f"{at:%H%M%S}"
    text += _number(one.amount, 10) + _number(one.instalments, 2) + _BRAND.get(one.brand, "000")
    text += (f"{'*' * 12}{one.last_four}" if one.last_four else "").ljust(19) + " " * 50 + " "
    text += (
        _number(_TEF, 2)
        + "0" * 15
        + "0000"
        + _text(one.nsu if len(one.nsu) <= 20 else "", 20)
        + one.id
        + _number(one.edition, 4)
    )
    return text.ljust(LENGTH)
