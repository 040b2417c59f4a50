"""A desk that says who is selling. Goes to `screens/eco.py`."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings
from pos_tui.widgets.text import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

PLACE = Place("Mesa do eco")


class EcoDesk(Board):
    """Says who is here."""

    PLACE: ClassVar[Place] = PLACE
    PURPOSE = "Diz quem está vendendo."
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PLACE)]
    AUTO_FOCUS = ""

    def compose(self) -> "Iterable[Widget]":
        """Who, notice, keys."""
        yield self.heading("Mesa do eco")
        yield Reading([f"Quem vende: {self.who()}."])
        yield self.message
        yield self.keys

    def on_mount(self) -> None:
        """The keys."""
        self.show_keys()

    async def do_eco_say(self) -> None:
        """F6."""
        self.say(f"Eco: {self.who()}!")
