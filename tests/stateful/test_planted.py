"""The walk finds faults that are planted in the till: that it finds none in ours says something."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.errors import FlakyFailure
from hypothesis.stateful import run_state_machine_as_test

from pos_tui.domain import topup as rules
from pos_tui.domain.outcome import Outcome, Uncertain
from pos_tui.domain.topup import Decision, TopUp, TopUpState
from pos_tui.providers.sandbox.process import SandboxProcess
from pos_tui.services import dealings
from pos_tui.services.dealings import Dealings
from pos_tui.services.journal import Change, Claim, Event, Journal
from pos_tui.services.topups import TopUps
from pos_tui.store.models import TopUpRow
from tests.stateful.test_walk import SHORT
from tests.stateful.walk import Walk

Plant = Callable[[pytest.MonkeyPatch], None]


def decision_after_the_call(patch: pytest.MonkeyPatch) -> None:
    """The request goes out first; what was decided is written down with its answer."""

    def ask(
        self: Journal, claim: Claim, event: Event, request: Callable[[], Outcome[Any]], settle: Any
    ) -> Outcome[Any]:
        outcome = request()
        self._store.write(lambda tx: self._intend(tx, claim, event))
        self._store.write(lambda tx: self._settle(tx, claim, event, outcome, settle(outcome)))
        return outcome

    patch.setattr(Journal, "ask", ask)


def confirmed_again_blindly(patch: pytest.MonkeyPatch) -> None:
    """A confirmation whose answer was lost is sent again without a question before it."""

    def confirm(self: TopUps, key: str, who: str) -> TopUp:
        return self._dealings.decide(self.get(key), Decision.CONFIRM, who, "")

    patch.setattr(TopUps, "confirm", confirm)


def cancelled_on_a_lost_confirmation(patch: pytest.MonkeyPatch) -> None:
    """Realsoft_Caixa (facts/topup.md §17 d): an exception while confirming leads to a cancel."""
    decide = Dealings.decide

    def either(self: Dealings, topup: TopUp, decision: Decision, who: str, reason: str, *trace: Any) -> TopUp:
        after = decide(self, topup, decision, who, reason, *trace)
        if after.state is TopUpState.UNCERTAIN and after.decision is Decision.CONFIRM:
            forced = Claim(TopUpRow, after.id, after.version, Change({"decision": Decision.CANCEL}))
            self._context.journal.change(forced, Event("topup.cancel", after.id, who), "forced")
        return self.get(topup.id)

    patch.setattr(Dealings, "decide", either)


def silence_taken_for_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """Stripe Terminal #470 for top-ups: no answer to a reserve is shown as refused."""
    after = rules.after_reserve

    def refused(outcome: Outcome[Any]) -> TopUpState:
        return TopUpState.REFUSED if isinstance(outcome, Uncertain) else after(outcome)

    patch.setattr(dealings, "after_reserve", refused)


MOST = 60
"""Walks until it is found; what `make walk` takes is three times as many steps."""

PLANTS: list[Plant] = [
    decision_after_the_call,
    confirmed_again_blindly,
    cancelled_on_a_lost_confirmation,
    silence_taken_for_a_refusal,
]


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: str(plant.__name__))
def test_the_walk_finds(
    plant: Plant, sandbox_process: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)

    class Here(Walk):
        process = sandbox_process

    # Found once is found: it need not be made small.
    finding = settings(
        SHORT, max_examples=MOST, derandomize=True, phases=[Phase.generate], report_multiple_bugs=False
    )
    # What depends on real time, such as DT One's settling, may not show again in the same way.
    with pytest.raises((AssertionError, FlakyFailure)):
        run_state_machine_as_test(Here, settings=finding)
