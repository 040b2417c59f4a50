"""TEIACARD's 300 columns (facts A.2): the remessa's shape, and returns that list sales (segment V).

Boa Vista publishes no layout, so the remessa has a name of our own, told in the header's reserved text. In
the free end of segment V it carries the receipt's key and edition, so that a return needs no guessing. The
other segments of a return (P, X, O, B) are not public: they are counted and skipped. Dates are DDMMAAAA.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from pos_tui.domain.card import Brand
from pos_tui.domain.reconciliation import (
    Acquirer,
    Feed,
    Modality,
    acquirer_of,
    plain_authorisation,
    plain_nsu,
)
from pos_tui.domain.statement import BadStatement, Head, SaleEvent, SalePart
from pos_tui.providers.statements.days import before
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

LENGTH = 300
OWN_LAYOUT = "POS-TUI EXTRATO LOCAL"
OWN_VERSION = 101
"""01.01 of our own layout; TEIACARD's published ones are 01.07 and 01.08."""
BRANDS = {
    "001": Brand.VISA,
    "002": Brand.MASTERCARD,
    "003": Brand.AMEX,
    "004": Brand.HIPERCARD,
    "005": Brand.DINERS,
    "006": Brand.ELO,
    "009": Brand.CABAL,
    "013": Brand.SOROCRED,
    "014": Brand.HIPERCARD,
}
SERVICES = {"01": Modality.CREDIT, "02": Modality.DEBIT, "03": Modality.VOUCHER, "04": Modality.PIX}
"""Of our own layout: TEIACARD's table of services is not public."""
REMESSA, RETORNO = 1, 2

RECORDS = {
    "0": Record(
        [
            Column("acquirer", 73, 112, words, "Nome da Adquirente"),
            Column("direction", 113, 113, number, "Código de Remessa ou de Retorno"),
            Column("made_on", 114, 121, dmy, "Data de Geração do Arquivo"),
            Column("sequence", 128, 134, number, "Número Sequencial do Arquivo (NSA)"),
            Column("version", 135, 139, number, "Número da Versão do Leiaute do Arquivo"),
            Column("layout", 140, 179, words, "Uso Reservado para a Empresa"),
            Column("company", 19, 32, code, "Número de Inscrição da Empresa"),
        ],
        LENGTH,
    ),
    "1": Record([Column("establishment", 38, 55, code, "Nº estabelecimento na adquirente")], LENGTH),
    "2V": Record(
        [
            Column("service", 9, 10, words, "Tipo de Serviço"),
            Column("establishment", 38, 55, code, "Número do Estabelecimento na Adquirente"),
            Column("authorisation", 97, 106, plain_authorisation, "Código da Autorização"),
            Column("day", 107, 114, dmy, "Data da Venda"),
            Column("minute", 115, 120, minute, "Hora da Venda"),
            Column("amount", 121, 130, number, "Valor Bruto da Venda"),
            Column("parts", 131, 132, number, "Plano (Quantidade de Parcelas)"),
            Column("brand", 133, 135, words, "Código da Bandeira"),
            Column("last_four", 136, 154, last_four, "Número do Cartão (Truncado)"),
            Column("terminal", 208, 222, code, "Número POS (Maquineta) Adquirente"),
            Column("rate", 223, 226, number, "Taxa de Comissão"),
            Column("nsu", 227, 246, plain_nsu, "Número NSU / CV ou DOC"),
            Column("key", 247, 278, words, "Chave do recebimento"),
            Column("edition", 279, 282, words, "Versão do recebimento"),
        ],
        LENGTH,
    ),
    "3": Record(
        [
            Column("sales", 56, 61, number, "Quantidade de vendas no lote"),
            Column("gross", 62, 75, number, "Valor bruto das vendas no lote"),
        ],
        LENGTH,
    ),
    "9": Record(
        [
            Column("batches", 18, 23, number, "Quantidade de Lotes do Arquivo"),
            Column("count", 24, 29, number, "Quantidade de Registros do Arquivo"),
        ],
        LENGTH,
    ),
}


class TeiacardReader(Reader):
    """A return: the sales a conciliator found."""

    LAYOUT: ClassVar = "teiacard"
    ACQUIRER: ClassVar = Acquirer.OTHER
    RECORDS: ClassVar = RECORDS
    HEADER: ClassVar = "0"
    TRAILER: ClassVar = "9"
    CARDS: ClassVar = {"2V": (136, 154)}

    def __init__(self) -> None:
        super().__init__()
        self._own = False
        self._batches = self._sales = self._gross = 0

    def tag_of(self, line: RawLine) -> str:
        """The type, with the segment of a detail."""
        kind = line.text[7:8]
        return kind + line.text[15:16] if kind == "2" else kind

    def head(self, values: Values, line: RawLine) -> Head:
        """A remessa is our own and proves nothing."""
        if values.number("direction") != RETORNO:
            raise BadStatement(
                "é uma remessa, não um retorno: nada dela se importa",
                line.number,
                "Código de Remessa ou de Retorno",
            )
        self._own = values.text("layout").startswith(OWN_LAYOUT)
        made_on: date = values.day("made_on")
        return Head(
            layout=self.LAYOUT,
            acquirer=acquirer_of(values.text("acquirer")) or Acquirer.OTHER,
            feed=Feed.SALES,
            establishment=values.text("company"),
            sequence=values.number("sequence"),
            recovered=False,
            days=before(made_on),
            made_on=made_on,
        )

    def take(self, tag: str, values: Values, line: RawLine) -> Iterable[SalePart | SaleEvent]:
        """Segment V is a sale; the batches are counted."""
        if tag == "1":
            self._batches += 1
            self._sales = self._gross = 0
        elif tag == "3":
            self.expect(values.number("sales"), self._sales, line, "Quantidade de vendas no lote")
            self.expect(values.number("gross"), self._gross, line, "Valor bruto das vendas no lote")
        else:
            self._sales += 1
            self._gross += values.number("amount")
            yield self._sale(values, line)

    def _sale(self, values: Values, line: RawLine) -> SalePart:
        amount = values.number("amount")
        key, edition = values.text("key").lower(), values.text("edition")
        named = (
            f"{key}/{int(edition)}"
            if self._own and edition.isascii() and edition.isdigit() and len(key) == 32
            else ""
        )
        return SalePart(
            establishment=values.text("establishment"),
            nsu=values.text("nsu"),
            authorisation=values.text("authorisation"),
            day=values.day("day"),
            minute=values.number("minute"),
            brand=BRANDS.get(values.text("brand"), ""),
            modality=SERVICES.get(values.text("service"), "") if self._own else "",
            part=0,
            parts=max(1, values.number("parts")),
            amount=amount,
            total=amount,
            fee=None,
            terminal=values.text("terminal"),
            last_four=values.text("last_four"),
            summary="",
            names=named,
            origin=self.origin("2V", line),
        )

    def close(self, values: Values, line: RawLine) -> None:
        """Batches, and all records."""
        self.expect(values.number("batches"), self._batches, line, "Quantidade de Lotes do Arquivo")
        self.expect(values.number("count"), self.tail.records, line, "Quantidade de Registros do Arquivo")
