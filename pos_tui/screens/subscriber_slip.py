"""A second copy on screen: linha digitável, what is wrong with it, its Pix, and the way to paper."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.boleto import FORM_WORDS
from pos_tui.domain.money import format_brl
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings
from pos_tui.screens.pix import PixDialog
from pos_tui.services.subscriber_extracts import save
from pos_tui.services.subscriber_papers import OVERDUE, Slip
from pos_tui.services.subscribers import Visit
from pos_tui.till import Till
from pos_tui.widgets.chrome import KeyHint
from pos_tui.widgets.text import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from textual.widget import Widget

WITHOUT_LINE = "O provedor não mandou uma linha digitável: não há boleto para imprimir."


class SlipPage(Board):
    """One slip."""

    PLACE: ClassVar[Place] = Place.SLIP
    PURPOSE = "A segunda via como o provedor a manda agora. O que não confere é dito, e mostrado mesmo assim."
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.SLIP)]
    AUTO_FOCUS = ""

    def __init__(
        self,
        till: Till,
        who: str,
        visit: Visit,
        slip: Slip,
        title: str = "Segunda via de boleto",
        without_line: str = WITHOUT_LINE,
    ) -> None:
        """`without_line` says why there is nothing to print where the slip has no linha digitável."""
        super().__init__(till, who)
        self._title = title
        self._without_line = without_line
        self.visit = visit
        self.slip = slip

    def compose(self) -> "Iterable[Widget]":
        """The slip, notice, keys."""
        yield self.heading(self._title)
        yield Reading(self._lines())
        yield self.message
        yield self.keys

    def on_mount(self) -> None:
        """The keys, and that something is wrong."""
        self.show_keys()
        if self.slip.warnings:
            self.say("Confira o que está marcado com ATENÇÃO antes de entregar.", "pending")

    def _lines(self) -> list[str]:
        slip, bill = self.slip, self.slip.bill
        today = self.till.centre.questions.today
        due = f"{slip.due:%d/%m/%Y}" if slip.due else "não informado"
        return [
            f"{self.visit.subscriber.name} · conta {bill.number or bill.id} {bill.description}",
            f"Vencimento: {due}   Valor: {format_brl(slip.amount)}",
            FORM_WORDS[slip.boleto.form].capitalize() if slip.boleto else "Sem linha digitável.",
            slip.boleto.punctuated if slip.boleto else slip.copy.line,
            *(f"ATENÇÃO: {warning}" for warning in slip.warnings),
            *((OVERDUE,) if bill.overdue(today) else ()),
            "Pix: F6 mostra o QR." if slip.pix else "O provedor não mandou Pix desta conta.",
            *((f"Nosso número: {bill.our_number}",) if bill.our_number else ()),
        ]

    def why_not(self, command_id: str) -> str | None:
        """No paper without a line, no QR without a code, no file without one."""
        if command_id in ("slip_print", "slip_bars") and self.slip.boleto is None:
            return self._without_line
        if command_id == "slip_pix" and not self.slip.pix:
            return "O provedor não mandou um Pix que possa ser usado para esta conta."
        if command_id == "slip_file" and not self.slip.copy.pdf:
            return "O provedor não mandou um PDF deste boleto."
        return None

    async def do_slip_print(self) -> None:
        """F9."""
        self._print(bars=False)

    async def do_slip_bars(self) -> None:
        """F8."""
        self._print(bars=True)

    def _print(self, bars: bool) -> None:
        papers = self.till.centre.papers
        receipt = papers.boleto(self.visit, self.slip, bars)
        self.background(lambda: papers.queue(receipt), self._printed)

    async def _printed(self, _: None) -> None:
        self.say("Segunda via na fila de impressão.")

    async def do_slip_pix(self) -> None:
        """F6."""
        self.app.push_screen(BillPix(self.slip.pix, self.slip.amount))

    async def do_slip_file(self) -> None:
        """F7."""
        folder, copy = self.till.centre.folder, self.slip.copy
        name = f"boleto-{self.slip.bill.id}.pdf"
        self.background(lambda: save(folder, name, copy.pdf), self._saved)

    async def _saved(self, path: "Path") -> None:
        self.say(f"Gravado em {path}.")


class BillPix(PixDialog):
    """The QR of a bill: the provider is told of the payment, not this till."""

    def keys(self) -> "Sequence[KeyHint]":
        """Only back."""
        return [KeyHint("Esc", "Voltar")]

    def advice(self) -> str:
        """What happens then."""
        return "Quem recebe o aviso é o provedor: pode levar minutos. Nada é dado como pago aqui."
