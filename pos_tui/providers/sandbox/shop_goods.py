"""What the practice shop opens with: an order in every situation of the manual. Everybody is invented."""

from datetime import datetime, timedelta
from typing import Any

BALANCES = {"501": 40, "502": 12, "503": 1, "504": 7}
"""How many there are of each variation; the blue bottle is nearly gone."""

_GOODS = {
    "501": ("CAM-P-AZ", "Camiseta básica", "P azul", "59.90", "A1"),
    "502": ("CAN-UN", "Caneca de louça", "", "32.50", "B2"),
    "503": ("GAR-AZ", "Garrafa térmica", "azul", "118.00", "B3"),
    "504": ("", "Adesivo sortido", "", "4.25", ""),
}
"""Variation → SKU, name, variation, price and place. The sticker has no SKU, as marketplaces send it."""

_PEOPLE = (
    ("Joana Prado de Araújo", "52998224725", "joana@example.com"),
    ("Antônio Vilela", "11144477735", "antonio@example.com"),
    ("Papelaria Três Irmãos Ltda", "11222333000181", "compras@example.com"),
    ("Íris Nogueira", "12345678909", "iris@example.com"),
)
KEY = "50260511222333000181550010000012341000012343"
"""The note the ERP imported: number 1234, series 1."""


def seed_orders(now: datetime) -> list[dict[str, Any]]:
    """Return the orders of a shop whose present hour is `now`, an aware instant of its zone."""
    made = [
        _order(1, now, 50, ("manual", "Depósito bancário"), "pending", "unfulfilled", "PAC", {"501": 2}),
        _order(2, now, 44, ("creditcard", "Cartão Visa 3x"), "approved", "unfulfilled", "SEDEX", {"502": 1}),
        _order(3, now, 40, ("billet", "Boleto bancário"), "pending", "unfulfilled", "PAC", {"502": 2}),
        _order(4, now, 30, ("pix", "Pix"), "approved", "unfulfilled", "PAC", {"503": 3, "504": 2}),
        _order(5, now, 26, ("creditcard", "Cartão Master"), "approved", "attended", "SEDEX", {"501": 1}),
        _order(6, now, 20, ("manual", "Transferência"), "approved", "invoiced", "PAC", {"502": 1}),
        _order(7, now, 70, ("billet", "Boleto bancário"), "approved", "shipped", "PAC", {"501": 1}),
        _order(8, now, 90, ("pix", "Pix"), "approved", "delivered", "SEDEX", {"504": 10}),
        _order(9, now, 12, ("creditcard", "Cartão Elo"), "denied", "unfulfilled", "PAC", {"503": 1}),
        _order(10, now, 6, ("manual", "Depósito bancário"), "approved", "unfulfilled", "Retirar na loja",
               {"502": 1, "504": 5}),
    ]  # fmt: skip
    made[4]["fulfillment"] |= {"nfe_number": "1234", "nfe_series": "1", "nfe_token": KEY}
    return made


def _order(
    number: int,
    now: datetime,
    hours: int,
    method: tuple[str, str],
    payment: str,
    delivery: str,
    shipping: str,
    goods: dict[str, int],
) -> dict[str, Any]:
    at = f"{now - timedelta(hours=hours):%Y-%m-%d %H:%M:%S}"
    items = [_item(index, key, count) for index, (key, count) in enumerate(goods.items(), 1)]
    freight = 0 if shipping.startswith("Retirar") else 1850
    goods_total = sum(round(float(item["price"]) * 100) * item["quantity"] for item in items)
    name, document, email = _PEOPLE[number % len(_PEOPLE)]
    return {
        "id": number,
        "code": str(1000 + number),
        "status": "open",
        "payment_status": payment,
        "fulfillment_status": delivery,
        "subtotal": _reais(goods_total),
        "discount": "0.00",
        "tax": "0.00",
        "total": _reais(goods_total + freight),
        "note": "Tocar a campainha" if number == 2 else "",
        "created_at": at,
        "updated_at": at,
        "customer": {"name": name, "cgc": document, "email": email, "phone": "(67) 99999-8888"},
        "address": {
            "receiver": name,
            "zipcode": "79002-000",
            "street": "Rua 14 de Julho",
            "number": str(100 + number),
            "detail": "",
            "district": "Centro",
            "city": "Campo Grande",
            "state": "MS",
        },
        "payment": {"method": method[0], "name": method[1], "parcels": 1, "status": payment},
        "shipping": {"name": shipping, "alias": shipping, "price": _reais(freight)},
        "fulfillment": _sent(delivery, number),
        "items": items,
        "histories": [
            {"id": 1, "status": "open", "note": "", "user_name": name, "user_type": "frontend"}
            | {"created_at": at}
        ],
    }


def _item(index: int, key: str, count: int) -> dict[str, Any]:
    sku, name, variation, price, place = _GOODS[key]
    item = {"id": index, "variation_id": int(key), "name": name, "variation": variation, "quantity": count}
    return {**item, "price": price, "stock_location": place, **({"sku": sku} if sku else {})}


def _sent(delivery: str, number: int) -> dict[str, Any]:
    sent: dict[str, Any] = {"status": delivery}
    if delivery in ("invoiced", "shipped", "delivered"):
        sent |= {"nfe_number": str(1200 + number), "nfe_series": "1", "nfe_token": KEY}
    if delivery in ("shipped", "delivered"):
        sent |= {"shipping_code": "AA123456785BR", "shipping_carrier": "PAC"}
    return sent


def _reais(centavos: int) -> str:
    return f"{centavos // 100}.{centavos % 100:02d}"
