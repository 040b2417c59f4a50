"""Cielo, layout v15 (facts A.3.2): one E record per entry of a sale's instalment, Pix in record 8.

Positions come from a published parser of v15.14.1; ranges nobody maps are not read. Dates differ by record:
AAAAMMDD in the header, DDMMAAAA in E, AAMMDD in 8.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from pos_tui.domain.reconciliation import (
    Acquirer,
    Feed,
    Life,
    Modality,
    plain_authorisation,
    plain_nsu,
)
from pos_tui.domain.statement import Head, SaleEvent, SalePart
from pos_tui.providers.statements.cielo import BRANDS, RECOVERED
from pos_tui.providers.statements.days import span
from pos_tui.providers.statements.lines import RawLine
from pos_tui.providers.statements.reader import Reader
from pos_tui.providers.statements.records import (
    Column,
    Record,
    Values,
    code,
    dmy,
    maybe,
    minute,
    number,
    short_ymd,
    sign,
    words,
    ymd,
)

_FEEDS = {3: Feed.SALES, 16: Feed.PIX}
_SALES = {"01": Modality.DEBIT, "02": Modality.CREDIT, "03": Modality.CREDIT, "42": Modality.VOUCHER}
_EVENTS = {
    "06": Life.REFUNDED,
    "07": Life.CANCELLED,
    "08": Life.CHARGEBACK,
    "09": Life.CHARGEBACK_REVERSED,
}
"""Tipo de lançamento."""

RECORDS = {
    "0": Record(
        [
            Column("establishment", 2, 11, code, "Estabelecimento matriz"),
            Column("made_on", 12, 19, ymd, "Data de processamento"),
            Column("since", 20, 27, ymd, "Período inicial"),
            Column("until", 28, 35, ymd, "Período final"),
            Column("sequence", 36, 42, number, "Sequência"),
            Column("option", 48, 49, number, "Opção de extrato"),
            Column("version", 71, 73, words, "Versão do leiaute"),
        ],
        73,
    ),
    "E": Record(
        [
            Column("establishment", 2, 11, code, "Estabelecimento submissor"),
            Column("part", 18, 19, number, "Parcela"),
            Column("parts", 20, 21, number, "Número total de parcelas"),
            Column("authorisation", 22, 27, plain_authorisation, "Código de autorização"),
            Column("kind", 28, 29, words, "Tipo de lançamento"),
            Column("last_four", 172, 175, words, "Número do cartão"),
            Column("nsu", 176, 181, plain_nsu, "NSU/DOC"),
            Column("total", 248, 260, number, "Valor total da venda"),
            Column("amount", 262, 274, number, "Valor bruto"),
            Column("net", 276, 288, number, "Valor líquido"),
            Column("fee", 290, 302, number, "Valor da comissão"),
            Column("minute", 471, 476, minute, "Hora da transação"),
            Column("brand", 493, 495, words, "Bandeira da autorização"),
            Column("terminal", 544, 551, code, "Número do terminal"),
            Column("authorised_on", 566, 573, dmy, "Data da autorização da venda"),
            Column("captured_on", 574, 581, maybe(dmy), "Data da captura"),
            Column("entered_on", 582, 589, maybe(dmy), "Data do lançamento"),
        ],
        708,
    ),
    "8": Record(
        [
            Column("establishment", 2, 11, code, "Estabelecimento submissor"),
            Column("day", 14, 19, short_ymd, "Data da transação"),
            Column("minute", 20, 25, minute, "Hora da transação"),
            Column("sign", 74, 74, sign, "Sinal do valor bruto"),
            Column("amount", 75, 87, number, "Valor bruto"),
            Column("fee", 89, 101, number, "Valor da taxa administrativa"),
            Column("net", 103, 115, number, "Valor líquido"),
            Column("paid_on", 68, 73, maybe(short_ymd), "Data do pagamento"),
            Column("terminal", 162, 169, code, "Número lógico do terminal"),
            Column("txid", 240, 275, plain_nsu, "TX ID"),
        ],
        275,
    ),
    "9": Record(
        [
            Column("count", 2, 12, number, "Total de registros"),
            Column("entries", 31, 41, number, "Quantidade de registros E"),
        ],
        95,
    ),
}


class Cielo15Reader(Reader):
    """One file: capture (03), settlement (04) or Pix (16)."""

    LAYOUT: ClassVar = "cielo15"
    ACQUIRER: ClassVar = Acquirer.CIELO
    RECORDS: ClassVar = RECORDS
    HEADER: ClassVar = "0"
    TRAILER: ClassVar = "9"

    def __init__(self) -> None:
        super().__init__()
        self._feed = Feed.SALES
        self._entries = 0

    def head(self, values: Values, line: RawLine) -> Head:
        """The header tells its own period."""
        sequence = values.number("sequence")
        self._feed = _FEEDS.get(values.number("option"), Feed.MONEY)
        return Head(
            layout=self.LAYOUT,
            acquirer=self.ACQUIRER,
            feed=self._feed,
            establishment=values.text("establishment"),
            sequence=sequence,
            recovered=sequence == RECOVERED,
            days=span(values.day("since"), values.day("until"), line.number, "Período final"),
            made_on=values.day("made_on"),
        )

    def take(self, tag: str, values: Values, line: RawLine) -> Iterable[SalePart | SaleEvent]:
        """An entry is a sale by its kind in a capture file, and its payment in a settlement file."""
        if tag == "8":
            yield self._pix(values, line)
            return
        self._entries += 1
        kind = values.text("kind")
        if kind in _EVENTS:
            yield self._event(_EVENTS[kind], values, line)
        elif kind not in _SALES:
            name = f"E/{kind}"
            self.tail.skipped[name] = self.tail.skipped.get(name, 0) + 1
        elif self._feed is Feed.SALES:
            yield self._sale(values, line)
        else:
            yield self._event(Life.SETTLED, values, line)

    def _sale(self, values: Values, line: RawLine) -> SalePart:
        parts = values.number("parts")
        day = values["captured_on"] or values["authorised_on"]
        assert isinstance(day, date)
        return SalePart(
            establishment=values.text("establishment"),
            nsu=values.text("nsu"),
            authorisation=values.text("authorisation"),
            day=day,
            minute=values.number("minute"),
            brand=BRANDS.get(values.text("brand"), ""),
            modality=_SALES[values.text("kind")],
            part=values.number("part") if parts > 1 else 0,
            parts=max(1, parts),
            amount=values.number("amount"),
            total=values.number("total"),
            fee=values.number("fee"),
            terminal=values.text("terminal"),
            last_four=values.text("last_four"),
            summary="",
            names="",
            origin=self.origin("E", line),
        )

    def _event(self, life: Life, values: Values, line: RawLine) -> SaleEvent:
        day = values["entered_on"] or values["authorised_on"]
        assert isinstance(day, date)
        parts = values.number("parts")
        return SaleEvent(
            establishment=values.text("establishment"),
            life=life,
            nsu=values.text("nsu"),
            summary="",
            part=values.number("part") if parts > 1 else 0,
            day=day,
            amount=values.number("net"),
            origin=self.origin("E", line),
        )

    def _pix(self, values: Values, line: RawLine) -> SalePart | SaleEvent:
        establishment, txid = values.text("establishment"), values.text("txid")
        if values.number("sign") < 0:
            day = values["paid_on"] or values["day"]
            assert isinstance(day, date)
            net = values.number("net")
            return SaleEvent(establishment, Life.REFUNDED, txid, "", 0, day, net, self.origin("8", line))
        return SalePart(
            establishment=establishment,
            nsu=txid,
            authorisation="",
            day=values.day("day"),
            minute=values.number("minute"),
            brand="",
            modality=Modality.PIX,
            part=0,
            parts=1,
            amount=values.number("amount"),
            total=values.number("amount"),
            fee=values.number("fee"),
            terminal=values.text("terminal"),
            last_four="",
            summary="",
            names="",
            origin=self.origin("8", line),
        )

    def close(self, values: Values, line: RawLine) -> None:
        """The count is taken as in the classic layout, without header and trailer."""
        self.expect(values.number("count"), self.tail.records - 2, line, "Total de registros")
        self.expect(values.number("entries"), self._entries, line, "Quantidade de registros E")
