"""How the sandbox's TEF manager may misbehave, and how a scenario is chosen.

By the cents of the amount, as acquirers' test houses do, or by a control file: one `COMMAND scenario` a line,
each used once by the next request of that command. Source: facts/payments.md §2.10.
"""

from contextlib import suppress
from enum import StrEnum
from pathlib import Path


class Scenario(StrEnum):
    """What happens to one request."""

    APPROVE = "approve"
    DENY = "deny"
    SILENT = "silent"
    """Says that it took the request, then nothing more."""
    NO_STATUS = "no_status"
    """Takes the request and never says so."""
    IGNORE = "ignore"
    """Leaves the request where it is."""
    STRANGER = "stranger"
    """Answers an operation of nobody's first, then this one."""
    OLDER = "older"
    """Answers the sale it was silent about first, and then this one."""
    WRONG_STATUS = "wrong_status"
    """Acknowledges another operation first, then this one."""
    TRUNCATED = "truncated"
    """The reply stops half-way for good."""
    SLOW_WRITE = "slow_write"
    """The reply is seen half-written before it is whole."""
    GARBAGE = "garbage"
    """The amount of the reply is no number."""
    PARTIAL = "partial"
    CASH_OUT = "cash_out"
    DISCOUNT = "discount"
    ADJUSTED = "adjusted"
    ERROR = "error"
    FINAL = "final"
    """729 = 1: needs no confirmation."""
    UNTOLD = "untold"
    """729 is absent; there are receipts."""
    NO_RECEIPTS = "no_receipts"
    """729 is absent and so are receipts."""
    GAVE_UP = "gave_up"
    """009 = FF."""
    DELAY = "delay"
    PUNCTUATED = "punctuated"
    """Money with comma and receipt lines without quotes, as another maker writes."""
    CRASH_BEFORE_TAKING = "crash_before_taking"
    CRASH_BEFORE_STATUS = "crash_before_status"
    CRASH_AFTER_STATUS = "crash_after_status"
    CRASH_BEFORE_REPLY = "crash_before_reply"
    """Authorised, and the till never hears of it."""
    CRASH_INSIDE_REPLY = "crash_inside_reply"
    CRASH_AFTER_REPLY = "crash_after_reply"


BY_CENTS: dict[int, Scenario] = {
    20: Scenario.APPROVE,
    21: Scenario.DENY,
    22: Scenario.SILENT,
    23: Scenario.NO_STATUS,
    24: Scenario.STRANGER,
    25: Scenario.TRUNCATED,
    26: Scenario.PARTIAL,
    27: Scenario.CASH_OUT,
    28: Scenario.DISCOUNT,
    29: Scenario.ERROR,
    30: Scenario.FINAL,
    31: Scenario.UNTOLD,
    32: Scenario.NO_RECEIPTS,
    33: Scenario.GAVE_UP,
    34: Scenario.DELAY,
    35: Scenario.SLOW_WRITE,
    36: Scenario.PUNCTUATED,
    37: Scenario.ADJUSTED,
    38: Scenario.GARBAGE,
    39: Scenario.WRONG_STATUS,
    40: Scenario.CRASH_BEFORE_TAKING,
    41: Scenario.CRASH_BEFORE_STATUS,
    42: Scenario.CRASH_AFTER_STATUS,
    43: Scenario.CRASH_BEFORE_REPLY,
    44: Scenario.CRASH_INSIDE_REPLY,
    45: Scenario.CRASH_AFTER_REPLY,
    46: Scenario.OLDER,
}
"""Of a card sale; any other cents are approved."""


def choose(control: Path, command: str, centavos: int | None) -> Scenario:
    """Pick the scenario of a request, using up its line of the control file if there is one."""
    lines: list[str] = []
    with suppress(FileNotFoundError):
        lines = control.read_text(encoding="utf-8").splitlines()
    for place, line in enumerate(lines):
        wanted, _, name = line.partition(" ")
        if wanted == command:
            del lines[place]
            writing = control.with_suffix(".using")
            writing.write_text("".join(f"{left}\n" for left in lines), encoding="utf-8")
            writing.replace(control)
            return Scenario(name.strip())
    if command != "CRT" or centavos is None:
        return Scenario.APPROVE
    return BY_CENTS.get(centavos % 100, Scenario.APPROVE)
