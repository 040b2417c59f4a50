"""Records as data: which columns a reader takes of each type, and how each column is read.

Positions count from 1 and include the last one, as the acquirers print them. A reader takes only the columns
it uses; nothing after them matters, so longer records are taken and shorter ones are refused by name.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from pos_tui.domain.reconciliation import plain_code
from pos_tui.domain.statement import BadStatement
from pos_tui.providers.statements.lines import RawLine

Value = str | int | date | None
Read = Callable[[str], Value]


class Column(NamedTuple):
    """One field of a record."""

    name: str
    start: int
    end: int
    read: Read
    label: str
    """As the acquirer's document calls it: for the message that says what is wrong."""


class Values(dict[str, Value]):
    """The columns of one record, read; whoever asks knows by its table what kind each one is."""

    def text(self, name: str) -> str:
        """Return a text."""
        return self[name]  # type: ignore[return-value]

    def number(self, name: str) -> int:
        """Return a number; 0 for blanks."""
        return self[name]  # type: ignore[return-value]

    def day(self, name: str) -> date:
        """Return a date that must be there."""
        return self[name]  # type: ignore[return-value]


class Record:
    """A type of record of fixed columns."""

    def __init__(self, columns: Sequence[Column], length: int = 0) -> None:
        """`length` is the least a line has; 0 where blanks at the end may be missing."""
        self.columns = tuple(columns)
        self._length = length
        self._names = [one.name for one in self.columns]
        self._cuts = [(one.read, slice(one.start - 1, one.end)) for one in self.columns]
        self._least = max(length, *(one.end for one in self.columns))

    def parse(self, line: RawLine) -> Values:
        """Read the columns of a line. Raises BadStatement naming the line and the field."""
        text = line.text
        if len(text) < self._least:
            if self._length:
                raise self._short(line)
            text = text.ljust(self._least)
        try:
            return Values(zip(self._names, [read(text[cut]) for read, cut in self._cuts], strict=True))
        except ValueError:
            raise _unreadable(self.columns, [text[cut] for _, cut in self._cuts], line) from None

    def _short(self, line: RawLine) -> BadStatement:
        size = len(line.text)
        cut = next((one.label for one in self.columns if one.end > size), "")
        return BadStatement(f"a linha tem {size} bytes e o leiaute tem {self._length}", line.number, cut)


class Delimited:
    """A type of record whose columns stand between commas; `start` is the column's number."""

    def __init__(self, columns: Sequence[Column], least: int) -> None:
        """`least` is how many columns a line has at least."""
        self.columns = tuple(columns)
        self._least = least
        self._names = [one.name for one in self.columns]
        self._cells = [(one.read, one.start - 1) for one in self.columns]

    def parse(self, line: RawLine) -> Values:
        """Read the columns of a line. Raises BadStatement naming the line and the field."""
        cells = line.text.split(",")
        if len(cells) < self._least:
            cut = next((one.label for one in self.columns if one.start > len(cells)), "")
            raise BadStatement(
                f"a linha tem {len(cells)} campos e o leiaute tem {self._least}", line.number, cut
            )
        try:
            return Values(zip(self._names, [read(cells[at]) for read, at in self._cells], strict=True))
        except ValueError:
            raise _unreadable(self.columns, [cells[at] for _, at in self._cells], line) from None


def _unreadable(columns: Sequence[Column], cells: Sequence[str], line: RawLine) -> BadStatement:
    """Name the first column of a line that cannot be read: looked for only once one cannot."""
    for column, cell in zip(columns, cells, strict=True):
        try:
            column.read(cell)
        except ValueError as error:
            return BadStatement(str(error), line.number, column.label)
    raise AssertionError("a column that could not be read can be now")


# How columns are read -------------------------------------------------------------------------------


words = str.strip
"""A text, without the blanks around it."""
code = lru_cache(1_024)(plain_code)
"""A store's, terminal's or batch's code in its plain form: a file has few different ones."""


_FIGURES = 18
"""Most that any database holds of a number."""


def number(text: str) -> int:
    """A number; blanks are 0. Money is one too: its two decimals are implied."""
    if len(text) <= _FIGURES and text.isdigit() and text.isascii():
        return int(text)
    bare = text.strip(" ")
    if bare and not (bare.isdigit() and bare.isascii()):
        raise ValueError(f"«{bare[:40]}» não é um número")
    if len(bare.lstrip("0")) > _FIGURES:
        raise ValueError(f"o número passa de {_FIGURES} algarismos")
    return int(bare or 0)


def sign(text: str) -> int:
    """A sign of its own: -1 or 1 (facts F.5)."""
    if text not in ("+", "-", " ", "0", "1"):
        raise ValueError(f"«{text}» não é um sinal")
    return -1 if text == "-" else 1


def minute(text: str) -> int:
    """HHMMSS as the minute of the day; blanks are -1."""
    if not text.strip():
        return -1
    if not (text.isascii() and text.isdigit() and len(text) >= 4):
        raise ValueError(f"«{text}» não é uma hora")
    hours, minutes = int(text[:2]), int(text[2:4])
    if hours > 23 or minutes > 59:
        raise ValueError(f"«{text}» não é uma hora")
    return hours * 60 + minutes


_DATES = 1_024
"""Dates that are kept read: a file has few different ones."""


def _date(text: str, form: str, order: tuple[slice, slice, slice], century: int = 0) -> date:
    """`order` says where year, month and day stand."""
    try:
        if len(text) != len(form) or not (text.isdigit() and text.isascii()):
            raise ValueError
        year, month, day = (int(text[cut]) for cut in order)
        return date(century + year, month, day)
    except ValueError:
        raise ValueError(f"«{text.strip()}» não é uma data ({form})") from None


@lru_cache(_DATES)
def dmy(text: str) -> date:
    """DDMMAAAA."""
    return _date(text, "DDMMAAAA", (slice(4, 8), slice(2, 4), slice(0, 2)))


@lru_cache(_DATES)
def ymd(text: str) -> date:
    """AAAAMMDD."""
    return _date(text, "AAAAMMDD", (slice(0, 4), slice(4, 6), slice(6, 8)))


@lru_cache(_DATES)
def short_ymd(text: str) -> date:
    """AAMMDD, of this century."""
    return _date(text, "AAMMDD", (slice(0, 2), slice(2, 4), slice(4, 6)), century=2000)


_EMPTY = frozenset({"", "0", "01011001"})


def maybe(read: Callable[[str], date]) -> Read:
    """A date that may be missing: blanks, zeros, 01011001 (facts F.4)."""
    return lambda text: None if text.strip(" 0") in _EMPTY or text in _EMPTY else read(text)


# Card numbers ---------------------------------------------------------------------------------------


def last_four(card: str) -> str:
    """Return the last four digits of a truncated card number, or nothing."""
    bare = card.strip()
    return bare[-4:] if len(bare) >= 4 and bare[-4:].isascii() and bare[-4:].isdigit() else ""


def without_card(text: str, start: int, end: int) -> str:
    """Return a record with nothing of its card number but the last four digits."""
    card = text[start - 1 : end]
    bare = card.rstrip()
    hidden = bare[:-4]
    if not hidden.strip("*"):
        return text
    kept = re.sub(r"[0-9]", "*", hidden) + bare[-4:]
    return text[: start - 1] + kept.ljust(len(card)) + text[end:]
