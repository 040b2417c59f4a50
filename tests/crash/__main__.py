"""The crash matrix: `python -m tests.crash`, or one run of it again with `--flow`, `--point` and `--share`.

Exit code 1 when an invariant was broken. Each run is kept as a line of JSON in `--keep`, and `--page` makes
the page of such files: what was interrupted is not lost.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from msgspec import to_builtins

from tests.crash import page
from tests.crash.flows import FLOWS
from tests.crash.matrix import Matrix, Row
from tests.crash.points import Kill
from tests.crash.runner import Run
from tests.faults import scenarios

PAGE = Path(__file__).parents[2] / "docs" / "crash-matrix.md"
RUNS = Path(__file__).parents[2] / ".crash" / "runs.jsonl"


def main() -> int:
    """Kill, tell, and write the page when asked."""
    asked = _parser().parse_args()
    if asked.page:
        found = list(_read(asked.page).values())
        PAGE.write_text(f"{page.measured(found, asked.seed)}\n{scenarios.page()}", "utf-8")
    else:
        found = _kill(asked)
    for row in found:
        for run in row.broken:
            print(page.told(run))
    print(page.summary(found).replace("*", ""))
    return int(any(row.broken for row in found))


def _kill(asked: argparse.Namespace) -> list[Row]:
    """Make the runs asked for; return what is known of each flow after them."""
    asked.keep.parent.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="crash-") as folder,
        Matrix(Path(folder), asked.jobs) as matrix,
        asked.keep.open("w", encoding="utf-8") as kept,
    ):
        rows = matrix.unharmed(asked.flow or list(FLOWS))
        _keep((row.unharmed for row in rows.values()), kept)
        if asked.point or asked.share is not None:
            _keep(matrix.again(rows, Kill(asked.point, asked.share)), kept)
        else:
            if asked.each:
                _keep(matrix.every_point(rows, asked.each), kept)
            _keep(matrix.at_random(rows, asked.random, asked.seed, asked.skip), kept)
    return list(rows.values())


def _keep(runs: Iterable[Run], kept: IO[str]) -> None:
    for count, run in enumerate(runs, 1):
        kept.write(json.dumps(to_builtins(run)) + "\n")
        kept.flush()
        if run.broken:
            print(page.told(run), file=sys.stderr, flush=True)
        if count % 100 == 0:
            print(f"{count} runs", file=sys.stderr, flush=True)


def _read(files: Iterable[Path]) -> dict[str, Row]:
    """Return what files of runs say of each flow, in the order of the flows."""
    rows: dict[str, Row] = {}
    for line in (line for file in files for line in file.read_text("utf-8").splitlines()):
        values = json.loads(line)
        run = Run(**{**values, "kill": Kill(**values["kill"])})
        if run.kill == Kill():
            rows.setdefault(run.flow, Row(run.flow, run))
        else:
            rows[run.flow].runs.append(run)
    return {name: rows[name] for name in FLOWS if name in rows}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--flow", action="append", choices=list(FLOWS), help="only this one; may be repeated")
    parser.add_argument("--point", type=int, default=0, help="one run, killed at this point")
    parser.add_argument("--share", type=float, help="one run, killed after this part of the unharmed flow")
    parser.add_argument("--each", type=int, default=1, help="kill at every so-many-th point; 0 at none")
    parser.add_argument("--random", type=int, default=1000, help="how many kills at random times")
    parser.add_argument("--skip", type=int, default=0, help="how many of them were made before")
    parser.add_argument("--seed", type=int, default=20261129)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, default=RUNS, help="where every run is kept")
    parser.add_argument("--page", type=Path, nargs="*", help=f"only write docs/{PAGE.name} from such files")
    return parser


if __name__ == "__main__":
    sys.exit(main())
