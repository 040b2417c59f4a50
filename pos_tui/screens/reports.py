"""Relatório de Recargas: on screen, narrowed, printed, or kept as CSV."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.domain.errors import PosError, StoreError
from pos_tui.domain.instants import from_ms, to_ms
from pos_tui.domain.topup import PENDING
from pos_tui.reports.report import Report, as_csv
from pos_tui.reports.topups import (
    StatusFilter,
    TopUpFilter,
    TopUpLine,
    line_cells,
    period_words,
)
from pos_tui.services.reports import PAGE
from pos_tui.till import Till
from pos_tui.widgets.chrome import KeyHint, KeyLine, MessageLine, Title
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import Dialog, PromptDialog
from pos_tui.widgets.fields import ChoiceField, Option, TextField, Value
from pos_tui.widgets.line_list import LineList, Row
from pos_tui.widgets.text import Paragraphs
from pos_tui.widgets.theme import Tone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

WIDTHS = (
    Column("Nº", 8, "right"),
    Column("Data", 19, priority=2),
    Column("Filial", 6, flex=True, priority=6),
    Column("Vendedor", 8, flex=True, priority=4),
    Column("Cliente", 8, flex=True, priority=3),
    Column("Operadora", 9, priority=5),
    Column("Linha", 13),
    Column("Status", 12, flex=True),
    Column("Valor", 9, "right"),
)
"""The report's columns with titles that fit 80 cells; paper and CSV have them in full."""
EVERYBODY = "todos"


class TopUpReport(Dialog[None]):
    """The report of top-ups of a period; it holds a page at a time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "leave"),
        ("f6,ctrl+f", "narrow"),
        ("i", "paper"),
        ("g", "file"),
    ]
    AUTO_FOCUS = "LineList"

    def __init__(self, till: Till) -> None:
        super().__init__()
        self._till = till
        self._chosen = TopUpFilter(*till.day())
        self._last: TopUpLine | None = None
        self.heading = Paragraphs([""])
        self.list = LineList(WIDTHS, empty="Nenhuma recarga neste período. F6 muda o filtro.")
        self.message = MessageLine()

    def compose(self) -> "Iterable[Widget]":
        """Title, what is listed and its total, the list, notice, keys."""
        yield Title(f"Relatório de {self._till.config.topup.label}")
        yield self.heading
        yield self.list
        yield self.message
        keys = [
            KeyHint("F6", "Filtrar"),
            KeyHint("I", "Imprimir"),
            KeyHint("G", "Gravar CSV"),
            KeyHint("Esc", "Voltar"),
        ]
        yield KeyLine(keys, help_key=False)

    async def on_mount(self) -> None:
        """Today."""
        await self._read()

    def action_leave(self) -> None:
        """Back to the sale."""
        self.dismiss(None)

    async def _read(self) -> None:
        report = await asyncio.to_thread(self._till.reports.topups, self._chosen)
        page = await asyncio.to_thread(self._till.reports.topup_page, self._chosen)
        self._last = page[-1] if page else None
        self.list.set_rows([self._row(line) for line in page], after=len(page) == PAGE)
        self.heading.say([self._summary(report)])

    def _summary(self, report: Report) -> str:
        totals = "   ".join(f"{label}: {value}" for label, value in report.totals)
        narrowed = " · ".join(value for _, value in report.filters)
        period = period_words(self._chosen, self._till.context.zone)
        return " · ".join(part for part in (period, narrowed, f"{len(report.rows)} linha(s)", totals) if part)

    def _row(self, line: TopUpLine) -> Row:
        key = f"{line.sale_id}/{line.position}"
        tone: Tone = "pending" if line.state in PENDING else "normal"
        return Row(key, line_cells(line, self._till.context.zone), tone)

    @on(LineList.More)
    async def _more(self, event: LineList.More) -> None:
        event.stop()
        if event.direction == "after":
            page = await asyncio.to_thread(self._till.reports.topup_page, self._chosen, self._last)
            self._last = page[-1] if page else self._last
            self.list.add_rows("after", [self._row(line) for line in page], more=len(page) == PAGE)
        else:
            await self._read()

    # Commands

    async def action_paper(self) -> None:
        """I: queue it for the printer."""
        await self._deliver(self._till.reports.print, "Relatório na fila de impressão.")

    async def action_file(self) -> None:
        """G: a file in the till's folder."""
        path = self._till.folder / f"recargas-{self._till.now():%Y%m%d-%H%M%S}.csv"

        def write(report: Report) -> None:
            try:
                path.write_text(as_csv(report), "utf-8-sig", newline="")
            except OSError as error:
                raise StoreError(f"{path} não pôde ser gravado ({error.strerror}).") from error

        await self._deliver(write, f"Gravado em {path}.")

    async def _deliver(self, deliver: Callable[[Report], None], told: str) -> None:
        def work() -> None:
            deliver(self._till.reports.topups(self._chosen))

        try:
            await asyncio.to_thread(work)
        except PosError as error:
            self.message.say(error.message, "error")
        else:
            self.message.say(told)

    async def action_narrow(self) -> None:
        """F6."""
        zone, chosen = self._till.context.zone, self._chosen
        branches = await asyncio.to_thread(self._till.reports.branches, 0)
        sellers = self._till.config.till.sellers
        fields = [
            TextField("since", "De", max_length=10, required=True, check=_check_day, hint="dd/mm/aaaa"),
            TextField("until", "Até", max_length=10, required=True, check=_check_day, hint="dd/mm/aaaa"),
            ChoiceField("status", "Status", [Option(status, status.capitalize()) for status in StatusFilter]),
            ChoiceField("seller", "Vendedor", _with_all(sellers)),
            ChoiceField("branch", "Filial", _with_all(branches)),
        ]
        dialog = PromptDialog("Filtrar o relatório", fields)
        dialog.form.set("since", f"{from_ms(chosen.since).astimezone(zone):%d/%m/%Y}")
        dialog.form.set("until", f"{from_ms(chosen.until - 1).astimezone(zone):%d/%m/%Y}")
        dialog.form.set("status", chosen.status)
        dialog.form.set("seller", chosen.seller or EVERYBODY)
        dialog.form.set("branch", chosen.branch or EVERYBODY)
        self.app.push_screen(dialog, self._narrowed)

    async def _narrowed(self, values: dict[str, Value] | None) -> None:
        if values is None:
            return
        zone = self._till.context.zone
        since = _day(str(values["since"])).replace(tzinfo=zone)
        until = _day(str(values["until"])).replace(tzinfo=zone) + timedelta(days=1)
        if until <= since:
            self.message.say("O fim do período vem antes do começo: nada mudou.", "error")
            return
        names = {key: str(values[key] or EVERYBODY) for key in ("seller", "branch")}
        chosen = {key: "" if name == EVERYBODY else name for key, name in names.items()}
        status = StatusFilter(str(values["status"] or StatusFilter.ALL))
        self._chosen = TopUpFilter(to_ms(since), to_ms(until), status, chosen["seller"], chosen["branch"])
        self.message.clear()
        await self._read()


def _with_all(names: "Iterable[str]") -> list[Option]:
    return [Option(EVERYBODY, "Todos"), *(Option(name, name) for name in names)]


def _day(text: str) -> datetime:
    return datetime.strptime(text.strip(), "%d/%m/%Y")  # noqa: DTZ007  the caller adds the store's zone


def _check_day(text: str) -> str | None:
    try:
        _day(text)
    except ValueError:
        return "Use dd/mm/aaaa, como 18/05/2021."
    return None
