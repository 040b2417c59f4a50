"""F12: the desks beside the sale."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.widgets.chrome import KeyHint, KeyLine, Title
from pos_tui.widgets.dialog import Dialog
from pos_tui.widgets.fields import ChoiceField, Option
from pos_tui.widgets.form import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget


class Menu(Dialog[str | None]):
    """Returns the key of the desk chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave")]

    def __init__(self, options: list[Option]) -> None:
        super().__init__()
        self.form = Form([ChoiceField("desk", "Mesas", options, required=True)], submit_on_choice=True)

    def compose(self) -> "Iterable[Widget]":
        """Title, list, keys."""
        yield Title("Menu")
        yield self.form
        yield KeyLine([KeyHint("1-9", "Escolher"), KeyHint("Esc", "Voltar")], help_key=False)

    def action_leave(self) -> None:
        """Nothing was chosen."""
        self.dismiss(None)

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        self.dismiss(self.form.text("desk"))
