"""The top-ups of one sale as lines: number, operator, line, value, words."""

from collections.abc import Sequence

from pos_tui.domain.money import format_brl
from pos_tui.domain.topup import FINAL, TopUp, TopUpState
from pos_tui.domain.waiting import time_left
from pos_tui.widgets.lines import Line, LineWidget, fit
from pos_tui.widgets.theme import BOLD, DIM, SIGNS, TONES, Tone


def tone_of(topup: TopUp) -> Tone:
    """Yellow for what waits, red never: a refusal is over and stands dim."""
    if topup.pending:
        return "pending"
    return "dim" if topup.state in FINAL and topup.state is not TopUpState.CONFIRMED else "normal"


def item_line(topup: TopUp, width: int, now: int) -> Line:
    """One top-up in one line, with what is left of its reserve; its sign says the same as its colour."""
    tone = tone_of(topup)
    text = f"{topup.position} {topup.operator_name:<8} {topup.mobile!s:<14} {format_brl(topup.face):>10}  "
    left = time_left(topup, now)
    words = f"{topup.words}, {left}" if left else topup.words
    return ((fit(f"{SIGNS[tone]}{text}{words}", width), TONES[tone]),)


class ItemLines(LineWidget):
    """At most six lines: the newest top-ups and the total."""

    MOST = 5

    def __init__(self, empty: str) -> None:
        super().__init__(height=2)
        self._empty = empty
        self._items: Sequence[TopUp] = ()
        self._total = 0
        self._now = 0

    def show(self, items: Sequence[TopUp], total: int, now: int) -> None:
        """Show a sale's top-ups and what they come to, as of `now` (UTC milliseconds)."""
        self._items, self._total, self._now = items, total, now
        self.styles.height = min(len(items), self.MOST) + (2 if items else 1)
        self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """Items, total, blank."""
        if not self._items:
            return [((f" {self._empty}", DIM),)]
        shown = self._items[-self.MOST :]
        total = f"Total: {format_brl(self._total)}"
        return [
            *(item_line(item, width, self._now) for item in shown),
            ((fit(total, width - 1, "right"), BOLD),),
        ]
