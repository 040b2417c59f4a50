"""Rede: EEVC (credit) and EEFI (financial), fixed columns of any length; EEVD (debit), commas (facts A.4).

The header tells when a file was made, and a file is about the day before. Debit sales carry no authorization.
Settlements (EEFI 034, 036) name a summary (RV), not a sale.
"""

from collections.abc import Iterable
from typing import ClassVar

from pos_tui.domain.card import Brand
from pos_tui.domain.reconciliation import (
    Acquirer,
    Feed,
    Life,
    Modality,
)
from pos_tui.domain.statement import Head, Origin, SaleEvent, SalePart
from pos_tui.providers.statements.days import before
from pos_tui.providers.statements.lines import RawLine
from pos_tui.providers.statements.reader import Reader
from pos_tui.providers.statements.records import Values, without_card
from pos_tui.providers.statements.rede_tables import EEFI, EEVC, EEVD

BRANDS = {
    "1": Brand.MASTERCARD,
    "2": Brand.DINERS,
    "3": Brand.VISA,
    "4": Brand.CABAL,
    "5": Brand.HIPERCARD,
    "6": Brand.SOROCRED,
    "E": Brand.ELO,
    "X": Brand.AMEX,
}
REPROCESSED = 1
"""The sequence of a file made again (facts F.7)."""
_BY_REASON = {
    18: Life.CANCELLED,
    22: Life.CHARGEBACK,
    23: Life.CHARGEBACK,
    37: Life.REFUNDED,
    52: Life.CHARGEBACK_REVERSED,
}
"""Motivo do ajuste."""


class _RedeReader(Reader):
    """What the three files share."""

    ACQUIRER: ClassVar = Acquirer.REDE
    FEED: ClassVar[Feed]

    def head(self, values: Values, line: RawLine) -> Head:
        """EEVD tells its day; the others only when they were made."""
        made_on = values.day("made_on")
        sequence = values.number("sequence")
        return Head(
            layout=self.LAYOUT,
            acquirer=self.ACQUIRER,
            feed=self.FEED,
            establishment=values.text("establishment"),
            sequence=sequence,
            recovered=sequence == REPROCESSED,
            days=(values.day("day"),) if "day" in values else before(made_on),
            made_on=made_on,
        )

    def close(self, values: Values, line: RawLine) -> None:
        """The count includes header and trailer (facts F.3)."""
        self.expect(values.number("count"), self.tail.records, line, "Quantidade de registros")


class EevcReader(_RedeReader):
    """Credit sales."""

    LAYOUT: ClassVar = "rede-eevc"
    FEED: ClassVar = Feed.SALES
    RECORDS: ClassVar = EEVC
    TAG: ClassVar = slice(0, 3)
    HEADER: ClassVar = "002"
    TRAILER: ClassVar = "028"
    CARDS: ClassVar = {"008": (68, 83), "012": (68, 83)}

    def take(self, tag: str, values: Values, line: RawLine) -> Iterable[SalePart | SaleEvent]:
        """A CV is a whole sale, in however many instalments; a status other than 0 is a rejection."""
        establishment, nsu = values.text("establishment"), values.text("nsu")
        amount, fee = values.number("amount"), values.number("fee")
        if values.text("status").strip("0"):
            day, net = values.day("day"), amount - fee
            yield SaleEvent(establishment, Life.CANCELLED, nsu, "", 0, day, net, self.origin(tag, line))
        yield SalePart(
            establishment=establishment,
            nsu=nsu,
            authorisation=values.text("authorisation"),
            day=values.day("day"),
            minute=values.number("minute"),
            brand=BRANDS.get(values.text("brand"), ""),
            modality=Modality.CREDIT,
            part=0,
            parts=max(1, values.number("parts")) if tag == "012" else 1,
            amount=amount,
            total=amount,
            fee=fee,
            terminal=values.text("terminal"),
            last_four=values.text("last_four"),
            summary=values.text("summary"),
            names="",
            origin=self.origin(tag, line),
        )


class EevdReader(_RedeReader):
    """Debit sales."""

    LAYOUT: ClassVar = "rede-eevd"
    FEED: ClassVar = Feed.DEBIT
    RECORDS: ClassVar = EEVD
    HEADER: ClassVar = "00"
    TRAILER: ClassVar = "04"

    def __init__(self) -> None:
        super().__init__()
        self._sales = 0

    def tag_of(self, line: RawLine) -> str:
        """The first column."""
        return line.text.partition(",")[0].strip().zfill(2)

    def take(self, tag: str, values: Values, line: RawLine) -> Iterable[SalePart | SaleEvent]:
        """A CV is a sale; an adjustment says what became of one."""
        if tag == "11":
            yield from _adjusted(self, tag, values, line)
            return
        self._sales += 1
        amount = values.number("amount")
        yield SalePart(
            establishment=values.text("establishment"),
            nsu=values.text("nsu"),
            authorisation="",
            day=values.day("day"),
            minute=values.number("minute"),
            brand=BRANDS.get(values.text("brand"), ""),
            modality=Modality.DEBIT,
            part=0,
            parts=1,
            amount=amount,
            total=amount,
            fee=values.number("fee"),
            terminal=values.text("terminal"),
            last_four=values.text("last_four"),
            summary=values.text("summary"),
            names="",
            origin=self.origin(tag, line),
        )

    def origin(self, tag: str, line: RawLine) -> Origin:
        """A sale's card number is its eighth column."""
        if tag != "05":
            return super().origin(tag, line)
        *before, card, after = line.text.split(",", 8)
        hidden = without_card(card, 1, len(card))
        raw = line.text if hidden == card else ",".join((*before, hidden, after))
        return Origin(line.number, line.offset, raw)

    def close(self, values: Values, line: RawLine) -> None:
        """It also counts the sales."""
        self.expect(values.number("sales"), self._sales, line, "Quantidade de comprovantes de vendas")
        super().close(values, line)


class EefiReader(_RedeReader):
    """Credits, anticipations and adjustments. It proves no sale."""

    LAYOUT: ClassVar = "rede-eefi"
    FEED: ClassVar = Feed.MONEY
    RECORDS: ClassVar = EEFI
    TAG: ClassVar = slice(0, 3)
    HEADER: ClassVar = "030"
    TRAILER: ClassVar = "052"
    CARDS: ClassVar = {"035": (76, 91), "038": (130, 145), "045": (77, 92)}

    def take(self, tag: str, values: Values, line: RawLine) -> Iterable[SaleEvent]:
        """A credit settles a summary; an adjustment names a sale."""
        if tag not in ("034", "036"):
            yield from _adjusted(self, tag, values, line)
            return
        yield SaleEvent(
            establishment=values.text("establishment"),
            life=Life.SETTLED if tag == "034" else Life.SETTLED_EARLY,
            nsu="",
            summary=values.text("summary"),
            part=_first_number(values.text("part")),
            day=values.day("day"),
            amount=values.number("gross") - values.number("fee"),
            origin=self.origin(tag, line),
        )


def _adjusted(reader: Reader, tag: str, values: Values, line: RawLine) -> Iterable[SaleEvent]:
    """An adjustment that names a sale by its NSU; others (rent, letters) are counted as skipped."""
    life, nsu = _BY_REASON.get(values.number("reason")), values.text("nsu")
    if life is None or not nsu:
        name = f"{tag}/outros"
        reader.tail.skipped[name] = reader.tail.skipped.get(name, 0) + 1
        return
    establishment = values.text("establishment")
    day, amount = values.day("day"), values.number("amount")
    yield SaleEvent(establishment, life, nsu, "", 0, day, amount, reader.origin(tag, line))


def _first_number(part: str) -> int:
    """`01/03` → 1; blank is the whole."""
    first, _, total = part.partition("/")
    return int(first) if first.strip().isdigit() and total.strip("0 ") not in ("", "1") else 0
