"""An order in Dooca's JSON (facts/orders.md §1.1: two public clients and the official SDK agree on it)."""

from datetime import tzinfo

from pos_tui.domain.order import (
    DELIVERY_WORDS,
    PAYMENT_WORDS,
    DeliveryState,
    Invoice,
    Order,
    OrderItem,
    OrderState,
    PaymentState,
    PayMethod,
    Shipment,
    Source,
    Step,
)
from pos_tui.domain.text import clean
from pos_tui.providers.orders.reading import (
    Person,
    Totals,
    Unreadable,
    count,
    document,
    instant,
    money,
    text,
    word,
)
from pos_tui.providers.safe_json import Json, json_child, json_list, json_text

_O, _P, _D, _M = OrderState, PaymentState, DeliveryState, PayMethod
STATES = {
    "open": _O.OPEN,
    "canceled": _O.CANCELED,
    "cancelled": _O.CANCELED,
    "archived": _O.ARCHIVED,
}
PAYMENTS = {
    "pending": _P.PENDING,
    "unpaid": _P.PENDING,
    "paid": _P.APPROVED,
    "approved": _P.APPROVED,
    "denied": _P.DENIED,
    "expired": _P.EXPIRED,
    "voided": _P.CANCELED,
    "canceled": _P.CANCELED,
    "refunded": _P.REFUNDED,
    "chargeback": _P.CHARGEBACK,
}
DELIVERIES = {
    "": _D.UNFULFILLED,
    "unfulfilled": _D.UNFULFILLED,
    "attended": _D.ATTENDED,
    "invoiced": _D.INVOICED,
    "shipped": _D.SHIPPED,
    "delivered": _D.DELIVERED,
}
METHODS = {"manual": _M.MANUAL, "billet": _M.BILLET, "creditcard": _M.CARD, "pix": _M.PIX}
SOURCES = {
    "admin": Source.PANEL,
    "erp": Source.ERP,
    "api": Source.API,
    "app": Source.API,
    "bridge": Source.API,
    "frontend": Source.CUSTOMER,
}
_NOTE_LENGTH = 300


def read_order(row: Json, zone: tzinfo) -> Order:
    """Read an order; `zone` is that of its times. Raises Unreadable."""
    remote_id, created = text(row, "id", limit=40), instant(json_text(row, "created_at"), zone)
    if not remote_id or created is None:
        raise Unreadable("falta o número ou a data")
    strange: list[str] = []
    payment, shipping = json_child(row, "payment"), json_child(row, "shipping")
    return Order(
        remote_id=remote_id,
        number=text(row, "code", limit=40) or remote_id,
        state=word(row, "status", STATES, _O.UNKNOWN, strange),
        payment=word(row, "payment_status", PAYMENTS, _P.UNKNOWN, strange),
        delivery=word(row, "fulfillment_status", DELIVERIES, _D.UNKNOWN, strange),
        method=METHODS.get(text(payment, "method").lower(), _M.OTHER),
        method_name=text(payment, "name", "method", limit=60),
        created_at=created,
        updated_at=instant(json_text(row, "updated_at"), zone) or created,
        **_person(row),
        items=tuple(_item(item) for item in json_list(row, "items") or ()),
        **_totals(row),
        shipping=text(shipping, "name", "alias", limit=60),
        invoice=_invoice(json_child(row, "fulfillment")),
        shipment=_shipment(json_child(row, "fulfillment")),
        steps=_steps(row, zone),
        note=text(row, "note", limit=_NOTE_LENGTH),
        strange=" ".join(strange),
    )


def _person(row: Json) -> Person:
    customer = json_child(row, "customer")
    return Person(
        customer=text(customer, "name") or "sem nome",
        document=document(json_text(customer, "cgc"), json_text(customer, "doc")),
        email=text(customer, "email"),
        phone=text(customer, "phone", limit=40),
        address=_address(json_child(row, "address")),
    )


def _totals(row: Json) -> Totals:
    """The discount that is told may be a centavo off, for Pix; what was really taken off is not told."""
    subtotal, total, tax = money(row, "subtotal", 0), money(row, "total"), money(row, "tax", 0)
    freight = money(json_child(row, "shipping"), "price", 0)
    taken_off = subtotal + freight + tax - total
    return Totals(subtotal=subtotal, discount=taken_off, freight=freight, tax=tax, total=total)


def _invoice(sent: Json) -> Invoice:
    return Invoice(
        text(sent, "nfe_number", limit=20),
        text(sent, "nfe_series", limit=10),
        text(sent, "nfe_token", limit=60).upper(),
    )


def _shipment(sent: Json) -> Shipment:
    return Shipment(
        text(sent, "shipping_carrier", limit=60),
        text(sent, "shipping_code", limit=60).upper(),
        text(sent, "shipping_track_url", limit=200),
    )


def _item(row: Json) -> OrderItem:
    variation = text(row, "variation_id", limit=40)
    return OrderItem(
        id=text(row, "id", limit=40) or variation,
        sku=text(row, "sku", "reference", limit=60),
        name=text(row, "name"),
        quantity=count(row, "quantity"),
        price=money(row, "price", 0),
        variation=text(row, "variation", limit=60),
        variation_id=variation,
        place=text(row, "stock_location", limit=40),
    )


def _address(row: Json) -> tuple[str, ...]:
    street = " ".join(
        part for part in (text(row, "street"), text(row, "number"), text(row, "detail")) if part
    )
    city = " - ".join(part for part in (text(row, "city"), text(row, "state")) if part)
    zipcode = text(row, "zipcode", limit=12)
    lines = (text(row, "receiver"), street, text(row, "district"), city, f"CEP {zipcode}" if zipcode else "")
    return tuple(line for line in lines if line)


def _steps(row: Json, zone: tzinfo) -> tuple[Step, ...]:
    found = []
    for line in json_list(row, "histories") or ():
        at = instant(json_text(line, "created_at"), zone)
        if at is None:
            continue
        said = text(line, "status", limit=40)
        source = SOURCES.get(text(line, "user_type").lower(), Source.SYSTEM)
        who, note = text(line, "user_name", limit=60), clean(json_text(line, "note"), _NOTE_LENGTH)
        found.append(Step(at, _STEP_WORDS.get(said, said) or "Anotação", who, source, note))
    return tuple(found)


_STEP_WORDS = {
    **{word: PAYMENT_WORDS[state] for word, state in PAYMENTS.items()},
    **{word: DELIVERY_WORDS[state] for word, state in DELIVERIES.items() if word},
    "approved": "Pagamento aprovado",
    "open": "Pedido feito",
    "canceled": "Pedido cancelado",
    "archived": "Pedido arquivado",
}
