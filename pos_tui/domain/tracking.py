"""Tracking codes of the UPU's S10 standard, as Correios uses them, and the link that customers get.

Source: facts/orders.md §5. Nothing here blocks: a code that does not fit is a warning, for other carriers and
the pick-up in the store have codes of their own.
"""

import re
from urllib.parse import quote

from pos_tui.domain.text import clean, fold

TRACKING_URL = "https://rastreamento.correios.com.br/app/index.php?objetos={code}"
"""Public code disagrees on the parameter and it cannot be verified offline: a setting can replace it."""

_S10 = re.compile(r"([A-Z]{2})([0-9]{8})([0-9])([A-Z]{2})")
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_CORREIOS = re.compile(r"\b(correios|pac|sedex)\b")
_MAILED = re.compile(r"\b(pac|sedex)\b")


def bare_code(text: str) -> str:
    """Return a tracking code in capitals, its ends and blanks tidied."""
    return clean(text, 60).upper()


def check_digit(serial: str) -> str:
    """Return the digit after the eight digits of an S10 code."""
    total = sum(int(digit) * weight for digit, weight in zip(serial, _WEIGHTS, strict=True))
    return {10: "0", 11: "5"}.get(11 - total % 11, str(11 - total % 11))


def doubt(carrier: str, code: str) -> str:
    """Say why a code of Correios looks wrong, or nothing. A warning, never a refusal."""
    if not is_correios(carrier):
        return ""
    match = _S10.fullmatch(bare_code(code).replace(" ", ""))
    if match is None:
        return "O código não tem o formato dos Correios (AA123456785BR)."
    if check_digit(match[2]) != match[3]:
        return "O dígito verificador do código dos Correios não confere."
    return ""


def is_correios(carrier: str) -> bool:
    """Tell whether a carrier's name means Correios."""
    return _CORREIOS.search(fold(carrier)) is not None


def is_mailed(carrier: str) -> bool:
    """Tell whether the manual has the customer told by e-mail: Correios, PAC or SEDEX."""
    return _MAILED.search(fold(carrier)) is not None


def tracking_link(code: str, template: str = TRACKING_URL) -> str:
    """Return the address where a code is followed. `{code}` in the template is where it goes."""
    return template.replace("{code}", quote(bare_code(code).replace(" ", ""), safe=""))
