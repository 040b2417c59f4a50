"""An attempt killed between every two steps: one subscription, no silent money, the OS where it belongs."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pos_tui.domain.recurring import Attempt, AttemptState
from pos_tui.domain.sale import SaleState
from pos_tui.store.models.recurring import AttemptRow
from pos_tui.till import Till
from tests.crash.recurring_flow import FLOWS
from tests.recurring.os import Platform, monthly
from tests.sandbox import SandboxControl
from tests.tills import SELLER, Watch, open_till

S = AttemptState
STEPS = range(1, 200)
SHARES = 2


def run(folder: Path, url: str, flow: str, kill_at: int) -> int:
    command = [sys.executable, "-m", "tests.crash.recurring_flow", str(folder), url, flow, str(kill_at)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()
    return done.returncode


def attempts_of(till: Till) -> list[Attempt]:
    with till.context.store.reading() as tx:
        keys = [str(row[0]) for row in tx.rows(AttemptRow.select(AttemptRow.id).order_by(AttemptRow.id))]
    return [till.recurring.attempts.get(key) for key in keys]


def check_recovered(till: Till, watch: Watch, platform: Platform) -> None:
    """What the start does: sweep, and ask again once absence is proved."""
    till.recurring.watch.sweep("sistema")
    watch.advance(180)
    till.recurring.watch.sweep("sistema")
    till.recurring.watch.round()
    made: dict[str, Any] = platform.view()["subscriptions"]  # type: ignore[assignment]
    references = [one["externalReference"] for one in made.values()]
    assert len(references) == len(set(references)), "a subscription was made twice"
    known = attempts_of(till)
    for attempt in known:
        assert attempt.state not in (S.SENDING, S.UNCERTAIN), attempt.why
        check_os(till, attempt, known)
    if platform.paid():
        assert any(attempt.state in (S.PAID, S.LATE) for attempt in known), "money in silence"
    assert till.context.journal.verify() is None


def check_os(till: Till, attempt: Attempt, known: list[Attempt]) -> None:
    sale = till.sales.get(attempt.sale_id)
    rows = till.recurring.attempts.instalments(attempt.id)
    paper = till.spool.paper_of(sale.id, "sale")
    if attempt.state is S.PAID:
        assert (sale.state, len(rows)) == (SaleState.SAVED, attempt.count)
        assert paper is not None
        assert sum(row.amount for row in rows) == attempt.total
    else:
        assert (sale.state, rows, paper) == (SaleState.AWAITING, [], None)
    assert sum(other.live for other in known if other.sale_id == attempt.sale_id) <= 1


def check_goes_on(till: Till, platform: Platform) -> None:
    """What never left is sent now, once."""
    for attempt in attempts_of(till):
        if attempt.state is S.DRAFT:
            assert till.recurring.attempts.send(attempt.id, SELLER).state is S.WAITING
            check_made_once(platform, attempt)


def check_made_once(platform: Platform, attempt: Attempt) -> None:
    made: dict[str, Any] = platform.view()["subscriptions"]  # type: ignore[assignment]
    assert [one["externalReference"] for one in made.values()].count(attempt.id) == 1


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("flow", FLOWS)
def test_killed_at_every_step(flow: str, share: int, tmp_path: Path, sandbox: SandboxControl) -> None:
    platform = Platform(sandbox)
    for step in STEPS[share::SHARES]:
        sandbox.reset()
        folder = tmp_path / str(step)
        code = run(folder, sandbox.url, flow, step)
        watch = Watch()
        till = open_till(folder, sandbox, monthly(), watch)
        check_recovered(till, watch, platform)
        check_goes_on(till, platform)
        till.close()
        if code == 0:
            return
    raise AssertionError("the flow never ended unharmed")
