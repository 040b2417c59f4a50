"""Amounts as horizontal bars, for what a person would rather look at than read."""

from collections.abc import Sequence

from textual import events
from textual.app import App

from pos_tui.domain.money import format_money
from pos_tui.widgets.lines import Line, LineWidget, fit, wrap
from pos_tui.widgets.theme import BOLD, PLAIN

SHARE_WIDTH = 60
"""From this width on each bar also tells its share."""


class Bars(LineWidget, can_focus=True):
    """One line a bar: label, bar, amount. More bars than lines scroll by the arrows."""

    def __init__(self, *, empty: str) -> None:
        """`empty` says what to do when there is nothing to draw."""
        super().__init__()
        self.empty = empty
        self._title = ""
        self._bars: list[tuple[str, int]] = []
        self._top = 0

    def show(self, title: str, bars: Sequence[tuple[str, int]]) -> None:
        """Draw labels and centavos; another title begins at the top again."""
        self._top = 0 if title != self._title else self._top
        self._title, self._bars = title, list(bars)
        self.redraw()

    def on_key(self, event: events.Key) -> None:
        """Scroll; other keys go on to the bindings."""
        page = max(1, self.size.height - 2)
        moves = {"up": -1, "down": 1, "pageup": -page, "pagedown": page}
        if event.key in moves:
            self._top += moves[event.key]
        elif event.key in ("home", "end"):
            self._top = 0 if event.key == "home" else len(self._bars)
        else:
            return
        event.stop()
        event.prevent_default()
        self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """The title, then the bars, the longest as wide as there is room."""
        if not self._bars:
            return [((line, PLAIN),) for line in wrap(self.empty, width)]
        room = max(1, height - 1)
        self._top = max(0, min(self._top, len(self._bars) - room))
        more = f" ({self._top + 1} a {min(self._top + room, len(self._bars))} de {len(self._bars)})"
        title = self._title + (more if len(self._bars) > room else "")
        return [((fit(title, width), BOLD),), *self._rows(width, self._top, self._top + room)]

    def _rows(self, width: int, first: int, last: int) -> list[Line]:
        most = max(amount for _, amount in self._bars)
        total = sum(amount for _, amount in self._bars)
        amounts = [format_money(amount) for _, amount in self._bars]
        if width >= SHARE_WIDTH and total > 0:
            shares = [round(100 * amount / total) for _, amount in self._bars]
            amounts = [f"{text} {share:>3}%" for text, share in zip(amounts, shares, strict=True)]
        right = max(len(text) for text in amounts)
        left = min(max(len(label) for label, _ in self._bars), width // 3)
        room = max(1, width - left - right - 2)
        app: App[object] = self.app
        block = "#" if app.no_color else "█"
        drawn: list[Line] = []
        for (label, amount), text in list(zip(self._bars, amounts, strict=True))[first:last]:
            length = max(1, room * amount // most) if amount > 0 else 0
            bar = (block * length).ljust(room)
            drawn.append(((f"{fit(label, left)} {bar} {text:>{right}}", PLAIN),))
        return drawn
