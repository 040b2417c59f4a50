"""What acquirers write down, and one record of it."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from msgspec import Struct

from pos_tui.domain.values import replace

Cells = dict[str, str | int]
POSITIONS: Mapping[str, list[tuple[int, int, str, str]]] = json.loads(
    (Path(__file__).parents[1] / "positions.json").read_text("utf-8")
)


class Listed(Struct, frozen=True):
    """A sale as the acquirer knows it."""

    establishment: str
    nsu: str
    authorisation: str
    day: date
    minute: int
    amount: int
    fee: int
    brand: str
    modality: str
    instalments: int
    last_four: str
    terminal: str
    parts: tuple[int, ...]
    """Gross of each instalment."""
    rate: int = 0
    """Charged, in hundredths of a per cent."""
    missing_parts: int = 0
    """Instalments that no file lists."""
    names: str = ""


class Happened(Struct, frozen=True):
    """What became of a sale later."""

    sale: Listed
    what: str
    day: date
    short: int = 0
    """Centavos less than due."""


class File(Struct, frozen=True):
    """One file of a day."""

    day: date
    sequence: int
    establishment: str
    sales: tuple[Listed, ...]
    events: tuple[Happened, ...] = ()


@cache
def _place(record: str, label: str) -> tuple[int, int, bool]:
    found = [
        (start, end, kind == "N")
        for start, end, kind, name in POSITIONS[record]
        if name == label or name.startswith(label)
    ]
    return found[0]


@cache
def _blank(record: str, length: int) -> str:
    cells = [" "] * max(length, max(end for _, end, _, _ in POSITIONS[record]))
    for start, end, kind, _ in POSITIONS[record]:
        if kind == "N":
            cells[start - 1 : end] = "0" * (end - start + 1)
    return "".join(cells)


def fixed(record: str, values: Mapping[str, str | int], length: int = 0) -> str:
    """One record of fixed columns."""
    line = _blank(record, length)
    for label, value in values.items():
        start, end, digits = _place(record, label)
        size = end - start + 1
        text = str(value)
        text = text.zfill(size) if digits or isinstance(value, int) else text.ljust(size)
        assert len(text) == size, (record, label, value)
        line = line[: start - 1] + text + line[end:]
    return line


def commas(record: str, values: Mapping[str, str | int]) -> str:
    """One record of columns between commas."""
    cells = [""] * max(column for column, *_ in POSITIONS[record])
    for label, value in values.items():
        cells[_place(record, label)[0] - 1] = str(value)
    return ",".join(cells)


def hour_of(minute: int) -> str:
    """A minute of the day, as files write it."""
    return f"{minute // 60:02d}{minute % 60:02d}00"


def card_of(sale: Listed, size: int) -> str:
    """A masked card number."""
    return ("*" * 12 + sale.last_four).ljust(size)


def fees_of(sale: Listed) -> list[int]:
    """The fee, instalment by instalment; the first takes the rest."""
    each, rest = divmod(sale.fee, len(sale.parts))
    return [each + rest, *([each] * (len(sale.parts) - 1))]


def parts_of(sale: Listed) -> list[tuple[int, int, int]]:
    """Number, gross and fee of the instalments that are listed."""
    numbered = list(zip(range(1, len(sale.parts) + 1), sale.parts, fees_of(sale), strict=True))
    return numbered[: len(sale.parts) - sale.missing_parts]


def joined(lines: Iterable[str]) -> bytes:
    """The bytes of a file of lines."""
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")


def made_on(file: File) -> str:
    """When a file is made: in the night after its day."""
    return f"{file.day + timedelta(days=1):%d%m%Y}"


def differing(sale: Listed, **changes: object) -> Listed:
    """Return a sale with some fields changed."""
    return replace(sale, **changes)  # type: ignore[arg-type]
