"""The one sanitiser for whatever comes from outside, and the folding used for search.

Paper and CSV take outside text only through `clean`; screen and log look once more at whatever they show
(`visible`). Nothing of ours writes a window title.
"""

import unicodedata

MAX_LENGTH = 500
"""Longest outside text that is kept; a name of a megabyte helps nobody."""

_MARKS = {"Mn", "Me"}
_FIRST_MARK = "\u0300"
"""Text below it is composed and has no combining marks."""
_MAX_MARKS = 2
"""Combining marks kept on one letter; a flood of them smears over neighbouring lines."""


def clean(text: str, limit: int = MAX_LENGTH) -> str:
    """Return text that is safe to show: one line, NFC, no control, format or private characters.

    White space of any kind becomes a single space. The result has at most `limit` characters.
    """
    clean_already = text.isprintable() and "  " not in text and text.strip() == text and len(text) <= limit
    if clean_already and (text.isascii() or max(text) < _FIRST_MARK):
        return text
    return " ".join(_kept(text, limit).split())[:limit].rstrip()


def clean_line(text: str, limit: int = MAX_LENGTH) -> str:
    """Like `clean`, for a line laid out by somebody else: each white space stays one space, none merges."""
    return _kept(text, limit)[:limit].rstrip()


def _kept(text: str, limit: int) -> str:
    if text.isascii() and text.isprintable():
        return text[: limit * 4]
    # Nothing past a few times the limit can survive anyway, and a megabyte costs seconds.
    # Not printable are also the bidirectional overrides and zero-width characters that can make one text read
    # as another.
    shown = "".join(" " if c.isspace() else c for c in text[: limit * 4] if c.isspace() or c.isprintable())
    # Composed last: what was taken out may have stood between a letter and its accent.
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", shown):
        marks = marks + 1 if unicodedata.category(char) in _MARKS else 0
        if marks <= _MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def visible(text: str, instead: str = " ") -> str:
    """Return a text in which nothing steers the terminal or hides: the last gate of screen and log.

    What passed `clean` comes through as it is.
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else instead for c in text)


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
    if text.isdigit() and text.isascii():
        return text
    return "".join(char for char in text if char in "0123456789")
