"""Paragraphs, as high as they need."""

from collections.abc import Sequence

from pos_tui.widgets.lines import Line, LineWidget, wrap
from pos_tui.widgets.theme import DIM, PLAIN


class Paragraphs(LineWidget):
    """Text that wraps at the width of the window."""

    def __init__(self, text: Sequence[str]) -> None:
        super().__init__(height=len(text))
        self._text = tuple(text)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """What is shown."""
        return self._text

    def say(self, text: Sequence[str]) -> None:
        """Show another text."""
        self._text = tuple(text)
        self.on_resize()
        self.redraw()

    def on_resize(self) -> None:
        """Take as many lines as the text needs at this width."""
        self.styles.height = max(1, len(self.lines(self.size.width or 80, 0)))

    def lines(self, width: int, height: int) -> list[Line]:
        """The paragraphs, wrapped."""
        return [((line, PLAIN),) for paragraph in self._text for line in wrap(paragraph, width)]


class Reading(LineWidget):
    """Paragraphs that fill what is left of the window; the important ones first, for the last may be cut."""

    def __init__(self, text: Sequence[str]) -> None:
        super().__init__()
        self._text = tuple(text)

    def say(self, text: Sequence[str]) -> None:
        """Show another text."""
        self._text = tuple(text)
        self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """The paragraphs, wrapped."""
        wrapped = [((line, PLAIN),) for paragraph in self._text for line in wrap(paragraph, width)]
        return list(wrapped[:height])


class SmallWindow(LineWidget):
    """All there is to see in a window that is too small to work in."""

    WIDTH, HEIGHT = 40, 12

    def __init__(self) -> None:
        super().__init__()
        self.display = False

    def lines(self, width: int, height: int) -> list[Line]:
        """Say so, as far as it fits."""
        text = f"Janela pequena: aumente para {self.WIDTH}x{self.HEIGHT} ou mais. A venda continua aberta."
        return [((line, PLAIN),) for line in wrap(text, width)]


class Preview(LineWidget):
    """A receipt as it is on paper: never wrapped, paged when it is longer than its room."""

    def __init__(self) -> None:
        super().__init__()
        self._text: list[str] = []
        self._top = 0

    def show(self, text: str) -> None:
        """Show a receipt, or nothing."""
        self._text = text.splitlines()
        self._top = 0
        self.redraw()

    def scroll_pages(self, pages: int) -> None:
        """Show what comes below or above."""
        room = max(1, self.size.height - 1)
        self._top = max(0, min(self._top + pages * room, len(self._text) - room))
        self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """A heading that tells what is shown, then the paper."""
        if not self._text or height < 2:
            return []
        last = min(self._top + height - 1, len(self._text))
        more = " (PgUp/PgDn)" if len(self._text) > height - 1 else ""
        heading = f"Comprovante, linhas {self._top + 1} a {last} de {len(self._text)}{more}"
        return [((heading, DIM),), *(((f"| {line}", PLAIN),) for line in self._text[self._top : last])]
