"""The crash matrix: `python -m tests.crash`, or one run of it again with `--flow`, `--point` and `--share`.

Exit code 1 when an invariant was broken.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.crash import page
from tests.crash.flows import FLOWS
from tests.crash.matrix import Matrix, Row
from tests.crash.points import Kill
from tests.crash.runner import Run

PAGE = Path(__file__).parents[2] / "docs" / "crash-matrix.md"


def main() -> int:
    """Kill, tell, and write the page when asked."""
    asked = _parser().parse_args()
    names = asked.flow or list(FLOWS)
    with tempfile.TemporaryDirectory(prefix="crash-") as folder, Matrix(Path(folder), asked.jobs) as matrix:
        rows = matrix.unharmed(names)
        if asked.point or asked.share is not None:
            return _again(matrix, rows, Kill(asked.point, asked.share))
        _tell(matrix.every_point(rows, asked.each))
        _tell(matrix.at_random(rows, asked.random, asked.seed))
    found = list(rows.values())
    for row in found:
        for run in row.broken:
            print(page.told(run))
    print(page.summary(found).replace("*", ""))
    if asked.write:
        PAGE.write_text(page.measured(found, asked.seed), "utf-8")
    return int(any(row.broken for row in found))


def _again(matrix: Matrix, rows: dict[str, Row], kill: Kill) -> int:
    """Make one run of each flow asked for."""
    runs = [matrix.once(row, kill) for row in rows.values()]
    for run in runs:
        print(run)
    return int(any(run.broken for run in runs))


def _tell(runs: Iterable[Run]) -> None:
    for count, run in enumerate(runs, 1):
        if run.broken:
            print(page.told(run), file=sys.stderr, flush=True)
        if count % 100 == 0:
            print(f"{count} runs", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--flow", action="append", choices=list(FLOWS), help="only this one; may be repeated")
    parser.add_argument("--point", type=int, default=0, help="one run, killed at this point")
    parser.add_argument("--share", type=float, help="one run, killed after this part of the unharmed flow")
    parser.add_argument("--each", type=int, default=1, help="kill at every so-many-th point")
    parser.add_argument("--random", type=int, default=1000, help="how many kills at random times")
    parser.add_argument("--seed", type=int, default=20261129)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
