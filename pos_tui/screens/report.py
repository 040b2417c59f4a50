"""Any report of the registry: a page at once, its totals counted behind it, bars, paper, CSV."""

import asyncio
import threading
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.message import Message

from pos_tui.commands import Place
from pos_tui.reports.definition import Asked, Definition, Line, Quick
from pos_tui.reports.periods import PRESET_WORDS, Preset, days_of, span
from pos_tui.reports.report import Summary
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings, hints
from pos_tui.screens.report_filter import FilterDialog, Wanted
from pos_tui.services.reports import PAGE
from pos_tui.till import Till
from pos_tui.widgets.bars import Bars
from pos_tui.widgets.chrome import KeyHint
from pos_tui.widgets.columns import Column
from pos_tui.widgets.line_list import LineList, Row
from pos_tui.widgets.text import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.widget import Widget

EMPTY = "Nada neste período. As teclas 1 a 5 mudam o período; F6 também filtra."
NOTHING_TO_DRAW = "Nada a desenhar neste período."


class Walk(threading.Event):
    """A reading of a whole report in the background; set to stop it, and where it broke off."""

    @contextmanager
    def going(self) -> "Iterator[None]":
        """Read within this."""
        try:
            yield
        except BaseException:
            self.set()
            raise


class Counted(Message, bubble=False):
    """A walk has read another page."""

    def __init__(self, walk: Walk, summary: Summary) -> None:
        super().__init__()
        self.walk = walk
        self.summary = summary

    def can_replace(self, message: Message) -> bool:
        """The newest is enough, however many wait."""
        return isinstance(message, Counted) and message.walk is self.walk


class ReportScreen(Board):
    """Holds a page or two of lines; what it adds up to grows while they are read."""

    PLACE: ClassVar[Place] = Place.REPORT
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.REPORT)]
    AUTO_FOCUS = "LineList"

    def __init__(self, till: Till, who: str, report: Definition) -> None:
        super().__init__(till, who)
        self.report = report
        self.preset: Preset | None = Preset.TODAY
        self.asked = till.reports.at_first(report, self._of_days(Preset.TODAY, {}))
        self.summary = Summary()
        self._walk: Walk | None = None
        self._job: Walk | None = None
        self._starts: list[str] = []
        self._plot = -1
        self.head = Paragraphs([""])
        self.list = LineList(_columns(report), empty="")
        self.bars = Bars(empty=NOTHING_TO_DRAW)

    def compose(self) -> "Iterable[Widget]":
        """What is listed and its totals, the list or the bars, notice, keys."""
        yield self.heading(self.report.label)
        yield self.head
        yield self.list
        self.bars.display = False
        yield self.bars
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """Today, for who may see it."""
        self.show_keys()
        await self.act_first(
            partial(self.till.reports.may_read, self.report), self._allowed, self.report.label
        )

    def on_unmount(self) -> None:
        """Nobody waits for it any more."""
        self._stop()

    async def _allowed(self, _: None) -> None:
        self.list.empty = EMPTY
        await self._read()

    def purpose(self) -> str:
        """What F1 says of it."""
        return (
            f"{self.report.about} As teclas 1 a 5 mudam o período. As somas crescem enquanto o relatório é "
            "lido; Esc interrompe a leitura, e de novo volta."
        )

    def why_not(self, command_id: str) -> str | None:
        """What is off before it may be seen, or while a file is written."""
        if not self.list.empty:
            return "Este relatório é para supervisores."
        if command_id == "report_plot" and not self.report.plots:
            return "Este relatório não tem gráfico."
        if self._job is not None:
            return "Aguarde: o relatório está sendo gravado. Esc interrompe."
        return None

    def show_keys(self) -> None:
        """The periods' digits beside the keys of every desk."""
        period = KeyHint("1-5", "Período", self.why_not("report_today") is None, 1)
        self.keys.set_keys([*hints(self.PLACE, self.why_not), period, KeyHint("Esc", "Voltar")])

    # Reading

    def _of_days(self, preset: Preset, chosen: dict[str, str]) -> Asked:
        days = days_of(preset, self.till.now().date())
        return Asked(*span(*days, self.till.context.zone), chosen)

    async def _read(self) -> None:
        """Show the first page at once, and count the rest behind it."""
        if self._walk is not None:
            self._walk.set()
        self.message.clear()
        asked = self.asked
        page = await asyncio.to_thread(self.till.reports.page, self.report, asked)
        if asked is not self.asked:  # another period was chosen meanwhile, and is being read
            return
        self.list.set_rows(_rows(page), after=len(page) == PAGE)
        self._starts = [""]
        self.summary = Summary().add("", page)
        self._walk = Walk() if len(page) == PAGE else None
        self._tell()
        if self._walk is not None:
            self.background(partial(self._count, self._walk, self.asked), self._counted_all)

    def _count(self, walk: Walk, asked: Asked) -> Walk:
        with walk.going():
            for summary in self.till.reports.sums(self.report, asked):
                if walk.is_set():
                    break
                self.post_message(Counted(walk, summary))
        return walk

    def on_counted(self, event: Counted) -> None:
        """Show how far it is."""
        if event.walk is self._walk:
            self.summary = event.summary
            self._tell()
        elif event.walk is self._job:
            self.say(f"Gravando: {event.summary.lines} linhas… Esc interrompe.")

    async def _counted_all(self, walk: Walk) -> None:
        if walk is self._walk:
            self._walk = None
            self._tell(stopped=walk.is_set())

    def _tell(self, *, stopped: bool = False) -> None:
        """Period, filters and totals; of a part only, while they are not whole."""
        heading = self.till.reports.heading(self.report, self.asked)
        name = f"{PRESET_WORDS[self.preset]}: " if self.preset else ""
        about = " · ".join(
            [name + heading.period, *(f"{label}: {value}" for label, value in heading.filters)]
        )
        totals = "   ".join(f"{label}: {value}" for label, value in self.summary.totals(self.report))
        count = f"{self.summary.lines} linha(s)"
        if self._walk is not None:
            count = f"Somando, {count} até aqui (Esc interrompe)"
        elif stopped:
            count = f"INTERROMPIDO, só {count}"
        self.head.say([about, f"{count}   {totals}"])
        self._draw()

    def _draw(self) -> None:
        if self._plot >= 0:
            plot = self.report.plots[self._plot]
            self.bars.show(plot.title, self.summary.plotted(plot))
        self.show_keys()

    # Pages

    @on(LineList.More)
    async def _more(self, event: LineList.More) -> None:
        event.stop()
        match event.direction:
            case "after":
                page = await self._page(event.key)
                self._starts.append(event.key)
                self.list.add_rows("after", _rows(page), more=len(page) == PAGE)
            case "before":
                lines, more = await self._lines_before(event.key)
                self.list.add_rows("before", _rows(lines), more=more)
            case "first":
                page = await self._page("")
                self.list.add_rows("first", _rows(page), more=len(page) == PAGE)
            case "last":
                await self._to_end()

    async def _page(self, after: str) -> list[Line]:
        return await asyncio.to_thread(self.till.reports.page, self.report, self.asked, after)

    def _known(self) -> list[str]:
        """Where the pages begin, as far as anybody has read."""
        return max(self._starts, list(self.summary.starts), key=len)

    async def _lines_before(self, key: str) -> tuple[list[Line], bool]:
        """Return the lines of a page that stand before one, and whether there are others before them."""
        if isinstance(self.report, Quick):
            page = await asyncio.to_thread(self.till.reports.page_before, self.report, self.asked, key)
            return page, len(page) == PAGE
        known = self._known()
        for index in range(len(known) - 1, -1, -1):
            page = await self._page(known[index])
            keys = [line.key for line in page]
            if key in keys[1:]:
                return page[: keys.index(key)], index > 0
            if key in keys:
                return (await self._page(known[index - 1]), index > 1) if index else ([], False)
        return [], False

    async def _to_end(self) -> None:
        if isinstance(self.report, Quick):
            page = await asyncio.to_thread(self.till.reports.page_before, self.report, self.asked)
            self.list.add_rows("last", _rows(page), more=len(page) == PAGE)
            return
        if self._walk is not None:
            self.list.add_rows("after", [], more=True)
            self.say("O fim ainda não foi lido: aguarde a soma, ou desça com PgDn.")
            return
        known = self._known()
        page = await self._page(known[-1])
        self.list.add_rows("last", _rows(page), more=len(known) > 1)

    # Commands

    async def _ask_for(self, preset: Preset) -> None:
        self.preset = preset
        self.asked = self._of_days(preset, dict(self.asked.chosen))
        await self._read()

    async def do_report_today(self) -> None:
        """1."""
        await self._ask_for(Preset.TODAY)

    async def do_report_yesterday(self) -> None:
        """2."""
        await self._ask_for(Preset.YESTERDAY)

    async def do_report_week(self) -> None:
        """3."""
        await self._ask_for(Preset.WEEK)

    async def do_report_month(self) -> None:
        """4."""
        await self._ask_for(Preset.MONTH)

    async def do_report_last_month(self) -> None:
        """5."""
        await self._ask_for(Preset.LAST_MONTH)

    async def do_report_filter(self) -> None:
        """F6: the values there are to choose from are read first."""
        wanted = Wanted(self.preset, self.asked)
        choices = await asyncio.to_thread(
            lambda: {one.name: self.till.reports.choices(one) for one in self.report.filters}
        )
        dialog = FilterDialog(self.report, choices, wanted, self.till.now().date(), self.till.context.zone)
        self.app.push_screen(dialog, self._narrowed)

    async def _narrowed(self, wanted: Wanted | None) -> None:
        if wanted is None:
            return

        async def allowed(_: None) -> None:
            self.preset, self.asked = wanted.preset, wanted.asked
            await self._read()

        self.attempt(partial(self.till.reports.may_ask, self.report, wanted.asked), allowed)

    async def do_report_plot(self) -> None:
        """P: the list, then each plot, then the list again."""
        self._plot = self._plot + 1 if self._plot + 1 < len(self.report.plots) else -1
        shown = self.bars if self._plot >= 0 else self.list
        self.list.display, self.bars.display = shown is self.list, shown is self.bars
        self._draw()
        self.set_focus(shown)

    async def do_report_print(self) -> None:
        """I: queue it for the printer."""
        self.background(partial(self.till.reports.print, self.report, self.asked), self._printed)

    async def _printed(self, _: None) -> None:
        self.say("Relatório na fila de impressão.")

    async def do_report_csv(self) -> None:
        """G: a file in the till's folder."""
        path = self.till.folder / f"{self.report.name}-{self.till.now():%Y%m%d-%H%M%S}.csv"
        self._job = Walk()
        self.say("Gravando…")
        self.background(partial(self._write, self._job, path), self._written)

    def _write(self, job: Walk, path: Path) -> Path | None:
        with job.going(), closing(self.till.reports.write_csv(self.report, self.asked, path)) as pages:
            for summary in pages:
                if job.is_set():
                    return None
                self.post_message(Counted(job, summary))
        return path

    async def _written(self, path: Path | None) -> None:
        self._job = None
        self.say(f"Gravado em {path}." if path else "Gravação interrompida: nenhum arquivo ficou.")

    def action_leave(self) -> None:
        """Esc: stop what is being read or written; with nothing to stop, go back."""
        if not self._stop():
            self.dismiss(None)

    def _stop(self) -> bool:
        running = [one for one in (self._walk, self._job) if one is not None and not one.is_set()]
        for one in running:
            one.set()
        return bool(running)

    async def failed(self, message: str) -> None:
        """Tell it; what broke off by it is not being read or written any more."""
        if self._job is not None and self._job.is_set():
            self._job = None
        if self._walk is not None and self._walk.is_set():
            self._walk = None
            self._tell(stopped=True)
        self.show_keys()
        self.say(message, "error")


def _columns(report: Definition) -> list[Column]:
    return [
        Column(one.short or one.title, one.width, "right" if one.right else "left", one.flex, one.priority)
        for one in report.columns
    ]


def _rows(page: list[Line]) -> list[Row]:
    return [Row(line.key, line.cells, "pending" if line.pending else "normal") for line in page]
