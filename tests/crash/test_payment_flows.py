"""Every method killed with SIGKILL between every two steps: what customers paid is what the till holds."""

import dataclasses
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pos_tui.domain.payment import Decision, Method, PaymentState
from pos_tui.domain.sale import PaymentLine, Sale, SaleFilter, SaleState
from pos_tui.domain.spool import JobState
from pos_tui.domain.topup import TopUpState
from pos_tui.store import payments
from pos_tui.store.models import PaymentRow
from pos_tui.till import Till
from tests.paying import METHODS, WARRANT, TefFolders, take_cards
from tests.sandbox import SandboxControl
from tests.tills import SELLER, open_till, settings

STEPS = range(1, 400)
SHARES = 3
S = PaymentState


def run(folder: Path, url: str, flow: str, kill_at: int) -> int:
    command = [sys.executable, "-m", "tests.crash.payment_flow", str(folder), url, flow, str(kill_at)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()
    return done.returncode


def lines_of(till: Till) -> list[PaymentLine]:
    with till.context.store.reading() as tx:
        keys = [str(row[0]) for row in tx.rows(PaymentRow.select(PaymentRow.id))]
        found = [payments.get(tx, key) for key in keys]
    return [line for line in found if line is not None]


def outside(flow: str, folders: TefFolders, sandbox: SandboxControl) -> int:
    """What customers really paid and did not get back."""
    if flow.startswith("tef"):
        assert folders.ledger.incidents == []
        return folders.ledger.effect
    credited = sandbox.ledger().credits
    given_back = sum(total for line, (_, total) in credited.items() if line.startswith("devolucao/"))
    return sum(total for line, (_, total) in credited.items() if line.startswith("pix/")) - given_back


def inside(till: Till) -> int:
    """What the till holds as confirmed with the outside."""
    asked = (line for line in lines_of(till) if line.method in (Method.TEF, Method.PIX_DYNAMIC))
    return sum(line.amount for line in asked if line.state is S.CONFIRMED)


def check_recovered(till: Till, flow: str, folders: TefFolders, sandbox: SandboxControl) -> None:
    recovery = till.catch_up("sistema")
    assert not recovery.stranger
    for line in lines_of(till):
        undecided = line.decision is Decision.NONE and line.state in (S.CREATED, S.SENT, S.APPROVED)
        assert undecided or not line.waits, (line.state, line.decision, line.why)
        assert line.state is not S.UNCERTAIN
    assert outside(flow, folders, sandbox) == inside(till)
    assert till.context.journal.verify() is None
    check_slips(till)


def check_slips(till: Till) -> None:
    """Both copies of every card, once, and of its cancelling."""
    owed = till.spool.owed()
    assert all(job.state is JobState.QUEUED for job in owed)
    for line in lines_of(till):
        if line.method is Method.TEF:
            wanted = {S.CONFIRMED: 2, S.REFUNDED: 4}.get(line.state, 0)
            assert len([job for job in owed if job.subject == line.id and job.kind == "tef"]) == wanted


def check_sale(till: Till) -> None:
    """Paid by TEF, its top-ups are confirmed; a sale that is open can still be given up whole."""
    since, until = till.day()
    for shown in till.sales.page(SaleFilter(since, until)):
        sale = till.sales.get(shown.id)
        if sale.paid_by_tef:
            assert [topup.state for topup in sale.topups] == [TopUpState.CONFIRMED]
    sale = till.sales.current("1", SELLER)
    if sale.state is SaleState.OPEN and sale.payments:
        give_up(till, sale)


def give_up(till: Till, sale: Sale) -> None:
    for topup in sale.pendings:
        till.topups.cancel(topup.id, "venda abandonada", SELLER)
    till.refunds.abandon(sale, SELLER, WARRANT)
    till.sales.discard(till.sales.get(sale.id))


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("flow", ["tef_saved", "tef_abandoned", "pix", "by_hand"])
def test_killed_at_every_step(flow: str, share: int, tmp_path: Path, sandbox: SandboxControl) -> None:
    config = dataclasses.replace(settings(), payment=METHODS)
    for step in STEPS[share::SHARES]:
        sandbox.reset()
        folder = tmp_path / str(step)
        folders = TefFolders(folder / "tef")
        with folders.manager():
            code = run(folder, sandbox.url, flow, step)
            till = take_cards(open_till(folder, sandbox, config), folders)
            till.sweeper.sweep("sistema")
            check_recovered(till, flow, folders, sandbox)
            check_sale(till)
            assert outside(flow, folders, sandbox) == inside(till)
            till.close()
        if code == 0:
            return
    raise AssertionError("the flow never ended unharmed")
