"""What the till asks of a TEF manager, as the fields of a request file.

Source: facts/payments.md §2.3, §2.5.
"""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from pos_tui.domain.card import CardKind
from pos_tui.domain.text import to_ascii
from pos_tui.providers.tef import fields as f
from pos_tui.providers.tef.reply import Settlement, TefReply

INTERFACE_VERSION = "225"
UNCERTIFIED = "NAO CERTIFICADO"
_REAL = "0"
_CARD_KIND = {
    None: "0",
    CardKind.CREDIT: "1",
    CardKind.DEBIT: "2",
    CardKind.FOOD_VOUCHER: "3",
    CardKind.MEAL_VOUCHER: "3",
}
ALL_CAPABILITIES = 1 + 2 + 4 + 8 + 16 + 32 + 64 + 128
"""706: cash-out, discount, the constant, separate copies, reduced slip, partial, adjustment, long NSU."""


class Financing(StrEnum):
    """732: how a credit sale is split."""

    ANY = "0"
    """The manager asks."""
    AT_ONCE = "1"
    ISSUER = "2"
    """Instalments with interest, by the issuer."""
    STORE = "3"
    """Instalments without interest, by the store."""


class Entity(StrEnum):
    """006: what the customer's document is."""

    PERSON = "F"
    COMPANY = "J"
    OTHER = "X"


class Automation(Struct, frozen=True):
    """Who we are to the manager."""

    company: str = "POS-TUI"
    name: str = "POS-TUI"
    version: str = "0.1"
    certification: str = UNCERTIFIED
    """738: given at certification, without which production use is not allowed."""
    capabilities: int = ALL_CAPABILITIES

    def always(self, number: int) -> dict[str, str]:
        """Fields of every request. `number` is 001, one to ten digits."""
        return {f.NUMBER: str(number), f.INTERFACE: INTERFACE_VERSION, f.CERTIFICATION: self.certification}

    def interactive(self, number: int) -> dict[str, str]:
        """Fields of the requests that show something to people."""
        return self.always(number) | {
            f.CAPABILITIES: str(self.capabilities),
            f.COMPANY: to_ascii(self.company)[:40],
            f.APPLICATION: to_ascii(self.name)[:40],
            f.VERSION: to_ascii(self.version)[:20],
        }


class ChargeRequest(Struct, frozen=True):
    """A card sale."""

    number: int
    """001: from a persisted sequence, never used twice."""
    amount: int
    """Centavos."""
    document: str = ""
    """Fiscal document's number, digits."""
    kind: CardKind | None = None
    """None lets the manager ask."""
    financing: Financing = Financing.ANY
    instalments: int = 1
    when: datetime | None = None
    """The till's local time, for 717."""

    def fields(self, automation: Automation) -> dict[str, str]:
        """The request's fields."""
        values = automation.interactive(self.number) | {
            f.AMOUNT: str(self.amount),
            f.CURRENCY: _REAL,
            f.CARD_KIND: _CARD_KIND[self.kind],
            f.FINANCING: self.financing.value,
        }
        if self.document:
            values[f.DOCUMENT] = self.document
        if self.instalments > 1:
            values[f.INSTALMENTS] = str(self.instalments)
        if self.when is not None:
            values[f.FISCAL_TIME] = self.when.strftime("%y%m%d%H%M%S")
        return values


def cancel_fields(automation: Automation, number: int, of: TefReply) -> dict[str, str]:
    """Fields of a CNC: gives back a finished sale, named by what its reply said."""
    values = automation.interactive(number) | {
        f.AMOUNT: str(of.total),
        f.CURRENCY: _REAL,
        f.NSU: of.nsu,
        f.RECEIPT_DATE: of.receipt_date,
        f.RECEIPT_TIME: of.receipt_time,
    }
    if of.authorisation:
        values[f.AUTHORISATION] = of.authorisation
    if of.card is not None and of.card.instalments > 1:
        values[f.INSTALMENTS] = str(of.card.instalments)
    return values | _network(of.settlement)


def settle_fields(automation: Automation, number: int, settlement: Settlement) -> dict[str, str]:
    """Fields of a CNF or NCN."""
    values = automation.always(number) | {f.CONTROL: settlement.control} | _network(settlement)
    if settlement.document:
        values[f.DOCUMENT] = settlement.document
    return values


def _network(settlement: Settlement) -> dict[str, str]:
    named = {f.NETWORK: settlement.network, f.NETWORK_INDEX: settlement.network_index}
    return {field: text for field, text in named.items() if text}
