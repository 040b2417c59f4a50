"""What was asked of the ERP with effect: read, found out about, ruled by a supervisor, swept at the start.

Settling a bill stands in `bill_settling`, enabling a plan in `plan_enabling`.
"""

from dataclasses import dataclass

from pos_tui.domain.errors import PosError, RuleError
from pos_tui.domain.people import Action
from pos_tui.domain.subscriber_action import ActionKind, ActionState, SubscriberAction, check_move
from pos_tui.services.bill_settling import BillSettling, is_fresh
from pos_tui.services.guard import Guard
from pos_tui.services.journal import Claim, Event
from pos_tui.services.plan_enabling import PlanEnabling
from pos_tui.services.refunds import Warrant
from pos_tui.services.subscriber_steps import ActionSteps, event
from pos_tui.services.subscribers import Visit
from pos_tui.store import subscriber_actions as actions
from pos_tui.store.models.subscribers import SubscriberActionRow

S = ActionState


@dataclass
class SubscriberActions:
    """One till's effects at one ERP, whichever they are."""

    steps: ActionSteps
    bills: BillSettling
    enabling: PlanEnabling
    guard: Guard

    def get(self, key: str) -> SubscriberAction:
        """Return one action as it stands now. Raises RuleError when there is none."""
        return self.steps.get(key)

    def waiting(self) -> list[SubscriberAction]:
        """What somebody must still do or learn, the oldest first."""
        with self.steps.context.store.reading() as tx:
            return actions.waiting(tx)

    def of_subscriber(self, key: str) -> list[SubscriberAction]:
        """A subscriber's settlings and enablings, the latest first."""
        with self.steps.context.store.reading() as tx:
            return actions.of_subscriber(tx, key)

    def ask(self, key: str, who: str, visit: Visit | None = None) -> SubscriberAction:
        """Find out what became of an action. Never has an effect at the ERP.

        `visit` is needed where the ERP wants the subscriber's own password.
        """
        action = self.get(key)
        if action.state not in (S.SENDING, S.UNCERTAIN):
            return action
        if action.kind is ActionKind.SETTLE:
            self.bills.find_out(action, who, visit)
        else:
            self.enabling.find_out(action, who, visit)
        return self.get(key)

    def rule(self, key: str, done: bool, warrant: Warrant) -> SubscriberAction:
        """A supervisor says what became of an action that asking does not settle.

        A bill that was settled may be ruled undone too, once its payment went back to the customer.

        Raises:
            RuleError: it is final; FieldError: on `supervisor` or `reason`.
        """
        action, warrant = self.get(key), warrant.checked()
        then = S.DONE if done else S.UNDONE
        check_move(action.state, then)
        if action.state is S.DONE and action.kind is ActionKind.ENABLE:
            raise RuleError("Esta habilitação está feita: não há o que decidir.")
        if action.state is S.DONE:
            self.bills.check_undone(action)
        trace = self.guard.allow(Action.RULE_PAYMENT, key, warrant.approval)
        told = {"supervisor": warrant.supervisor, "reason": warrant.reason, **trace}
        change = self.steps.ended(action, then, {"why": f"Decidido por {warrant.supervisor}."}, warrant.who)
        claim = Claim(SubscriberActionRow, action.id, action.version, change)
        line = event(action, warrant.who)
        ruled = Event(line.kind, line.subject, line.who, {**line.data, **told})
        self.steps.context.journal.change(claim, ruled, f"ruled {then.value}")
        return self.get(key)

    def sweep(self, who: str) -> list[SubscriberAction]:
        """Finish what a crash left: ask about what was under way, send what never was; return what waits."""
        for action in self.waiting():
            if action.provider != self.steps.connect().name or action.till != self.steps.context.till:
                continue
            try:
                self._finish(action, who)
            except PosError:
                # The ERP cannot be asked now: it stays, and is shown.
                continue
        return self.waiting()

    def _finish(self, action: SubscriberAction, who: str) -> None:
        if action.state in (S.SENDING, S.UNCERTAIN):
            self.ask(action.id, who)
        elif is_fresh(action):
            self.bills.settle(action, who)
        elif action.kind is ActionKind.ENABLE and action.state is S.DUE:
            self.enabling.let_go(action, who)
