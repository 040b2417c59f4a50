"""Till money killed with SIGKILL between every two steps: each move once, with its paper, or not at all."""

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pos_tui.domain.cash import MoveKind, add_up
from pos_tui.domain.sale import SaleFilter
from pos_tui.store import cash
from pos_tui.till import Till
from tests.crash.cash_flow import EXPECTED, FLOAT, SOLD, SUPPLIED, WITHDRAWN, go_on
from tests.sandbox import SandboxControl
from tests.tills import SELLER, open_till

STEPS = range(1, 120)
SHARES = 3
PAPERS = {
    MoveKind.FLOAT: "drawer",
    MoveKind.SALE: "drawer",
    MoveKind.SUPPLY: "cash_in",
    MoveKind.WITHDRAWAL: "cash_out",
}
AMOUNTS = {
    MoveKind.FLOAT: FLOAT,
    MoveKind.SALE: SOLD,
    MoveKind.SUPPLY: SUPPLIED,
    MoveKind.WITHDRAWAL: WITHDRAWN,
}


def run(folder: Path, url: str, kill_at: int) -> int:
    command = [sys.executable, "-m", "tests.crash.cash_flow", str(folder), url, str(kill_at)]
    ended = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert ended.returncode in (0, -signal.SIGKILL), ended.stderr.decode()
    return ended.returncode


def check(till: Till) -> None:
    """What is in the book is on the paper and in the journal, and nothing else is."""
    assert till.cash.broken_chain() == ""
    with till.context.store.reading() as tx:
        shift = cash.last_shift(tx, 1)
        moves = cash.moves_of(tx, shift.id) if shift else []
    kinds = Counter(move.kind for move in moves)
    assert all(count == 1 for count in kinds.values())
    assert all(move.amount == AMOUNTS[move.kind] for move in moves)
    assert add_up(moves).expected == sum(move.weight for move in moves)
    papers = Counter(job.kind for job in till.spool.owed())
    due = Counter(PAPERS[move.kind] for move in moves)
    # The X may be read again by who comes back, and the sale's top-up is not confirmed: no receipt.
    assert {kind: count for kind, count in papers.items() if kind not in ("x_report", "z_report")} == due
    closed = shift is not None and not shift.open
    assert papers["z_report"] == closed
    if shift is not None and closed:
        assert (shift.difference, shift.expected, shift.carried) == (0, EXPECTED, 1)
        assert shift.seal in till.papers.text(till.shifts.paper(shift)).replace(" ", "").replace("\n", "")
    saved = till.sales.current("1", SELLER).number is None and kinds[MoveKind.SALE] == 1
    assert saved == (till.sales.page(day(till)) != [])


def day(till: Till) -> SaleFilter:
    return SaleFilter(*till.day())


@pytest.mark.parametrize("share", range(SHARES))
def test_killed_at_every_step(share: int, tmp_path: Path, sandbox: SandboxControl) -> None:
    for step in STEPS[share::SHARES]:
        sandbox.reset()
        folder = tmp_path / str(step)
        code = run(folder, sandbox.url, step)
        till = open_till(folder, sandbox)
        check(till)
        go_on(till)
        check(till)
        assert till.shifts.last() is not None
        till.close()
        if code == 0:
            return
    raise AssertionError("the flow never ended unharmed")
