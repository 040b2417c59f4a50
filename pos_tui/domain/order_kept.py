"""An order as this store keeps it: what the platform told, what was asked, and what people must know."""

from contextlib import suppress
from enum import StrEnum

from msgspec import Struct

from pos_tui.domain.documents import parse_document
from pos_tui.domain.order import DeliveryState, Order, OrderState, PaymentState, PayMethod, Step
from pos_tui.domain.order_rules import ACTION_LABELS, Demand, OrderAction, why_not
from pos_tui.domain.text import digits, fold


class KeptOrder(Struct, frozen=True):
    """An order and what belongs to it here. Instants are UTC milliseconds."""

    id: str
    told: Order
    version: int
    read_at: int
    doing: Demand | None
    """What was asked and is not settled."""
    doing_by: str
    lease_till: int | None
    lease_until: int | None
    why: str
    alert: str

    @property
    def doubtful(self) -> bool:
        """Whether it must be read again before anything else."""
        return self.doing is not None

    @property
    def notice(self) -> str:
        """What a person must know of it before acting; empty when all is well."""
        if self.doing is not None:
            label = ACTION_LABELS[self.doing.action]
            return f"{label}: sem resposta certa ainda [verificar]. {self.why}".strip()
        return self.alert or self.told.strange or self.why

    def why_not(self, action: OrderAction) -> str | None:
        """Say why an action is off, as a whole sentence, or None."""
        if self.doing is not None:
            label = ACTION_LABELS[self.doing.action]
            return f"«{label}» ainda não tem resposta certa: atualize com F5 antes de agir."
        return why_not(action, self.told)


class MailState(StrEnum):
    """How the e-mail of a parcel stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    """It may have gone; it is never sent again by itself."""
    FAILED = "failed"


MAIL_WORDS = {
    MailState.QUEUED: "na fila",
    MailState.SENDING: "saindo agora",
    MailState.SENT: "enviado",
    MailState.UNCONFIRMED: "não se sabe se saiu [verificar]",
    MailState.FAILED: "não foi aceito",
}


class OrderMail(Struct, frozen=True):
    """The e-mail that tells a customer the tracking link."""

    id: str
    order_id: str
    code: str
    message_id: str
    recipient: str
    subject: str
    body: str
    state: MailState
    attempts: int
    why: str
    version: int

    @property
    def words(self) -> str:
        """As the order's page tells it."""
        return f"E-mail de rastreio a {self.recipient}: {MAIL_WORDS[self.state]}. {self.why}".strip()


class OrderFilter(Struct, frozen=True):
    """Which orders the list shows. Instants are UTC milliseconds, the end excluded; None means any."""

    since: int
    until: int
    payment: PaymentState | None = None
    delivery: DeliveryState | None = None
    method: PayMethod | None = None
    text: str = ""
    open_only: bool = False

    @property
    def states(self) -> tuple[OrderState, ...]:
        """The orders' own states that are wanted."""
        return (OrderState.OPEN,) if self.open_only else tuple(OrderState)


def search_words(order: Order) -> str:
    """Return what an order is found by, folded: number, customer, CPF, note, SKUs, tracking code."""
    parts = [order.number, order.remote_id, order.customer, order.document, order.email]
    parts += [order.invoice.number, order.invoice.key, order.shipment.code]
    parts += [text for item in order.items for text in (item.sku, item.name)]
    return "".join(f" {fold(part)}" for part in dict.fromkeys(parts) if part)[:4000]


def search_text(text: str) -> str:
    """Return a typed text as it is looked for: letters anywhere, a number from its first digit on.

    A CPF or CNPJ may be typed with its punctuation, and a CNPJ may hold letters.
    """
    with suppress(ValueError):
        return f" {fold(parse_document(text))}"
    bare = digits(text)
    punctuated = bare and all(char in "0123456789.-/ " for char in text)
    return f" {bare}" if punctuated else fold(text)


class Acted(Struct, frozen=True):
    """What became of an action, for the screen."""

    number: str
    done: bool
    words: str
    """A whole sentence."""


def merged(local: list[Step], remote: tuple[Step, ...]) -> list[Step]:
    """Return one history of both, the newest first."""
    return sorted([*local, *remote], key=lambda step: step.at, reverse=True)
