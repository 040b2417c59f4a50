"""docs/crash-matrix.md: what was killed where, and what held."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from tests.crash.flows import FLOWS
from tests.crash.matrix import Row
from tests.crash.runner import Run

TITLE: Final = """\
# The crash matrix

Written by `make crash-matrix`; not by hand. A process plays a flow of money and is killed with SIGKILL at a
fault point: before, inside and after each commit; in the middle and at the end of whatever it sends; before a
file gets its name, is taken away or is opened to be written. Then the till is opened again on what is left,
its sweep works, a person goes on where the screens say, and these must hold:

- **I1** the outside (the sandbox's ledger, the TEF manager's book, the shop, the post office, the printer)
  was moved exactly as the till shows, and nothing twice; nobody outside holds what the till forgot;
- **I2** no receipt without its committed sale, no kick of the drawer without its move of cash, none of them
  missing, and no paper twice unmarked;
- **I3** payments less change are the total of each closed sale;
- **I4** the drawer is what its append-only moves add up to, each sale and refund in cash has its move, and
  the numbers of sales, moves and shifts have no gap;
- **I5** nothing waits out of sight;
- **I6** the restart needs no decision about data: database and journal are whole, and the journal has a line
  for each change of what asks the outside;
- **I7** no secret and no card number in any file.

I8, the echo of a key while every device hangs, is measured by `python -m bench`. Faults planted in a copy of
the till, such as a decision written after the call or a drawer opened before the commit, must break an
invariant: `tests/crash/plants.py`. The sanitiser and every reader of outside text are fuzzed by `make fuzz`.
"""

COLUMNS: Final = "| flow | what is done | points | killed at each: broken | killed at random: broken |"


def measured(rows: Sequence[Row], seed: int) -> str:
    """Return the measured part of the page."""
    lines = [TITLE, COLUMNS, "|---|---|---:|---:|---:|"]
    lines += [_line(row) for row in rows]
    runs = [run for row in rows for run in row.runs]
    broken = [run for row in rows for run in row.broken]
    lines += ["", summary(rows), "", _kinds(runs), "", f"Seed of the random kills: {seed}."]
    lines += [
        "",
        "To repeat one run: `python -m tests.crash --flow FLOW --point K`, or `--share S` for a random kill.",
    ]
    if broken:
        lines += ["", "## Broken", ""]
        lines += [f"- {told(run)}" for run in broken]
    return "\n".join(lines) + "\n"


def summary(rows: Sequence[Row]) -> str:
    """Say the whole in a line."""
    points = sum(len(row.at_points) for row in rows)
    random = sum(len(row.at_random) for row in rows)
    broken = sum(len(row.broken) for row in rows)
    return (
        f"**{len(rows)} flows, {points} runs killed at a numbered point or left unharmed at the end, "
        f"{random} killed at random: {broken} with a broken invariant.**"
    )


def told(run: Run) -> str:
    """Say of a run how to repeat it and what broke."""
    where = f"--point {run.kill.at}" if run.kill.share is None else f"--share {run.kill.share}"
    return f"`python -m tests.crash --flow '{run.flow}' {where}` ({run.where}): {run.broken}"


def _line(row: Row) -> str:
    flow = FLOWS[row.flow]
    figures = (_of(row.at_points), _of(row.at_random))
    return f"| {flow.name} | {flow.about} | {row.unharmed.points} | {figures[0]} | {figures[1]} |"


def _of(runs: Sequence[Run]) -> str:
    return f"{len(runs)}: {sum(bool(run.broken) for run in runs)}"


def _kinds(runs: Sequence[Run]) -> str:
    """Say how often each kind of point was the last."""
    killed = Counter(run.where or "before the first" for run in runs if run.killed)
    told = ", ".join(f"{name} {count}" for name, count in sorted(killed.items()))
    return f"Last point before death: {told}."
