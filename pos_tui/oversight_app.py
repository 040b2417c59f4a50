"""The oversight by itself: a supervisor enters and sees every till, at this terminal or in a browser."""

from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.screen import Screen

from pos_tui.app import PosApp
from pos_tui.commands.presets import use
from pos_tui.exits import Exit
from pos_tui.screens.background import Heard, let_hear
from pos_tui.screens.locking import Locking
from pos_tui.screens.oversight import OversightDesk
from pos_tui.widgets.text import Reading

if TYPE_CHECKING:
    from pos_tui.domain.people import Operator
    from pos_tui.till import Till

IDLE_CHECK_SECONDS = 30
NOBODY = "Cadastre primeiro os operadores no caixa: F12, Operadores."


class Behind(Screen[None]):
    """What lies below the oversight; seen when there is nobody who could enter."""

    def compose(self) -> ComposeResult:
        """One sentence."""
        yield Reading([NOBODY, "Ctrl+Q sai."])


class OversightApp(Locking):
    """Nothing but the oversight, locked again when it is left."""

    TITLE = "pos-tui: supervisão"
    CSS = PosApp.CSS
    BINDINGS = [("ctrl+q", "quit_till")]  # noqa: RUF012 - as Textual declares it

    def __init__(self, till: "Till") -> None:
        super().__init__()
        self._till = till
        use(till.config.keys.preset)

    def get_default_screen(self) -> Behind:
        """What is seen while nobody can enter."""
        return Behind()

    @property
    def till(self) -> "Till":
        """The till's database; the till itself may be open elsewhere."""
        return self._till

    @property
    def mark(self) -> str:
        """What every title ends with."""
        return "TREINAMENTO" if self.till.config.training else "SEM SERVIDOR" if self.till.away else ""

    @property
    def is_open(self) -> bool:
        """It was opened before the app."""
        return True

    def on_mount(self) -> None:
        """Ask who it is. The first supervisor is made at the till, not from a browser."""
        self.set_interval(IDLE_CHECK_SECONDS, self.lock_when_idle)
        self.till.neighbours.heard = lambda: self.post_message(Heard())
        self.till.neighbours.start()
        if self.till.operators.any():
            self.ask_who("Só supervisores veem as pendências de todos os caixas.")

    async def on_heard(self) -> None:
        """A till did something: whatever is on show reads it."""
        await let_hear(self.screen)

    async def took_over(self, operator: "Operator", *, another: bool) -> None:
        """Show what waits. Dialogs of whoever was here before are gone, and so is what they showed."""
        self.behind.clear()
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.push_screen(OversightDesk(self.till, operator.name), partial(self._left))

    def _left(self, _: None) -> None:
        self.action_lock("saída")


def run(till: "Till") -> Exit:
    """Show the oversight until it is quit."""
    ended = OversightApp(till).run(mouse=False)
    return ended if ended is not None else Exit.OK
