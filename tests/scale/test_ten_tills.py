"""Ten tills sell flat out on one database, and confirm each other's pendings: nothing lost, nothing twice."""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier
from pathlib import Path

from pos_tui.domain.payment import Method
from pos_tui.domain.topup import TopUpState
from pos_tui.providers.sandbox.process import SandboxProcess
from pos_tui.services.context import Context
from pos_tui.store.models import PaymentRow, SaleRow, TopUpRow
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.scale.selling import Sold, open_one, sell

TILLS = 10
SALES = int(os.environ.get("POS_TUI_SALES", "8"))
"""Of each till; more in a longer run."""
_barriers: list[Barrier] = []


def _hold(barrier: Barrier) -> None:
    _barriers.append(barrier)


def _sell(folder: Path, url: str, number: int) -> Sold:
    return sell(folder, url, number, SALES, lambda: _barriers[0].wait(120))


def test_ten_tills_flat_out(tmp_path: Path, sandbox_process: SandboxProcess) -> None:
    control = SandboxControl(sandbox_process.url)
    control.reset()
    judge = open_one(tmp_path, control.url, TILLS + 1)
    judge.offers.catalogue()
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(TILLS, spawn, initializer=_hold, initargs=(spawn.Barrier(TILLS),)) as pool:
        selling = [pool.submit(_sell, tmp_path, control.url, number) for number in range(1, TILLS + 1)]
        sold = [one.result(timeout=400) for one in selling]
    for till in sold:
        assert till.numbers == list(range(1, SALES + 1)), till.till
    while left := judge.topups.pendings(50):
        for topup in left:
            judge.topups.confirm(topup.id, "Supervisora")
    check(judge, control, sold)
    judge.close()


def check(judge: Till, control: SandboxControl, sold: list[Sold]) -> None:
    """Compare what the tills say, what the database holds and what the operator credited."""
    with judge.context.store.reading() as tx:
        sales = tx.rows(SaleRow.select(SaleRow.till, SaleRow.number, SaleRow.total))
        paid = tx.rows(PaymentRow.select(PaymentRow.amount).where(PaymentRow.method == Method.CASH))
        topups = tx.rows(TopUpRow.select(TopUpRow.line, TopUpRow.state))
    assert sorted((till, number) for till, number, _ in sales) == sorted(
        (till.till, number) for till in sold for number in till.numbers
    )
    taken = sum(till.taken for till in sold)
    assert taken == sum(total for *_, total in sales) == sum(amount for (amount,) in paid)
    assert len(topups) == TILLS * SALES
    assert {state for _, state in topups} == {TopUpState.CONFIRMED}
    credited = control.ledger().credits
    assert credited == {line: (1, 1500) for line, _ in topups}, "a credit was lost or given twice"
    confirmed = [line for till in sold for line in till.confirmed]
    assert len(confirmed) == len(set(confirmed)), "two tills say that they confirmed the same"
    assert sum(till.late for till in sold) > 0, "no two tills ever met: the run proves nothing"
    for number in range(1, TILLS + 2):
        journal = Context(judge.context.store, number, "").journal
        assert journal.verify(whole=True) is None, f"the chain of till {number}"
