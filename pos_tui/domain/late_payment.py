"""When a charge that was given up is asked about again: it may have been paid all the same (§9.14).

Source: facts/payments.md §3.1, §5, §9.14. What a bank says of a charge may come hours late, so the question
is repeated, ever more seldom, for as long as a person would still remember the sale.
"""

from collections.abc import Mapping

from pos_tui.domain.payment import Method, PaymentState

FIRST_MS = 60_000
WATCH_MS = 3 * 24 * 3_600_000
"""How long after it was given up."""
SHOWN = "code"
"""Among a line's details: the code that a customer could have seen."""


def next_ask(
    method: Method, state: PaymentState, details: Mapping[str, str], settled_at: int, now: int
) -> int | None:
    """When to ask about a line that was given up, in UTC milliseconds; None when not at all.

    Only a code that was shown can be paid. Each pause is as long as the time since it was given up.
    """
    if method is not Method.PIX_DYNAMIC or state is not PaymentState.CANCELLED or SHOWN not in details:
        return None
    age = max(0, now - settled_at)
    return now + max(FIRST_MS, age) if age < WATCH_MS else None
