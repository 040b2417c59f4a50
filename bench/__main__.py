"""`python -m bench [--sales N] [--short]`: measure, print, write `docs/performance.md`.

`--short` only counts instructions, on a small shop, and fails when a ratio has grown by more than 30 % since
`bench/kept.json`.
"""

import argparse
import json
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import commit, database, endurance, instructions, screens, statements
from bench.page import page
from bench.result import Row
from bench.shop import shop

KEPT = Path(__file__).with_name("kept.json")
PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
GROWTH = 1.3
SMALL = 2_000
"""Sales on file of the short form: what it counts does not depend on them, or should not."""


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sales", type=int, default=1_000_000, help="sales on file")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of each alternating measure")
    parser.add_argument("--sold", type=int, default=1_000, help="sales made by keys for the memory's row")
    parser.add_argument("--short", action="store_true", help="instructions only, against what was kept")
    options = parser.parse_args()
    if options.short:
        return _short()
    rows = list(_told(_all(options.sales, options.rounds, options.sold)))
    PAGE.write_text(page(rows, options.sales, f"{platform.python_version()}, {platform.machine()}"), "utf-8")
    counted = {row.what: round(row.ratio, 3) for row in rows if row.unit == instructions.UNIT and row.ratio}
    KEPT.write_text(json.dumps(counted, indent=1) + "\n", "utf-8")
    return 0


def _all(sales: int, rounds: int, sold: int) -> Iterator[Row]:
    folder, empty = shop(sales), shop(0)
    yield from screens.start_rows(folder, empty, rounds)
    yield from screens.key_rows(folder)
    yield from screens.tab_rows(folder, rounds)
    yield from endurance.idle_rows(folder, 20.0)
    yield from endurance.memory_rows(sold)
    yield from endurance.burst_rows(folder)
    yield from endurance.slow_line_rows(empty)
    yield from database.reading_rows(folder, rounds)
    yield from commit.commit_rows(200)
    yield from statements.rows()
    yield from instructions.rows(shop(SMALL))


def _told(rows: Iterator[Row]) -> Iterator[Row]:
    for row in rows:
        sys.stdout.write(_line(row) + "\n")
        sys.stdout.flush()
        yield row


def _short() -> int:
    """Say what has grown; what was never kept, or cannot be counted here, is a failure too."""
    kept = json.loads(KEPT.read_text("utf-8"))
    found = {row.what: row for row in _told(iter(instructions.rows(shop(SMALL))))}
    if not found:
        sys.stdout.write("valgrind is not here: nothing was measured.\n")
        return 2
    grown = [
        what
        for what, row in found.items()
        if row.ratio is None or what not in kept or row.ratio > kept[what] * GROWTH
    ]
    for what in grown:
        sys.stdout.write(f"GROWN: {what}, kept: x{kept.get(what, 0):.2f}\n")
    return 1 if grown else 0


def _line(row: Row) -> str:
    ratio = "" if row.ratio is None else f" x{row.ratio:.2f}"
    verdict = {True: "ok", False: "MISSED", None: ""}[row.met]
    return f"{row.what}: {row.ours:.2f} {row.unit}{ratio} {verdict}"


if __name__ == "__main__":
    raise SystemExit(main())
