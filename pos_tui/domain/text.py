"""The one sanitiser for whatever comes from outside, and the folding used for search.

Screen, paper, log and CSV take outside text only through `clean`.
"""

import unicodedata

MAX_LENGTH = 500
"""Longest outside text that is kept; a name of a megabyte helps nobody."""

# Cf holds the bidirectional overrides and zero-width characters that can make one text read as another.
_UNWANTED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_MAX_MARKS = 2
"""Combining marks kept on one letter; a flood of them smears over neighbouring lines."""


def clean(text: str, limit: int = MAX_LENGTH) -> str:
    """Return text that is safe to show: one line, NFC, no control, format or private characters.

    White space of any kind becomes a single space. The result has at most `limit` characters.
    """
    return " ".join(_kept(text, limit).split())[:limit].rstrip()


def clean_line(text: str, limit: int = MAX_LENGTH) -> str:
    """Like `clean`, for a line laid out by somebody else: each white space stays one space, none merges."""
    return _kept(text, limit)[:limit].rstrip()


def _kept(text: str, limit: int) -> str:
    if text.isascii() and text.isprintable():
        return text[: limit * 4]
    # Normalising a megabyte costs seconds; nothing past a few times the limit can survive anyway.
    text = unicodedata.normalize("NFC", text[: limit * 4])
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        if char in "\t\n\r\v\f\x85" or category in {"Zl", "Zp", "Zs"}:
            kept.append(" ")
        elif category in _UNWANTED:
            continue
        else:
            marks = marks + 1 if category in {"Mn", "Me"} else 0
            if marks <= _MAX_MARKS:
                kept.append(char)
    return "".join(kept)


def to_ascii(text: str) -> str:
    """Return a text as old wire formats hold it: accents dropped, printable ASCII, one line, same case."""
    decomposed = unicodedata.normalize("NFKD", clean(text))
    return clean("".join(char for char in decomposed if " " <= char <= "~"))


def fold(text: str) -> str:
    """Return text as search compares it: lower case, no accents (`"José"` → `"jose"`)."""
    decomposed = unicodedata.normalize("NFKD", clean(text)).casefold()
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def digits(text: str) -> str:
    """Return only the ASCII digits of a text."""
    return "".join(char for char in text if char in "0123456789")
