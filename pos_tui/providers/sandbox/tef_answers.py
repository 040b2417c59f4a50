"""What the sandbox's TEF manager writes into a reply."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from pos_tui.domain.money import format_brl
from pos_tui.providers.sandbox.tef_ledger import Entry
from pos_tui.providers.sandbox.tef_scenarios import Scenario
from pos_tui.providers.tef import fields as f
from pos_tui.providers.tef.codec import IntposFile

Fields = dict[str, str | Sequence[str]]
_DOCUMENTS = {"F": "12345678909", "J": "11222333000181", "X": "123"}


class Amounts(Struct, frozen=True):
    """What a sale comes to under a scenario, in centavos."""

    total: int
    told: Mapping[str, int]

    @classmethod
    def of(cls, asked: int, scenario: Scenario) -> "Amounts":
        """Work out the amounts; always 003 = (744 or 707) + 708 - 709 - 743."""
        part = max(1, asked // 4)
        match scenario:
            case Scenario.PARTIAL:
                return cls(asked - part, {f.ORIGINAL: asked, f.STILL_DUE: part})
            case Scenario.CASH_OUT:
                return cls(asked + 2000, {f.ORIGINAL: asked, f.CASH_OUT: 2000})
            case Scenario.DISCOUNT:
                return cls(asked - part, {f.ORIGINAL: asked, f.DISCOUNT: part})
            case Scenario.ADJUSTED:
                return cls(asked + part, {f.ORIGINAL: asked, f.ADJUSTED: asked + part})
            case _:
                return cls(asked, {})


def no(status: str, message: str) -> Fields:
    """A refusal."""
    return {f.STATUS: status, f.MESSAGE: message, f.SINGLE_COUNT: "0"}


def echoed(request: IntposFile, *fields: str) -> Fields:
    """The fields that a reply repeats from its request."""
    return {field: request.text(field) for field in fields if request.has(field)}


def yes(entry: Entry, scenario: Scenario, message: str) -> Fields:
    """An approval, with its receipts."""
    values: Fields = {
        f.AMOUNT: str(entry.centavos),
        f.CURRENCY: "0",
        f.STATUS: "0",
        f.NETWORK: "SANDBOX",
        f.KIND: "10",
        f.NSU: entry.nsu,
        f.AUTHORISATION: f"A{entry.nsu[-5:]}",
        f.RECEIPT_DATE: entry.date,
        f.RECEIPT_TIME: entry.time,
        f.CONTROL: entry.control,
        f.MESSAGE: message,
        f.CARD_NAME: "VISA",
        f.TERMINAL: "T0000001",
        f.ESTABLISHMENT: "000000000012345",
        f.NETWORK_INDEX: "999",
        f.MASKED_CARD: "411111******1111",
        "748": "VISA",
    }
    if scenario not in (Scenario.UNTOLD, Scenario.NO_RECEIPTS):
        values[f.CONFIRMATION] = "1" if scenario is Scenario.FINAL else "2"
    if scenario is Scenario.NO_RECEIPTS:
        return values | {f.SINGLE_COUNT: "0"}
    return values | _receipts(entry, message)


def document(request: IntposFile) -> Fields:
    """What the customer typed on the pinpad."""
    entity = request.text(f.ENTITY)
    return {f.STATUS: "0", f.ENTITY: entity, f.CUSTOMER: _DOCUMENTS.get(entity, "1"), f.MESSAGE: "OK"}


def report(effect: int) -> Fields:
    """The manager's own report of what was sold."""
    lines = ["SANDBOX - SEM VALOR", f"VENDAS {format_brl(effect):>20}"]
    values: Fields = {f.STATUS: "0", f.NETWORK: "SANDBOX", f.KIND: "99", f.NETWORK_INDEX: "999"}
    values |= {f.OPERATION: "49", f.COPIES: "1", f.CONFIRMATION: "1", f.MESSAGE: "RELATORIO IMPRESSO"}
    return values | {f.SINGLE_COUNT: str(len(lines)), f.SINGLE_LINE: lines}


def _receipts(entry: Entry, message: str) -> Fields:
    money = format_brl(entry.centavos)
    body = ["SANDBOX - SEM VALOR", f"NSU {entry.nsu}", f"VALOR {money:>14}", message]
    values: Fields = {f.COPIES: "3"}
    for count, line, lines in (
        (f.SINGLE_COUNT, f.SINGLE_LINE, [*body, "VIA UNICA"]),
        (f.REDUCED_COUNT, f.REDUCED_LINE, [f"VISA {money}", f"NSU {entry.nsu}"]),
        (f.CLIENT_COUNT, f.CLIENT_LINE, [*body, "VIA CLIENTE"]),
        (f.MERCHANT_COUNT, f.MERCHANT_LINE, [*body, "VIA ESTABELECIMENTO"]),
    ):
        values |= {count: str(len(lines)), line: lines}
    return values


def punctuated(data: bytes) -> bytes:
    """Rewrite as another maker does: `260,70` and receipt lines without quotes."""
    lines = []
    for line in data.decode("ascii").split("\r\n"):
        if line.startswith("003-000 = "):
            line = f"{line[:-2]},{line[-2:]}"
        lines.append(line.replace('"', ""))
    return "\r\n".join(lines).encode("ascii")
