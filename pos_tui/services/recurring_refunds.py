"""Money of a recurring payment that goes back: a late one, an instalment of a paid OS; and no more charges.

Each needs a supervisor and a reason. In the integrated mode the provider is asked through its refund call;
in the manual mode a person did it outside, and says so here.
"""

from collections.abc import Callable
from functools import partial

from pos_tui.domain.errors import Conflict, RuleError
from pos_tui.domain.instalments import REFUNDED, REFUNDING, Instalment, InstalmentState
from pos_tui.domain.journal import Field
from pos_tui.domain.outcome import Outcome
from pos_tui.domain.people import Action
from pos_tui.domain.recurring import Agreement, Attempt, AttemptState, Mode, after_query, check_move
from pos_tui.domain.recurring_choices import UNPAID, why_not_give_back, why_not_stop
from pos_tui.domain.recurring_waiting import SOONEST_MS
from pos_tui.domain.values import replace
from pos_tui.services.context import Context
from pos_tui.services.finalising import Finalising
from pos_tui.services.guard import Guard
from pos_tui.services.journal import Change, Claim
from pos_tui.services.recurring import Recurring
from pos_tui.services.recurring_settling import is_emptied
from pos_tui.services.recurring_steps import Asking, Steps, event
from pos_tui.services.refunds import Warrant
from pos_tui.store import recurring
from pos_tui.store.database import Transaction
from pos_tui.store.models.recurring import InstalmentRow

S = AttemptState
CHANGED = "A parcela mudou enquanto isso: confira e tente de novo."


class RecurringRefunds:
    """One till's."""

    def __init__(self, context: Context, recurring_: Recurring, finalising: Finalising, guard: Guard) -> None:
        self._context = context
        self._store = context.store
        self._recurring = recurring_
        self._finalising = finalising
        self._steps = Steps(context, finalising)
        self._guard = guard

    def late(self, key: str, warrant: Warrant) -> Attempt:
        """Give a late payment back, and let nothing more be charged.

        Raises:
            RuleError: there is nothing to give back; FieldError: on `supervisor` or `reason`.
            NeedsApproval: the person here may not do it alone.
        """
        attempt = self._recurring.get(key)
        warrant, told = self._allowed(attempt, warrant)
        driver, who = self._recurring.provider(), str(warrant)
        values: dict[str, object] = {"decided_by": who, "reason": warrant.reason}
        if attempt.state is not S.REFUNDING:
            values["state"] = check_move(attempt.state, S.REFUNDING)
        refunding = replace(attempt, state=S.REFUNDING)
        request = partial(driver.refund, refunding, warrant.reason)
        asking = Asking(values, told=told)
        self._steps.ask(attempt, "refund", who, request, self._after(refunding), asking)
        return self._recurring.get(key)

    def give_back(self, instalment: Instalment, warrant: Warrant) -> Instalment:
        """Give the money of a confirmed instalment back; the others stay as they are.

        Raises:
            RuleError: it is not confirmed, or on its way back already.
            FieldError: on `supervisor` or `reason`. NeedsApproval: as `late`. Conflict: somebody was first.
        """
        attempt, one = self._recurring.get(instalment.attempt_id), self._row(instalment)
        if (reason := why_not_give_back(attempt, one)) is not None:
            raise RuleError(reason)
        warrant, told = self._allowed(attempt, warrant)
        told |= {"number": one.number, "amount": one.amount}
        if attempt.mode is Mode.MANUAL:
            self._said_given_back(attempt, one, warrant, told)
            return self._row(one)
        now, who, driver = self._context.now(), str(warrant), self._recurring.provider()
        values = {"refund_asked": now, "reason": f"{REFUNDING}{warrant.reason}", "moved_by": who}

        def begin(tx: Transaction) -> None:
            if not tx.claim(InstalmentRow, one.id, one.version, **values, moved_at=now):
                raise Conflict(CHANGED)

        asking = Asking(self._watched(attempt), begin, told, refunding=one.id)
        request = partial(driver.give_back, attempt, one, warrant.reason)
        self._steps.ask(attempt, "refund", who, request, self._after(attempt), asking)
        return self._row(one)

    def stop(self, key: str, warrant: Warrant) -> Attempt:
        """Call off the charges that are left of a paid OS; what was paid stays paid.

        Raises:
            RuleError: none is left; otherwise as `give_back`.
        """
        attempt = self._recurring.get(key)
        if (reason := why_not_stop(attempt, self._recurring.instalments(key))) is not None:
            raise RuleError(reason)
        warrant, told = self._allowed(attempt, warrant)
        if attempt.mode is Mode.MANUAL:
            self._said_stopped(attempt, warrant, told)
            return self._recurring.get(key)
        driver = self._recurring.provider()
        asking = Asking(self._watched(attempt), told=told, stopping=warrant.reason)
        request = partial(driver.stop, attempt)
        self._steps.ask(attempt, "stop", str(warrant), request, self._after(attempt), asking)
        return self._recurring.get(key)

    # Inside

    def _allowed(self, attempt: Attempt, warrant: Warrant) -> tuple[Warrant, dict[str, Field]]:
        """The warrant, and what the journal keeps of it."""
        warrant = warrant.checked()
        trace = self._guard.allow(Action.REFUND, attempt.sale_id, warrant.approval)
        return warrant, {"supervisor": warrant.supervisor, "reason": warrant.reason, **trace}

    def _after(self, attempt: Attempt) -> Callable[[Outcome[Agreement]], AttemptState]:
        return lambda outcome: after_query(attempt, outcome, self._context.now())

    def _watched(self, attempt: Attempt) -> dict[str, object]:
        """What has a paid attempt asked about soon, whatever happens to this till."""
        now = self._context.now()
        return {"open_since": attempt.open_since or now, "ask_at": now + SOONEST_MS, "asked": 0, "why": ""}

    def _row(self, instalment: Instalment) -> Instalment:
        found = self._recurring.instalments(instalment.attempt_id)
        return next(one for one in found if one.id == instalment.id)

    # The manual mode: a person did it outside

    def _said_given_back(
        self, attempt: Attempt, one: Instalment, warrant: Warrant, told: dict[str, Field]
    ) -> None:
        who = str(warrant)
        values: dict[str, object] = {
            "state": InstalmentState.CANCELLED,
            "reason": f"{REFUNDED}{warrant.reason}",
            "moved_by": who,
            "moved_at": self._context.now(),
        }
        back = replace(one, **values)  # type: ignore[arg-type]

        def then(tx: Transaction) -> None:
            self._finalising.instalment_back(tx, back, attempt.count)
            self._close(attempt, who, tx)

        claim = Claim(InstalmentRow, one.id, one.version, Change(values, then))
        self._context.journal.change(claim, event(attempt, "refund", who, **told), "refunded")

    def _said_stopped(self, attempt: Attempt, warrant: Warrant, told: dict[str, Field]) -> None:
        who = str(warrant)

        def then(tx: Transaction) -> None:
            values: dict[str, object] = {
                "state": InstalmentState.CANCELLED,
                "reason": f"Encerrada: {warrant.reason}",
                "moved_by": who,
                "moved_at": self._context.now(),
            }
            for one in recurring.instalments_of(tx, attempt.id):
                if one.state in UNPAID and not tx.claim(InstalmentRow, one.id, one.version, **values):
                    raise Conflict(CHANGED)
            self._give_back_all(tx, attempt, who)

        self._steps.change(attempt, {"open_since": None}, "stopped", who, then, **told)

    def _close(self, attempt: Attempt, who: str, tx: Transaction) -> None:
        rows = recurring.instalments_of(tx, attempt.id)
        if not any(one.state in UNPAID for one in rows):
            self._steps.claim(tx, attempt, {"open_since": None})
        self._give_back_all(tx, attempt, who)

    def _give_back_all(self, tx: Transaction, attempt: Attempt, who: str) -> None:
        if is_emptied(recurring.instalments_of(tx, attempt.id)):
            self._finalising.give_back(tx, attempt.sale_id, who)
