"""Stone's conciliation file, XML v2 (facts A.6): streamed, one transaction in memory at a time."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, BinaryIO, ClassVar

from pos_tui.domain.card import Brand
from pos_tui.domain.reconciliation import (
    Acquirer,
    Feed,
    Life,
    Modality,
    plain_authorisation,
    plain_code,
    plain_nsu,
)
from pos_tui.domain.statement import BadStatement, Head, Item, Origin, SaleEvent, SalePart, Tail
from pos_tui.providers.statements.records import last_four, minute, ymd
from pos_tui.providers.statements.stone_elements import WHOLE, Elements, Found

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CHUNK = 65_536
_MODALITIES = {"1": Modality.DEBIT, "2": Modality.CREDIT, "3": Modality.VOUCHER}
_BRANDS = {"1": Brand.VISA, "2": Brand.MASTERCARD}
_RAW = 4_000
_FIGURES = 6
"""Most of a quantity."""


class StoneReader:
    """One day of one merchant."""

    LAYOUT: ClassVar = "stone"

    def __init__(self) -> None:
        self.tail = Tail()
        self._told_head = False

    def items(self, file: BinaryIO) -> Iterator[Item]:
        """Yield what the file says. Raises BadStatement; what was yielded until then must be dropped."""
        from xml.etree.ElementTree import ParseError

        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import DefusedXMLParser

        elements = Elements()
        parser = DefusedXMLParser(target=elements, forbid_dtd=True)
        elements.follow(parser.parser)
        try:
            while chunk := file.read(_CHUNK):
                parser.feed(chunk)
                for found in elements.take():
                    yield from self._read(found)
            parser.close()
        except ParseError as error:
            line = error.position[0]
            raise BadStatement("o XML está cortado ou malformado", line) from None
        except (DefusedXmlException, UnicodeDecodeError, LookupError, ValueError) as error:
            if isinstance(error, BadStatement):
                raise
            raise BadStatement("o XML tem o que não se aceita de fora (DTD, codificação)") from None
        if not elements.ended:
            raise BadStatement("o arquivo termina sem o Trailer: veio cortado")
        yield self.tail

    def _read(self, found: Found) -> Iterator[Item]:
        element, section, line, offset = found
        if not self._told_head and element.tag != "Header":
            raise BadStatement("o arquivo não começa pelo Header", line)
        match element.tag:
            case "Header":
                self._told_head = True
                yield self._head(element, line)
            case "Trailer":
                self._compare(element)
            case "Transaction":
                self.tail.records += 1
                origin = Origin(line, offset, _raw(element))
                accounts = section == "FinancialTransactionsAccounts"
                yield from _settled(element, origin) if accounts else _captured(element, origin)
            case other:
                self.tail.skipped[other] = self.tail.skipped.get(other, 0) + 1

    def _head(self, header: "Element", line: int) -> Head:
        version = _text(header, "LayoutVersion")
        if not version.startswith("2"):
            raise BadStatement(f"o leiaute {version or '(vazio)'} não é o 2", line, "LayoutVersion")
        day = _convert(ymd, header, "ReferenceDate", line)
        return Head(
            layout=self.LAYOUT,
            acquirer=Acquirer.STONE,
            feed=Feed.SALES,
            establishment=plain_code(_text(header, "StoneCode")),
            sequence=None,
            recovered=False,
            days=(day,),
            made_on=_convert(_first_day, header, "GenerationDateTime", line),
        )

    def _compare(self, trailer: "Element") -> None:
        """Stone's own files disagree with their trailers (facts A.6.1): told, not refused."""
        told = _text(trailer, "CapturedTransactionsQuantity")
        if told.isascii() and told.isdigit() and int(told) != self.tail.records:
            self.tail.notes.append(f"o Trailer diz {told} transações capturadas; há {self.tail.records}.")


def _captured(element: "Element", origin: Origin) -> Iterator[SalePart | SaleEvent]:
    establishment = plain_code(_text(element, WHOLE))
    nsu = plain_nsu(_text(element, "AcquirerTransactionKey"))
    if _count(element, "Events/Captures", origin.line) or element.find("Events") is None:
        yield _sale(element, establishment, nsu, origin)
    for cancelled in element.iterfind("Cancellations/Cancellation"):
        day = _convert(_first_day, cancelled, "CancellationDateTime", origin.line)
        amount = _cents(cancelled, "ReturnedAmount", origin.line)
        yield SaleEvent(establishment, Life.CANCELLED, nsu, "", 0, day, amount, origin)
    for instalment in element.iterfind("Installments/Installment"):
        yield from _disputes(instalment, establishment, nsu, origin)


def _disputes(instalment: "Element", establishment: str, nsu: str, origin: Origin) -> Iterator[SaleEvent]:
    part = _count(instalment, "InstallmentNumber", origin.line)
    for tag, life in (("Chargeback", Life.CHARGEBACK), ("ChargebackRefund", Life.CHARGEBACK_REVERSED)):
        found = instalment.find(tag)
        if found is not None:
            day = _convert(_first_day, found, "Date", origin.line)
            amount = _cents(found, "Amount", origin.line)
            yield SaleEvent(establishment, life, nsu, "", part, day, amount, origin)


def _sale(element: "Element", establishment: str, nsu: str, origin: Origin) -> SalePart:
    captured = _text(element, "CaptureLocalDateTime")
    brand, parts = _text(element, "BrandId"), _count(element, "NumberOfInstallments", origin.line)
    gross = net = 0
    for instalment in element.iterfind("Installments/Installment"):
        gross += _cents(instalment, "GrossAmount", origin.line)
        net += _cents(instalment, "NetAmount", origin.line)
    amount = _cents(element, "CapturedAmount", origin.line)
    return SalePart(
        establishment=establishment,
        nsu=nsu,
        authorisation=plain_authorisation(_text(element, "IssuerAuthorizationCode")),
        day=_convert(_first_day, element, "CaptureLocalDateTime", origin.line),
        minute=minute(captured[8:14]) if len(captured) == 14 else -1,
        brand=_BRANDS.get(brand, ""),
        modality=_MODALITIES.get(_text(element, "AccountType"), ""),
        part=0,
        parts=max(1, parts),
        amount=amount,
        total=amount,
        fee=gross - net if gross else None,
        terminal=plain_code(_text(element, "Poi/SerialNumber")),
        last_four=last_four(_text(element, "CardNumber")),
        summary="",
        names="",
        origin=origin,
    )


def _settled(element: "Element", origin: Origin) -> Iterator[SaleEvent]:
    establishment = plain_code(_text(element, WHOLE))
    nsu = plain_nsu(_text(element, "AcquirerTransactionKey"))
    several = _count(element, "NumberOfInstallments", origin.line) > 1
    for instalment in element.iterfind("Installments/Installment"):
        if not _text(instalment, "PaymentDate"):
            continue
        early = _text(instalment, "AdvanceRateAmount").strip("0.") != ""
        day = _convert(_first_day, instalment, "PaymentDate", origin.line)
        amount = _cents(instalment, "NetAmount", origin.line)
        part = _count(instalment, "InstallmentNumber", origin.line) if several else 0
        life = Life.SETTLED_EARLY if early else Life.SETTLED
        yield SaleEvent(establishment, life, nsu, "", part, day, amount, origin)
    for billing in element.iterfind("Cancellations/Cancellation/Billing"):
        day = _convert(_first_day, billing, "ChargeDate", origin.line)
        amount = _cents(billing, "ChargedAmount", origin.line)
        yield SaleEvent(establishment, Life.REFUNDED, nsu, "", 0, day, amount, origin)


def _text(element: "Element", path: str) -> str:
    return (element.findtext(path) or "").strip()


def _count(element: "Element", path: str, line: int) -> int:
    text = _text(element, path)
    if len(text) > _FIGURES:
        raise BadStatement(f"«{text[:40]}» não é uma quantidade", line, path)
    return int(text) if text.isascii() and text.isdigit() else 0


def _cents(element: "Element", path: str, line: int) -> int:
    """An amount of up to six decimals as centavos, half a centavo up."""
    text = _text(element, path)
    try:
        if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", text, re.ASCII):
            raise InvalidOperation
        return int((Decimal(text) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    except InvalidOperation:
        raise BadStatement(f"«{text[:40]}» não é um valor", line, path) from None


def _first_day(text: str) -> date:
    """The day of AAAAMMDDhhmmss."""
    return ymd(text[:8])


def _convert(read: Callable[[str], object], element: "Element", path: str, line: int) -> date:
    try:
        found = read(_text(element, path))
    except ValueError as error:
        raise BadStatement(str(error), line, path) from None
    assert isinstance(found, date)
    return found


def _raw(element: "Element") -> str:
    from xml.etree.ElementTree import tostring

    for card in element.iter("CardNumber"):
        card.text = "*" * 12 + last_four(card.text or "")
    return "".join(tostring(element, "unicode").split("\n"))[:_RAW]
