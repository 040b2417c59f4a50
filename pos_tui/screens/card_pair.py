"""A receipt beside the acquirer's sale: what differs, what was done to it, and how to put it right."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.card_receipt import AcquirerSale, CardReceipt, Line, Pair
from pos_tui.domain.matching import FAR_DAYS, Suggestion
from pos_tui.domain.reconciliation import (
    ACQUIRER_WORDS,
    OWNER_WORDS,
    SETTLED_STATES,
    Correction,
    Owner,
    State,
    next_step,
)
from pos_tui.domain.values import replace
from pos_tui.screens.board import Board
from pos_tui.screens.card_forms import correction_dialog, reason_field, suggestion_dialog
from pos_tui.screens.commanded import bindings
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import PromptDialog, TextPage
from pos_tui.widgets.fields import Value
from pos_tui.widgets.line_list import LineList, Row
from pos_tui.widgets.text import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

ONLY_THEIRS = "Esta venda só existe na adquirente: L liga-a ao recebimento que é dela."
OTHER_SIDE = {True: "Venda da adquirente", False: "Recebimento do caixa"}
NOTHING_FREE = {True: "Nenhuma venda livre da adquirente", False: "Nenhum recebimento por conciliar"}
"""By whether the line is a receipt of ours."""
COLUMNS = (
    Column("Campo", 15),
    Column("Caixa", 8, flex=True),
    Column("Adquirente", 8, flex=True),
    Column("", 7, priority=1),
)


class CardPair(Board):
    """Both sides of one line of the desk."""

    PLACE: ClassVar[Place] = Place.CARD_PAIR
    PURPOSE = (
        "À esquerda o que o caixa gravou, à direita o que a adquirente listou; o que difere está marcado com "
        "! e por escrito. C corrige autorização e parcelas; L liga à mão ao que se sugere; D desfaz."
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.CARD_PAIR)]
    AUTO_FOCUS = "LineList"

    def __init__(self, till: Till, who: str, line: Line) -> None:
        super().__init__(till, who)
        self._line = line
        self._pair: Pair | None = None
        self.list = LineList(COLUMNS, empty="Lendo…")
        self.facts = Paragraphs([""])

    def compose(self) -> "Iterable[Widget]":
        """Where it stands, both sides, notice, keys."""
        yield self.heading(f"Recebimento · {ACQUIRER_WORDS[self._line.acquirer]}")
        yield self.facts
        yield self.list
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """As it stands now."""
        self.show_keys()
        await self._read()

    async def _read(self, _: object = None) -> None:
        self._pair = await asyncio.to_thread(self.till.reconciliation.pair, self._line)
        receipt = self._pair.receipt
        if receipt is not None:
            self._line = replace(
                self._line,
                state=receipt.state,
                differences=receipt.differences,
                owner=receipt.owner,
                refunded=receipt.refunded,
            )
        line = self._line
        owner = f" Quem corrige: {OWNER_WORDS[line.owner].lower()}." if line.owner is not Owner.NOBODY else ""
        self.facts.say(
            [f"{line.words}. {next_step(line.state, line.differences)}{owner}", *self._pair.history]
        )
        self.list.set_rows(
            Row(
                side.label,
                (side.label, side.ours or "–", side.theirs or "–", "difere" if side.differs else ""),
                "error" if side.differs else "normal",
            )
            # What differs first: a small window shows little more.
            for side in sorted(self._pair.sides, key=lambda side: not side.differs)
        )
        self.show_keys()

    def why_not(self, command_id: str) -> str | None:
        """What cannot be done to it now."""
        pair = self._pair
        if pair is None:
            return "Ainda lendo."
        if command_id == "pair_record":
            return None if pair.raw else "A adquirente não listou nada para este recebimento."
        if pair.receipt is None:
            return None if command_id == "pair_link" else ONLY_THEIRS
        if command_id == "pair_undo":
            touched = pair.receipt.edition > 1 or pair.receipt.state is State.BY_HAND
            return None if touched else "Nada foi feito à mão neste recebimento: não há o que desfazer."
        if pair.receipt.state in SETTLED_STATES:
            return "Já está conciliado: não há o que corrigir. D desfaz o que foi feito à mão."
        if command_id == "pair_link" and pair.receipt.state is State.NO_FEED:
            return "Não há extrato desta adquirente ou carteira."
        return None

    # Correct

    async def do_pair_correct(self) -> None:
        """C."""
        receipt = self._receipt()
        self.app.push_screen(
            correction_dialog(receipt.authorisation, receipt.instalments), self._corrected_with
        )

    async def _corrected_with(self, values: dict[str, Value] | None) -> None:
        if values is None:
            return
        wanted = Correction(
            str(values["authorisation"]), int(str(values["instalments"])), str(values["reason"] or "")
        )
        correct = partial(self.till.reconciliation.receipts.correct, self._line.key, wanted, self._who)
        self.attempt(lambda _: correct(), self._corrected)

    async def _corrected(self, receipt: CardReceipt) -> None:
        await self._read()
        sent = "vai na próxima remessa" if receipt.to_send_since is not None else "foi conferida de novo"
        self.say(f"Corrigido: a versão {receipt.edition} {sent}.")

    # Link

    async def do_pair_link(self) -> None:
        """L."""
        receipts = self.till.reconciliation.receipts
        if self._line.ours:
            self.question(partial(receipts.suggestions, self._line.key), self._suggested)
        else:
            self.question(partial(receipts.claimants, self._line.key), self._suggested)

    async def _suggested(self, found: "Sequence[tuple[AcquirerSale | CardReceipt, Suggestion]]") -> None:
        if not found:
            self.say(f"{NOTHING_FREE[self._line.ours]} se parece com esta venda, em até {FAR_DAYS} dias.")
            return
        self.app.push_screen(suggestion_dialog(OTHER_SIDE[self._line.ours], found), self._link_chosen)

    async def _link_chosen(self, values: dict[str, Value] | None) -> None:
        if values is None:
            return
        chosen, reason = str(values["chosen"]), str(values["reason"] or "")
        receipt, sale = (self._line.key, chosen) if self._line.ours else (chosen, self._line.key)
        link = partial(self.till.reconciliation.receipts.link, receipt, sale, self._who, reason)
        self.attempt(lambda _: link(), self._linked)

    async def _linked(self, receipt: CardReceipt) -> None:
        self._line = replace(self._line, key=receipt.id, ours=True)
        await self._read()
        self.say("Ligado à mão. D desfaz.")

    # Undo

    async def do_pair_undo(self) -> None:
        """D."""
        dialog = PromptDialog("Desfazer o que foi feito à mão?", [reason_field()])
        self.app.push_screen(dialog, self._undo_said)

    async def _undo_said(self, values: dict[str, Value] | None) -> None:
        if values is None:
            return
        reason = str(values["reason"] or "")
        undo = partial(self.till.reconciliation.receipts.undo, self._line.key, self._who, reason)
        self.attempt(lambda _: undo(), self._undone)

    async def _undone(self, _: CardReceipt) -> None:
        await self._read()
        self.say("Desfeito.")

    async def do_pair_record(self) -> None:
        """O."""
        assert self._pair is not None, "why_not said so"
        self.app.push_screen(TextPage("Registros da adquirente", self._pair.raw))

    def _receipt(self) -> CardReceipt:
        assert self._pair is not None and self._pair.receipt is not None, "why_not said so"
        return self._pair.receipt
