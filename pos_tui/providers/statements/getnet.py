"""Getnet, "Extrato Eletrônico" V10, 400 columns (facts A.5): a CV record per instalment.

Neither brand nor modality stand in it beyond codes whose table is not public. Dates are taken as DDMMAAAA.
"""

from collections.abc import Iterable
from typing import ClassVar

from pos_tui.domain.reconciliation import (
    Acquirer,
    Feed,
    Life,
    Modality,
    plain_authorisation,
    plain_nsu,
)
from pos_tui.domain.statement import BadStatement, Head, SaleEvent, SalePart
from pos_tui.providers.statements.lines import RawLine
from pos_tui.providers.statements.reader import Reader
from pos_tui.providers.statements.records import (
    Column,
    Record,
    Values,
    code,
    dmy,
    last_four,
    minute,
    number,
    words,
)

_LENGTH = 400
_FORECAST, _EARLY = ("PF", ""), "AC"
_REASONS = {
    "3": Life.CANCELLED,
    "12": Life.REFUNDED,
    "4": Life.CHARGEBACK,
    "16": Life.CHARGEBACK_REVERSED,
}
"""Motivo do ajuste."""

RECORDS = {
    "0": Record(
        [
            Column("made_on", 2, 9, dmy, "Data de criação do arquivo"),
            Column("day", 16, 23, dmy, "Data de referência do Movimento"),
            Column("mark", 24, 31, words, "Arquivo e Versão"),
            Column("establishment", 32, 46, code, "Código do Estabelecimento Comercial"),
            Column("sequence", 81, 89, number, "Sequência"),
            Column("version", 92, 116, words, "Versão do Layout"),
        ],
        _LENGTH,
    ),
    "1": Record(
        [
            Column("summary", 22, 30, words, "Número do RV"),
            Column("paid_on", 39, 46, words, "Data do Pagamento do RV"),
            Column("kind", 169, 170, words, "Indicador de tipo de pagamento"),
        ],
        _LENGTH,
    ),
    "2": Record(
        [
            Column("establishment", 2, 16, code, "Código do Estabelecimento Comercial"),
            Column("summary", 17, 25, words, "Número do RV"),
            Column("nsu", 26, 37, plain_nsu, "NSU do adquirente (Número do CV)"),
            Column("day", 38, 45, dmy, "Data da Transação"),
            Column("minute", 46, 51, minute, "Hora da Transação"),
            Column("last_four", 52, 70, last_four, "Número do Cartão"),
            Column("amount", 71, 82, number, "Valor da Transação"),
            Column("parts", 107, 108, number, "Número de Parcelas"),
            Column("part", 109, 110, number, "Número da Parcela relacionada ao CV"),
            Column("paid_on", 123, 130, words, "Data do Pagamento"),
            Column("authorisation", 131, 140, plain_authorisation, "Código de Autorização"),
            Column("status", 144, 144, words, "Status da Transação"),
            Column("terminal", 160, 167, code, "Código do terminal"),
            Column("fee", 176, 187, number, "Valor Comissão da venda"),
        ],
        _LENGTH,
    ),
    "3": Record(
        [
            Column("establishment", 2, 16, code, "Código do Estabelecimento Comercial"),
            Column("day", 34, 41, dmy, "Data do Pagamento do RV"),
            Column("amount", 64, 75, number, "Valor do ajuste"),
            Column("reason", 76, 77, words, "Motivo do ajuste"),
            Column("nsu", 114, 125, plain_nsu, "NSU do adquirente (Número do CV)"),
        ],
        _LENGTH,
    ),
    "9": Record([Column("count", 2, 10, number, "Quantidade de Registros")], _LENGTH),
}


class GetnetReader(Reader):
    """One day of one store."""

    LAYOUT: ClassVar = "getnet"
    ACQUIRER: ClassVar = Acquirer.GETNET
    RECORDS: ClassVar = RECORDS
    HEADER: ClassVar = "0"
    TRAILER: ClassVar = "9"
    CARDS: ClassVar = {"2": (52, 70), "3": (86, 104)}

    def __init__(self) -> None:
        super().__init__()
        self._summary = Values()

    def head(self, values: Values, line: RawLine) -> Head:
        """The header tells its day."""
        if not values.text("mark").startswith("CEADM"):
            raise BadStatement("não é um extrato da Getnet (CEADM100)", line.number, "Arquivo e Versão")
        return Head(
            layout=self.LAYOUT,
            acquirer=self.ACQUIRER,
            feed=Feed.SALES,
            establishment=values.text("establishment"),
            sequence=values.number("sequence"),
            recovered=False,
            days=(values.day("day"),),
            made_on=values.day("made_on"),
        )

    def take(self, tag: str, values: Values, line: RawLine) -> Iterable[SalePart | SaleEvent]:
        """A CV is a forecast or a payment by what its RV is."""
        if tag == "1":
            self._summary = values
        elif tag == "3":
            yield from self._adjustment(values, line)
        elif self._summary.get("summary") != values["summary"]:
            raise BadStatement("o comprovante não segue o resumo (RV) dele", line.number, "Número do RV")
        else:
            yield from self._voucher(values, line)

    def _voucher(self, values: Values, line: RawLine) -> Iterable[SalePart | SaleEvent]:
        kind, parts = self._summary.text("kind"), values.number("parts")
        part = values.number("part") if parts > 1 else 0
        net = values.number("amount") - values.number("fee")
        establishment, nsu = values.text("establishment"), values.text("nsu")
        if kind not in _FORECAST:
            life = Life.SETTLED_EARLY if kind == _EARLY else Life.SETTLED
            day = dmy(values.text("paid_on"))
            yield SaleEvent(establishment, life, nsu, "", part, day, net, self.origin("2", line))
            return
        if values.text("status") == "X":
            day = values.day("day")
            yield SaleEvent(establishment, Life.CANCELLED, nsu, "", part, day, net, self.origin("2", line))
        yield SalePart(
            establishment=establishment,
            nsu=nsu,
            authorisation=values.text("authorisation"),
            day=values.day("day"),
            minute=values.number("minute"),
            brand="",
            modality=Modality.CREDIT if parts > 1 else "",
            part=part,
            parts=max(1, parts),
            amount=values.number("amount"),
            total=0 if parts > 1 else values.number("amount"),
            fee=values.number("fee"),
            terminal=values.text("terminal"),
            last_four=values.text("last_four"),
            summary="",
            names="",
            origin=self.origin("2", line),
        )

    def _adjustment(self, values: Values, line: RawLine) -> Iterable[SaleEvent]:
        life, nsu = _REASONS.get(values.text("reason").lstrip("0")), values.text("nsu")
        if life is None or not nsu:
            self.tail.skipped["3/outros"] = self.tail.skipped.get("3/outros", 0) + 1
            return
        establishment, amount = values.text("establishment"), values.number("amount")
        yield SaleEvent(establishment, life, nsu, "", 0, values.day("day"), amount, self.origin("3", line))

    def close(self, values: Values, line: RawLine) -> None:
        """The count includes header and trailer (facts F.3)."""
        self.expect(values.number("count"), self.tail.records, line, "Quantidade de Registros")
