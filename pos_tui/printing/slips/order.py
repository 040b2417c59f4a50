"""Papers of an online order: the order itself, the list for picking, and the slip inside the parcel."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from msgspec import Struct

from pos_tui.domain.money import format_brl, format_money
from pos_tui.printing.receipt import Blank, Block, Kind, Pair, Receipt, Rule, Text
from pos_tui.printing.slips.common import StoreHead, local, pairs, store_head, title


class OrderItem(Struct, frozen=True):
    """One item. `price` is of one unit, in centavos."""

    sku: str
    description: str
    quantity: int
    price: int = 0
    variation: str = ""
    place: str = ""
    """Where it lies in the stock."""


class OrderSlip(Struct, frozen=True):
    """An order as the shop's platform tells it. Money in centavos."""

    store: StoreHead
    number: str
    channel: str
    at: datetime
    customer: str
    items: tuple[OrderItem, ...]
    total: int
    phone: str = ""
    address: tuple[str, ...] = ()
    delivery: str = ""
    payment: str = ""
    freight: int = 0
    discount: int = 0
    tracking: str = ""
    note: str = ""


def order_receipt(order: OrderSlip, *, tz: tzinfo, training: bool = False) -> Receipt:
    """Return the order with its prices."""
    blocks = (
        *_head(order, "PEDIDO", tz),
        Rule(),
        *(block for item in order.items for block in _priced(item)),
        Rule(),
        *pairs(
            ("Frete", format_brl(order.freight) if order.freight else ""),
            ("Desconto", format_brl(-order.discount) if order.discount else ""),
        ),
        Pair("TOTAL", format_brl(order.total), bold=True),
        *pairs(("Pagamento", order.payment)),
        *_delivery(order),
    )
    return Receipt(Kind.ORDER, blocks, training=training)


def picking_list(
    orders: tuple[OrderSlip, ...], *, at: datetime, tz: tzinfo, training: bool = False
) -> Receipt:
    """Return one list of what to fetch for several orders, by place and SKU, with a box to tick.

    Raises ValueError without orders.
    """
    if not orders:
        raise ValueError("picking_list: no orders")
    blocks = (
        *store_head(orders[0].store),
        title("LISTA DE SEPARAÇÃO"),
        Pair("Data/hora", local(at, tz)),
        Pair("Pedidos", ", ".join(order.number for order in orders)),
        Rule(),
        *_to_fetch(orders),
    )
    return Receipt(Kind.PICKING, blocks, training=training)


def packing_slip(order: OrderSlip, *, tz: tzinfo, training: bool = False) -> Receipt:
    """Return the slip that goes into the parcel: no prices."""
    blocks = (
        *_head(order, "ROMANEIO DE EMBALAGEM", tz),
        Rule(),
        *(Pair(_named(item), f"{item.quantity} un") for item in order.items),
        Pair("Volumes de itens", str(sum(item.quantity for item in order.items)), bold=True),
        *_delivery(order),
    )
    return Receipt(Kind.PACKING, blocks, training=training)


def _head(order: OrderSlip, name: str, tz: tzinfo) -> Iterator[Block]:
    yield from store_head(order.store)
    yield title(f"{name} {order.number}")
    yield from pairs(
        ("Canal", order.channel),
        ("Data/hora", local(order.at, tz)),
        ("Cliente", order.customer),
        ("Telefone", order.phone),
    )


def _named(item: OrderItem) -> str:
    return " ".join(part for part in (item.sku, item.description, item.variation) if part)


def _priced(item: OrderItem) -> Iterator[Block]:
    yield Pair(_named(item), format_money(item.quantity * item.price))
    if item.quantity != 1:
        yield Text(f"   {item.quantity} x {format_money(item.price)}")


def _to_fetch(orders: tuple[OrderSlip, ...]) -> Iterator[Block]:
    found: dict[tuple[str, str, str], tuple[OrderItem, int]] = {}
    for item in (item for order in orders for item in order.items):
        key = (item.place, item.sku, item.variation)
        first, count = found.get(key, (item, 0))
        found[key] = (first, count + item.quantity)
    for key in sorted(found):
        item, count = found[key]
        yield Pair(f"[ ] {_named(item)}", f"{count} un", bold=True)
        if item.place:
            yield Text(f"Local: {item.place}")


def _delivery(order: OrderSlip) -> Iterator[Block]:
    yield Rule()
    yield from pairs(("Entrega", order.delivery), ("Rastreio", order.tracking))
    for line in order.address:
        yield Text(line)
    if order.note:
        yield Blank()
        yield Text(f"Observação: {order.note}", bold=True)
