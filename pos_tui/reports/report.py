"""A report before anybody asks where it goes: screen, paper or CSV."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pos_tui.domain.text import clean

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins with one of these."""


@dataclass(frozen=True, slots=True)
class Report:
    """Cells are text as the counter reads it."""

    title: str
    period: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[tuple[str, str], ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    right: tuple[int, ...] = ()
    """Indexes of the columns that stand at the right."""


def safe_cell(text: str) -> str:
    """Return outside text as a cell that no spreadsheet takes for a formula."""
    text = clean(text)
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(report: Report) -> str:
    """Return the report as CSV the way Brazilian spreadsheets open it: `;` between cells, CRLF after rows."""
    out = io.StringIO()
    write = csv.writer(out, delimiter=";", lineterminator="\r\n").writerow
    write(report.columns)
    for row in report.rows:
        write([safe_cell(cell) for cell in row])
    for label, value in report.totals:
        write([*[""] * (len(report.columns) - 2), label, safe_cell(value)])
    return out.getvalue()


def as_lines(report: Report) -> Iterator[str]:
    """Yield the report as plain lines: each row as labelled values, for a terminal or a screen reader."""
    yield report.title
    yield report.period
    yield from (f"{label}: {value}" for label, value in report.filters)
    if not report.rows:
        yield "Nenhum registro."
    for row in report.rows:
        yield ""
        yield from _labelled(report.columns, row)
    yield ""
    yield from (f"{label}: {value}" for label, value in report.totals)


def _labelled(columns: Iterable[str], row: Iterable[str]) -> Iterator[str]:
    return (f"{label}: {value}" for label, value in zip(columns, row, strict=True) if value)
