"""Diagnóstico: how the till is, as `pos-tui doctor` says it, while it is open."""

import os
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui import doctor
from pos_tui.commands import Place
from pos_tui.doctor import Finding, Level, machine
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import TextPage
from pos_tui.widgets.line_list import LineList, Row
from pos_tui.widgets.theme import Tone, variant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

COLUMNS = (Column("Situação", 8), Column("O quê", 14), Column("Como está", 10, flex=True))
TONES: dict[Level, Tone] = {Level.OK: "normal", Level.WARNING: "pending", Level.FAILURE: "error"}
LOOKING = "Conferindo: banco, diário, impressora e operadoras… (pode levar alguns segundos)"


class DoctorDesk(Board):
    """One line a thing looked at; the worst stand first."""

    PLACE: ClassVar[Place] = Place.DOCTOR
    PURPOSE = (
        "Como está o caixa: versões, terminal, configuração, segredos (sem mostrá-los), relógio, disco, "
        "banco de dados, o diário inteiro, cópias, impressora e operadoras. Nunca cobra. "
        "Enter mostra a linha inteira. Num terminal, pos-tui doctor diz o mesmo, e pos-tui doctor --keys "
        "testa as teclas."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in bindings(Place.DOCTOR) if binding.id != "doctor_open"
    ]
    AUTO_FOCUS = "LineList"

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        self.list = LineList(COLUMNS, empty="")
        self._found: dict[str, Finding] = {}
        self._looking = False

    def compose(self) -> "Iterable[Widget]":
        """The list, notice, keys."""
        yield self.heading("Diagnóstico")
        yield self.list
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """Only who may sees it."""
        self.show_keys()
        await self.act_first(self.till.audit.may_diagnose, self._look)

    async def _look(self, _: object = None) -> None:
        self._looking = True
        self.say(LOOKING)
        self.background(self._examine, self._told)

    def _examine(self) -> list[Finding]:
        environment = doctor.look(machine.checks(variant(os.environ)))
        return [*environment, *doctor.of_till(self.till, alone=False)]

    async def _told(self, found: list[Finding]) -> None:
        self._looking = False
        order = [Level.FAILURE, Level.WARNING, Level.OK]
        found = sorted(found, key=lambda one: order.index(one.level))
        self._found = {str(number): one for number, one in enumerate(found)}
        self.list.set_rows([_row(key, one) for key, one in self._found.items()])
        self.show_keys()
        bad = sum(one.level is Level.FAILURE for one in found)
        self.say(f"{len(found)} itens conferidos, {bad} em falha.", "error" if bad else "normal")

    async def failed(self, message: str) -> None:
        """Tell the error of a worker."""
        self._looking = False
        self.say(message, "error")

    def why_not(self, command_id: str) -> str | None:
        """What is off while it looks, and before."""
        if self._looking:
            return LOOKING
        if not self._found:
            return "O diagnóstico é para supervisores."
        return None

    async def do_doctor_again(self) -> None:
        """F5."""
        await self._look()

    @on(LineList.Selected)
    def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        self._open(self._found[event.key])

    async def do_doctor_open(self) -> None:
        """Enter."""
        assert self.list.row is not None, "there are findings"
        self._open(self._found[self.list.row.key])

    def _open(self, one: Finding) -> None:
        self.app.push_screen(TextPage(one.label, [f"Situação: {one.level}", one.words]))


def _row(key: str, one: Finding) -> Row:
    return Row(key, (one.level, one.label, one.words), TONES[one.level])
