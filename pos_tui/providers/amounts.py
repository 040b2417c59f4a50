"""Decimal reais as providers write them (`"48.25"`), to and from integer centavos. No float on the way."""

import re
from decimal import ROUND_HALF_UP, Decimal

_DECIMAL = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")


def centavos(text: str) -> int:
    """Read an amount that must be a whole number of centavos. Raises ValueError."""
    exact = _read(text) * 100
    if exact != exact.to_integral_value():
        raise ValueError(text)
    return int(exact)


def nearest_centavos(text: str) -> int:
    """Read an amount that may have fractions of a centavo, as costs do (`"14.475"`). Raises ValueError."""
    return int((_read(text) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def reais(amount: int) -> str:
    """Write centavos as decimal reais: `1500` → `"15.00"`."""
    return f"{amount // 100}.{amount % 100:02d}"


def _read(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text.strip()):
        raise ValueError(text)
    return Decimal(text.strip())
