"""F6 on a report: which days, and what of them."""

from collections.abc import Mapping, Sequence
from datetime import date, tzinfo
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual import on
from textual.binding import BindingType

from pos_tui.reports.cells import local
from pos_tui.reports.definition import Asked, Choice, Definition
from pos_tui.reports.periods import PRESET_WORDS, Preset, days_of, span
from pos_tui.screens.days import check_day, check_order, parse_day
from pos_tui.widgets.chrome import KeyHint, KeyLine, Title
from pos_tui.widgets.dialog import Dialog
from pos_tui.widgets.fields import ChoiceField, Field, Option, TextField
from pos_tui.widgets.form import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

DAYS = "dias"
EVERYTHING = "*"
"""Stands for no filter: a choice is never empty."""


class Wanted(Struct, frozen=True):
    """What a report is asked for."""

    preset: Preset | None
    """None when the days were typed."""
    asked: Asked


class FilterDialog(Dialog[Wanted | None]):
    """A period by its number, or by its days; then the report's own filters."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave")]

    def __init__(
        self,
        report: Definition,
        choices: Mapping[str, Sequence[Choice]],
        now: Wanted,
        today: date,
        zone: tzinfo,
    ) -> None:
        super().__init__()
        self._report = report
        self._today = today
        self._zone = zone
        self.form = Form([*self._period(now), *_filters(report, choices)])
        self.form.set("period", now.preset or DAYS)
        for name, at in (("since", now.asked.since), ("until", now.asked.until - 1)):
            self.form.set(name, f"{local(at, zone):%d/%m/%Y}")
        for one in report.filters:
            self.form.set(one.name, now.asked.get(one.name) or EVERYTHING)

    def _period(self, now: Wanted) -> list[Field]:
        def not_before(until: str) -> str | None:
            return check_day(until) or check_order(self.form.text("since"), until)

        named = now.preset is not None
        options = [Option(preset, words) for preset, words in PRESET_WORDS.items()]
        return [
            ChoiceField("period", "Período", [*options, Option(DAYS, "Outros dias")], required=True),
            TextField(
                "since", "De", max_length=10, required=True, check=check_day, hint="dd/mm/aaaa", hidden=named
            ),
            TextField(
                "until",
                "Até",
                max_length=10,
                required=True,
                check=not_before,
                hint="dd/mm/aaaa",
                hidden=named,
            ),
        ]

    def compose(self) -> "Iterable[Widget]":
        """Title, form, keys."""
        yield Title(f"Filtrar: {self._report.label}")
        yield self.form
        yield KeyLine([KeyHint("Enter", "Próximo / Ver"), KeyHint("Esc", "Voltar")], help_key=False)

    def action_leave(self) -> None:
        """Nothing changes."""
        self.dismiss(None)

    @on(Form.Chosen)
    def _chosen(self, event: Form.Chosen) -> None:
        event.stop()
        if event.field == "period":
            typed = event.value == DAYS
            self.form.show("since", typed)
            self.form.show("until", typed)
            if typed:
                self.form.go("since")

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        period = str(event.values["period"])
        preset = None if period == DAYS else Preset(period)
        if preset is None:
            days = parse_day(str(event.values["since"])).date(), parse_day(str(event.values["until"])).date()
        else:
            days = days_of(preset, self._today)
        values = {one.name: str(event.values[one.name] or EVERYTHING) for one in self._report.filters}
        chosen = {name: value for name, value in values.items() if value != EVERYTHING}
        self.dismiss(Wanted(preset, Asked(*span(*days, self._zone), chosen)))


def _filters(report: Definition, choices: Mapping[str, Sequence[Choice]]) -> list[Field]:
    return [
        ChoiceField(
            one.name,
            one.label,
            [Option(EVERYTHING, "Todos"), *(Option(value.key, value.label) for value in choices[one.name])],
        )
        for one in report.filters
    ]
