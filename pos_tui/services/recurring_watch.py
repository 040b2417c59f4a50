"""Asks about recurring payments by itself: what is due, what was notified, what a crash cut off.

Notices and polling both end in the same question, so that both at once do no harm. The provider's quota is
respected: while it asks for a rest, nothing is asked here.
"""

import logging
from collections.abc import Callable

from msgspec import Struct

from pos_tui.domain.errors import Conflict, PosError
from pos_tui.domain.journal import SYSTEM
from pos_tui.domain.notices import Notice
from pos_tui.domain.recurring import Attempt
from pos_tui.services.context import Context
from pos_tui.services.recurring import Recurring
from pos_tui.store import recurring
from pos_tui.store.database import Transaction

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Most attempts, and most notices, asked about in one round."""
LOOK_SECONDS = 5.0
"""How often the database is looked at: another program may have been notified."""
BUSY_MS = 2_000
FAILED_MS = 60_000
NOTICE = "notificação"


class Round(Struct, frozen=True):
    """What one round did."""

    asked: int = 0
    waiting: int = 0
    """Asked, and without an answer."""


class Watch:
    """One till's."""

    def __init__(self, context: Context, attempts: Recurring, wake: Callable[[], object]) -> None:
        """`wake` tells the printer that there may be papers."""
        self._context = context
        self._store = context.store
        self._attempts = attempts
        self._wake = wake
        self._mark = (0, 0)

    def note(self, notice: Notice, provider: str) -> bool:
        """Keep a notice before it is acknowledged; say whether it is new.

        Raises:
            StoreError: it could not be kept, so it must be sent again.
        """
        now = self._context.now()
        return self._store.write(lambda tx: recurring.insert_notice(tx, notice, provider, now))

    def sweep(self, who: str) -> Round:
        """Ask about whatever a crash cut off. At start, before anything new is sent."""
        with self._store.reading() as tx:
            found = recurring.in_flight(tx, self._context.till, self._context.now())
        return self._ask_all(found, who, cut_off=True)

    def round(self, who: str = SYSTEM) -> Round:
        """Ask about everything notified, and everything due."""
        if self._attempts.rest() > 0:
            return Round()
        notified = self._notices()
        if self._attempts.rest() > 0:
            return notified
        with self._store.reading() as tx:
            found = recurring.due(tx, self._context.now(), AT_ONCE)
        due = self._ask_all(found, who)
        return Round(notified.asked + due.asked, notified.waiting + due.waiting)

    def ask_live(self, who: str) -> Round:
        """Ask now about every OS that waits, due or not: somebody pressed F5."""
        with self._store.reading() as tx:
            found = recurring.live(tx, AT_ONCE)
        return self._ask_all(found, who)

    # For the rounds of an open till

    def ask_due(self) -> bool:
        """Do a round; say whether anything changed, by this or by another program."""
        with self._store.reading() as tx:
            at, mark = recurring.next_ask(tx), recurring.mark(tx)
        if at is not None and at <= self._context.now():
            self.round()
            with self._store.reading() as tx:
                mark = recurring.mark(tx)
        changed, self._mark = mark != self._mark, mark
        if changed:
            # The other program has no printer of its own: what it queued is this till's to print.
            self._wake()
        return changed

    def sleep_seconds(self) -> float:
        """How long nothing is due."""
        with self._store.reading() as tx:
            at = recurring.next_ask(tx)
        due = LOOK_SECONDS if at is None else max(0.2, (at - self._context.now()) / 1000)
        return min(LOOK_SECONDS, max(due, self._attempts.rest()))

    # Inside

    def _ask_all(self, found: list[Attempt], who: str, *, cut_off: bool = False) -> Round:
        waiting = 0
        for attempt in found:
            try:
                after = self._attempts.ask(attempt.id, who, cut_off=cut_off)
                waiting += bool(after.why)
            except Conflict:
                continue
            except PosError as error:
                log.warning("recurring %s: %s", attempt.id, error.message)
                waiting += 1
        if found:
            self._wake()
        return Round(len(found), waiting)

    def _notices(self) -> Round:
        with self._store.reading() as tx:
            found = recurring.notices_due(tx, self._context.now(), AT_ONCE)
        waiting = sum(not self._heed(notice, version) for notice, version in found)
        if found:
            self._wake()
        return Round(len(found), waiting)

    def _heed(self, notice: Notice, version: int) -> bool:
        """Ask about what a notice names; say whether it is done with."""
        with self._store.reading() as tx:
            attempt = self._attempt_of(tx, notice)
        if attempt is None:
            self._put_off(notice, version, None, "não é deste banco de dados")
            return True
        try:
            after = self._attempts.ask(attempt.id, NOTICE, notice)
        except Conflict:
            self._put_off(notice, version, BUSY_MS)
            return False
        except PosError as error:
            self._put_off(notice, version, FAILED_MS, error.message)
            return False
        if after.why:
            self._put_off(notice, version, FAILED_MS, after.why)
            return False
        self._put_off(notice, version, None, after.words)
        return True

    def _attempt_of(self, tx: Transaction, notice: Notice) -> Attempt | None:
        found = recurring.by_subscription(tx, notice.subscription_ref)
        return found or (recurring.get(tx, notice.reference) if notice.reference else None)

    def _put_off(self, notice: Notice, version: int, after_ms: int | None, told: str = "") -> None:
        until = None if after_ms is None else self._context.now() + after_ms
        self._store.write(lambda tx: recurring.put_off_notice(tx, notice.id, version, until, told))
