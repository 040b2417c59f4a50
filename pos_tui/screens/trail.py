"""Trilha: who did what, when, from which till, and who approved it."""

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.instants import from_ms, show, to_ms
from pos_tui.domain.text import clean
from pos_tui.domain.trail import TrailFilter, TrailLine
from pos_tui.domain.values import replace
from pos_tui.screens.commanded import bindings
from pos_tui.screens.days import check_day, check_order, parse_day
from pos_tui.screens.guarded_list import ALONE, GuardedList
from pos_tui.services.audit import PAGE
from pos_tui.services.guard import Approval
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import PromptDialog, TextPage
from pos_tui.widgets.fields import ChoiceField, DigitsField, Option, TextField, Value
from pos_tui.widgets.line_list import LineList, Row

if TYPE_CHECKING:
    pass

YES, NO = "yes", "no"
PRINTING = (Option(NO, "Sem eles"), Option(YES, "Com eles"))


class TrailDesk(GuardedList):
    """The journal of every till, newest first, a page at a time."""

    PLACE: ClassVar[Place] = Place.TRAIL
    PURPOSE = (
        "Tudo o que foi feito, por quem, quando e em que caixa; com autorização, os dois nomes. F6 procura "
        "por nome, ação ou o que foi anotado. Enter mostra a linha inteira, com o lacre."
    )
    OPEN = "trail_open"
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in bindings(Place.TRAIL) if binding.id != "trail_open"
    ]
    HEADING = "Trilha de auditoria"
    COLUMNS = (
        Column("Quando", 11),
        Column("Cx", 2, "right", priority=4),
        Column("Quem", 12, priority=1),
        Column("O quê", 24, flex=True),
    )
    EMPTY = "Nada na trilha com este filtro. F6 muda o filtro."
    FORBIDDEN = "A trilha é para supervisores."

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        self.filter = TrailFilter(*till.day(), printing=False)
        self._lines: dict[str, TrailLine] = {}

    def may_see(self, approval: Approval | None) -> None:
        """Ask the guard."""
        self.till.audit.may_read_trail(approval)

    async def read(self, _: object = None) -> None:
        """The newest page."""
        lines = await asyncio.to_thread(self.till.audit.trail, self.filter)
        self._lines = {line.id: line for line in lines}
        self.list.set_rows([self._row(line) for line in lines], after=len(lines) == PAGE)
        self.show_keys()
        self.say(f"{ALONE} {self._told()}" if self.till.away else self._told())

    def _told(self) -> str:
        zone = self.till.context.zone
        first = from_ms(self.filter.since).astimezone(zone)
        last = from_ms(self.filter.until - 1).astimezone(zone)
        text = f" com «{self.filter.text}»" if self.filter.text else ""
        till = f", caixa {self.filter.till}" if self.filter.till is not None else ""
        printing = "" if self.filter.printing else ", sem os passos da impressora"
        return f"De {first:%d/%m/%Y} a {last:%d/%m/%Y}{till}{text}{printing}. F6 muda."

    def _row(self, line: TrailLine) -> Row:
        at = from_ms(line.at).astimezone(self.till.context.zone)
        return Row(line.id, (f"{at:%d/%m %H:%M}", str(line.till), line.people, line.short))

    @on(LineList.More)
    async def _more(self, event: LineList.More) -> None:
        event.stop()
        newer = event.direction in ("before", "last")
        edge = None if event.direction in ("first", "last") else event.key
        lines = await asyncio.to_thread(self.till.audit.trail, self.filter, edge, newer)
        if not self.list.wants(event):
            return
        self._lines.update({line.id: line for line in lines})
        self.list.add_rows(event.direction, [self._row(line) for line in lines], more=len(lines) == PAGE)

    async def open(self, key: str) -> None:
        """Enter: the whole line."""
        line = self._lines[key]
        zone = self.till.context.zone
        text = [
            f"{show(line.at, zone)} · caixa {line.till} · linha {line.seq}",
            f"{line.people}: {line.what}",
            *line.details,
            f"Item {line.subject}",
            f"Lacre {line.hash}",
        ]
        self.app.push_screen(TextPage("Linha da trilha", text))

    async def do_trail_filter(self) -> None:
        """F6."""
        zone = self.till.context.zone

        def not_before(until: str) -> str | None:
            return check_day(until) or check_order(dialog.form.text("since"), until)

        fields = [
            TextField(
                "text", "Procurar", max_length=40, codes=True, hint="Nome, ação ou parte do que foi anotado."
            ),
            DigitsField("till", "Caixa", max_length=2, hint="Em branco: todos."),
            TextField("since", "De", max_length=10, required=True, check=check_day, hint="dd/mm/aaaa"),
            TextField("until", "Até", max_length=10, required=True, check=not_before, hint="dd/mm/aaaa"),
            ChoiceField("printing", "Passos da impressora", PRINTING, required=True),
        ]
        dialog = PromptDialog("Procurar na trilha", fields)
        dialog.form.set("text", self.filter.text)
        dialog.form.set("till", str(self.filter.till or ""))
        dialog.form.set("since", f"{from_ms(self.filter.since).astimezone(zone):%d/%m/%Y}")
        dialog.form.set("until", f"{from_ms(self.filter.until - 1).astimezone(zone):%d/%m/%Y}")
        dialog.form.set("printing", YES if self.filter.printing else NO)
        self.app.push_screen(dialog, self._filtered)

    async def _filtered(self, values: dict[str, Value] | None) -> None:
        if values is None:
            return
        with self.telling():
            zone = self.till.context.zone
            since = parse_day(str(values["since"])).replace(tzinfo=zone)
            until = parse_day(str(values["until"])).replace(tzinfo=zone) + timedelta(days=1)
            self.filter = replace(
                self.filter,
                since=to_ms(since),
                until=to_ms(until),
                text=clean(str(values["text"] or "")),
                till=int(str(values["till"])) if values["till"] else None,
                printing=values["printing"] == YES,
            )
            await self.read()
