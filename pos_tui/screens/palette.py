"""Every command by its name."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place, of_place
from pos_tui.domain.text import fold
from pos_tui.widgets.chrome import KeyHint, KeyLine, Title
from pos_tui.widgets.dialog import Dialog
from pos_tui.widgets.fields import ChoiceField, Option, TextField
from pos_tui.widgets.form import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget


class Palette(Dialog[str | None]):
    """Returns the id of the command chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave")]

    def __init__(self, place: Place, reasons: Callable[[str], str | None]) -> None:
        super().__init__()
        self._options = [
            Option(
                command.id,
                f"{command.label} ({command.key_words[0]}): {command.tooltip}",
                enabled=reasons(command.id) is None,
                why_not=reasons(command.id) or "",
            )
            for command in of_place(place)
            if command.id != "palette"
        ]
        self.form = Form(
            [
                TextField("name", "Comando", codes=True, hint="Parte do nome; Enter vai para a lista."),
                ChoiceField("found", "Lista", self._options, required=True),
            ],
            submit_on_choice=True,
        )

    def compose(self) -> "Iterable[Widget]":
        """Title, form, keys."""
        yield Title("Comandos")
        yield self.form
        yield KeyLine([KeyHint("Enter", "Escolher"), KeyHint("Esc", "Voltar")], help_key=False)

    def action_leave(self) -> None:
        """Nothing was chosen."""
        self.dismiss(None)

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        event.stop()
        if event.field == "name":
            wanted = fold(str(event.value or ""))
            found = [option for option in self._options if wanted in fold(option.label)]
            # A command of that name goes before those that merely speak of it.
            found.sort(key=lambda option: wanted not in fold(option.label.partition(" (")[0]))
            self.form.set_options("found", found)

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        self.dismiss(self.form.text("found"))
