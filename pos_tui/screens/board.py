"""What the desks beside the sale share: they cover it, Esc goes back, F1 explains, one notice line."""

from typing import ClassVar

from textual.binding import BindingType

from pos_tui.domain.errors import PosError
from pos_tui.screens.approving import Approving
from pos_tui.screens.commanded import Commanded, hints
from pos_tui.till import Till
from pos_tui.widgets.chrome import KeyHint, KeyLine, MessageLine, Title
from pos_tui.widgets.dialog import Dialog
from pos_tui.widgets.theme import Tone


class Board(Commanded, Approving, Dialog[None]):
    """A desk of its own over the open sale."""

    PURPOSE: ClassVar[str] = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "leave"),
        ("f1,ctrl+g", "explain"),
        ("ctrl+e,f11", "lock"),
    ]

    def __init__(self, till: Till, who: str) -> None:
        super().__init__()
        self.till = till
        self._who = who
        self.message = MessageLine()
        self.keys = KeyLine()

    def who(self) -> str:
        """Who works here."""
        return self._who

    def say(self, text: str, tone: Tone = "normal") -> None:
        """Tell something."""
        self.message.say(text, tone)

    def heading(self, text: str) -> Title:
        """The desk's name."""
        return Title(text)

    def purpose(self) -> str:
        """What the desk is for, as F1 says it."""
        return self.PURPOSE

    def show_keys(self) -> None:
        """Draw the keys as things stand."""
        self.keys.set_keys([*hints(self.PLACE, self.why_not), KeyHint("Esc", "Voltar")])

    async def failed(self, message: str) -> None:
        """Tell the error of a worker."""
        self.say(message, "error")

    def not_done(self, error: PosError) -> None:
        """Tell it; a desk that fails as it opens has not shown its keys yet."""
        super().not_done(error)
        self.show_keys()

    def action_leave(self) -> None:
        """Back to the sale."""
        self.dismiss(None)

    async def action_lock(self) -> None:
        """The app locks, whatever is on top."""
        await self.app.run_action("lock('tecla')")

    def action_explain(self) -> None:
        """F1."""
        from pos_tui.screens.explaining import help_page

        contacts = self.till.config.topup.contacts
        self.app.push_screen(help_page(self.PLACE, self.purpose(), self.why_not, contacts))
