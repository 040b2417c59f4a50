"""A sale at the counter: who sells what to whom, and what has been paid of it."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct, field

from pos_tui.domain.customer import CONSUMER, Customer
from pos_tui.domain.item import Item
from pos_tui.domain.money import format_brl, format_money
from pos_tui.domain.payment import BY_HAND, LABELS, Decision, Method, PaymentState, waits, words
from pos_tui.domain.recurring import PaymentStatus
from pos_tui.domain.tally import Tally, counts_as_paid
from pos_tui.domain.topup import COUNTING, TopUp

LATE, RETURNED = "late", "returned"
"""Marks among a payment's details: it came after it was given up; how much of cash went back."""


class SaleState(StrEnum):
    """Where a sale stands."""

    OPEN = "open"
    AWAITING = "awaiting"
    """An OS finalised, whose payment is still to come."""
    SAVED = "saved"
    DISCARDED = "discarded"


class PaymentLine(Struct, frozen=True):
    """One way a part of the sale was paid."""

    id: str
    position: int
    method: Method
    state: PaymentState
    amount: int
    """Centavos; for cash, what was handed over."""
    details: dict[str, str] = field(default_factory=dict)
    """The method's own fields: brand, NSU, txid… Never a card number."""
    decision: Decision = Decision.NONE
    discount: int = 0
    cash_out: int = 0
    version: int = 0
    sale_id: str = ""
    till: int = 0
    request_key: str = ""
    """What the outside knows the charge by, for its whole life: TEF's number, Pix's txid."""
    settle_key: str = ""
    """TEF's number of the confirming or undoing."""
    refund_key: str = ""
    refund_settle_key: str = ""
    reply: str = ""
    """The charge's answer as it came, for what must be sent back verbatim and for the slips."""
    refund_reply: str = ""
    why: str = ""
    """Why it stands where it stands, in words for the cashier."""
    decided_by: str = ""
    reason: str = ""
    """Why it was refunded or ruled, as typed."""
    open_since: int | None = None
    """Set while something of it is to be done or learnt outside."""
    settled_at: int | None = None
    ask_at: int | None = None
    """When it is asked about again, given up as it is."""

    @property
    def waits(self) -> bool:
        """Whether something of it is still to be done or learnt outside."""
        return waits(self.method, self.state, self.decision)

    @property
    def words(self) -> str:
        """Where it stands, as the screen says it; what a person took is there before the sale is saved."""
        by_hand = self.method in BY_HAND and self.state is PaymentState.CREATED
        return "recebido" if by_hand else words(self.state, self.decision)

    @property
    def given_back(self) -> int:
        """What of the sale's money went back with it, in centavos. What came late never was the sale's."""
        if self.state is not PaymentState.REFUNDED or LATE in self.details:
            return 0
        return int(self.details.get(RETURNED, self.amount))

    @property
    def counts(self) -> bool:
        """Whether it is, or may be, money for its sale."""
        return counts_as_paid(self.state, self.decision)


class Sale(Struct, frozen=True):
    """A sale with its items and payments, as last read from the database."""

    id: str
    till: int
    number: int | None
    state: SaleState
    branch: str
    pdv: str
    seller: str
    customer_id: str | None
    customer_name: str
    invoice: str
    opened_at: int
    saved_at: int | None
    total: int
    change: int
    version: int
    topups: tuple[TopUp, ...] = field(default=())
    payments: tuple[PaymentLine, ...] = field(default=())
    items: tuple[Item, ...] = field(default=())
    """Services, products and bills."""
    cash_returned: int = 0
    """Centavos of it that left the drawer again, for whatever reason, once it was saved."""

    @property
    def customer(self) -> Customer | None:
        """Whom it is sold to, as far as the sale knows; None for the Consumidor."""
        return Customer(self.customer_id, self.customer_name) if self.customer_id else None

    @property
    def due(self) -> int:
        """What the customer owes: every top-up that can still be, or was, credited, and every item."""
        return due_of(self.topups, self.items)

    @property
    def begun(self) -> bool:
        """Whether anything was ever put into it."""
        return bool(self.topups or self.items)

    @property
    def goods(self) -> tuple[Item, ...]:
        """Its items that count."""
        return tuple(item for item in self.items if item.counts)

    @property
    def tally(self) -> Tally:
        """What is due, paid, missing, and goes back."""
        return Tally(self.due, self.payments)

    @property
    def live(self) -> list[PaymentLine]:
        """Its payment lines that count."""
        return [line for line in self.payments if line.counts]

    @property
    def undone(self) -> tuple[TopUp, ...]:
        """Its top-ups that did not come about."""
        return tuple(topup for topup in self.topups if not counts(topup))

    @property
    def owed_back(self) -> int:
        """What was paid for what of a saved sale did not come about, and not given back yet."""
        if self.state is not SaleState.SAVED:
            return 0
        return max(0, self.total - self.due - self.given_back_otherwise - self.cash_returned)

    @property
    def refunds(self) -> list[str]:
        """Say of each payment that went back to the customer how much, which way and why; then F7's cash."""
        told = [
            f"ESTORNADO: {LABELS[line.method]} de {format_brl(line.given_back)}. {line.reason}".strip()
            for line in self.payments
            if line.given_back
        ]
        if self._returned_in_part:
            told.append(f"DEVOLVIDO em dinheiro (F7): {format_brl(self._returned_in_part)}.")
        return told

    @property
    def _returned_in_part(self) -> int:
        """Cash that left the drawer for it without a payment going back whole."""
        whole = sum(line.given_back for line in self.payments if line.method is Method.CASH)
        return max(0, self.cash_returned - whole)

    @property
    def given_back_otherwise(self) -> int:
        """What went back by other ways than cash."""
        return sum(line.given_back for line in self.payments if line.method is not Method.CASH)

    @property
    def pendings(self) -> tuple[TopUp, ...]:
        """Its top-ups that still wait for something."""
        return tuple(topup for topup in self.topups if topup.pending)

    @property
    def paid_by_tef(self) -> bool:
        """Whether its TEF payment stands, so that its top-ups are confirmed without a key (seed 1)."""
        by_card = any(
            line.method is Method.TEF and line.state is PaymentState.CONFIRMED and line.counts
            for line in self.payments
        )
        return self.state is SaleState.SAVED and by_card and self.tally.settled


def due_of(topups: Iterable[TopUp], items: Iterable[Item]) -> int:
    """Return what top-ups and items come to, those that came to nothing left out."""
    faces = sum(topup.face for topup in topups if counts(topup))
    return faces + sum(item.amount for item in items if item.counts)


def new_sale(key: str, till: int, branch: str, pdv: str, seller: str, opened_at: int) -> Sale:
    """Return an empty sale to the Consumidor."""
    return Sale(
        id=key,
        till=till,
        number=None,
        state=SaleState.OPEN,
        branch=branch,
        pdv=pdv,
        seller=seller,
        customer_id=None,
        customer_name=CONSUMER,
        invoice="",
        opened_at=opened_at,
        saved_at=None,
        total=0,
        change=0,
        version=0,
    )


def counts(topup: TopUp) -> bool:
    """Whether a top-up is part of what the customer pays."""
    return topup.state in COUNTING


def confirms_itself(sale: Sale, auto_confirm: bool) -> str:
    """How the top-ups of a paid sale are confirmed without a key; empty when a person must (seed 1).

    TEF proves the payment once its confirmation is through; a store may choose it for all of its sales.
    """
    if sale.paid_by_tef:
        return "TEF"
    return "automática" if auto_confirm else ""


def why_unpaid(sale: Sale) -> str | None:
    """Why its top-ups may not be confirmed yet, or None once it is paid and saved (seed 1)."""
    if sale.state is SaleState.SAVED:
        return None
    return "A confirmação só deve ocorrer depois do pagamento: salve a venda na aba Pagamento (F10)."


class SaleLine(NamedTuple):
    """A sale as one line of the list: a tuple, since a page of them is read at every turn."""

    id: str
    till: int
    number: int | None
    """None while the sale is open."""
    saved_at: int
    """When it was saved, or opened while it is open."""
    branch: str
    seller: str
    customer_name: str
    invoice: str
    total: int
    change: int
    """Centavos that went back out of the cash."""
    pendings: int
    """Top-ups that still wait."""
    topups: int
    words: str
    """The seed's words for its top-ups, the worst first; without any, what else it holds."""
    owed_back: int = 0
    """Centavos paid for what did not come about."""
    items: int = 0
    """Services, products and bills."""
    recurring: str = ""
    """The seed's words for an OS whose recurring payment waits or went wrong; empty for any other."""
    paying: str = ""
    """The words of a payment that nobody knows the end of; empty when there is none."""
    discarded: bool = False
    """It was given up, and is listed for a payment that came all the same."""
    back: str = ""
    """What is said of its payments that went back to the customer; empty when none did."""

    @property
    def waits(self) -> bool:
        """Whether a top-up or a payment of it still waits."""
        return bool(self.pendings or self.paying or self.recurring)

    @property
    def situation(self) -> str:
        """The most urgent thing to know of it, short enough for a window of 40 columns.

        Money that nobody is sure of comes before what is owed, and that before its top-ups.
        """
        if self.paying or self.recurring:
            return self.paying or self.recurring
        if self.owed_back:
            first = self.words.split()[:1] if self.topups else []
            return " · ".join([f"Devolver {format_money(self.owed_back)}", *first])
        if self.back:
            first = self.words.split()[:1] if self.topups else []
            return " · ".join([self.back, *first])
        if self.topups > 1 and self.pendings:
            return f"{self.words.replace(_UNSENT, 'não enviada')} {self.pendings}/{self.topups}"
        return self.words


_UNSENT = "(Envio não realizado)"
"""The seed's words; beside a count there is no room for them."""


class SaleFilter(Struct, frozen=True):
    """Which sales the list shows. Instants are UTC milliseconds, the end excluded."""

    since: int
    until: int
    seller: str = ""
    text: str = ""
    """Part of the customer's name, or a sale number."""
    branch: str = ""
    payment: PaymentStatus = PaymentStatus.ALL
    """Seed 2's *Status dos Pagamentos*."""
    unpaid: bool = True
    """OS that still wait for their payment are shown too."""
    given_back: bool = False
    """Only sales of which a payment went back, whole or in part."""
