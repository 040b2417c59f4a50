"""What the other tills of the store did: noticed by one cheap question every few seconds.

The database counts its commits; only when somebody else's moved is anything read again, and then only what is
on show. CockroachDB has nothing to be told by, and PostgreSQL needs nothing more.
"""

from pos_tui.services.context import Context

EVERY_SECONDS = 2.0


class Neighbours:
    """Asks, for the rounds of an open till, whether another program committed anything."""

    def __init__(self, context: Context) -> None:
        self._store = context.store
        self._seen = self._store.changes()

    def ask_due(self) -> int:
        """Say whether something changed since the last question: 0 means that nothing did."""
        before, self._seen = self._seen, self._store.changes()
        return int(before != self._seen)

    def sleep_seconds(self) -> float:
        """How long to wait."""
        return EVERY_SECONDS
