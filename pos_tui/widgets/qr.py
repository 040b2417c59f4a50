"""A QR code in half blocks: black on white whatever the theme, since some phones do not read it inverted.

Sizes are in facts/payments.md §3.3: a static Pix code of version 7 takes 53 columns and 27 lines with the
four modules of quiet zone that the standard asks for, and a dynamic one does not fit in 24 lines at all.
"""

from collections.abc import Sequence

from rich.style import Style
from textual.app import App

from pos_tui.widgets.lines import Line, LineWidget, wrap
from pos_tui.widgets.theme import CURSOR, PLAIN

_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_PAPER = Style(color="black", bgcolor="white")


class QrCode(LineWidget):
    """Draws the modules when the window has room for them, and says so when it has not."""

    def __init__(self, modules: Sequence[Sequence[bool]] = (), *, quiet: int = 4) -> None:
        """`modules` are rows without border, True is dark; `quiet` is the border in modules."""
        super().__init__()
        self._modules = modules
        self._quiet = quiet

    def show(self, modules: Sequence[Sequence[bool]], quiet: int = 4) -> None:
        """Draw another code; no rows draw nothing."""
        self._modules, self._quiet = modules, quiet
        self.redraw()

    @property
    def needed(self) -> tuple[int, int]:
        """Columns and lines that the code takes."""
        side = len(self._modules) + 2 * self._quiet
        return (side, (side + 1) // 2) if self._modules else (0, 0)

    @property
    def problem(self) -> str | None:
        """Why the code cannot be shown in this window, in a sentence, or None."""
        columns, lines = self.needed
        if columns <= self.size.width and lines <= self.size.height:
            return None
        return f"O QR não cabe nesta janela: precisa de {columns} colunas e {lines} linhas."

    def lines(self, width: int, height: int) -> list[Line]:
        """Two modules to a line, in the middle of the window."""
        if problem := self.problem:
            return [((line, PLAIN),) for line in wrap(problem, width)]
        if not self._modules:
            return []
        rows = self._bordered()
        app: App[object] = self.app
        # Without colours, reversed is the nearest to black on white that a dark terminal has.
        style = CURSOR if app.no_color else _PAPER
        left = (" " * ((width - len(rows)) // 2), PLAIN)
        pairs = zip(rows[::2], [*rows[1::2], [False] * len(rows)], strict=False)
        return [(left, ("".join(_BLOCKS[pair] for pair in zip(*both, strict=True)), style)) for both in pairs]

    def _bordered(self) -> list[list[bool]]:
        side = len(self._modules) + 2 * self._quiet
        edge = [False] * self._quiet
        blank = [[False] * side for _ in edge]
        return [*blank, *([*edge, *row, *edge] for row in self._modules), *blank]
