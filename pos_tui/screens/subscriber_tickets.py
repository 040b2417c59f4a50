"""Atendimentos: listed by protocol, description, type, period, status and contact; each with its history."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.subscriber import Ticket
from pos_tui.screens.commanded import bindings
from pos_tui.screens.days import check_day, parse_day
from pos_tui.screens.subscriber_sheet import ASKING, Sheet
from pos_tui.services.subscriber_extracts import ticket_lines
from pos_tui.services.subscribers import TicketFilter, Visit
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import PromptDialog, TextPage
from pos_tui.widgets.fields import ChoiceField, Option, TextField, Value
from pos_tui.widgets.line_list import LineList, Row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

COLUMNS = (
    Column("Aberto em", 10),
    Column("Protocolo", 10),
    Column("Tipo", 10, priority=2),
    Column("Descrição", 12, flex=True),
    Column("Contato", 10, flex=True, priority=3),
    Column("Status", 10, priority=1),
)
ANY = "todos"
FIELDS = (
    Option(ANY, "Qualquer um"),
    Option("protocol", "Protocolo"),
    Option("description", "Descrição"),
    Option("kind", "Tipo"),
)


class TicketsSheet(Sheet[tuple[Ticket, ...]]):
    """One line a ticket; of several contacts the first is the one that counts."""

    PLACE: ClassVar[Place] = Place.TICKETS
    PURPOSE = (
        "Os atendimentos do assinante. Filtre por Protocolo, Descrição ou Tipo, por período, status e "
        "contato: a busca por contato olha sempre o primeiro de cada atendimento; em branco, traz todos."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in bindings(Place.TICKETS) if binding.id != "ticket_open"
    ]

    def __init__(self, till: Till, who: str, visit: Visit) -> None:
        super().__init__(till, who, visit, COLUMNS, "Nenhum atendimento assim. F6 muda o filtro.")
        self._chosen = TicketFilter()
        self._tickets: dict[str, Ticket] = {}
        self._statuses: tuple[str, ...] = ()

    def read(self) -> tuple[Ticket, ...]:
        """Ask for all of them; the filter is ours, since ERPs disagree about theirs."""
        return self.centre.questions.tickets(self.visit)

    def show(self, found: tuple[Ticket, ...]) -> "Iterable[Row]":
        """What the filter leaves; what is open is marked."""
        self._statuses = tuple(dict.fromkeys(one.status for one in found if one.status))
        listed = [one for one in found if self.centre.questions.is_listed(one, self._chosen)]
        self._tickets = {one.id: one for one in listed}
        return [self._row(one) for one in listed]

    def _row(self, one: Ticket) -> Row:
        contact = one.contacts[0] if one.contacts else ""
        opened = f"{one.opened.astimezone(self.till.context.zone):%d/%m/%Y}"
        cells = (opened, one.protocol, one.kind, one.description, contact, one.status)
        return Row(one.id, cells, "pending" if one.open else "normal")

    def headline(self) -> list[str]:
        """Whom, how many, and the filter in words."""
        chosen = self._chosen
        labels = {option.key: option.label for option in FIELDS}
        words = [
            f"{labels[chosen.field or ANY]}: {chosen.text}" if chosen.text else "",
            f"De {chosen.since:%d/%m/%Y}" if chosen.since else "",
            f"Até {chosen.until:%d/%m/%Y}" if chosen.until else "",
            f"Status: {chosen.status}" if chosen.status else "",
            f"Contato: {chosen.contact}" if chosen.contact else "Todos os contatos",
        ]
        count = f"{len(self._tickets)} atendimento(s)"
        return [f"{self.visit.subscriber.name} · {count}", " · ".join(word for word in words if word)]

    @on(LineList.Selected)
    def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        if self.list.holds(event.key):
            self.say(ASKING)
            self.question(partial(self._page, self._tickets[event.key]), self._show)

    def _page(self, ticket: Ticket) -> tuple[str, list[str]]:
        events = self.centre.questions.history(self.visit, ticket)
        return f"Atendimento {ticket.protocol}", ticket_lines(ticket, events, self.till.context.zone)

    async def _show(self, page: tuple[str, list[str]]) -> None:
        self.message.clear()
        self.app.push_screen(TextPage(*page))

    async def do_ticket_again(self) -> None:
        """F5."""
        self.ask("Atendimentos consultados de novo.")

    async def do_ticket_filter(self) -> None:
        """F6."""
        statuses = [Option(ANY, "Todos"), *(Option(one, one) for one in self._statuses)]
        fields = [
            ChoiceField("field", "Campo", FIELDS),
            TextField("text", "Procurar", max_length=60, codes=True),
            TextField("since", "De", max_length=10, check=_check, hint="dd/mm/aaaa, ou em branco"),
            TextField("until", "Até", max_length=10, check=_check, hint="dd/mm/aaaa, ou em branco"),
            ChoiceField("status", "Status", statuses),
            TextField("contact", "Contato", max_length=60, hint="Nome do contato; em branco, todos."),
        ]
        dialog = PromptDialog("Filtrar atendimentos", fields)
        chosen = self._chosen
        dialog.form.set("field", chosen.field or ANY)
        dialog.form.set("text", chosen.text)
        dialog.form.set("since", f"{chosen.since:%d/%m/%Y}" if chosen.since else "")
        dialog.form.set("until", f"{chosen.until:%d/%m/%Y}" if chosen.until else "")
        dialog.form.set("status", chosen.status or ANY)
        dialog.form.set("contact", chosen.contact)
        self.app.push_screen(dialog, self._filtered)

    async def _filtered(self, values: dict[str, Value] | None) -> None:
        if values is None:
            return
        texts = {name: str(value or "") for name, value in values.items()}
        self._chosen = TicketFilter(
            field="" if texts["field"] == ANY else texts["field"],
            text=texts["text"],
            since=_day(texts["since"]),
            until=_day(texts["until"]),
            status="" if texts["status"] == ANY else texts["status"],
            contact=texts["contact"],
        )
        self.ask()


def _check(text: str) -> str | None:
    return check_day(text) if text.strip() else None


def _day(text: str) -> "date | None":
    return parse_day(text).date() if text.strip() else None
