"""For how long one till keeps the others away from what it is asking about.

The clock of a till may be years ahead (a dead CMOS battery), and the till may be gone for good: a lease that
ends later than anybody could have given it now keeps nobody away.
"""

from typing import Final

LEASE_MS: Final = 120_000
"""Longer than any provider's deadline."""
FAR_MS: Final = 3_600_000
"""Further ahead than any two clocks of a store that are right."""


def is_held(until: int | None, now: int) -> bool:
    """Whether a lease that ends at `until` keeps others away."""
    return until is not None and now < until <= now + FAR_MS
