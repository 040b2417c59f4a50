"""An app around the widgets under test, and a look at what they draw."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget

from pos_tui.widgets.keyboard import SerialKeyboard
from pos_tui.widgets.lines import LineWidget


class Stage(SerialKeyboard[None]):
    """Shows widgets one below the other and keeps what they say."""

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.widgets = widgets
        self.heard: list[Message] = []
        self.bells = 0

    def compose(self) -> ComposeResult:
        yield from self.widgets

    def hear(self, message: Message) -> None:
        """Give to `run_test(message_hook=…)`; a message that bubbles is kept once."""
        if type(message).__module__.startswith("pos_tui") and message not in self.heard:
            self.heard.append(message)

    def bell(self) -> None:
        self.bells += 1


def drawn(widget: LineWidget) -> list[str]:
    """Return the lines of a widget as text, without the blanks at their ends."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


def filled(widget: LineWidget) -> list[str]:
    """Return the lines of a widget that are not blank."""
    return [line for line in drawn(widget) if line]


def kinds(messages: Iterable[Message]) -> list[str]:
    """Return the names of messages."""
    return [type(message).__name__ for message in messages]
