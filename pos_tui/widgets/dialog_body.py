"""What a dialog shows: a title, a text that scrolls, and the keys that answer."""

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from textual import events
from textual.message import Message

from pos_tui.widgets.lines import Line, LineWidget, fit, titled, wrap
from pos_tui.widgets.theme import ACTIVE, BOLD, DIM, ERROR, PLAIN

_FAR: Final = 1_000_000
_SIDE_STEP: Final = 8


class Body(LineWidget, can_focus=True):
    """Takes every key, so that none of them reaches what is below."""

    class Answered(Message):
        """A key that ends dialogs was pressed: `enter`, `escape`, or a letter in lower case."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(
        self, title: str, text: Sequence[str], keys: Sequence[tuple[str, str]], *, wrapped: bool, alarm: bool
    ) -> None:
        """Show paragraphs when `wrapped`, else lines as they are, which Left and Right move.

        `keys` are pairs as drawn: `("S", "Sim")`. `alarm` marks the title as an error.
        """
        super().__init__()
        self._title = f"! {title}" if alarm else title
        self._title_style = ERROR + ACTIVE if alarm else ACTIVE
        self._text = tuple(text)
        self._keys = tuple(keys)
        self._wrapped = wrapped
        self._top = 0
        self._left = 0
        self._note = ""

    def say(self, note: str) -> None:
        """Say something above the keys."""
        self._note = note
        self.redraw()

    def take_text(self, text: str) -> int:
        """Take one letter at a time, since each may end the dialog."""
        self.post_message(self.Answered(text[0].lower()))
        return 1

    def on_key(self, event: events.Key) -> None:
        """Scroll or answer."""
        event.stop()
        event.prevent_default()
        page = max(1, self.size.height - 4)
        down = {"up": -1, "down": 1, "pageup": -page, "pagedown": page, "home": -_FAR, "end": _FAR}
        sideways = {"left": -_SIDE_STEP, "right": _SIDE_STEP}
        if event.is_printable and event.character:
            self.take_text(event.character)
        elif event.key in down:
            self._top += down[event.key]
        elif event.key in sideways and not self._wrapped:
            self._left += sideways[event.key]
        else:
            self.post_message(self.Answered(event.key))
        self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """Title, as much of the text as fits, a note, the keys."""
        text = self.flow(width)
        foot: list[Line] = [((note, BOLD),) for note in wrap(self._note, width) if note] + self._key_lines(
            width
        )
        room = max(1, height - 2 - len(foot))
        self._top = max(0, min(self._top, len(text) - room))
        shown = text[self._top : self._top + room]
        shown += [()] * (room - len(shown))
        last = min(self._top + room, len(text))
        down = f" linhas {self._top + 1} a {last} de {len(text)} · PgUp/PgDn" if len(text) > room else ""
        rule: Line = ((fit(f"{down}{' · ← →' if self._wider(width) else ''}", width), DIM),)
        heading = titled(self._title, self.app, width)
        return [((heading, self._title_style),), *shown, rule, *foot]

    def _wider(self, width: int) -> bool:
        """Whether some of it is beside the window: a paper is never wrapped."""
        return not self._wrapped and any(cell_len(line) > width for line in self._text)

    def flow(self, width: int) -> list[Line]:
        """Return the whole text in lines of this width; what does not fit scrolls."""
        return [((line, PLAIN),) if line else () for line in self._texts(width)]

    def _texts(self, width: int) -> list[str]:
        if not self._wrapped:
            longest = max((cell_len(line) for line in self._text), default=0)
            self._left = max(0, min(self._left, longest - width))
            return [line[self._left :] for line in self._text]
        lines: list[str] = []
        for paragraph in self._text:
            lines += [*([""] if lines else []), *wrap(paragraph, width)]
        return lines

    def _key_lines(self, width: int) -> list[Line]:
        lines: list[Line] = []
        used = width
        for key, label in self._keys:
            size = cell_len(key) + cell_len(label) + 3
            if used + size > width:
                lines.append(())
                used = 0
            lines[-1] += ((f" {key} ", ACTIVE), (f"{label}  ", PLAIN))
            used += size + 2
        return lines
