"""An order in Medusa's JSON (facts/orders.md §4). Amounts are decimal reais written as numbers."""

from datetime import UTC

from pos_tui.domain.order import (
    METHOD_WORDS,
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
from pos_tui.providers.safe_json import Json, JsonObject, json_child, json_list, json_text

FIELDS = (
    "id,display_id,status,payment_status,fulfillment_status,email,metadata,created_at,updated_at,canceled_at,"
    "total,item_subtotal,shipping_total,tax_total,discount_total,*items,*shipping_address,*shipping_methods,"
    "*customer,*fulfillments,*fulfillments.labels,*payment_collections,*payment_collections.payments"
)
"""Asked for by name: what is computed is not told otherwise, and unknown names are ignored."""
STOCK_FIELDS = (
    "id,*items,*items.variant.inventory_items,*items.variant.inventory_items.inventory.location_levels"
)
_O, _P, _D = OrderState, PaymentState, DeliveryState
STATES = {
    "pending": _O.OPEN,
    "requires_action": _O.OPEN,
    "completed": _O.OPEN,
    "canceled": _O.CANCELED,
    "archived": _O.ARCHIVED,
}
PAYMENTS = {
    "not_paid": _P.PENDING,
    "awaiting": _P.PENDING,
    "requires_action": _P.PENDING,
    "authorized": _P.PENDING,
    "partially_authorized": _P.PENDING,
    "partially_captured": _P.PENDING,
    "captured": _P.APPROVED,
    "partially_refunded": _P.APPROVED,
    "refunded": _P.REFUNDED,
    "canceled": _P.CANCELED,
}
DELIVERIES = {
    "not_fulfilled": _D.UNFULFILLED,
    "canceled": _D.UNFULFILLED,
    "partially_fulfilled": _D.ATTENDED,
    "fulfilled": _D.ATTENDED,
    "partially_shipped": _D.SHIPPED,
    "shipped": _D.SHIPPED,
    "partially_delivered": _D.DELIVERED,
    "delivered": _D.DELIVERED,
}


def read_order(row: Json) -> Order:
    """Read an order. Raises Unreadable."""
    remote_id, created = text(row, "id", limit=40), instant(json_text(row, "created_at"), UTC)
    if not remote_id or created is None:
        raise Unreadable("falta o número ou a data")
    strange: list[str] = []
    payment = word(row, "payment_status", PAYMENTS, _P.UNKNOWN, strange)
    delivery = word(row, "fulfillment_status", DELIVERIES, _D.UNKNOWN, strange)
    note, parcel = _invoice(json_child(row, "metadata")), _parcel(row)
    collection, payments = _paying(row)
    shipping = text(next(iter(json_list(row, "shipping_methods") or []), None), "name", limit=60)
    # A gateway leaves a payment when it authorises; a deposit is only told once it was marked as paid.
    manual = payment is _P.PENDING and not payments
    return Order(
        remote_id=remote_id,
        number=text(row, "display_id", limit=40) or remote_id,
        state=word(row, "status", STATES, _O.UNKNOWN, strange),
        payment=payment,
        delivery=_D.INVOICED if delivery is _D.ATTENDED and note.told else delivery,
        method=PayMethod.MANUAL if manual else PayMethod.OTHER,
        method_name=METHOD_WORDS[PayMethod.MANUAL] if manual else _paid_by(payments),
        created_at=created,
        updated_at=instant(json_text(row, "updated_at"), UTC) or created,
        **_person(row),
        items=tuple(_item(item) for item in json_list(row, "items") or ()),
        **_totals(row),
        shipping=shipping,
        invoice=note,
        shipment=_shipment(parcel, shipping),
        steps=_steps(row),
        strange=" ".join(strange),
        partial=text(row, "fulfillment_status").lower().startswith("partially_"),
        handle=text(parcel, "id", limit=60) or (collection if manual else ""),
    )


def _person(row: Json) -> Person:
    address, metadata = json_child(row, "shipping_address"), json_child(row, "metadata")
    email = text(row, "email")
    return Person(
        customer=_name(address) or _name(json_child(row, "customer")) or email or "sem nome",
        document=document(json_text(metadata, "cpf"), json_text(metadata, "document")),
        email=email,
        phone=text(address, "phone", limit=40),
        address=_address(address),
    )


def _totals(row: Json) -> Totals:
    return Totals(
        subtotal=money(row, "item_subtotal", 0),
        discount=money(row, "discount_total", 0),
        freight=money(row, "shipping_total", 0),
        tax=money(row, "tax_total", 0),
        total=money(row, "total"),
    )


def _invoice(metadata: Json) -> Invoice:
    return Invoice(
        text(metadata, "nfe_number", limit=20),
        text(metadata, "nfe_series", limit=10),
        text(metadata, "nfe_token", limit=60).upper(),
    )


def read_stock(row: Json) -> dict[str, int]:
    """Return what lies in all stocks of each item that is counted at all, by the item's id."""
    found: dict[str, int] = {}
    for item in json_list(row, "items") or ():
        kinds = json_list(json_child(item, "variant"), "inventory_items") or []
        levels = json_list(json_child(kinds[0], "inventory"), "location_levels") if kinds else None
        if levels:
            found[text(item, "id", limit=60)] = sum(count(level, "stocked_quantity") for level in levels)
    return found


def _paid_by(payments: list[Json]) -> str:
    return next((name for each in payments if (name := text(each, "provider_id", limit=60))), "")


def _name(row: Json) -> str:
    return " ".join(part for part in (text(row, "first_name"), text(row, "last_name")) if part)


def _item(row: Json) -> OrderItem:
    return OrderItem(
        id=text(row, "id", limit=60),
        sku=text(row, "variant_sku", limit=60),
        name=text(row, "product_title", "title"),
        quantity=count(row, "quantity"),
        price=money(row, "unit_price", 0),
        variation=text(row, "variant_title", limit=60),
        variation_id=text(row, "variant_id", limit=60),
    )


def _address(row: Json) -> tuple[str, ...]:
    city = " - ".join(part for part in (text(row, "city"), text(row, "province")) if part)
    zipcode = text(row, "postal_code", limit=12)
    lines = (_name(row), text(row, "address_1"), text(row, "address_2"), city)
    return tuple(line for line in (*lines, f"CEP {zipcode}" if zipcode else "") if line)


def _parcel(row: Json) -> JsonObject:
    """The last fulfillment that was not cancelled; cancelled ones stay in the list."""
    live = [each for each in json_list(row, "fulfillments") or () if not text(each, "canceled_at")]
    last = live[-1] if live else None
    return last if isinstance(last, dict) else {}


def _shipment(parcel: Json, carrier: str) -> Shipment:
    label = next(iter(json_list(parcel, "labels") or []), None)
    url = text(label, "tracking_url", limit=200)
    code = text(label, "tracking_number", limit=60).upper()
    return Shipment(carrier, code, url) if label is not None else Shipment()


def _paying(row: Json) -> tuple[str, list[Json]]:
    """The first payment collection's id, and every payment."""
    collections = json_list(row, "payment_collections") or []
    payments = [each for made in collections for each in json_list(made, "payments") or ()]
    return (text(collections[0], "id", limit=60) if collections else ""), payments


def _steps(row: Json) -> tuple[Step, ...]:
    """Medusa keeps no history: the instants it does keep are one."""
    _, payments = _paying(row)
    parcels = json_list(row, "fulfillments") or []
    told = [("Pedido feito", row, "created_at", Source.CUSTOMER)]
    told += [("Pagamento aprovado", each, "captured_at", Source.API) for each in payments]
    for name, words in (
        ("created_at", "Atendido"),
        ("shipped_at", "Enviado"),
        ("delivered_at", "Entregue"),
        ("canceled_at", "Atendimento cancelado"),
    ):
        told += [(words, each, name, Source.API) for each in parcels]
    told.append(("Pedido cancelado", row, "canceled_at", Source.API))
    steps = [
        Step(at, words, "", source)
        for words, parent, name, source in told
        if (at := instant(clean(json_text(parent, name)), UTC)) is not None
    ]
    return tuple(sorted(steps, key=lambda step: step.at))
