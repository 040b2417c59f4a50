"""Settling a bill, killed with SIGKILL between every two steps: never twice, never forgotten once paid."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pos_tui.domain.item import ItemState
from pos_tui.domain.sale import Sale, SaleFilter
from pos_tui.domain.subscriber_action import ActionState
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.subscribers.desk import SELLER, desk_till
from tests.tills import Watch

STEPS = range(1, 120)


def run(folder: Path, url: str, kill_at: int) -> int:
    command = [sys.executable, "-m", "tests.crash.bill_flow", str(folder), url, str(kill_at)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode


def saved(till: Till) -> list[Sale]:
    since, until = till.day()
    return [till.sales.get(line.id) for line in till.sales.page(SaleFilter(since, until))]


def recover(till: Till, watch: Watch) -> None:
    """The start, and two minutes later; then a person sends what the ERP still shows as open."""
    till.catch_up("sistema")
    watch.advance(121)
    till.catch_up("sistema")
    for action in till.centre.actions.waiting():
        assert action.state is ActionState.DUE, action
        till.centre.bills.send(action.id, SELLER)


@pytest.mark.parametrize("share", range(2))
def test_killed_at_every_step(share: int, tmp_path: Path, sandbox: SandboxControl) -> None:
    ended = False
    for step in STEPS[share::2]:
        sandbox.reset()
        folder, watch = tmp_path / str(step), Watch()
        code = run(folder, sandbox.url, step)
        assert code in (0, -signal.SIGKILL)
        with desk_till(folder, sandbox, watch=watch) as till:
            recover(till, watch)
            settled = sandbox.ledger().credits
            sales = saved(till)
            if sales:
                assert settled == {"conta/1001": (1, 14280)}
                assert [item.state for item in sales[0].items] == [ItemState.DONE]
            else:
                assert settled == {}
            assert till.context.journal.verify() is None
        if code == 0:
            ended = True
            break
    assert ended, "the flow never ended unharmed"
