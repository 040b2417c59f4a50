"""What a card sale should cost by contract, and what it did (facts/cards-and-isp.md A.9).

A difference is told apart and never stands in the way of the match.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

from msgspec import Struct

from pos_tui.domain.card import Brand
from pos_tui.domain.reconciliation import Acquirer, Modality, split

ANY = "*"


class Rate(Struct, frozen=True):
    """A contracted rate (MDR) for a range of instalments."""

    acquirer: str
    brand: str
    """A brand, or `*`."""
    modality: str
    least: int
    most: int
    percent: Decimal


class FeeState(StrEnum):
    """What the audit of a fee found."""

    UNKNOWN = ""
    """No contracted rate, or the statement tells no fee."""
    AGREED = "agreed"
    DIFFERENT = "different"


def parse_rate(text: str) -> Rate:
    """Read one contracted rate: `stone visa credit 2-6 2,89` (acquirer, brand or *, modality, parcelas, %).

    Raises:
        ValueError: with a sentence that says what is wrong.
    """
    parts = text.split()
    if len(parts) != 5:
        raise ValueError(
            "escreva adquirente, bandeira ou *, modalidade, parcelas e taxa: rede * credit 2-6 2,89"
        )
    acquirer, brand, modality, band, percent = parts
    for value, allowed in (
        (acquirer, frozenset(Acquirer)),
        (brand, frozenset(Brand) | {ANY}),
        (modality, frozenset(Modality)),
    ):
        if value not in allowed:
            raise ValueError(f"«{value}» não existe; valem: {', '.join(sorted(allowed))}")
    first, _, last = band.partition("-")
    if (
        not (first.isdecimal() and (last or first).isdecimal())
        or int(first) < 1
        or int(last or first) < int(first)
    ):
        raise ValueError(f"«{band}» não são parcelas: use 1 ou 2-6")
    try:
        rate = Decimal(percent.replace(",", "."))
    except InvalidOperation:
        raise ValueError(f"«{percent}» não é uma taxa em %: use 2,89") from None
    if not rate.is_finite() or not 0 <= rate < 100:
        raise ValueError(f"«{percent}» não é uma taxa em %: use 2,89")
    return Rate(acquirer, brand, modality, int(first), int(last or first), rate)


def rate_for(
    rates: Iterable[Rate], acquirer: str, brand: str, modality: str, instalments: int
) -> Decimal | None:
    """Return the contracted rate in per cent; one for the very brand goes before one for any."""
    found: Decimal | None = None
    for rate in rates:
        if (rate.acquirer, rate.modality) != (acquirer, modality):
            continue
        if not rate.least <= max(1, instalments) <= rate.most:
            continue
        if rate.brand == brand:
            return rate.percent
        if rate.brand == ANY:
            found = rate.percent
    return found


def fee_of(amount: int, percent: Decimal) -> int:
    """Return the fee of one instalment in centavos, half a centavo up."""
    return int((amount * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))


def expected_fee(amount: int, instalments: int, percent: Decimal) -> int:
    """Return the fee of a sale: each instalment rounded by itself."""
    return sum(fee_of(part, percent) for part in split(amount, max(1, instalments)))


def audit(
    rates: Sequence[Rate],
    acquirer: str,
    brand: str,
    modality: str,
    instalments: int,
    amount: int,
    charged: int | None,
) -> tuple[FeeState, int | None]:
    """Compare what was charged with the contract; a centavo per instalment is tolerated.

    Returns the finding and the expected fee, None where the contract tells none.
    """
    percent = rate_for(rates, acquirer, brand, modality, instalments)
    if percent is None:
        return FeeState.UNKNOWN, None
    due = expected_fee(amount, instalments, percent)
    if charged is None:
        return FeeState.UNKNOWN, due
    agreed = abs(charged - due) <= max(1, instalments)
    return (FeeState.AGREED if agreed else FeeState.DIFFERENT), due
