"""Celcoin's values: per area code and operator, put together to one list of offers."""

from collections.abc import Iterable

from msgspec import Struct

from pos_tui.domain.text import clean
from pos_tui.domain.topup import Offer
from pos_tui.domain.values import replace
from pos_tui.providers.amounts import centavos, nearest_centavos
from pos_tui.providers.safe_json import Json, JsonObject, json_list, json_text

_PHONE, _ONLINE = "1", "2"


class Operator(Struct, frozen=True):
    """A company that sells top-ups in an area code."""

    code: str
    name: str


def operators_in(answer: JsonObject) -> list[Operator]:
    """Read the operators; what is no phone or no online top-up is left out."""
    return [
        Operator(json_text(entry, "providerId"), clean(json_text(entry, "name"), 40))
        for entry in json_list(answer, "providers") or []
        if json_text(entry, "providerId").isdecimal()
        and json_text(entry, "category") in ("", _PHONE)
        and json_text(entry, "TipoRecarganameProvider") in ("", _ONLINE)
    ]


def values_in(answer: JsonObject, operator: Operator, uf: str) -> list[Offer]:
    """Read the values of an operator. Their list is called `value`, and `providers` by an older client."""
    entries = json_list(answer, "value") or json_list(answer, "providers") or []
    offers = (_offer(entry, operator, uf) for entry in entries)
    return [offer for offer in offers if offer is not None]


def _offer(entry: Json, operator: Operator, uf: str) -> Offer | None:
    """Read one value: fixed when both bounds are equal, else free between them; upside down is none."""
    minimum, maximum = (_exact(json_text(entry, name)) for name in ("minValue", "maxValue"))
    if not 0 < minimum <= maximum:
        return None
    fixed = minimum == maximum
    days = json_text(entry, "dueProduct")
    return Offer(
        operator=operator.code,
        operator_name=operator.name,
        # Celcoin is told operator and value, never a product; this only tells offers apart.
        product=f"{operator.code}-{minimum}" if fixed else f"{operator.code}-{minimum}-{maximum}",
        name=clean(json_text(entry, "productName"), 60),
        face=minimum if fixed else 0,
        cost=_cost(json_text(entry, "cost")) if fixed else None,
        validity_days=int(days) if days.isdecimal() and 0 < int(days) < 10_000 else None,
        minimum=0 if fixed else minimum,
        maximum=0 if fixed else maximum,
        ufs=frozenset({uf}),
    )


def merge_offers(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """Put the same offer of several states together."""
    merged: dict[tuple[str, str], Offer] = {}
    for offer in offers:
        identity = (offer.product, offer.name)
        known = merged.get(identity)
        merged[identity] = replace(known, ufs=known.ufs | offer.ufs) if known else offer
    return tuple(merged.values())


def _exact(text: str) -> int:
    try:
        return centavos(text)
    except ValueError:
        return 0


def _cost(text: str) -> int | None:
    """Celcoin writes 0 where it does not tell."""
    try:
        return nearest_centavos(text) or None
    except ValueError:
        return None
