"""DT One's products as offers: only those whose value is told in reais."""

from collections.abc import Iterable

from pos_tui.domain.text import clean
from pos_tui.domain.topup import Offer
from pos_tui.providers.amounts import nearest_centavos
from pos_tui.providers.safe_json import Json, JsonObject, json_child, json_text

BRL = "BRL"
_FIXED, _RANGED = "FIXED_VALUE_RECHARGE", "RANGED_VALUE_RECHARGE"
_DAYS = {"DAY": 1, "WEEK": 7}


def brl(amount: JsonObject) -> int | None:
    """Centavos of `{amount, unit}`, when the unit is the real and the amount a plain number."""
    if json_text(amount, "unit") != BRL:
        return None
    try:
        return nearest_centavos(json_text(amount, "amount"))
    except ValueError:
        return None


def offers_in(products: Iterable[Json]) -> tuple[Offer, ...]:
    """Read the products; what is no top-up, has no value in reais or cannot be read is left out."""
    offers = (_offer(product) for product in products)
    return tuple(offer for offer in offers if offer is not None)


def _offer(product: Json) -> Offer | None:
    kind, code = json_text(product, "type"), json_text(product, "id")
    destination = json_child(product, "destination")
    bounds = json_child(destination, "amount")
    face = (brl(destination) or 0) if kind == _FIXED else 0
    minimum, maximum = (
        (brl({"unit": json_text(destination, "unit"), "amount": json_text(bounds, name)}) or 0)
        if kind == _RANGED
        else 0
        for name in ("min", "max")
    )
    if not code.isdecimal() or not (face > 0 or 0 < minimum <= maximum):
        return None
    operator = json_child(product, "operator")
    return Offer(
        operator=clean(json_text(operator, "id"), 20),
        operator_name=clean(json_text(operator, "name"), 40),
        product=code,
        name=clean(json_text(product, "name"), 60),
        face=face,
        cost=brl(json_child(json_child(product, "prices"), "wholesale")),
        validity_days=_validity(json_child(product, "validity")),
        minimum=minimum,
        maximum=maximum,
    )


def _validity(validity: JsonObject) -> int | None:
    unit, quantity = json_text(validity, "unit"), json_text(validity, "quantity")
    if unit not in _DAYS or not quantity.isdecimal() or len(quantity) > 4:
        return None
    return int(quantity) * _DAYS[unit] or None
