"""Cielo, classic layout of 250 columns (facts A.3.1). Superseded by v15, still sent to older stores.

A sale's brand and rate stand in the RO before it. The product's codes are not public: the modality is known
only where there are instalments.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar

from pos_tui.domain.card import Brand
from pos_tui.domain.fees import fee_of
from pos_tui.domain.reconciliation import (
    Acquirer,
    Feed,
    Life,
    Modality,
    plain_authorisation,
    plain_nsu,
)
from pos_tui.domain.statement import BadStatement, Head, SaleEvent, SalePart
from pos_tui.providers.statements.days import span
from pos_tui.providers.statements.lines import RawLine
from pos_tui.providers.statements.reader import Reader
from pos_tui.providers.statements.records import (
    Column,
    Record,
    Values,
    code,
    last_four,
    maybe,
    minute,
    number,
    short_ymd,
    sign,
    words,
    ymd,
)

BRANDS = {
    "001": Brand.VISA,
    "002": Brand.MASTERCARD,
    "006": Brand.SOROCRED,
    "007": Brand.ELO,
    "009": Brand.DINERS,
    "023": Brand.CABAL,
}
RECOVERED = 9_999_999
_LENGTH = 250
_SALES = 3
"""The option of a file that tells sales; the other is payments."""
_PAID = 1
_ADJUSTMENTS = (2, 3)
_MANUAL = "06"

RECORDS = {
    "0": Record(
        [
            Column("establishment", 2, 11, code, "Estabelecimento Matriz"),
            Column("made_on", 12, 19, ymd, "Data de processamento"),
            Column("since", 20, 27, ymd, "Período inicial"),
            Column("until", 28, 35, ymd, "Período final"),
            Column("sequence", 36, 42, number, "Sequência"),
            Column("acquirer", 43, 47, words, "Empresa adquirente"),
            Column("option", 48, 49, number, "Opção de extrato"),
            Column("version", 71, 73, words, "Versão Layout"),
        ],
        _LENGTH,
    ),
    "1": Record(
        [
            Column("summary", 12, 18, words, "Número do RO"),
            Column("kind", 24, 25, number, "Tipo de Transação"),
            Column("sent_on", 38, 43, maybe(short_ymd), "Data de envio para o banco"),
            Column("due_on", 32, 37, maybe(short_ymd), "Data prevista de pagamento"),
            Column("status", 123, 124, number, "Status do pagamento"),
            Column("early", 161, 161, words, "Identificador de Antecipação"),
            Column("brand", 185, 187, words, "Bandeira"),
            Column("rate", 210, 213, number, "Taxa de Comissão"),
            Column("capture", 223, 224, words, "Meio de Captura"),
        ],
        _LENGTH,
    ),
    "2": Record(
        [
            Column("establishment", 2, 11, code, "Estabelecimento Submissor"),
            Column("summary", 12, 18, words, "Número do RO"),
            Column("last_four", 19, 37, last_four, "Número do cartão truncado"),
            Column("day", 38, 45, ymd, "Data da venda/ajuste"),
            Column("sign", 46, 46, sign, "Sinal do valor da compra ou valor da parcela"),
            Column("amount", 47, 59, number, "Valor da compra ou valor da parcela"),
            Column("part", 60, 61, number, "Parcela"),
            Column("parts", 62, 63, number, "Total de parcelas"),
            Column("rejected", 64, 66, words, "Motivo da rejeição"),
            Column("authorisation", 67, 72, plain_authorisation, "Código de autorização"),
            Column("nsu", 93, 98, plain_nsu, "NSU/DOC"),
            Column("total", 114, 126, number, "Valor total da venda no caso de Parcelado Loja"),
            Column("terminal", 153, 160, code, "Número lógico do terminal"),
            Column("minute", 183, 188, minute, "Hora da transação"),
        ],
        _LENGTH,
    ),
    "9": Record([Column("count", 2, 12, number, "Total de registro")], _LENGTH),
}


class CieloReader(Reader):
    """One file: sales (option 03) or payments (04)."""

    LAYOUT: ClassVar = "cielo"
    ACQUIRER: ClassVar = Acquirer.CIELO
    RECORDS: ClassVar = RECORDS
    HEADER: ClassVar = "0"
    TRAILER: ClassVar = "9"
    CARDS: ClassVar = {"2": (19, 37)}

    def __init__(self) -> None:
        super().__init__()
        self._summary = Values()

    def head(self, values: Values, line: RawLine) -> Head:
        """The header tells its own period."""
        option = values.number("option")
        sequence = values.number("sequence")
        return Head(
            layout=self.LAYOUT,
            acquirer=self.ACQUIRER,
            feed=Feed.SALES if option == _SALES else Feed.MONEY,
            establishment=values.text("establishment"),
            sequence=sequence,
            recovered=sequence == RECOVERED,
            days=span(values.day("since"), values.day("until"), line.number, "Período final"),
            made_on=values.day("made_on"),
        )

    def take(self, tag: str, values: Values, line: RawLine) -> Iterable[SalePart | SaleEvent]:
        """An RO opens a batch; a CV is a sale, an adjustment or a payment by what its RO is."""
        if tag == "1":
            self._summary = values
        elif self._summary.get("summary") != values["summary"]:
            raise BadStatement("o comprovante não segue o resumo (RO) dele", line.number, "Número do RO")
        else:
            yield from self._voucher(values, line)

    def _voucher(self, values: Values, line: RawLine) -> Iterable[SalePart | SaleEvent]:
        summary = self._summary
        rejected = values.text("rejected").strip("0") != ""
        adjusted = values.number("sign") < 0 or summary.number("kind") in _ADJUSTMENTS
        if adjusted or rejected:
            life = Life.REFUNDED if adjusted and summary.number("status") == _PAID else Life.CANCELLED
            yield self._event(life, values, line)
            if not rejected:
                return
        if summary.number("status") == _PAID:
            early = summary.text("early") in ("A", "C")
            yield self._event(Life.SETTLED_EARLY if early else Life.SETTLED, values, line)
        else:
            yield self._sale(values, line)

    def _sale(self, values: Values, line: RawLine) -> SalePart:
        parts, summary = values.number("parts"), self._summary
        amount = values.number("amount")
        manual = summary.text("capture") == _MANUAL
        return SalePart(
            establishment=values.text("establishment"),
            nsu=values.text("nsu"),
            authorisation=values.text("authorisation"),
            day=values.day("day"),
            minute=values.number("minute"),
            brand=BRANDS.get(summary.text("brand"), ""),
            modality=Modality.CREDIT if parts > 1 else "",
            part=values.number("part") if parts > 1 else 0,
            parts=max(1, parts),
            amount=amount,
            total=values.number("total") if parts > 1 else amount,
            fee=fee_of(amount, _percent(summary)),
            terminal="" if manual else values.text("terminal"),
            last_four=values.text("last_four"),
            summary="",
            names="",
            origin=self.origin("2", line),
        )

    def _event(self, life: Life, values: Values, line: RawLine) -> SaleEvent:
        amount, summary = values.number("amount"), self._summary
        happened = summary["sent_on"] or summary["due_on"] or values["day"]
        assert happened is not None and not isinstance(happened, (str, int))
        parts = values.number("parts")
        return SaleEvent(
            establishment=values.text("establishment"),
            life=life,
            nsu=values.text("nsu"),
            summary="",
            part=values.number("part") if parts > 1 else 0,
            day=happened,
            amount=amount - fee_of(amount, _percent(summary)),
            origin=self.origin("2", line),
        )

    def close(self, values: Values, line: RawLine) -> None:
        """The count leaves out header and trailer (facts F.3)."""
        self.expect(values.number("count"), self.tail.records - 2, line, "Total de registro")


def _percent(summary: Values) -> Decimal:
    return Decimal(summary.number("rate")) / 100
