"""The steps of a payment line outside: each an intent, a request, and the commit of its answer.

Used by `services.payments`, which says when; nothing here takes a decision.
"""

from collections.abc import Callable, Mapping
from functools import partial
from threading import Event as Stop
from typing import TypeAlias, TypeVar

from msgspec import Struct

from pos_tui.domain import late_payment
from pos_tui.domain.journal import Field
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.payment import (
    Decision,
    PaymentState,
    PaymentWord,
    after_charge,
    after_decision,
    after_query,
    check_move,
    waits,
)
from pos_tui.domain.sale import LATE, PaymentLine
from pos_tui.domain.values import replace
from pos_tui.services.context import Context
from pos_tui.services.drivers.base import REFUND_TAKEN, Driver, Slips, Told
from pos_tui.services.journal import Change, Claim, Event
from pos_tui.store import payments
from pos_tui.store.database import Transaction
from pos_tui.store.models import PaymentRow

S = PaymentState
A = TypeVar("A", Told, None, Told | None)

SlipPapers: TypeAlias = Callable[[Transaction, PaymentLine, Slips], None]
"""Queues the papers of settled money inside the commit that settles it: empty slips where none came."""

Settled: TypeAlias = Callable[[Transaction, PaymentLine], None]
"""Takes note of a line whose money is settled, confirmed or given back, inside the commit that settles it."""


def event(kind: str, line: PaymentLine, who: str, **data: Field) -> Event:
    """Return a line of the journal about a payment."""
    told: dict[str, Field] = {"method": line.method.value, "amount": line.amount, "key": line.request_key}
    return Event(kind, line.id, who, told | data)


class Steps(Struct, frozen=True):
    """What may be asked about one line, each through the journal."""

    context: Context
    papers: SlipPapers
    settled: Settled = lambda tx, line: None

    def charge(self, line: PaymentLine, driver: Driver, who: str, stop: Stop) -> None:
        """Ask for the money."""
        sent = Change({"state": check_move(line.state, S.SENT), "why": ""})
        self._ask(line, driver, "payment.charge", who, partial(driver.start, line, stop), after_charge, sent)

    def find(self, line: PaymentLine, driver: Driver, who: str, stop: Stop) -> None:
        """Ask what became of it."""

        def state(outcome: Outcome[Told]) -> PaymentState:
            return after_query(line.state, line.decision, outcome)

        self._ask(line, driver, "payment.status", who, partial(driver.find, line, stop), state)

    def heard(self, line: PaymentLine, driver: Driver, outcome: Outcome[Told], who: str) -> None:
        """Write down what was answered of it while something else was asked. Raises Conflict."""
        kind, state = "payment.status", after_query(line.state, line.decision, outcome)
        change = self._settled(line, driver, state, kind, outcome)
        claim = Claim(PaymentRow, line.id, line.version, change)
        self.context.journal.change(claim, event(kind, line, who), "heard")

    def find_again(self, line: PaymentLine, driver: Driver, who: str, stop: Stop) -> bool:
        """Ask about what was given up; True when it can still be paid."""
        request = partial(driver.find, line, stop)
        outcome = self._ask(line, driver, "payment.status", who, request, partial(_after_finding, line))
        return isinstance(outcome, Done) and outcome.answer.word is PaymentWord.WAITING

    def give_up_again(self, line: PaymentLine, driver: Driver, who: str) -> None:
        """Give up once more what the outside still takes."""
        request = partial(driver.cancel, line)
        self._ask(line, driver, "payment.cancel", who, request, partial(_after_finding, line))

    def carry_out(
        self, line: PaymentLine, driver: Driver, step: Callable[[PaymentLine], Outcome[A]], who: str
    ) -> None:
        """Take a decision outside in one step."""

        def state(outcome: Outcome[Told | None]) -> PaymentState:
            return after_decision(line.state, line.decision, outcome)

        self._ask(line, driver, f"payment.{line.decision.value}", who, partial(step, line), state)

    def give_back(self, line: PaymentLine, driver: Driver, who: str, stop: Stop) -> None:
        """Ask for a refund."""
        request = partial(driver.refund, line, stop)
        self._ask(line, driver, "payment.refund", who, request, partial(_after_refund, line))

    def find_refund(self, line: PaymentLine, driver: Driver, who: str, stop: Stop) -> bool:
        """Ask what became of a refund; True is proof that it was never asked for."""
        request = partial(driver.find_refund, line, stop)
        outcome = self._ask(line, driver, "payment.status", who, request, partial(_after_refund, line))
        return isinstance(outcome, Done) and outcome.answer.word is PaymentWord.ABSENT

    def let_go(self, line: PaymentLine, who: str) -> None:
        """End a line of which nothing ever left."""
        change = {"state": S.CANCELLED, "open_since": None, "settled_at": self.context.now()}
        claim = Claim(PaymentRow, line.id, line.version, Change(change))
        self.context.journal.change(claim, event("payment", line, who), "removed")

    def by_hand(
        self, line: PaymentLine, driver: Driver | None, then: PaymentState, who: str, reason: str
    ) -> None:
        """Settle a line by a person's word; without a driver, one of another till, its slips stay there."""
        values: dict[str, object] = {
            "state": then,
            "decided_by": who,
            "reason": reason,
            "why": "",
            **self._ended(line, then),
        }
        if line.decision is Decision.REFUND and then is not S.REFUNDED:
            values["decision"] = Decision.NONE
        values["ask_at"] = self._ask_again(line, then, line.details)
        after = replace(line, **values)  # type: ignore[arg-type]
        change = Change(values, self._follows(line, after, driver))
        told = event("payment.rule", line, who, state=then.value, reason=reason)
        self.context.journal.change(Claim(PaymentRow, line.id, line.version, change), told, "ruled")

    def _ask(
        self,
        line: PaymentLine,
        driver: Driver,
        kind: str,
        who: str,
        request: Callable[[], Outcome[A]],
        state: Callable[[Outcome[A]], PaymentState],
        change: Change = Change(),  # noqa: B008  frozen
    ) -> Outcome[A]:
        claim = Claim(PaymentRow, line.id, line.version, change)
        return self.context.journal.ask(
            claim,
            event(kind, line, who),
            request,
            lambda outcome: self._settled(line, driver, state(outcome), kind, outcome),
        )

    def _settled(
        self, line: PaymentLine, driver: Driver, state: PaymentState, kind: str, outcome: Outcome[Told | None]
    ) -> Change:
        """What the line becomes, with the slips in the same commit once its money is settled."""
        if state is S.CREATED and line.decision is Decision.CANCEL:
            state = S.CANCELLED
        told = outcome.answer if isinstance(outcome, Done) else None
        values: dict[str, object] = {"state": state, "why": _why(outcome), **(told.values if told else {})}
        if line.decision is Decision.REFUND:
            values |= _refund_values(line, kind, outcome)
        after = replace(line, **values)  # type: ignore[arg-type]
        values["ask_at"] = self._ask_again(line, after.state, after.details)
        if after.state is S.LATE:
            values["details"] = {**after.details, LATE: "1"}
        if after.state is S.LATE or not waits(after.method, after.state, after.decision):
            values |= self._ended(line, after.state)
        return Change(payments.columns(values), self._follows(line, after, driver))

    def _ended(self, line: PaymentLine, then: PaymentState) -> dict[str, object]:
        """What says that a line waits for nothing outside; what came late waits for a person."""
        if then is S.LATE:
            return {"open_since": line.open_since or self.context.now(), "settled_at": line.settled_at}
        if line.open_since is None:
            return {}
        return {"open_since": None, "settled_at": self.context.now()}

    def _ask_again(self, line: PaymentLine, then: PaymentState, details: Mapping[str, str]) -> int | None:
        """When to ask about what was given up: counted from when it was."""
        now = self.context.now()
        return late_payment.next_ask(line.method, then, details, line.settled_at or now, now)

    def _follows(
        self, before: PaymentLine, after: PaymentLine, driver: Driver | None
    ) -> Callable[[Transaction], None] | None:
        """What belongs to the commit in which the money is settled: the slips, and whoever takes note."""
        if after.state is before.state or after.state not in (S.CONFIRMED, S.REFUNDED):
            return None
        raw = after.reply if after.state is S.CONFIRMED else after.refund_reply
        slips = driver.slips(raw) if raw and driver else Slips()

        def then(tx: Transaction) -> None:
            self.papers(tx, after, slips)
            self.settled(tx, after)

        return then


def _after_finding(line: PaymentLine, outcome: Outcome[Told | None]) -> PaymentState:
    """Where what was given up stands: as it was, unless it is proved to be paid."""
    if isinstance(outcome, Done) and outcome.answer is not None:
        return after_query(line.state, line.decision, Done(outcome.answer))
    return line.state


def _after_refund(line: PaymentLine, outcome: Outcome[Told]) -> PaymentState:
    return after_query(line.state, line.decision, outcome)


def _refund_values(line: PaymentLine, kind: str, outcome: Outcome[Told | None]) -> dict[str, object]:
    """Proved not given back, it can be decided again; once it was taken, only proof or a person ends it."""
    asked = kind == "payment.refund"
    match outcome:
        case Refused(reason=RefusalClass.DECLINED):
            return {"decision": Decision.NONE}
        case Refused() if asked:
            return {"decision": Decision.NONE}
        case Uncertain() if asked:
            return {"details": line.details | {REFUND_TAKEN: "1"}}
        case Refused(reason=RefusalClass.NOT_FOUND):
            return {"details": line.details | {REFUND_TAKEN: "1"}}
        case _:
            return {}


def _why(outcome: Outcome[Told | None]) -> str:
    match outcome:
        case Refused(_, code, text):
            return f"{text} [{code}]" if code else text
        case NotSent(why) | Uncertain(why):
            return why
        case _:
            return outcome.answer.message if outcome.answer else ""
