"""`python -m bench [--sales N] [--part NAME…] [--short]`: measure, print, keep, write `docs/performance.md`.

What was measured is kept in `bench/measured.json` after each part, in place of what that part told before;
with `--part page` nothing is measured and the page is written again. `--short` only counts instructions, on a
small shop, and fails when a ratio has grown by more than 30 % since they were kept.
"""

import argparse
import dataclasses
import json
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import commit, database, endurance, hanging, instructions, screens, statements
from bench.page import page
from bench.result import Row
from bench.shop import shop

KEPT = Path(__file__).with_name("measured.json")
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
    parser.add_argument("--part", nargs="+", choices=[*PARTS, "page"], default=list(PARTS))
    parser.add_argument("--short", action="store_true", help="instructions only, against what was kept")
    options = parser.parse_args()
    if options.short:
        return _short()
    for name, part in PARTS.items():
        if name in options.part:
            _keep(name, options.sales, list(_told(part(options.sales, options.rounds, options.sold))))
    kept = _kept()
    rows = [row for name in PARTS for row in _rows(kept, name)]
    PAGE.write_text(page(rows, kept["sales"], kept["machine"]), "utf-8")
    return 0


def _start(sales: int, rounds: int, sold: int) -> Iterator[Row]:
    yield from screens.start_rows(shop(sales), shop(0), rounds)


def _keys(sales: int, rounds: int, sold: int) -> Iterator[Row]:
    folder = shop(sales)
    yield from screens.key_rows(folder)
    yield from screens.tab_rows(folder, rounds)


def _idle(sales: int, rounds: int, sold: int) -> Iterator[Row]:
    yield from endurance.idle_rows(shop(sales), 60.0)
    yield from endurance.memory_rows(sold)


def _strain(sales: int, rounds: int, sold: int) -> Iterator[Row]:
    yield from endurance.burst_rows(shop(sales))
    yield from endurance.slow_line_rows()
    yield from hanging.rows()


def _store(sales: int, rounds: int, sold: int) -> Iterator[Row]:
    yield from database.reading_rows(shop(sales), rounds)
    yield from commit.commit_rows(200)


def _statements(sales: int, rounds: int, sold: int) -> Iterator[Row]:
    yield from statements.rows()


def _instructions(sales: int, rounds: int, sold: int) -> Iterator[Row]:
    yield from instructions.rows(shop(SMALL))


PARTS: dict[str, Callable[[int, int, int], Iterator[Row]]] = {
    "start": _start,
    "keys": _keys,
    "idle": _idle,
    "strain": _strain,
    "store": _store,
    "statements": _statements,
    "instructions": _instructions,
}


def _kept() -> dict[str, Any]:
    return dict(json.loads(KEPT.read_text("utf-8"))) if KEPT.exists() else {"parts": {}}


def _keep(part: str, sales: int, rows: list[Row]) -> None:
    kept = _kept()
    kept |= {"sales": sales, "machine": f"{platform.python_version()}, {platform.machine()}"}
    kept["parts"][part] = [dataclasses.asdict(row) for row in rows]
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _rows(kept: dict[str, Any], part: str) -> list[Row]:
    return [Row(**row) for row in kept["parts"].get(part, ())]


def _told(rows: Iterator[Row]) -> Iterator[Row]:
    for row in rows:
        sys.stdout.write(_line(row) + "\n")
        sys.stdout.flush()
        yield row


def _short() -> int:
    """Say what has grown; what was never kept, or cannot be counted here, is a failure too."""
    kept = {row.what: row.ratio or 0.0 for row in _rows(_kept(), "instructions")}
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
