"""The steps of an attempt: each an intent, a request, and the commit of all that its answer means."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec import Struct, field

from pos_tui.domain.errors import Conflict
from pos_tui.domain.instalments import REFUNDED
from pos_tui.domain.journal import Field
from pos_tui.domain.notices import Notice
from pos_tui.domain.outcome import Outcome
from pos_tui.domain.recurring import Agreement, Attempt, AttemptState, Reading
from pos_tui.domain.text import clean
from pos_tui.domain.values import replace
from pos_tui.services.context import Context
from pos_tui.services.finalising import Finalising
from pos_tui.services.journal import Change, Claim, Event
from pos_tui.services.recurring_settling import Moment, Settled, settled
from pos_tui.store import recurring
from pos_tui.store.database import Transaction
from pos_tui.store.models.recurring import AttemptRow, InstalmentRow

S = AttemptState
A = TypeVar("A", Agreement, Reading)


def event(attempt: Attempt, what: str, who: str, **told: Field) -> Event:
    """Return a line of the journal about an attempt."""
    data: dict[str, Field] = {
        "sale": attempt.sale_id,
        "total": attempt.total,
        "count": attempt.count,
        "subscription": attempt.subscription_ref,
    }
    return Event(f"recurring.{what}", attempt.id, clean(who, 120), data | told)


class Asking(Struct, frozen=True):
    """What goes with a question to the provider."""

    sent: Mapping[str, object] = field(default_factory=dict)
    """What the attempt becomes before the first byte."""
    begin: Callable[[Transaction], None] | None = None
    """What else is committed with that."""
    told: Mapping[str, Field] = field(default_factory=dict)
    """What the journal says of it besides."""
    notice: Notice | None = None
    """What had it asked."""
    refunding: str = ""
    """The instalment whose money is asked back."""
    stopping: str = ""
    """Why the charges that are left are called off."""


NOTHING = Asking()


class Steps(Struct, frozen=True):
    """Used by whoever decides; decides nothing."""

    context: Context
    finalising: Finalising

    def ask(
        self,
        attempt: Attempt,
        what: str,
        who: str,
        request: Callable[[], Outcome[A]],
        state: Callable[[Outcome[A]], AttemptState],
        asking: Asking = NOTHING,
    ) -> Outcome[A]:
        """Ask the provider for one thing. Raises Conflict when somebody else was first."""
        change = Change(recurring.columns(attempt.sale_id, dict(asking.sent)), asking.begin)
        claim = Claim(AttemptRow, attempt.id, attempt.version, change)
        before = replace(attempt, **asking.sent)  # type: ignore[arg-type]
        now, zone = self.context.now(), self.context.zone
        moment = Moment(now, zone, asking.notice, asking.refunding, asking.stopping)

        def settle(outcome: Outcome[A]) -> Change:
            with self.context.store.reading() as tx:
                instalments = recurring.instalments_of(tx, attempt.id)
            return self._written(before, settled(before, instalments, state(outcome), outcome, moment), who)

        return self.context.journal.ask(claim, event(attempt, what, who, **asking.told), request, settle)

    def _written(self, before: Attempt, after: Settled, who: str) -> Change:
        """What a settled answer writes, in one commit."""

        def then(tx: Transaction) -> None:
            recurring.insert_instalments(tx, after.made)
            for moved in after.moved:
                ours = tx.claim(InstalmentRow, moved.before.id, moved.before.version, **moved.values)
                if ours and str(moved.values.get("reason", "")).startswith(REFUNDED):
                    back = replace(moved.before, **moved.values)  # type: ignore[arg-type]
                    self.finalising.instalment_back(tx, back, before.count)
            if after.values["state"] is S.REFUNDED and before.state is S.REFUNDING:
                self.finalising.late_back(tx, before)
            if after.values["state"] is S.PAID and before.state is not S.PAID:
                self.finalising.finish(tx, before.sale_id, before.created_by)
            if after.emptied:
                self.finalising.give_back(tx, before.sale_id, who)

        told: dict[str, Field] = {
            "state": str(after.values["state"]),
            "problem": str(after.values["problem"]),
        }
        return Change(recurring.columns(before.sale_id, after.values), then, told)

    def claim(self, tx: Transaction, attempt: Attempt, values: dict[str, object]) -> None:
        """Change an attempt inside somebody else's commit. Raises Conflict when somebody else was first."""
        stored = recurring.columns(attempt.sale_id, values)
        if not tx.claim(AttemptRow, attempt.id, attempt.version, **stored):
            raise Conflict("A tentativa mudou enquanto isso: confira e tente de novo.")

    def change(
        self,
        attempt: Attempt,
        values: dict[str, object],
        name: str,
        who: str,
        then: Callable[[Transaction], None] | None = None,
        **told: Field,
    ) -> None:
        """Change an attempt without asking anybody. Raises Conflict when somebody else was first."""
        change = Change(recurring.columns(attempt.sale_id, values), then)
        claim = Claim(AttemptRow, attempt.id, attempt.version, change)
        self.context.journal.change(claim, event(attempt, "change", who, **told), name)
