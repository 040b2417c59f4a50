"""How ERPs write amounts, dates and states, read without guessing; shared by the adapters."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo

from pos_tui.domain.subscriber import Charge, ContractState
from pos_tui.domain.text import clean, digits, fold
from pos_tui.providers.amounts import nearest_centavos
from pos_tui.providers.safe_json import Json, JsonObject

_BRAZILIAN = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")
_PHONE = re.compile(r"(?:55)?([1-9][0-9][2-9][0-9]{7,8})")

_STATES = {
    ContractState.ACTIVE: ("ativo", "active", "normal", "habilitado", "liberado", "a"),
    ContractState.SUSPENDED: ("suspenso", "suspended", "bloqueado", "blocked", "s", "b"),
    ContractState.CANCELLED: ("cancelado", "cancelled", "encerrado", "inativo", "c"),
}
_CHARGES = (
    ("debito", Charge.DIRECT_DEBIT),
    ("cartao", Charge.CARD),
    ("telefon", Charge.TELEPHONE),
)


def pick(row: Json, *names: str) -> str:
    """Return the first of these values that is there, cleaned; numbers are kept as they were written."""
    if isinstance(row, dict):
        for name in names:
            value = row.get(name)
            if isinstance(value, str) and value.strip():
                return clean(value)
    return ""


def rows_of(value: Json) -> list[JsonObject]:
    """Return the objects of a list; anything else in it is left out."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def texts_of(value: Json) -> tuple[str, ...]:
    """Return a list of texts, or the parts of one text with commas."""
    if isinstance(value, str):
        return tuple(part for part in (clean(part) for part in value.split(",")) if part)
    if isinstance(value, list):
        return tuple(clean(part) for part in value if isinstance(part, str) and clean(part))
    return ()


def money(text: str) -> int:
    """Read `127.5`, `127,50` or `1.127,50` into centavos; 0 when it is none of these."""
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    try:
        return nearest_centavos(text)
    except ValueError:
        return 0


def day(text: str) -> date | None:
    """Read a date in either order, with or without an hour; None for `0000-00-00` and the impossible."""
    if found := _ISO.match(text):
        year, month, number = found.groups()
    elif found := _BRAZILIAN.match(text):
        number, month, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        return None


def instant(text: str, zone: tzinfo) -> datetime | None:
    """Read a date and hour written in a zone into an aware UTC instant; None when it is none."""
    on = day(text)
    if on is None:
        return None
    found = _TIME.search(text)
    hour, minute, second = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    try:
        return datetime(on.year, on.month, on.day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def count(text: str) -> int:
    """Read a whole number of octets or seconds; 0 when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def contract_state(word: str) -> ContractState:
    """Read a plan's state; an unknown word stays unknown, and enables nothing."""
    folded = fold(word)
    for state, words in _STATES.items():
        if folded in words or any(folded.startswith(f"{known} ") for known in words if len(known) > 1):
            return state
    return ContractState.UNKNOWN


def charge_of(word: str) -> Charge:
    """Read how a bill is collected."""
    folded = fold(word)
    return next((charge for part, charge in _CHARGES if part in folded), Charge.SLIP)


def phone_of(text: str) -> str:
    """Return DDD and number, or nothing when it is no Brazilian phone."""
    found = _PHONE.fullmatch(digits(text))
    return found[1] if found else ""


def document_of(text: str) -> str:
    """Return a bare CPF or CNPJ as the ERP has it: what is wrong in its books is not ours to hide."""
    bare = "".join(char for char in clean(text).upper() if char.isalnum())
    return bare if len(bare) in (11, 14) and bare.isascii() else ""


def without(text: str, secrets: Iterable[str]) -> str:
    """Return a text with logins taken out: some ERPs put them into messages for the customer."""
    for secret in sorted({one for one in secrets if len(one) > 2}, key=len, reverse=True):
        text = re.sub(re.escape(secret), "***", text, flags=re.IGNORECASE)
    return text
