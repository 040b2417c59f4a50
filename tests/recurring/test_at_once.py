"""Two programs on one database hear of the same payment at once: one writes, nothing happens twice."""

import threading
from pathlib import Path

import pytest

from pos_tui.domain.notices import Notice, NoticeKind
from pos_tui.domain.recurring import AttemptState
from pos_tui.domain.sale import SaleState
from pos_tui.till import Till
from tests.recurring.os import Platform, monthly, sent
from tests.sandbox import SandboxControl
from tests.tills import SELLER, Shared


@pytest.mark.parametrize("turn", range(3))
def test_a_notice_and_a_poll_from_two_programs(
    till: Till, platform: Platform, sandbox: SandboxControl, tmp_path: Path, turn: int
) -> None:
    attempt = sent(till)
    platform.pay(attempt)
    other = Till.beside(monthly(), till.clock, tmp_path / "till")
    other.__dict__["sandbox"] = Shared(sandbox.url)
    notice = Notice(
        f"evt_{turn}", NoticeKind.CHANGED, attempt.id, attempt.subscription_ref, attempt.payment_ref
    )
    other.recurring.watch.note(notice, "asaas")
    start = threading.Barrier(2)
    problems: list[BaseException] = []

    def run(one: Till, work: object) -> None:
        try:
            start.wait(10)
            assert callable(work)
            work()
        except BaseException as error:
            problems.append(error)
        finally:
            one.context.store.close()

    jobs = [
        threading.Thread(target=run, args=(other, other.recurring.watch.round)),
        threading.Thread(target=run, args=(till, lambda: till.recurring.watch.ask_live(SELLER))),
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(30)
    assert problems == []
    # Whoever came second may have been told to wait: its question is asked again.
    till.clock.now = till.clock.now.replace(minute=5)  # type: ignore[attr-defined]
    other.recurring.watch.round()
    assert till.recurring.attempts.get(attempt.id).state is AttemptState.PAID
    assert till.sales.get(attempt.sale_id).state is SaleState.SAVED
    assert len(till.recurring.attempts.instalments(attempt.id)) == 3
    assert len([job for job in till.spool.owed() if job.kind == "sale"]) == 1
    assert till.context.journal.verify() is None
    other.close()
