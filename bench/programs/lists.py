"""The yardstick for lists: two tabs, the second a bare list of a page of sales on Textual's line API."""

from typing import ClassVar

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import ContentSwitcher, Input

ROWS = 50


class Lines(ScrollView, can_focus=True):
    """A list with a cursor and nothing else."""

    BINDINGS: ClassVar[list[BindingType]] = [("down", "move(1)"), ("up", "move(-1)")]

    def __init__(self) -> None:
        super().__init__(id="list")
        self.cursor = 0
        self.virtual_size = Size(78, ROWS)

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        index = y + self.scroll_offset.y
        mark = ">" if index == self.cursor else " "
        return Strip([Segment(f"{mark} {index + 1:>6} 23/11 14:05 Consumidor 20,00 Confirmada".ljust(78))])

    def action_move(self, step: int) -> None:
        """Move the cursor and redraw the two lines."""
        before, self.cursor = self.cursor, max(0, min(ROWS - 1, self.cursor + step))
        self.scroll_to(y=max(0, self.cursor - 10), animate=False)
        for index in (before, self.cursor):
            self.refresh_line(index - self.scroll_offset.y)


class Lists(App[None]):
    """F2 shows the input, F4 the list."""

    BINDINGS: ClassVar[list[BindingType]] = [("f2", "tab('input')"), ("f4", "tab('list')")]

    def compose(self) -> ComposeResult:
        """The two tabs."""
        with ContentSwitcher(initial="input"):
            yield Input(placeholder="Cliente", id="input")
            yield Lines()

    def action_tab(self, name: str) -> None:
        """Show a tab."""
        self.query_one(ContentSwitcher).current = name
        self.query_one(f"#{name}").focus()


if __name__ == "__main__":
    Lists().run(mouse=False)
