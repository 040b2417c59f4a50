"""Relatórios: which one."""

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.reports.registry import REPORTS, find
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings
from pos_tui.screens.report import ReportScreen
from pos_tui.till import Till
from pos_tui.widgets.fields import ChoiceField, Option
from pos_tui.widgets.form import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

NARROW = 72
"""Below this width only the names are listed."""


class ReportHub(Board):
    """Every report of the registry, chosen by its number."""

    PLACE: ClassVar[Place] = Place.REPORTS
    PURPOSE = (
        "Os relatórios da loja. O número abre um, com o dia de hoje; lá dentro as teclas 1 a 5 mudam o "
        "período, F6 filtra, P mostra o gráfico, I imprime e G grava em CSV."
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.REPORTS)]

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        choice = ChoiceField("report", "Relatórios", _options(NARROW, till), required=True)
        self.form = Form([choice], submit_on_choice=True)

    def compose(self) -> "Iterable[Widget]":
        """The list, notice, keys."""
        yield self.heading("Relatórios")
        yield self.form
        yield self.message
        yield self.keys

    def on_mount(self) -> None:
        """Draw the keys."""
        self.show_keys()

    def on_resize(self, event: events.Resize) -> None:
        """Say what each shows, where there is room for it."""
        self.form.set_options("report", _options(event.size.width, self.till))

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        self.app.push_screen(ReportScreen(self.till, self.who(), find(self.form.text("report"))))


def _options(width: int, till: Till) -> list[Option]:
    wide = width >= NARROW
    offered = [one for one in REPORTS if one.feature != "recurring" or till.config.offers_recurring]
    return [Option(one.name, f"{one.label}: {one.about}" if wide else one.label) for one in offered]
