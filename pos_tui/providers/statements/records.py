"""Records as data: which columns a reader takes of each type, and how each column is read.

Positions count from 1 and include the last one, as the acquirers print them. A reader takes only the columns
it uses; nothing after them matters, so longer records are taken and shorter ones are refused by name.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

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
    """The columns of one record, read."""

    def text(self, name: str) -> str:
        """Return a text."""
        found = self[name]
        assert isinstance(found, str), name
        return found

    def number(self, name: str) -> int:
        """Return a number; 0 for blanks."""
        found = self[name]
        assert isinstance(found, int), name
        return found

    def day(self, name: str) -> date:
        """Return a date that must be there."""
        found = self[name]
        assert isinstance(found, date), name
        return found


class Record:
    """A type of record of fixed columns."""

    def __init__(self, columns: Sequence[Column], length: int = 0) -> None:
        """`length` is the least a line has; 0 where blanks at the end may be missing."""
        self.columns = tuple(columns)
        self._length = length
        self._cuts = [(one.name, slice(one.start - 1, one.end), one.read) for one in self.columns]
        self._needed = max(one.end for one in self.columns)

    def parse(self, line: RawLine) -> Values:
        """Read the columns of a line. Raises BadStatement naming the line and the field."""
        text = line.text
        if len(text) < max(self._length, self._needed):
            if self._length:
                raise self._short(line)
            text = text.ljust(self._needed)
        values = Values()
        for name, cut, read in self._cuts:
            try:
                values[name] = read(text[cut])
            except ValueError as error:
                raise self._bad(name, line, str(error)) from None
        return values

    def _bad(self, name: str, line: RawLine, why: str) -> BadStatement:
        label = next(one.label for one in self.columns if one.name == name)
        return BadStatement(why, line.number, label)

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

    def parse(self, line: RawLine) -> Values:
        """Read the columns of a line. Raises BadStatement naming the line and the field."""
        cells = line.text.split(",")
        if len(cells) < self._least:
            cut = next((one.label for one in self.columns if one.start > len(cells)), "")
            raise BadStatement(
                f"a linha tem {len(cells)} campos e o leiaute tem {self._least}", line.number, cut
            )
        values = Values()
        for one in self.columns:
            try:
                values[one.name] = one.read(cells[one.start - 1])
            except ValueError as error:
                raise BadStatement(str(error), line.number, one.label) from None
        return values


# How columns are read -------------------------------------------------------------------------------


def words(text: str) -> str:
    """A text, without the blanks around it."""
    return text.strip()


def number(text: str) -> int:
    """A number; blanks are 0. Money is one too: its two decimals are implied."""
    try:
        return int(text) if text.isascii() and text.isdigit() else _blank_number(text)
    except ValueError:
        raise ValueError(f"«{text.strip()}» não é um número") from None


def _blank_number(text: str) -> int:
    if text.strip() == "":
        return 0
    if not re.fullmatch(r" *[0-9]+ *", text, re.ASCII):
        raise ValueError
    return int(text)


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


_days: dict[str, date] = {}
"""Dates already read: a file has few different ones."""
_MOST_DAYS = 10_000


def _day(text: str, form: str, year: int, month: int, day: int) -> date:
    known = _days.get(form + text)
    if known is None:
        try:
            known = date(year, month, day)
        except ValueError:
            raise ValueError(f"«{text}» não é uma data ({form})") from None
        if len(_days) < _MOST_DAYS:
            _days[form + text] = known
    return known


def _figures(text: str, form: str) -> str:
    if len(text) != len(form) or not (text.isascii() and text.isdigit()):
        raise ValueError(f"«{text.strip()}» não é uma data ({form})")
    return text


def dmy(text: str) -> date:
    """DDMMAAAA."""
    known = _days.get("DDMMAAAA" + text)
    if known is not None:
        return known
    _figures(text, "DDMMAAAA")
    return _day(text, "DDMMAAAA", int(text[4:]), int(text[2:4]), int(text[:2]))


def ymd(text: str) -> date:
    """AAAAMMDD."""
    known = _days.get("AAAAMMDD" + text)
    if known is not None:
        return known
    _figures(text, "AAAAMMDD")
    return _day(text, "AAAAMMDD", int(text[:4]), int(text[4:6]), int(text[6:]))


def short_ymd(text: str) -> date:
    """AAMMDD, of this century."""
    _figures(text, "AAMMDD")
    return _day(text, "AAMMDD", 2000 + int(text[:2]), int(text[2:4]), int(text[4:]))


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
    kept = re.sub(r"[0-9]", "*", bare[:-4]) + bare[-4:]
    return text[: start - 1] + kept.ljust(len(card)) + text[end:]


Brands = Mapping[str, str]
"""An acquirer's codes of brands → ours."""
