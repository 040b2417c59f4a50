"""What is opened over the sale and leaves it as it is: papers owed, balance, leaving."""

from typing import TYPE_CHECKING

from pos_tui.screens.background import Background
from pos_tui.screens.commanded import Commanded
from pos_tui.screens.desks import BY_COMMAND, DESKS
from pos_tui.widgets.dialog import Answer, Question
from pos_tui.widgets.fields import Option

if TYPE_CHECKING:
    from pos_tui.app import PosApp
    from pos_tui.domain.sale import Sale
    from pos_tui.till import Till


ERRANDS = [
    Option("lock", "Bloquear a tela (Ctrl+E)"),
]
"""What F12 offers after the desks."""


class Errands(Commanded, Background):
    """Mixed into the sale's screen."""

    app: "PosApp"

    @property
    def till(self) -> "Till":
        """The till."""
        raise NotImplementedError

    @property
    def sale(self) -> "Sale":
        """The open sale."""
        raise NotImplementedError

    def refresh_chrome(self) -> None:
        """Draw tabs, status and keys as things stand."""
        raise NotImplementedError

    async def reload(self) -> None:
        """Read the open sale again and show it."""
        raise NotImplementedError

    async def do_owed_papers(self) -> None:
        """Papers the printer still owes."""
        from pos_tui.screens.papers import OwedPapers

        self.app.push_screen(OwedPapers(self.till, self.sale.seller), self._after_papers)

    async def _after_papers(self, _: None) -> None:
        self.refresh_chrome()

    async def do_lock(self) -> None:
        """Ctrl+E."""
        self.app.action_lock("tecla")

    def why_not(self, command_id: str) -> str | None:
        """What is there in training only."""
        desk = BY_COMMAND.get(command_id)
        if desk is not None and desk.training and not self.till.config.training:
            return "Só no treinamento."
        return super().why_not(command_id)

    async def carry_out(self, command_id: str) -> None:
        """Open a desk, or do what else is asked."""
        desk = BY_COMMAND.get(command_id)
        if desk is None:
            await super().carry_out(command_id)
        else:
            self.app.push_screen(desk.open(self.till, self.sale.seller), self._back)

    async def _back(self, _: None) -> None:
        await self.reload()
        if self.till.login_required and self.till.guard.operator is None:
            self.app.ask_who("Agora há operadores: entre com seu número e seu PIN.")

    async def do_menu(self) -> None:
        """F12."""
        from pos_tui.screens.menu import Menu

        training = self.till.config.training
        options = [Option(desk.command, desk.label) for desk in DESKS if training or not desk.training]
        self.app.push_screen(Menu([*options, *ERRANDS]), self._to_desk)

    async def _to_desk(self, chosen: str | None) -> None:
        if chosen is not None:
            await self.action_command(chosen)

    async def do_printer(self) -> None:
        """Find the printer with the person."""
        from pos_tui.screens.printer_setup import PrinterSetup

        self.app.push_screen(PrinterSetup(self.till), self._after_papers)

    async def do_quit(self) -> None:
        """Leave, with everything recorded."""
        text = ["O que está em andamento fica gravado e volta ao abrir de novo."]
        if unsent := self.till.unsent():
            text.append(
                f"{unsent} gravação(ões) ainda não foram ao servidor e só existem nesta máquina: sobem "
                "sozinhas quando o caixa abrir e ele responder."
            )
        if self.till.cash.shift() is not None:
            # Closing the drawer's shift is another thing, with a count and a Z.
            text.append("O caixa continua aberto: quem o fecha é F7, Fechamento.")
        self.app.push_screen(
            Question(
                "Sair do programa?",
                text,
                [Answer("S", "Sair", dangerous=True), Answer("N", "Ficar")],
                default="N",
            ),
            self._quit,
        )

    async def _quit(self, answer: str | None) -> None:
        if answer == "s":
            self.app.action_quit_till()
