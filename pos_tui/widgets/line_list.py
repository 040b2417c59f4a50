"""A list of any length that holds only a few pages of it."""

from collections.abc import Iterable, Sequence
from typing import Final, Literal, TypeAlias

from msgspec import Struct
from textual import events
from textual.message import Message

from pos_tui.widgets.columns import GAP, Column, widths
from pos_tui.widgets.lines import Line, LineWidget, fit, wrap
from pos_tui.widgets.theme import BOLD, CURSOR, PLAIN, SIGNS, TONES, Tone

Direction: TypeAlias = Literal["before", "after", "first", "last"]

_SIGN: Final = 2


class Row(Struct, frozen=True):
    """One line of the list."""

    key: str
    """What the program knows it by; the page is asked for by it, so it must order the list."""
    cells: tuple[str, ...]
    tone: Tone = "normal"


class LineList(LineWidget, can_focus=True):
    """Rows under column titles. The cursor row is reversed, what is pending is yellow and marked `*`.

    The owner gives the first page with `set_rows`, and another one each time `More` asks for it, with
    `add_rows`. Pages far from the cursor are forgotten, and asked for again when the cursor comes back.
    """

    class Highlighted(Message):
        """The cursor is on another row."""

        def __init__(self, line_list: "LineList", key: str) -> None:
            super().__init__()
            self.line_list = line_list
            self.key = key

    class Selected(Highlighted):
        """Enter on a row."""

    class More(Message):
        """Rows are wanted: `before` or `after` the row `key`, or the `first` or `last` of all."""

        def __init__(self, line_list: "LineList", direction: Direction, key: str) -> None:
            super().__init__()
            self.line_list = line_list
            self.direction: Direction = direction
            self.key = key

    def __init__(self, columns: Sequence[Column], *, empty: str, limit: int = 300) -> None:
        """`empty` says what to do when there is nothing; `limit` is how many rows are held at most."""
        super().__init__()
        self.columns = tuple(columns)
        self.empty = empty
        self.limit = limit
        self.rows: list[Row] = []
        self._cursor = 0
        self._top = 0
        self._more: set[Direction] = set()
        self._asked = False

    # What screens use ------------------------------------------------------------------------------

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self._cursor] if self.rows else None

    def set_rows(
        self, rows: Iterable[Row], *, before: bool = False, after: bool = False, key: str | None = None
    ) -> None:
        """Replace all rows; `before` and `after` tell whether there are more on either side.

        The cursor goes to `key`, else stays on the row it was on, else goes to the first.
        """
        wanted = key or (self.row.key if self.row else "")
        self.rows = list(rows)
        self._more = set()
        if before:
            self._more.add("before")
        if after:
            self._more.add("after")
        self._asked = False
        keys = [row.key for row in self.rows]
        self._cursor = keys.index(wanted) if wanted in keys else 0
        self._top = 0
        self._tell(wanted)

    def add_rows(self, direction: Direction, rows: Iterable[Row], *, more: bool) -> None:
        """Answer `More`. `more` tells whether there are still others in that direction."""
        page = list(rows)
        self._asked = False
        if direction in ("first", "last"):
            self.set_rows(page, before=direction == "last" and more, after=direction == "first" and more)
            self._cursor = 0 if direction == "first" else max(0, len(page) - 1)
            self._tell("")
            return
        self._more.discard(direction)
        self._more |= {direction} if more else set()
        if direction == "after":
            self.rows += page
            self._forget_first(len(self.rows) - self.limit)
        else:
            self.rows[:0] = page
            self._cursor += len(page)
            self._top += len(page)
            self._forget_last(len(self.rows) - self.limit)
        self.redraw()

    def wants(self, more: More) -> bool:
        """Whether these rows are still asked for: meanwhile the whole list may have been read again."""
        return self._asked and bool(self.rows) and self._edge(more.direction) == more.key

    def holds(self, key: str) -> bool:
        """Whether a row is still there: what was chosen may meanwhile have left the list."""
        return any(row.key == key for row in self.rows)

    def update_row(self, row: Row) -> None:
        """Show a row again that changed; nothing happens when it is not held."""
        for index, held in enumerate(self.rows):
            if held.key == row.key:
                self.rows[index] = row
        self.redraw()

    # Keys ------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Move the cursor or select; other keys go on to the bindings."""
        page = max(1, self.size.height - 2)
        moves = {"up": -1, "down": 1, "pageup": -page, "pagedown": page}
        if event.key in moves:
            self._go(self._cursor + moves[event.key])
        elif event.key == "home":
            self._jump("first", 0)
        elif event.key == "end":
            self._jump("last", len(self.rows) - 1)
        elif event.key == "enter" and self.row:
            self.post_message(self.Selected(self, self.row.key))
        else:
            return
        event.stop()
        event.prevent_default()

    def _jump(self, direction: Direction, index: int) -> None:
        if ("before" if direction == "first" else "after") in self._more:
            self._ask(direction)
        else:
            self._go(index)

    def _go(self, index: int) -> None:
        if not self.rows:
            return
        before = self.rows[self._cursor].key
        self._cursor = max(0, min(index, len(self.rows) - 1))
        self._tell(before)
        page = max(1, self.size.height)
        if self._cursor + page >= len(self.rows) and "after" in self._more:
            self._ask("after")
        elif self._cursor < page and "before" in self._more:
            self._ask("before")

    def _ask(self, direction: Direction) -> None:
        """Ask once; the answer may take a while."""
        if not self._asked and self.rows:
            self._asked = True
            self.post_message(self.More(self, direction, self._edge(direction)))

    def _edge(self, direction: Direction) -> str:
        return self.rows[0 if direction in ("before", "first") else -1].key

    def _tell(self, before: str) -> None:
        if self.row and self.row.key != before:
            self.post_message(self.Highlighted(self, self.row.key))
        self.redraw()

    def _forget_first(self, count: int) -> None:
        count = max(0, min(count, self._top))
        if count:
            del self.rows[:count]
            self._cursor -= count
            self._top -= count
            self._more.add("before")

    def _forget_last(self, count: int) -> None:
        count = max(0, min(count, len(self.rows) - self._cursor - 1))
        if count:
            del self.rows[-count:]
            self._more.add("after")

    # Drawing ---------------------------------------------------------------------------------------

    def lines(self, width: int, height: int) -> list[Line]:
        """Titles, then the rows around the cursor."""
        if not self.rows:
            return [((line, PLAIN),) for line in wrap(self.empty, width)]
        sizes = widths(self.columns, width - _SIGN)
        room = max(1, height - 1)
        self._top = max(min(self._top, self._cursor, len(self.rows) - room), self._cursor - room + 1, 0)
        titles = self._cells([column.title for column in self.columns], sizes)
        lines: list[Line] = [((" " * _SIGN + titles, BOLD),)]
        for index, row in enumerate(self.rows[self._top : self._top + room], self._top):
            style = TONES[row.tone]
            if index == self._cursor and self.has_focus:
                style = style + CURSOR
            text = f"{SIGNS[row.tone]} {self._cells(row.cells, sizes)}"
            lines.append(((fit(text, width), style),))
        return lines

    def _cells(self, cells: Sequence[str], sizes: Sequence[int]) -> str:
        parts = [
            fit(cell, size, column.align)
            for cell, size, column in zip(cells, sizes, self.columns, strict=False)
            if size
        ]
        return (" " * GAP).join(parts)
