"""What a start finishes of payments that a crash, or a lost answer, had left open, and in which order."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from pos_tui.domain.payment import Decision, PaymentState
from pos_tui.domain.sale import PaymentLine


class Recovery(Struct, frozen=True):
    """What the start found of payments that a crash, or a lost answer, had left open."""

    settled: tuple[PaymentLine, ...] = ()
    waiting: tuple[PaymentLine, ...] = ()
    stranger: bool = False
    """Whether the TEF manager holds an answer that no sale of ours knows."""
    late: tuple[PaymentLine, ...] = ()
    """What was paid after it had been given up, of every till."""


def in_order(waiting: Iterable[PaymentLine]) -> list[PaymentLine]:
    """Return those of which something is to be done or learnt outside, in the order to do it in.

    Of a sale given up, what is merely approved goes first, and the last card before the earlier (§2.6).
    """
    found = [
        line
        for line in waiting
        if line.waits and (line.state is not PaymentState.CREATED or line.decision is not Decision.NONE)
    ]
    found.sort(key=lambda line: line.id, reverse=True)
    found.sort(key=lambda line: line.decision is Decision.REFUND)
    return found


def recovered(lines: Sequence[PaymentLine], stranger: bool) -> Recovery:
    """Tell the settled from those that still wait."""
    settled = tuple(line for line in lines if not line.waits)
    return Recovery(settled, tuple(line for line in lines if line.waits), stranger)
