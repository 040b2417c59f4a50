"""What every ERP of an internet provider offers to the subscriber desk.

An adapter translates one call into as few exchanges as the ERP needs, and its answer into an `Outcome`: it
decides nothing, never repeats an effect, and drops what the desk has no business with (passwords above all).
An ERP that has no service for a feature says why in `lacks`; its method is then never called.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from pos_tui.domain.outcome import Outcome
from pos_tui.domain.subscriber import (
    Bill,
    Contract,
    ContractState,
    Feature,
    Note,
    SecondCopy,
    Subscriber,
    Ticket,
    TicketEvent,
)
from pos_tui.domain.usage import Call, Period, Session


class Access(Struct, frozen=True):
    """How a subscriber is named to the ERP; the password only where it wants the subscriber's own."""

    id: str
    document: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"Access(id={self.id!r}, document={self.document!r})"


class SearchBy(StrEnum):
    """What somebody is looked for by."""

    NAME = "name"
    DOCUMENT = "document"
    PHONE = "phone"
    CONTRACT = "contract"


class PaidWith(StrEnum):
    """How a bill was paid at the counter, as far as an ERP wants to know."""

    CASH = "cash"
    CREDIT = "credit"
    DEBIT = "debit"
    PIX = "pix"
    OTHER = "other"


class CounterPayment(Struct, frozen=True):
    """What was taken for a bill. Never a card number."""

    amount: int
    """Centavos."""
    on: date
    how: PaidWith
    receipt: str
    """Our own number of the sale; with a card, its NSU."""
    authorization: str = ""
    instalments: int = 1
    brand: str = ""


class Settled(Struct, frozen=True):
    """A bill the ERP counts as paid."""

    protocol: str = ""
    on: date | None = None


class Enabling(Struct, frozen=True):
    """What an ERP answers to a provisional enabling."""

    protocol: str
    text: str
    """The ERP's own words."""
    days: int = 0
    """How long it lasts; 0 where the ERP does not tell."""


class NoteFile(Struct, frozen=True):
    """A note as the ERP keeps it, byte for byte: its signature is over these bytes."""

    name: str
    content: bytes


class SubscriberProvider(Protocol):
    """Questions, and two effects: settle a bill, enable a suspended plan."""

    name: str
    wants_password: bool
    """Whether its questions need the subscriber's own password."""
    needs_bill_to_enable: bool
    """Whether enabling is a payment notice, which names an overdue bill."""
    lacks: Mapping[Feature, str]
    """What it has no service for, as whole sentences."""
    lacks_xml: str
    """Why notes cannot be saved as XML; empty where they can."""
    lacks_states: str
    """Why a plan's state may not be today's; empty where the ERP tells it."""

    def knock(self) -> Outcome[None]:
        """Ask about nobody: whether the ERP is there and takes the store's key. Reads no person's data."""
        ...

    def find(self, by: SearchBy, text: str) -> Outcome[tuple[Subscriber, ...]]:
        """Look for subscribers; contracts may still be missing."""

    def enter(self, user: str, password: str) -> Outcome[Subscriber]:
        """Let a subscriber identify themselves with their own login."""

    def contracts(self, access: Access, known: tuple[Contract, ...]) -> Outcome[tuple[Contract, ...]]:
        """The plans as they stand now; what is `known` where the ERP cannot tell."""

    def sessions(self, access: Access, period: Period) -> Outcome[tuple[Session, ...]]:
        """Connections that overlap a period, the latest first."""

    def calls(self, access: Access, terminal: str, period: Period) -> Outcome[tuple[Call, ...]]:
        """Calls of a terminal, the latest first."""

    def open_bills(self, access: Access) -> Outcome[tuple[Bill, ...]]:
        """What is owed, the earliest first."""

    def settled_bills(self, access: Access) -> Outcome[tuple[Bill, ...]]:
        """What was paid, the latest first."""

    def second_copy(self, access: Access, bill: Bill) -> Outcome[SecondCopy]:
        """The slip as it is now. May make the ERP issue one, so it is asked only when somebody wants it."""

    def notes(self, access: Access) -> Outcome[tuple[Note, ...]]:
        """Fiscal notes, the latest first."""

    def note_file(self, access: Access, note: Note) -> Outcome[NoteFile]:
        """The authorised XML of a note."""

    def settle(self, access: Access, bill: Bill, payment: CounterPayment) -> Outcome[Settled]:
        """Count a bill as paid at the counter. An effect: asked once."""

    def enable(self, access: Access, contract: Contract, bill: Bill | None, on: date) -> Outcome[Enabling]:
        """Enable a suspended plan provisionally. An effect: asked once."""

    def state_of(self, access: Access, contract: Contract) -> Outcome[ContractState]:
        """How a plan stands, to find out what became of an enabling."""

    def tickets(self, access: Access) -> Outcome[tuple[Ticket, ...]]:
        """Atendimentos, the latest first."""

    def history(self, access: Access, ticket: Ticket) -> Outcome[tuple[TicketEvent, ...]]:
        """What happened in one, the earliest first."""

    def close(self) -> None:
        """Let connections go."""
