"""A fiscal note's XML as a person reads it: NF-e, NFC-e, NFCom and NF3e (facts/cards-and-isp.md C).

Only reading: the bytes are kept as they came, for the signature is over them.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from pos_tui.domain.fiscal import model_words
from pos_tui.domain.text import clean
from pos_tui.providers.safe_xml import parse_xml
from pos_tui.providers.subscribers.reading import money

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ROOTS = ("infNFe", "infNFCom", "infNF3e")


class NoteItem(Struct, frozen=True):
    """One line of a note; centavos."""

    name: str
    quantity: str
    amount: int


class NoteView(Struct, frozen=True):
    """What a note says."""

    key: str
    model: str
    series: str
    number: str
    issued: str
    """As written: date and hour with offset."""
    issuer: str
    issuer_document: str
    customer: str
    customer_document: str
    items: tuple[NoteItem, ...]
    total: int
    due: str = ""
    line: str = ""
    """The linha digitável that an NFCom may carry."""
    authorised: bool = False
    info: str = ""


def read_note(content: bytes) -> NoteView | None:
    """Read a note; None when it is no XML of these."""
    tree = parse_xml(content, "utf-8")
    body = next((one for one in _all(tree) if _name(one) in _ROOTS), None) if tree is not None else None
    if tree is None or body is None:
        return None
    issuer, customer = _child(body, "emit"), _child(body, "dest")
    billing = _child(body, "gFat")
    return NoteView(
        key="".join(char for char in body.get("Id", "")[-44:] if char.isalnum()),
        model=model_words(_text(body, "ide", "mod")),
        series=_text(body, "ide", "serie"),
        number=_text(body, "ide", "nNF"),
        issued=_text(body, "ide", "dhEmi"),
        issuer=_text(issuer, "xNome"),
        issuer_document=_text(issuer, "CNPJ") or _text(issuer, "CPF"),
        customer=_text(customer, "xNome"),
        customer_document=_text(customer, "CPF") or _text(customer, "CNPJ"),
        items=tuple(_items(body)),
        total=money(_first(_child(body, "total"), "vNF")),
        due=_text(billing, "dVencFat"),
        line=_text(billing, "codBarras"),
        authorised=_first(tree, "cStat") in ("100", "150"),
        info=_first(_child(body, "infAdic"), "infCpl"),
    )


def _items(body: "Element") -> Iterator[NoteItem]:
    for detail in _all(body):
        if _name(detail) != "det":
            continue
        product = next((one for one in _all(detail) if _name(one) == "prod"), None)
        if product is not None:
            quantity = _text(product, "qCom") or _text(product, "qFaturada")
            yield NoteItem(_text(product, "xProd"), quantity, money(_text(product, "vProd")))


def _all(element: "Element") -> "Iterator[Element]":
    return element.iter()


def _name(element: "Element") -> str:
    """The tag without its namespace; comments have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _child(parent: "Element | None", name: str) -> "Element | None":
    return next((one for one in parent if _name(one) == name), None) if parent is not None else None


def _text(parent: "Element | None", *path: str) -> str:
    for name in path:
        parent = _child(parent, name)
    return clean(parent.text or "") if parent is not None else ""


def _first(parent: "Element | None", name: str) -> str:
    """The first of a name at any depth."""
    found = next((one for one in _all(parent) if _name(one) == name), None) if parent is not None else None
    return clean(found.text or "") if found is not None else ""
