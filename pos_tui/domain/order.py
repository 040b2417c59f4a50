"""Orders of an online shop, as its platform tells them: three states, and what stands in an order.

Source: facts/orders.md §1.1 and §2. The platform is the truth: what it says is taken over even where the
tables below do not allow the move, and that is then told.
"""

from enum import StrEnum
from typing import TypeVar

from msgspec import Struct


class OrderState(StrEnum):
    """Whether the order is still worked on."""

    OPEN = "open"
    CANCELED = "canceled"
    ARCHIVED = "archived"
    UNKNOWN = "unknown"
    """A word that no table lists."""


class PaymentState(StrEnum):
    """The first badge."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"
    CANCELED = "canceled"
    REFUNDED = "refunded"
    CHARGEBACK = "chargeback"
    UNKNOWN = "unknown"


class DeliveryState(StrEnum):
    """The second badge."""

    UNFULFILLED = "unfulfilled"
    ATTENDED = "attended"
    INVOICED = "invoiced"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"


class PayMethod(StrEnum):
    """How the customer pays, as far as it decides who judges the payment."""

    MANUAL = "manual"
    """Deposit or transfer: the shop itself looks whether the money came."""
    BILLET = "billet"
    CARD = "creditcard"
    PIX = "pix"
    OTHER = "other"
    """A method that no table lists: taken to be judged by somebody else."""


class Source(StrEnum):
    """Who took a step of an order."""

    OPERATOR = "operator"
    """Somebody at this counter."""
    PANEL = "panel"
    """Somebody in the platform's own panel."""
    ERP = "erp"
    API = "api"
    CUSTOMER = "customer"
    SYSTEM = "system"


ORDER_WORDS = {
    OrderState.OPEN: "Aberto",
    OrderState.CANCELED: "Pedido cancelado",
    OrderState.ARCHIVED: "Arquivado",
    OrderState.UNKNOWN: "Situação desconhecida",
}
PAYMENT_WORDS = {
    PaymentState.PENDING: "Aguardando pagamento",
    PaymentState.APPROVED: "Aprovado",
    PaymentState.DENIED: "Negado",
    PaymentState.EXPIRED: "Expirado",
    PaymentState.CANCELED: "Cancelado",
    PaymentState.REFUNDED: "Devolvido",
    PaymentState.CHARGEBACK: "Contestado",
    PaymentState.UNKNOWN: "Pagamento desconhecido",
}
DELIVERY_WORDS = {
    DeliveryState.UNFULFILLED: "Não atendido",
    DeliveryState.ATTENDED: "Atendido",
    DeliveryState.INVOICED: "Faturado",
    DeliveryState.SHIPPED: "Enviado",
    DeliveryState.DELIVERED: "Entregue",
    DeliveryState.UNKNOWN: "Entrega desconhecida",
}
METHOD_WORDS = {
    PayMethod.MANUAL: "Depósito ou transferência",
    PayMethod.BILLET: "Boleto",
    PayMethod.CARD: "Cartão de crédito",
    PayMethod.PIX: "Pix",
    PayMethod.OTHER: "Outra forma",
}
SOURCE_WORDS = {
    Source.OPERATOR: "operador",
    Source.PANEL: "painel",
    Source.ERP: "ERP",
    Source.API: "API",
    Source.CUSTOMER: "cliente",
    Source.SYSTEM: "sistema",
}

_P, _D, _O = PaymentState, DeliveryState, OrderState
ORDER_MOVES: dict[OrderState, frozenset[OrderState]] = {
    _O.OPEN: frozenset({_O.CANCELED, _O.ARCHIVED}),
}
PAYMENT_MOVES: dict[PaymentState, frozenset[PaymentState]] = {
    _P.PENDING: frozenset({_P.APPROVED, _P.DENIED, _P.EXPIRED, _P.CANCELED}),
    _P.APPROVED: frozenset({_P.REFUNDED, _P.CHARGEBACK}),
}
DELIVERY_MOVES: dict[DeliveryState, frozenset[DeliveryState]] = {
    _D.UNFULFILLED: frozenset({_D.ATTENDED}),
    _D.ATTENDED: frozenset({_D.INVOICED, _D.UNFULFILLED}),
    _D.INVOICED: frozenset({_D.SHIPPED}),
    _D.SHIPPED: frozenset({_D.DELIVERED}),
}
"""What may follow what; what is not a key is final. `UNKNOWN` follows and precedes anything."""


class OrderItem(Struct, frozen=True):
    """One line. Prices in centavos, `price` of one unit."""

    id: str
    sku: str
    """Empty where the platform gives none: then `reference` or the variation's number names it."""
    name: str
    quantity: int
    price: int
    variation: str = ""
    variation_id: str = ""
    place: str = ""

    @property
    def total(self) -> int:
        """Centavos."""
        return self.quantity * self.price

    @property
    def code(self) -> str:
        """What it is fetched by; never empty."""
        return self.sku or f"variação {self.variation_id or self.id}"


class Invoice(Struct, frozen=True):
    """A fiscal note, or the zeros that say that there is none."""

    number: str = ""
    series: str = ""
    key: str = ""

    @property
    def told(self) -> bool:
        """Whether anything is known of a note."""
        return bool(self.number or self.key)

    @property
    def none_issued(self) -> bool:
        """Whether it is the zeros of an order without a note."""
        return self.told and not (self.number + self.key).strip("0")

    @property
    def words(self) -> str:
        """As the screen shows it."""
        if not self.told:
            return ""
        return "sem nota" if self.none_issued else f"NF {self.number} série {self.series or '-'}"


class Shipment(Struct, frozen=True):
    """How a parcel went off."""

    carrier: str = ""
    code: str = ""
    url: str = ""


class Step(Struct, frozen=True):
    """One line of the *histórico*."""

    at: int
    """UTC milliseconds."""
    what: str
    who: str
    source: Source
    note: str = ""


class Order(Struct, frozen=True):
    """An order as its platform last told it. Money in centavos, instants in UTC milliseconds."""

    remote_id: str
    """What the platform calls it in its calls."""
    number: str
    """What people call it."""
    state: OrderState
    payment: PaymentState
    delivery: DeliveryState
    method: PayMethod
    method_name: str
    created_at: int
    updated_at: int
    customer: str
    document: str
    """CPF or CNPJ, bare; empty when the platform gives none."""
    email: str
    phone: str
    address: tuple[str, ...]
    items: tuple[OrderItem, ...]
    subtotal: int
    discount: int
    freight: int
    tax: int
    total: int
    shipping: str
    """What the customer chose: `PAC`, `SEDEX`, a pick-up."""
    invoice: Invoice = Invoice()
    shipment: Shipment = Shipment()
    steps: tuple[Step, ...] = ()
    note: str = ""
    strange: str = ""
    """What of it could not be understood, in words."""
    partial: bool = False
    """Only a part of the items has gone this far."""
    handle: str = ""
    """What the platform's next call must name beside the order, such as a fulfillment or payment."""

    @property
    def badges(self) -> tuple[str, str]:
        """Payment and delivery in words; the order's own state stands for the payment once it is over."""
        payment = PAYMENT_WORDS[self.payment]
        if self.state is OrderState.CANCELED and self.payment in (_P.PENDING, _P.UNKNOWN):
            payment = "Cancelado"
        delivery = DELIVERY_WORDS[self.delivery]
        return payment, f"{delivery} em parte" if self.partial else delivery


W = TypeVar("W", bound=StrEnum)


def jumps(before: Order, after: Order) -> list[str]:
    """Say, a sentence each, which of the three states moved in a way that no table allows.

    Orders are read now and then, so several allowed moves in a row are no jump.
    """
    found = []
    if not _reachable(ORDER_MOVES, before.state, after.state):
        found.append(_jump("O pedido", ORDER_WORDS[before.state], ORDER_WORDS[after.state]))
    if not _reachable(PAYMENT_MOVES, before.payment, after.payment):
        found.append(_jump("O pagamento", PAYMENT_WORDS[before.payment], PAYMENT_WORDS[after.payment]))
    if not _reachable(DELIVERY_MOVES, before.delivery, after.delivery):
        found.append(_jump("A entrega", DELIVERY_WORDS[before.delivery], DELIVERY_WORDS[after.delivery]))
    late = after.payment in (_P.REFUNDED, _P.CHARGEBACK) and after.payment is not before.payment
    if late and after.delivery in (_D.SHIPPED, _D.DELIVERED):
        words = PAYMENT_WORDS[after.payment].lower()
        found.append(f"O pagamento foi {words} com o pedido já {DELIVERY_WORDS[after.delivery].lower()}.")
    return found


def _jump(what: str, before: str, after: str) -> str:
    return f"{what} passou de {before} a {after} na plataforma, o que não se esperava."


def _reachable(moves: dict[W, frozenset[W]], before: W, after: W) -> bool:
    if before == after or "unknown" in (before.value, after.value):
        return True
    seen, edge = {before}, {before}
    while edge:
        edge = {then for state in edge for then in moves.get(state, frozenset())} - seen
        seen |= edge
    return after in seen
