"""What the pages of a report add up to, and how it is written as CSV or plain lines."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from pos_tui.domain.money import format_money
from pos_tui.domain.text import clean
from pos_tui.domain.values import replace
from pos_tui.reports.definition import Definition, Line, Order, Part, Plot

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins with one of these."""
_BELOW_ZERO = re.compile(r"-[0-9][0-9.]*,[0-9]{2}")


class Heading(Struct, frozen=True):
    """What stands above a report."""

    title: str
    period: str
    filters: tuple[tuple[str, str], ...] = ()
    """Label and value of what it was narrowed to."""


class Summary(Struct, frozen=True):
    """What a report has added up to so far."""

    lines: int = 0
    sums: Mapping[str, int] = field(default_factory=dict)
    bars: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Centavos by label, by the title of the plot."""
    starts: tuple[str, ...] = ()
    """For each page read, the key it came after."""

    def add(self, after: str, page: Sequence[Line]) -> "Summary":
        """Return the sum with one page more."""
        sums = dict(self.sums)
        bars = {title: dict(plot) for title, plot in self.bars.items()}
        for line in page:
            for label, amount in line.sums:
                sums[label] = sums.get(label, 0) + amount
            for title, label, amount in line.bars:
                plot = bars.setdefault(title, {})
                plot[label] = plot.get(label, 0) + amount
        return Summary(self.lines + len(page), sums, bars, (*self.starts, after))

    def plus(self, part: Part) -> "Summary":
        """Return the sum with a part more that the database has added up."""
        return replace(
            self.add("", [Line("", (), part.sums, part.bars)]), lines=self.lines + part.lines, starts=()
        )

    def totals(self, report: Definition) -> tuple[tuple[str, str], ...]:
        """Return labels and amounts as text, the report's own first."""
        labels = dict.fromkeys((*report.sums, *self.sums))
        return tuple((label, format_money(self.sums.get(label, 0))) for label in labels)

    def plotted(self, plot: Plot) -> list[tuple[str, int]]:
        """Return the bars of a plot as they stand."""
        bars = list(self.bars.get(plot.title, {}).items())
        match plot.order:
            case Order.BY_LABEL:
                return sorted(bars)
            case Order.BY_AMOUNT:
                return sorted(bars, key=lambda bar: -bar[1])
            case Order.AS_READ:
                return bars


def safe_cell(text: str) -> str:
    """Return outside text as a cell that no spreadsheet takes for a formula; an amount stays a number."""
    text = clean(text)
    return f"'{text}" if text.startswith(_FORMULA) and not _BELOW_ZERO.fullmatch(text) else text


def csv_line(cells: Iterable[str]) -> list[str]:
    """Return cells as they may stand in a CSV."""
    return [safe_cell(cell) for cell in cells]


def csv_totals(report: Definition, summary: Summary) -> Iterator[list[str]]:
    """Yield the totals as rows: label and amount under the last two columns."""
    blank = [""] * (len(report.columns) - 2)
    for label, value in summary.totals(report):
        yield [*blank, label, safe_cell(value)]


def labelled(report: Definition, line: Line) -> Iterator[str]:
    """Yield a row as labelled values, for a terminal or a screen reader."""
    return (
        f"{column.title}: {cell}" for column, cell in zip(report.columns, line.cells, strict=True) if cell
    )
