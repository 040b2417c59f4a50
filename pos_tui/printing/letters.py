"""The letters that every printer of the table can print: printable Latin-1.

Code page 850 holds all of them, one byte each, and it is the page that every ESC/POS printer and both vendor
modes know by the same number (facts/printing.md §2). So text is brought to this repertoire once, before it is
laid out: what the preview shows is what the paper shows, and nothing becomes a silent question mark.
"""

import unicodedata

MISSING = "¤"
"""Printed where a character has no likeness at all."""

# The same sign in another coat: nothing is lost.
_TYPOGRAPHY = str.maketrans(
    {
        "–": "-", "—": "-", "‒": "-", "−": "-", "‐": "-", "‑": "-",
        "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'",
        "…": "...", "•": "*", "€": "EUR", "™": "(TM)", "\u00a0": " ",
    }
)  # fmt: skip


def to_paper(text: str) -> tuple[str, int]:
    """Return the text in the printable repertoire, and how many characters lost something on the way."""
    kept: list[str] = []
    lost = 0
    for char in text.translate(_TYPOGRAPHY):
        if _printable(char):
            kept.append(char)
            continue
        lost += 1
        kept.append(_likeness(char))
    return "".join(kept), lost


def _printable(char: str) -> bool:
    return " " <= char <= "~" or ("\u00a1" <= char <= "ÿ" and char != "\u00ad")


def _likeness(char: str) -> str:
    """The nearest printable spelling: a letter without its foreign mark, a ligature in letters."""
    if unicodedata.category(char) in ("Mn", "Me"):
        return ""
    plain = "".join(part for part in unicodedata.normalize("NFKD", char) if _printable(part))
    return plain or MISSING
