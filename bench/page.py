"""Writes `docs/performance.md`."""

from bench.result import Row
from bench.why import why

HEAD = """# Performance

Written by `make bench`, a part at a time: in each, the till and what it is measured against take turns.
Ratios survive another machine; the figures do not. A blank Textual app is a header, one input and a footer;
raw sqlite3 is the least SQL that brings the same answer, written by hand, fetched as tuples through Python's
own module from the same file. Instructions are counted by valgrind on a shop of 2 000 sales, and are
repeatable to about one per cent: `make bench-short`, which CI runs, counts them again and fails where a ratio
has grown by more than 30 %.

On file: {sales} sales of one year, as many top-ups, payments and customers. Nobody ran ANALYZE, as at a
counter: SQLite chooses its indexes without knowing how many rows there are. Python {machine}.

| what | this program | measured against | ratio | goal | met |
|---|---|---|---|---|---|
"""


def page(rows: list[Row], sales: int, machine: str) -> str:
    """Return the page."""
    head = HEAD.format(sales=f"{sales:,}".replace(",", " "), machine=machine)
    return head + "\n".join(_line(row) for row in rows) + "\n" + _missed(rows)


def _line(row: Row) -> str:
    base = "–" if row.base is None else f"{row.base:.2f} {row.unit} ({row.base_name})"
    ratio = "–" if row.ratio is None else f"{row.ratio:.2f}"
    goal = (
        "–"
        if row.goal is None
        else (f"≤ {row.goal:g}" if row.base is not None else f"≤ {row.goal:g} {row.unit}")
    )
    met = {True: "yes", False: "**no**", None: "–"}[row.met]
    return f"| {row.what} | {row.ours:.2f} {row.unit} | {base} | {ratio} | {goal} | {met} |"


def _missed(rows: list[Row]) -> str:
    missed = [row for row in rows if row.met is False]
    if not missed:
        return ""
    lines = [f"- **{row.what}**: {why(row.what)}" for row in missed]
    return "\n## Why a goal is missed\n\n" + "\n".join(lines) + "\n"
