"""What a seller earns: a percentage of what a sale left the store, or of what was sold.

No law and no provider fixes it: each store agrees it with its people, so it is configuration. Rates are
hundredths of a percent (`2,5 %` is 250) and amounts are centavos, so that nothing is ever a float.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from pos_tui.domain.text import fold

_PERCENT = re.compile(r"([0-9]{1,3})(?:[,.]([0-9]{1,2}))?\s*%?")
WHOLE = 10_000
"""One hundred percent."""


class Basis(StrEnum):
    """What the percentage is taken of."""

    MARGIN = "margin"
    SOLD = "sold"


def parse_percent(text: str) -> int:
    """Read `2`, `2,5`, `2,50 %` as hundredths of a percent. Raises ValueError above 100 or for no number."""
    match = _PERCENT.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    rate = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))
    if rate > WHOLE:
        raise ValueError(text)
    return rate


def format_percent(rate: int) -> str:
    """Write a rate as the counter reads it: `250` → `2,5%`."""
    whole, part = divmod(rate, 100)
    return f"{whole},{part:02d}".rstrip("0").rstrip(",") + "%"


def parse_seller_rate(text: str) -> tuple[str, int]:
    """Read `Adriana Gonçalves: 2,5` as name and rate. Raises ValueError."""
    name, colon, percent = text.rpartition(":")
    if not colon or not name.strip():
        raise ValueError(text)
    return name.strip(), parse_percent(percent)


class Rates(Struct, frozen=True):
    """What the store agreed with its sellers."""

    basis: Basis = Basis.MARGIN
    common: int = 0
    """Hundredths of a percent for whoever has no rate of their own."""
    own: Mapping[str, int] = field(default_factory=dict)
    """By name as search compares it."""
    items: int = 0
    """Hundredths of a percent of what services and products were sold for."""

    def of(self, seller: str) -> int:
        """Return a seller's rate."""
        return self.own.get(fold(seller), self.common)

    def earned(self, seller: str, sold: int, margin: int) -> int:
        """Return the commission of top-ups in centavos; a margin below zero earns nothing."""
        return _part(max(0, margin if self.basis is Basis.MARGIN else sold), self.of(seller))

    def earned_of_items(self, sold: int) -> int:
        """Return the commission of services and products in centavos."""
        return _part(sold, self.items)


def _part(amount: int, rate: int) -> int:
    """Half a centavo goes up."""
    return (amount * rate + WHOLE // 2) // WHOLE
