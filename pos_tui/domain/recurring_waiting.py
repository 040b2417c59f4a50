"""When to ask about a recurring payment next."""

from pos_tui.domain.recurring import AttemptState

S = AttemptState

SOONEST_MS = 60_000
LATEST_MS = 30 * 60_000
"""Accounts that poll more often are not given a greater quota (facts/payments.md §1.2)."""
WATCH_MS = 3 * 24 * 3_600_000
"""How long a cancelled attempt, and one that seems never to have arrived, is still asked about.

It may have been paid in that very moment, or arrive late.
"""
_ASKED = frozenset({S.SENDING, S.UNCERTAIN, S.WAITING, S.ANALYSIS, S.CANCELLING, S.REFUNDING})


def next_ask(state: AttemptState, asked: int, now: int, settled_at: int | None = None) -> int | None:
    """When to ask about an attempt next, in UTC milliseconds, ever more seldom; None when not at all.

    `settled_at` is since when it is over; of a draft, since when it was sent.
    """
    if state in _ASKED:
        return now + min(LATEST_MS, int(SOONEST_MS * 1.5 ** min(asked, 20)))
    if state in (S.CANCELLED, S.EXPIRED, S.DRAFT) and (settled_at is None or now - settled_at < WATCH_MS):
        return now + LATEST_MS
    return None
