"""What orders have in common in every platform's JSON: money, instants, texts. Nothing is guessed."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import TypedDict, TypeVar

from pos_tui.domain.documents import parse_document
from pos_tui.domain.instants import to_ms
from pos_tui.domain.money import parse_money
from pos_tui.domain.text import clean
from pos_tui.providers.amounts import nearest_centavos
from pos_tui.providers.safe_json import Json, json_text

T = TypeVar("T")


class Totals(TypedDict):
    """What an order comes to, in centavos, by the names of `Order`."""

    subtotal: int
    discount: int
    freight: int
    tax: int
    total: int


class Person(TypedDict):
    """Who bought, by the names of `Order`."""

    customer: str
    document: str
    email: str
    phone: str
    address: tuple[str, ...]


class Unreadable(Exception):
    """An order lacks what it cannot do without."""


def text(parent: Json, *names: str, limit: int = 120) -> str:
    """Return the first of these fields that says anything, cleaned."""
    return next((found for name in names if (found := clean(json_text(parent, name), limit))), "")


def money(parent: Json, name: str, default: int | None = None) -> int:
    """Read an amount, a number or a text, as centavos.

    Raises:
        Unreadable: it is no amount; or there is none, and no default.
    """
    written = json_text(parent, name).strip()
    if not written and default is not None:
        return default
    try:
        return nearest_centavos(written)
    except ValueError:
        pass
    try:
        return parse_money(written)
    except ValueError:
        raise Unreadable(f"o valor «{name}» é {clean(written, 20)!r}") from None


def count(parent: Json, name: str) -> int:
    """Read how many; platforms write `2`, `"2"` and `2.0`. Raises Unreadable."""
    written = json_text(parent, name).strip()
    whole, _, fraction = written.partition(".")
    if not whole.isdecimal() or fraction.strip("0"):
        raise Unreadable(f"a quantidade «{name}» é {clean(written, 20)!r}")
    return int(whole)


def instant(written: str, zone: tzinfo) -> int | None:
    """Read a time as UTC milliseconds; one without a zone is in the platform's own. None when unreadable."""
    try:
        found = datetime.fromisoformat(written.strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    try:
        return to_ms((found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC))
    except OverflowError:
        return None


def word(parent: Json, name: str, words: Mapping[str, T], unknown: T, strange: list[str]) -> T:
    """Look a state's word up; one that no table lists is `unknown`, and is told in `strange`."""
    said = text(parent, name, limit=40).lower()
    if said in words:
        return words[said]
    strange.append(f"A loja virtual diz «{said or 'nada'}» em {name}.")
    return unknown


def document(*candidates: str) -> str:
    """Return the first CPF or CNPJ whose digits are right, bare; empty when there is none."""
    for candidate in candidates:
        try:
            return parse_document(candidate)
        except ValueError:
            continue
    return ""
