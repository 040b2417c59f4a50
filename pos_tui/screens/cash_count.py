"""Counting the drawer: how many of each note, the coins as a sum."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.domain.cash import NOTES, Count
from pos_tui.domain.money import format_brl
from pos_tui.widgets.chrome import KeyHint, KeyLine, Title
from pos_tui.widgets.dialog import Dialog
from pos_tui.widgets.fields import DigitsField, MoneyField, NoteField
from pos_tui.widgets.form import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget


class CashCount(Dialog[Count | None]):
    """Returns what was counted, or None after Esc. It never says what is expected."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave")]

    def __init__(self, before: Count | None = None) -> None:
        super().__init__()
        self.form = Form(
            [
                *(DigitsField(str(note), f"Notas de R$ {note // 100}", max_length=4) for note in NOTES),
                MoneyField("coins", "Moedas (soma)"),
                NoteField("total", "Total contado", format_brl(0)),
            ]
        )
        if before is not None:
            for note, number in before.notes.items():
                self.form.set(str(note), str(number) if number else None)
            self.form.set("coins", before.coins or None)
            self._show_total()

    def compose(self) -> "Iterable[Widget]":
        """Title, form, keys."""
        yield Title("Contagem do caixa", ["Quantas notas de cada valor; em branco é nenhuma."])
        yield self.form
        yield KeyLine([KeyHint("Enter", "Próximo / Terminar"), KeyHint("Esc", "Voltar")], help_key=False)

    def action_leave(self) -> None:
        """Nothing was counted."""
        self.dismiss(None)

    def _count(self) -> Count:
        notes = {note: int(self.form.text(str(note)) or "0") for note in NOTES}
        return Count(notes, self.form.cents("coins") or 0)

    def _show_total(self) -> None:
        self.form.set("total", format_brl(self._count().total))

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        event.stop()
        self._show_total()

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        self.dismiss(self._count())
