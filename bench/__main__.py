"""`python -m bench [--sales N] [--short]`: measure, print, write `docs/performance.md`.

`--short` only counts instructions and fails when a ratio has grown by more than 30 % since `bench/kept.json`.
"""

import argparse
import json
import platform
import sys
from pathlib import Path

from bench import database, instructions, screens
from bench.page import page
from bench.result import Row
from bench.shop import shop

KEPT = Path(__file__).with_name("kept.json")
PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
GROWTH = 1.3


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sales", type=int, default=1_000_000, help="sales on file")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of each alternating measure")
    parser.add_argument("--short", action="store_true", help="instructions only, against what was kept")
    options = parser.parse_args()
    if options.short:
        return _short()
    rows = _all(shop(options.sales), options.rounds)
    PAGE.write_text(page(rows, options.sales, f"{platform.python_version()}, {platform.machine()}"), "utf-8")
    KEPT.write_text(
        json.dumps({row.what: row.ratio for row in rows if row.unit == "milhões"}, indent=1), "utf-8"
    )
    return 0


def _all(folder: Path, rounds: int) -> list[Row]:
    rows: list[Row] = []

    def add(found: list[Row]) -> None:
        for row in found:
            sys.stdout.write(_line(row) + "\n")
            sys.stdout.flush()
        rows.extend(found)

    add(screens.start_rows(folder, rounds))
    counted = instructions.start_row(folder)
    add([counted] if counted else [])
    add(screens.key_rows(folder, 60))
    add(screens.tab_rows(folder, rounds))
    add(screens.idle_rows(folder, 20.0))
    add(screens.burst_rows(folder))
    add(screens.slow_line_rows(shop(0)))
    add(database.reading_rows(folder, rounds))
    add([database.commit_row(200)])
    return rows


def _short() -> int:
    row = instructions.start_row(shop(0))
    if row is None:
        sys.stdout.write("valgrind is not here: nothing was measured.\n")
        return 2
    kept = json.loads(KEPT.read_text("utf-8"))[row.what]
    sys.stdout.write(f"{_line(row)} (kept: x{kept:.2f})\n")
    assert row.ratio is not None
    return 1 if row.ratio > kept * GROWTH else 0


def _line(row: Row) -> str:
    ratio = "" if row.ratio is None else f" x{row.ratio:.2f}"
    verdict = {True: "ok", False: "MISSED", None: ""}[row.met]
    return f"{row.what}: {row.ours:.2f} {row.unit}{ratio} {verdict}"


if __name__ == "__main__":
    raise SystemExit(main())
