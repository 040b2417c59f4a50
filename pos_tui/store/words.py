"""Search by the beginnings of words, accents and case ignored: the same index scan on every database."""

import re
from typing import Any

from peewee import CharField, Expression

from pos_tui.domain.text import fold

_LAST = "\uffff"
LENGTH = 60
"""Characters of a word that are kept."""


def words(text: str) -> set[str]:
    """Return the folded words of a name."""
    return {word[:LENGTH] for word in re.findall(r"\w+", fold(text))}


def begins(column: "CharField[Any]", start: str) -> Expression:
    """Say that a column begins with a text: a range instead of LIKE, in which % and _ mean nothing."""
    first, last = span(start)
    return (column >= first) & (column < last)


def span(start: str) -> tuple[str, str]:
    """Return between which texts those lie that begin with a text; the last one is no longer one of them."""
    return start, start + _LAST
