"""Who is at the counter, and the one question before anything the role table knows: may this be done?

An approval is one supervisor's word for one action on one subject: it is used once, soon, or not at all.
"""

from collections.abc import Callable

from msgspec import Struct

from pos_tui.domain.errors import RuleError
from pos_tui.domain.journal import Field
from pos_tui.domain.people import Action, NeedsApproval, Operator, check_reason, may
from pos_tui.store.ids import new_key

APPROVAL_MS = 180_000
"""How long an approval waits for its action."""


class Approval(Struct, frozen=True):
    """Made by `Guard` only, after the PIN was right."""

    id: str
    action: Action
    subject: str
    by: str
    reason: str
    until: int

    @property
    def trace(self) -> dict[str, Field]:
        """What the journal keeps of it beside the name of who asked."""
        return {"approved_by": self.by, "approval": self.reason}


class Guard:
    """The person at this till."""

    def __init__(self, enabled: Callable[[], bool], now: Callable[[], int]) -> None:
        """`enabled` says whether people are known at all: in training without operators all is allowed."""
        self._enabled = enabled
        self._now = now
        self._live: set[str] = set()
        self.operator: Operator | None = None
        """Who is logged in; None while the screen is locked, or where nobody has to."""

    @property
    def enabled(self) -> bool:
        """Whether somebody must be logged in."""
        return self._enabled()

    def may(self, action: Action) -> bool:
        """Say whether the person here may do it alone."""
        if not self.enabled:
            return True
        return self.operator is not None and may(self.operator.role, action)

    def allow(self, action: Action, subject: str, approval: Approval | None = None) -> dict[str, Field]:
        """Return what the journal must keep when the action may go on; an approval is used up by it.

        Raises:
            NeedsApproval: neither the person here nor an approval allows it.
            RuleError: the approval was for something else, was used, or came too long ago.
        """
        if approval is not None:
            self._spend(action, subject, approval)
            return approval.trace
        if not self.may(action):
            raise NeedsApproval(action, subject)
        return {}

    def approve(self, action: Action, subject: str, supervisor: Operator, reason: str) -> Approval:
        """Give one approval in the name of somebody whose PIN was just right.

        Raises:
            RuleError: this person may not approve it.
            FieldError: on `reason`.
        """
        if not may(supervisor.role, action):
            raise RuleError(f"{supervisor.name} não é supervisor: peça a quem pode autorizar.")
        return self._give(action, subject, supervisor.name, reason)

    def by_oneself(self, action: Action, subject: str, who: str, reason: str) -> Approval:
        """Give an approval where the person here may do it, but has to say why.

        Raises:
            NeedsApproval: a second person is needed.
            FieldError: on `reason`.
        """
        if not self.may(action):
            raise NeedsApproval(action, subject)
        return self._give(action, subject, who, reason)

    def _give(self, action: Action, subject: str, by: str, reason: str) -> Approval:
        approval = Approval(new_key(), action, subject, by, check_reason(reason), self._now() + APPROVAL_MS)
        self._live.add(approval.id)
        return approval

    def _spend(self, action: Action, subject: str, approval: Approval) -> None:
        meant = (approval.action, approval.subject) == (action, subject)
        if not self._take(approval) or not meant or self._now() > approval.until:
            raise RuleError("A autorização não vale mais: peça outra ao supervisor.")

    def _take(self, approval: Approval) -> bool:
        """Say whether it was still there to use: of two threads at once, one alone is told so."""
        try:
            self._live.remove(approval.id)
        except KeyError:
            return False
        return True
