"""The top-ups and items of one sale as lines: what, value, words."""

from collections.abc import Sequence

from rich.cells import cell_len

from pos_tui.domain.item import Item, ItemState
from pos_tui.domain.money import format_brl, format_money
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
    left = time_left(topup, now)
    words = f"{topup.words}, {left}" if left else topup.words
    line = f"{topup.operator_name:<8} {topup.mobile}"  # a long name takes of the room behind the number
    text = f"{SIGNS[tone]}{topup.position} {line:<23} {format_brl(topup.face):>10}  {words}"
    if cell_len(text) > width:  # where it stands is what a narrow window must not cut
        short = f"{topup.operator_name} {topup.mobile} {format_money(topup.face)}"
        text = f"{SIGNS[tone]}{topup.position} {short} {words}"
    return ((fit(text, width), TONES[tone]),)


def goods_line(item: Item, width: int) -> Line:
    """One service, product or bill in one line."""
    tone: Tone = "pending" if item.state is ItemState.PENDING else "normal" if item.counts else "dim"
    units = f"{item.quantity:>3} x " if item.quantity > 1 else " " * 6
    room = max(8, width - 36)
    text = f"{units}{fit(item.name, room)} {format_brl(item.amount):>13}  {item.words}"
    return ((fit(f"{SIGNS[tone]}{text}", width), TONES[tone]),)


class ItemLines(LineWidget):
    """At most six lines: the newest top-ups and items, and the total."""

    MOST = 5

    def __init__(self, empty: str) -> None:
        super().__init__(height=2)
        self._empty = empty
        self._topups: Sequence[TopUp] = ()
        self._goods: Sequence[Item] = ()
        self._total = 0
        self._now = 0
        self._notice = ""

    def show(
        self, topups: Sequence[TopUp], total: int, now: int, goods: Sequence[Item] = (), notice: str = ""
    ) -> None:
        """Show what a sale holds and what it comes to, as of `now` (UTC milliseconds), and a notice of it."""
        self._topups, self._goods, self._total, self._now = topups, goods, total, now
        self._notice = notice
        count = len(topups) + len(goods)
        self.styles.height = min(count, self.MOST) + (2 if count else 1) + bool(notice)
        self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """Items, total, blank."""
        rows = [item_line(topup, width, self._now) for topup in self._topups[-self.MOST :]]
        rows += [goods_line(item, width) for item in self._goods[-self.MOST :]]
        if not rows:
            return [((f" {self._empty}", DIM),)]
        total = f"Total: {format_brl(self._total)}"
        notice: Line = ((fit(f"{SIGNS['pending']}{self._notice}", width), TONES["pending"]),)
        return [
            *rows[-self.MOST :],
            *([notice] if self._notice else []),
            ((fit(total, width - 1, "right"), BOLD),),
        ]
