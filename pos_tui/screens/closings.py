"""Fechamentos: the closings of this till, each with its Z to look at and to print again."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.cash import Shift
from pos_tui.domain.instants import show
from pos_tui.domain.money import format_brl
from pos_tui.printing.receipt import Receipt
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings
from pos_tui.services.shifts import PAGE
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import TextPage
from pos_tui.widgets.line_list import LineList, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

COLUMNS = (
    Column("Nº", 5, "right"),
    Column("Fechado em", 16),
    Column("Por", 10, flex=True, priority=2),
    Column("Contado", 13, "right", priority=1),
    Column("Diferença", 15, "right"),
    Column("Motivo", 8, flex=True, priority=3),
)
EMPTY = "Este caixa ainda não fechou nenhuma vez. Esc volta, e lá Fechamento (Z) o fecha."


class ClosingsDesk(Board):
    """One line a closing, the newest first."""

    PLACE: ClassVar[Place] = Place.CLOSINGS
    PURPOSE = (
        "Os fechamentos deste caixa, o mais novo primeiro. Enter mostra o Z como saiu; F9 imprime a 2ª via, "
        "marcada e numerada. Um fechamento nunca muda."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in bindings(Place.CLOSINGS) if binding.id != "closing_open"
    ]
    AUTO_FOCUS = "LineList"

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        self.list = LineList(COLUMNS, empty=EMPTY)
        self._found: dict[str, Shift] = {}

    def compose(self) -> "Iterable[Widget]":
        """The list, notice, keys."""
        yield self.heading("Fechamentos de caixa")
        yield self.list
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """Read the newest."""
        found = await asyncio.to_thread(self.till.shifts.page)
        self._found = {shift.id: shift for shift in found}
        self.list.set_rows([self._row(shift) for shift in found], after=len(found) == PAGE)
        self.show_keys()

    @on(LineList.More)
    async def _more(self, event: LineList.More) -> None:
        event.stop()
        newer = event.direction in ("before", "last")
        edge = None if event.direction in ("first", "last") else self._found[event.key].number
        found = await asyncio.to_thread(self.till.shifts.page, edge, newer)
        if not self.list.wants(event):
            return
        self._found.update({shift.id: shift for shift in found})
        self.list.add_rows(event.direction, [self._row(shift) for shift in found], more=len(found) == PAGE)

    def why_not(self, command_id: str) -> str | None:
        """Nothing to look at on an empty list."""
        return EMPTY if self.list.row is None else None

    @on(LineList.Selected)
    async def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        with self.telling():
            await self.do_closing_open()

    async def do_closing_open(self) -> None:
        """Enter."""
        shift = self._marked
        paper = await asyncio.to_thread(self.till.shifts.paper, shift)
        lines = self.till.papers.text(paper).splitlines()
        self.app.push_screen(TextPage(f"Fechamento nº {shift.number}", lines, wrapped=False))

    async def do_closing_reprint(self) -> None:
        """F9."""
        shift = self._marked
        self.background(partial(self.till.shifts.reprint, shift, self._who), partial(self._queued, shift))

    async def _queued(self, shift: Shift, paper: Receipt) -> None:
        self.say(f"A 2ª via do Z nº {shift.number} está na fila da impressora, marcada como reimpressão.")

    @property
    def _marked(self) -> Shift:
        assert self.list.row is not None, "why_not said so"
        return self._found[self.list.row.key]

    def _row(self, shift: Shift) -> Row:
        assert shift.closed_at is not None, "only closed ones are listed"
        at = show(shift.closed_at, self.till.context.zone)
        cells = (
            str(shift.number),
            at,
            shift.closed_by,
            format_brl(shift.counted),
            _difference(shift),
            shift.reason,
        )
        return Row(shift.id, cells)


def _difference(shift: Shift) -> str:
    amount = format_brl(abs(shift.difference))
    return f"sobra {amount}" if shift.difference > 0 else f"falta {amount}" if shift.difference else "confere"
