"""What may be done with an order, why not, and how to tell that it was done (facts/orders.md §2)."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from pos_tui.domain.card import refuse_pan
from pos_tui.domain.errors import FieldError
from pos_tui.domain.order import (
    DELIVERY_WORDS,
    ORDER_WORDS,
    PAYMENT_WORDS,
    DeliveryState,
    Invoice,
    Order,
    OrderState,
    PaymentState,
    PayMethod,
    Shipment,
)
from pos_tui.domain.text import clean
from pos_tui.domain.tracking import bare_code


class OrderAction(StrEnum):
    """What a person does with an order."""

    APPROVE = "approve"
    CANCEL = "cancel"
    RELEASE = "release"
    UNRELEASE = "unrelease"
    INVOICE = "invoice"
    SHIP = "ship"
    DELIVER = "deliver"


ACTION_LABELS = {
    OrderAction.APPROVE: "Aprovar pagamento",
    OrderAction.CANCEL: "Cancelar este pedido",
    OrderAction.RELEASE: "Liberar para faturamento",
    OrderAction.UNRELEASE: "Cancelar atendimento",
    OrderAction.INVOICE: "Faturar",
    OrderAction.SHIP: "Despachar",
    OrderAction.DELIVER: "Marcar como entregue",
}
DONE_WORDS = {
    OrderAction.APPROVE: "Pagamento aprovado",
    OrderAction.CANCEL: "Pedido cancelado",
    OrderAction.RELEASE: "Liberado para faturamento",
    OrderAction.UNRELEASE: "Atendimento cancelado",
    OrderAction.INVOICE: "Faturado",
    OrderAction.SHIP: "Despachado",
    OrderAction.DELIVER: "Marcado como entregue",
}
NOT_BY_HAND = (
    "Caso utilize boleto ou cartão, não aprove nem cancele manualmente: a situação se atualiza sozinha "
    "quando o intermediador responde."
)
NO_WAY_BACK = "Entregue é final: não há como voltar atrás por aqui."
_D, _P, _O = DeliveryState, PaymentState, OrderState


class Demand(Struct, frozen=True):
    """One action with what it writes."""

    action: OrderAction
    invoice: Invoice = field(default_factory=Invoice)
    shipment: Shipment = field(default_factory=Shipment)


def why_not(action: OrderAction, order: Order) -> str | None:
    """Say why an action is off, as a whole sentence, or None when it may be done."""
    if order.state is not _O.OPEN:
        return f"{ORDER_WORDS[order.state]}: nada mais se faz com ele por aqui."
    if action in (OrderAction.APPROVE, OrderAction.CANCEL):
        return _by_hand(action, order)
    if order.partial:
        return "Só uma parte dos itens seguiu: conclua o pedido no painel da loja virtual."
    if action is OrderAction.RELEASE and order.payment is not _P.APPROVED:
        return f"O pagamento está {PAYMENT_WORDS[order.payment]}: só depois de aprovado o pedido é liberado."
    if order.delivery in _FROM[action]:
        return None
    if order.delivery is _D.DELIVERED:
        return NO_WAY_BACK
    return f"O pedido está {DELIVERY_WORDS[order.delivery]}: {_NEEDS[action]}"


_FROM = {
    OrderAction.RELEASE: {_D.UNFULFILLED},
    OrderAction.UNRELEASE: {_D.ATTENDED},
    # A cancelled note may be replaced by another before the parcel leaves.
    OrderAction.INVOICE: {_D.ATTENDED, _D.INVOICED},
    OrderAction.SHIP: {_D.INVOICED},
    OrderAction.DELIVER: {_D.SHIPPED},
}
_NEEDS = {
    OrderAction.RELEASE: "já foi liberado.",
    OrderAction.UNRELEASE: "só um pedido Atendido tem o atendimento cancelado.",
    OrderAction.INVOICE: "fatura-se depois de liberar e antes de despachar.",
    OrderAction.SHIP: "despacha-se depois de faturar.",
    OrderAction.DELIVER: "só o que foi despachado pode ser marcado como entregue.",
}


def _by_hand(action: OrderAction, order: Order) -> str | None:
    if order.method is not PayMethod.MANUAL:
        return NOT_BY_HAND
    if order.payment is not _P.PENDING:
        return f"O pagamento já está {PAYMENT_WORDS[order.payment]}."
    if action is OrderAction.CANCEL and order.delivery not in (_D.UNFULFILLED, _D.ATTENDED):
        return f"O pedido já está {DELIVERY_WORDS[order.delivery]}: não se cancela mais."
    return None


def next_action(order: Order) -> OrderAction | None:
    """Return what is to be done next at the counter; None when the order waits for others or is over."""
    wanted = {
        _D.UNFULFILLED: OrderAction.APPROVE if order.payment is _P.PENDING else OrderAction.RELEASE,
        _D.ATTENDED: OrderAction.INVOICE,
        _D.INVOICED: OrderAction.SHIP,
        _D.SHIPPED: OrderAction.DELIVER,
    }.get(order.delivery)
    return wanted if wanted is not None and why_not(wanted, order) is None else None


def next_words(order: Order) -> str:
    """Return the next step as the list tells it."""
    action = next_action(order)
    if action is not None:
        return _NEXT[action]
    if order.state is not _O.OPEN or order.delivery is _D.DELIVERED:
        return "-"
    if order.payment is _P.PENDING:
        return "Aguardar"
    return "Ver painel"


_NEXT = {
    OrderAction.APPROVE: "Aprovar",
    OrderAction.RELEASE: "Liberar",
    OrderAction.INVOICE: "Faturar",
    OrderAction.SHIP: "Despachar",
    OrderAction.DELIVER: "Entregar",
}


def achieved(demand: Demand, order: Order) -> bool:
    """Tell by an order read again whether what was demanded stands there, whoever did it."""
    match demand.action:
        case OrderAction.APPROVE:
            return order.payment is _P.APPROVED
        case OrderAction.CANCEL:
            return order.state is _O.CANCELED
        case OrderAction.RELEASE:
            return order.delivery in _PAST_RELEASE
        case OrderAction.UNRELEASE:
            return order.delivery is _D.UNFULFILLED
        case OrderAction.INVOICE:
            return order.delivery in _PAST_INVOICE and _same_note(order.invoice, demand.invoice)
        case OrderAction.SHIP:
            return order.delivery in _PAST_SHIP and order.shipment.code == demand.shipment.code
        case OrderAction.DELIVER:
            return order.delivery is _D.DELIVERED


_PAST_SHIP = frozenset({_D.SHIPPED, _D.DELIVERED})
_PAST_INVOICE = _PAST_SHIP | {_D.INVOICED}
_PAST_RELEASE = _PAST_INVOICE | {_D.ATTENDED}


def _same_note(one: Invoice, other: Invoice) -> bool:
    # Platforms may keep a number as a number: 007 comes back as 7.
    same = one.number.lstrip("0") == other.number.lstrip("0")
    return same and one.series.lstrip("0") == other.series.lstrip("0") and one.key == other.key


def check_shipment(carrier: str, code: str, url: str = "") -> Shipment:
    """Return what was typed of a dispatch. Raises FieldError on `carrier` or `code`."""
    carrier, code = clean(carrier, 60), bare_code(code)
    if not carrier:
        raise FieldError("carrier", "Informe a transportadora, ou como o cliente recebe.")
    if not code:
        raise FieldError("code", "Informe o código de rastreio, ou como o cliente retira.")
    # A code is not looked at for card numbers: one in ten of those with 14 digits would pass for one.
    return Shipment(refuse_pan("carrier", carrier), code, url)


def shortfalls(order: Order, found: Mapping[str, int]) -> list[str]:
    """Say, a line each, what is missing in the stock. `found` is how many there are, by the item's id."""
    return [
        f"{item.code} {item.name}: pedido {item.quantity}, há {found.get(item.id, 0)}."
        for item in order.items
        if found.get(item.id, 0) < item.quantity
    ]


def as_data(demand: Demand) -> dict[str, str]:
    """Return a demand as it is written down before it is sent."""
    note, parcel = demand.invoice, demand.shipment
    told = {"number": note.number, "series": note.series, "nfe": note.key}
    told |= {"carrier": parcel.carrier, "code": parcel.code, "url": parcel.url}
    return {"action": demand.action.value, **{name: text for name, text in told.items() if text}}


def from_data(data: Mapping[str, str]) -> Demand:
    """Read what `as_data` wrote."""
    get = data.get
    return Demand(
        OrderAction(data["action"]),
        Invoice(get("number", ""), get("series", ""), get("nfe", "")),
        Shipment(get("carrier", ""), get("code", ""), get("url", "")),
    )
