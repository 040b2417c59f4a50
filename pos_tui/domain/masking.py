"""What must never stand in a log: CPF, card numbers and secrets, wherever in a text they are (design §9)."""

import re
from collections.abc import Iterable

from pos_tui.domain.card import looks_like_pan
from pos_tui.domain.documents import mask_document
from pos_tui.domain.text import digits

HIDDEN = "***"
SHORTEST = 4
"""A secret shorter than this would blot out innocent words."""
_WRITTEN = re.compile(r"(?<![\w.])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)")
_BARE = re.compile(r"(?<!\w)\d{11}(?!\w)")
_LONG = re.compile(r"(?<![\w])(?:\d[ .-]?){12,18}\d(?![\w])")
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}")


def mask(text: str, secrets: Iterable[str] = ()) -> str:
    """Return a text without CPF, card number, access token or any of the secrets given.

    Eleven digits are taken for a CPF when the check digits fit; a phone that fits by chance is masked too.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST:
            text = text.replace(secret, HIDDEN)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = _WRITTEN.sub(_as_document, text)
    text = _BARE.sub(lambda found: _as_document(found) if _is_cpf(found[0]) else found[0], text)
    return _LONG.sub(lambda found: HIDDEN if looks_like_pan(found[0]) else found[0], text)


def _as_document(found: re.Match[str]) -> str:
    return mask_document(digits(found[0]))


def _is_cpf(bare: str) -> bool:
    # Late: most lines of a log hold no eleven digits.
    from stdnum.br import cpf

    return bool(cpf.is_valid(bare))
