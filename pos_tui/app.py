"""The Textual app: one till on one terminal."""

import logging
from collections.abc import Callable
from enum import IntEnum
from typing import Any, ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.screen import Screen

from pos_tui.commands import Place
from pos_tui.domain.errors import PosError, StoreError
from pos_tui.screens.commanded import bindings
from pos_tui.screens.sale import SaleScreen
from pos_tui.till import Till
from pos_tui.widgets.keyboard import SerialKeyboard

log = logging.getLogger(__name__)

CRASHED = (
    "O caixa parou por uma falha interna. Nada do que foi gravado se perdeu: abra de novo e confira a lista "
    "de vendas. O registro (pos-tui.log, na pasta de dados) diz onde foi."
)


class Ended(IntEnum):
    """How the program ends; the CLI's exit codes."""

    OK = 0
    FAILED = 1
    USAGE = 2
    CONFIG = 3
    STORE = 4


class PosApp(SerialKeyboard[Ended]):
    """Holds the Till and shows the sale."""

    TITLE = "pos-tui"
    CSS = """
    Screen { layout: vertical; background: $background; color: $foreground; overflow: hidden;
             &:ansi { background: ansi_default; color: ansi_default; } }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.ANYWHERE)]

    def __init__(self, till: Till) -> None:
        super().__init__()
        self.till = till

    def get_default_screen(self) -> Screen[Any]:
        """The sale is what the till opens with."""
        return SaleScreen(self.till)

    async def action_command(self, command_id: str) -> None:
        """Commands that work anywhere belong to the screen on top."""
        screen = self.screen
        if isinstance(screen, SaleScreen):
            await screen.action_command(command_id)

    def _fatal_error(self) -> None:
        """Textual would print every local variable, customers' data among them: the log gets it."""
        log.critical("the screen failed", exc_info=self._exception)
        told = self._exception.message if isinstance(self._exception, PosError) else CRASHED
        self._exit_renderables.append(Text(told))
        self._close_messages_no_wait()

    def action_quit_till(self) -> None:
        """Leave; what is in flight stays recorded."""
        self.exit(Ended.OK)


def run(till: Till, prepare: Callable[[], object] = lambda: None) -> Ended:
    """Open the till on this terminal until the cashier leaves."""
    app = PosApp(till)
    prepare()
    ended = app.run(mouse=False)
    if app.return_code not in (None, 0):
        return Ended.STORE if isinstance(app._exception, StoreError) else Ended.FAILED
    return ended if ended is not None else Ended.OK
