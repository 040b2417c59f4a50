"""Money is an integer number of centavos, everywhere and always."""

import re

MAX_CENTAVOS = 99_999_999
"""R$ 999.999,99: more than a counter takes, less than a scanned bar code typed by accident."""

_TYPED = re.compile(r"(?:R\$)?\s*([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,([0-9]{1,2}))?")


def format_money(centavos: int) -> str:
    """Write centavos as the counter reads them: `123456` → `1.234,56`."""
    sign = "-" if centavos < 0 else ""
    reais, cents = divmod(abs(centavos), 100)
    return f"{sign}{reais:,}".replace(",", ".") + f",{cents:02d}"


def format_brl(centavos: int) -> str:
    """Write centavos with the currency sign: `400` → `R$ 4,00`."""
    return f"R$ {format_money(centavos)}"


def parse_money(text: str) -> int:
    """Read what a person typed: `12`, `12,5`, `1.234,56`, `R$ 4,00`.

    Raises:
        ValueError: when it is not an amount, or above `MAX_CENTAVOS`. A dot is only ever a
            thousands separator, so `12.50` is refused rather than guessed.
    """
    match = _TYPED.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    centavos = int(match[1].replace(".", "")) * 100 + int((match[2] or "0").ljust(2, "0"))
    if centavos > MAX_CENTAVOS:
        raise ValueError(text)
    return centavos
