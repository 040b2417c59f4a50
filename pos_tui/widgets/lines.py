"""The one way everything is drawn: a widget says its lines, and only what changed goes to the terminal.

A line is a tuple of spans, a span is a text and a style. Text is data, never markup: `[/` in a name is
just three characters, and control characters never reach the terminal.
"""

import textwrap
from collections.abc import Sequence
from typing import Any, ClassVar, Literal, TypeAlias

from rich.cells import cached_cell_len, cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from pos_tui.commands.presets import KEYMAP
from pos_tui.domain.text import visible
from pos_tui.widgets.theme import DIM, PLAIN

Span: TypeAlias = tuple[str, Style]
Line: TypeAlias = tuple[Span, ...]
Align: TypeAlias = Literal["left", "right"]

MORE = ">"
"""Stands at the end of a text that was cut; an ellipsis is missing in some console fonts."""


def fit(text: str, width: int, align: Align = "left") -> str:
    """Return the text in exactly `width` cells: padded, or cut with a `>` at its end."""
    spare = width - cell_len(text)
    if spare < 0:
        return set_cell_size(text, width - 1) + MORE if width > 0 else ""
    return text + " " * spare if align == "left" else " " * spare + text


def titled(title: str, app: App[Any], width: int) -> str:
    """Return a screen's title in `width` cells, with the app's mark at its end where it has one."""
    mark: str = getattr(app, "mark", "")
    if not mark:
        return fit(f" {title}", width)
    return f"{fit(f' {title}', max(1, width - cell_len(mark) - 2))} {mark} "


def wrap(text: str, width: int) -> list[str]:
    """Break a sentence into lines of at most `width` cells; an empty text is one empty line.

    Keys that it names become those of the preset in use.
    """
    lines: list[str] = []
    for line in textwrap.wrap(KEYMAP.get().words(text), max(1, width)) or [""]:
        # textwrap counts characters; wide ones need a second look.
        lines.extend([line] if cell_len(line) <= width else textwrap.wrap(line, max(1, width // 2)))
    return lines


def forget_cuts() -> None:
    """Let go of each text that was ever cut or measured.

    Rich keeps up to 16 384 of the first, ten megabytes in a few days, and 4 096 of the others, one megabyte.
    """
    Segment._split_cells.cache_clear()
    cached_cell_len.cache_clear()


def marked(line: Line, width: int, sign: str) -> Line:
    """Return the line with a sign in the last cell, when that one is free."""
    spare = width - 1 - length(line)
    return (*line, (" " * spare, PLAIN), (sign, DIM)) if spare >= 0 else line


def length(line: Line) -> int:
    """Return how many cells a line takes."""
    return sum(cell_len(text) for text, _ in line)


def difference(old: Line, new: Line) -> tuple[int, int] | None:
    """Return the first cell that differs and the one after the last, or None when nothing does.

    A serial line of 960 bytes a second is why a whole line is not simply sent again.
    """
    if old == new:
        return None
    end = max(length(old), length(new))
    head = _common(old, new)
    start = length(old[:head])
    before, after = old[head:], new[head:]
    if not all(text.isascii() for text, _ in (*before[:1], *after[:1])):
        start = max(0, start - 1)  # an accent may belong to the cell before it
    elif before and after:
        start += _common_cells(before[0], after[0])
    if length(before) == length(after):
        tail = _common(before[::-1], after[::-1])
        end -= length(before[len(before) - tail :])
        before, after = before[: len(before) - tail], after[: len(after) - tail]
        if before and after:
            end -= _common_cells((before[-1][0][::-1], before[-1][1]), (after[-1][0][::-1], after[-1][1]))
    return start, max(end, start + 1)


def _common(one: Sequence[object], other: Sequence[object]) -> int:
    """Return how many items at the beginning are the same."""
    count = 0
    for item, twin in zip(one, other, strict=False):
        if item != twin:
            break
        count += 1
    return count


def _common_cells(one: Span, other: Span) -> int:
    """Return how many cells at the beginning of two spans are the same, as far as that is simple."""
    simple = one[1] == other[1] and one[0].isascii() and other[0].isascii()
    return _common(one[0], other[0]) if simple else 0


class LineWidget(Widget, inherit_css=False):
    """A widget that is nothing but lines. Subclasses give `lines` and call `redraw` after a change."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self, height: int | str = "1fr") -> None:
        """Take `height` lines, or a share of what is left: `"1fr"`, `"2fr"`."""
        super().__init__()
        # Set here instead of in CSS: every rule costs at start, on every screen.
        self.styles.height = height
        self._drawn: list[Line] = []
        self._drawn_size = (-1, -1)

    def on_hide(self, event: events.Hide) -> None:
        """The word of having been hidden may come late, when it is on show again: it keeps the focus then."""
        if all(node.display for node in self.ancestors_with_self if isinstance(node, Widget)):
            event.prevent_default()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Draw the cursor, or take it away.

        Not in `on_focus`: that comes before Textual says who has the focus, and what was drawn would stay.
        """
        super().watch_has_focus(_has_focus)
        self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """Say what to draw in `width` cells and `height` lines; missing lines are blank."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw again what changed since the last time."""
        if self._drawn_size != self.size:
            # A hidden widget has no size: when it comes back at its old one, what it drew then is stale.
            self._drawn_size = (-1, -1)
            self.refresh()
            return
        width, height = self.size
        old, self._drawn = self._drawn, self._fresh()
        regions = [
            Region(change[0], y, min(change[1], width) - change[0], 1)
            for y in range(height)
            if (change := difference(old[y], self._drawn[y])) is not None and change[0] < width
        ]
        if regions:
            # Textual never empties this set for a widget that draws by lines.
            self._dirty_regions.clear()
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """Turn one line into what Textual paints."""
        width = self.size.width
        if self._drawn_size != self.size:
            self._drawn_size, self._drawn = self.size, self._fresh()
        base = self._base_style()
        line = self._drawn[y] if y < len(self._drawn) else ()
        # Names are cleaned where they come in; this is the last gate before the terminal.
        # No style at all where there is nothing to say: without colours Textual would spell that out.
        segments = [Segment(visible(text), base + style or None) for text, style in line if text]
        return Strip(segments).adjust_cell_length(width, base or None).simplify()

    def _fresh(self) -> list[Line]:
        width, height = self.size
        lines = self.lines(width, height)[:height] if width and height else []
        return lines + [()] * (height - len(lines))

    def _base_style(self) -> Style:
        """With the terminal's own colours nothing needs saying, which saves bytes on a serial line."""
        app: App[object] = self.app
        return PLAIN if app.native_ansi_color else self.visual_style.rich_style
