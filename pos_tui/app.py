"""The Textual app: one till on one terminal."""

import logging
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.screen import Screen

from pos_tui.commands import Place
from pos_tui.commands.presets import use
from pos_tui.domain.errors import PosError, StoreError
from pos_tui.exits import Exit
from pos_tui.opening import Opening
from pos_tui.screens.background import Heard
from pos_tui.screens.commanded import bindings
from pos_tui.screens.locking import Locking
from pos_tui.screens.sale import SaleScreen

if TYPE_CHECKING:
    from pos_tui.domain.people import Operator
    from pos_tui.till import Till

log = logging.getLogger(__name__)

CRASHED = (
    "O caixa parou por uma falha interna. Nada do que foi gravado se perdeu: abra de novo e confira a lista "
    "de vendas. O registro (pos-tui.log, na pasta de dados) diz onde foi."
)


class PosApp(Locking):
    """Holds the Till and shows the sale."""

    TITLE = "pos-tui"
    CSS = """
    Screen { layout: vertical; background: $background; color: $foreground; overflow: hidden;
             &:ansi { background: ansi_default; color: ansi_default; } }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.ANYWHERE)]

    def __init__(self, opening: "Opening | Till") -> None:
        super().__init__()
        self.opening = opening
        self.config = opening.config
        use(opening.config.keys.preset)
        self.failure: PosError | None = None
        """Why the till could not be opened."""
        # A store's till asks for number and PIN first: a PIN typed ahead must not show in the field below.
        self.keyboard.hold(text=not opening.config.training)

    def get_default_screen(self) -> Screen[Any]:
        """The sale is what the till opens with."""
        return SaleScreen(self.config)

    @property
    def till(self) -> "Till":
        """The till, once it is open."""
        return self.desk.till

    def open_till(self) -> "Till":
        """Open the till: in a worker, since its imports and its database take as long as the first paint."""
        return self.opening.open() if isinstance(self.opening, Opening) else self.opening

    def could_not_open(self, error: PosError) -> None:
        """Leave: there is nothing to sell with. Who ran the app tells why."""
        self.failure = error
        self.keyboard.release()
        self.exit()

    # Who is here

    @property
    def desk(self) -> SaleScreen:
        """The sale, below whatever is open over it."""
        desk = self.screen_stack[0]
        assert isinstance(desk, SaleScreen)
        return desk

    @property
    def mark(self) -> str:
        """What every title ends with: desks show this till's own part while the server is away."""
        if self.opening.config.training:
            return "TREINAMENTO"
        return "SEM SERVIDOR" if self.is_open and self.till.away else ""

    @property
    def is_open(self) -> bool:
        """Whether the till is open."""
        return self.desk.is_open

    def heard(self) -> None:
        """The sale draws it, and so does what lies over it."""
        if self.is_running:
            self.desk.post_message(Heard())

    async def took_over(self, operator: "Operator", *, another: bool) -> None:
        """The open sale is theirs now; dialogs act in the name of whoever opened them."""
        while another and self.screen is not self.desk:
            self.pop_screen()
        await self.desk.take_over(operator)

    def action_lock(self, why: str) -> None:
        """Lock the screen, unless nobody has to log in."""
        if not self.till.login_required:
            self.desk.say("Em treinamento sem operadores não há bloqueio: cadastre-os em F12, Operadores.")
        else:
            super().action_lock(why)

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


def run(opening: Opening) -> int:
    """Open the till on this terminal until the cashier leaves, and return its exit code.

    A signal, or the end of the terminal, ends it in order, with 128 and the signal's number.

    Raises:
        PosError: the till could not be opened.
    """
    app = PosApp(opening)
    ended = app.run(mouse=False)
    if app.failure is not None:
        raise app.failure
    if app.return_code:
        if app.return_code > Exit.SIGNAL:
            return app.return_code
        return Exit.STORE if isinstance(app._exception, StoreError) else Exit.FAILED
    return ended if ended is not None else Exit.OK
