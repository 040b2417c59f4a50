"""Brazilian mobile numbers (facts/topup.md §13): a DDD of the 67, then 9 and eight digits."""

import re

from msgspec import Struct

from pos_tui.domain.text import digits

_UF_OF_DDD = {
    **dict.fromkeys(("11", "12", "13", "14", "15", "16", "17", "18", "19"), "SP"),
    **dict.fromkeys(("21", "22", "24"), "RJ"),
    **dict.fromkeys(("27", "28"), "ES"),
    **dict.fromkeys(("31", "32", "33", "34", "35", "37", "38"), "MG"),
    **dict.fromkeys(("41", "42", "43", "44", "45", "46"), "PR"),
    **dict.fromkeys(("47", "48", "49"), "SC"),
    **dict.fromkeys(("51", "53", "54", "55"), "RS"),
    "61": "DF",
    **dict.fromkeys(("62", "64"), "GO"),
    "63": "TO",
    **dict.fromkeys(("65", "66"), "MT"),
    "67": "MS",
    "68": "AC",
    "69": "RO",
    **dict.fromkeys(("71", "73", "74", "75", "77"), "BA"),
    "79": "SE",
    **dict.fromkeys(("81", "87"), "PE"),
    "82": "AL",
    "83": "PB",
    "84": "RN",
    **dict.fromkeys(("85", "88"), "CE"),
    **dict.fromkeys(("86", "89"), "PI"),
    **dict.fromkeys(("91", "93", "94"), "PA"),
    **dict.fromkeys(("92", "97"), "AM"),
    "95": "RR",
    "96": "AP",
    **dict.fromkeys(("98", "99"), "MA"),
}
DDDS = frozenset(_UF_OF_DDD)
"""The 67 area codes in use."""

LENGTH = 11
"""Digits of a mobile number, DDD included."""

_MOBILE = re.compile(r"[1-9][0-9]9[0-9]{8}")


def uf_of(ddd: str) -> str:
    """Return the state of an area code. Raises KeyError outside the 67."""
    return _UF_OF_DDD[ddd]


class Mobile(Struct, frozen=True):
    """A mobile number: area code and nine digits."""

    ddd: str
    number: str

    def __str__(self) -> str:
        return f"{self.ddd} {self.number[:5]}-{self.number[5:]}"

    @property
    def digits(self) -> str:
        """The eleven digits, as stored and compared."""
        return self.ddd + self.number


def shown(text: str) -> str:
    """Return a stored number as people read it (`67 99999-9999`); what is none, as it stands."""
    if not (text.isascii() and text.isdigit() and len(text) in (LENGTH - 1, LENGTH)):
        return text
    return f"{text[:2]} {text[2:-4]}-{text[-4:]}"


class Incomplete(str):
    """A reason that is no mistake yet: more is to be typed."""

    __slots__ = ()


def why_not_mobile(text: str) -> str | None:
    """Say in Portuguese why these digits cannot be a mobile number, or None when they can.

    Works on partial input too: what is already wrong is told before the last digit is typed.
    """
    typed = digits(text)
    if len(typed) >= 2 and typed[:2] not in DDDS:
        return f"DDD {typed[:2]} não existe. Confira os dois primeiros dígitos."
    if len(typed) >= 3 and typed[2] != "9":
        return "Celular começa com 9 depois do DDD."
    missing = LENGTH - len(typed)
    if missing == 1:
        return Incomplete("Falta 1 dígito (DDD + 9 dígitos).")
    if missing > 0:
        return Incomplete(f"Faltam {missing} dígitos (DDD + 9 dígitos).")
    if len(typed) > LENGTH or not _MOBILE.fullmatch(typed):
        return "Número com dígitos demais: use DDD + 9 dígitos."
    return None


def parse_mobile(text: str) -> Mobile:
    """Read a mobile number with DDD, with or without punctuation.

    Raises:
        ValueError: with the Portuguese reason.
    """
    reason = why_not_mobile(text)
    if reason is not None:
        raise ValueError(reason)
    typed = digits(text)
    return Mobile(typed[:2], typed[2:])


def first_difference(number: str, again: str) -> int | None:
    """Return the index of the first digit of `again` that differs from `number`, or None so far."""
    for index, digit in enumerate(again):
        if index >= len(number) or number[index] != digit:
            return index
    return None
