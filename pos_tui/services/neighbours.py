"""What the other tills of the store did: noticed by one cheap question every few seconds.

The database counts its commits; only when somebody else's moved is anything read again, and then only what is
on show. CockroachDB has nothing to be told by, and PostgreSQL needs nothing more.
"""

from pos_tui.services import late_claims
from pos_tui.services.context import Context

EVERY_SECONDS = 2.0
SIGN_MS = 30_000
"""How often a till says that it is there: supervisors see when it last did."""


class Neighbours:
    """Asks, for the rounds of an open till, whether another program committed anything."""

    def __init__(self, context: Context, *, here: bool = True) -> None:
        """`here`: this program is the till, and says so; one beside it only looks."""
        self._context = context
        self._store = context.store
        self._here = here
        self._signed_at = 0
        self._seen = self._store.changes()
        self._first = True

    def ask_due(self) -> int:
        """Say whether something changed since the last question: 0 means that nothing did."""
        if self._here:
            self._sign()
        before, self._seen = self._seen, self._store.changes()
        changed = before != self._seen
        if self._here and (changed or self._first):
            # It may be the server that is back, with news of what it did not take.
            changed = bool(late_claims.note(self._context)) or changed
            self._first = False
        return int(changed)

    def sleep_seconds(self) -> float:
        """How long to wait."""
        return EVERY_SECONDS

    def _sign(self) -> None:
        now = self._context.now()
        if now - self._signed_at >= SIGN_MS:
            self._store.sign(self._context.till, now)
            self._signed_at = now
