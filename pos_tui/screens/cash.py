"""Caixa: the drawer's desk, opened with F7."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.cash import Count, Move, Reading, Shift, check_explained
from pos_tui.domain.errors import FieldError
from pos_tui.domain.instants import show
from pos_tui.domain.money import format_brl
from pos_tui.printing.receipt import Receipt
from pos_tui.screens.board import Board
from pos_tui.screens.cash_count import CashCount
from pos_tui.screens.commanded import bindings
from pos_tui.services.guard import Approval
from pos_tui.till import Till
from pos_tui.widgets.dialog import Answer, PromptDialog, Question, TextPage
from pos_tui.widgets.fields import ChoiceField, DigitsField, MoneyField, Option, TextField, Value
from pos_tui.widgets.form import Form
from pos_tui.widgets.text import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

CLOSED = "O caixa está fechado: faça a abertura."
OPEN = "O caixa já está aberto."
FIELDS = {
    "open": ("amount",),
    "supply": ("amount", "reason"),
    "withdraw": ("amount", "reason"),
    "refund": ("sale", "amount", "reason"),
}
"""What each operation asks for; the others ask for nothing here."""
HINTS = {
    "open": "O fundo de troco que está na gaveta.",
    "refund": "Nunca mais do que foi cancelado, nem do que entrou em dinheiro.",
}
"""What the value is, where its name does not tell."""
ABOUT = {"open": "Abertura", "supply": "Suprimento", "withdraw": "Sangria", "refund": "Devolução"}
DONE = {
    "open": "Caixa aberto",
    "supply": "Suprimento registrado",
    "withdraw": "Sangria registrada",
    "refund": "Devolução registrada",
}


class CashDesk(Board):
    """Choose by number what to do with the drawer; X and Z are shown as they are printed."""

    PLACE: ClassVar[Place] = Place.CASH
    PURPOSE = (
        "O dinheiro da gaveta. Abra o caixa com o fundo de troco; registre o que entra (suprimento) e o que "
        "sai (sangria) com o motivo; a leitura X mostra a situação sem fechar nada; o fechamento conta as "
        "notas e imprime o Z. Nada se fecha nem se confirma sozinho à meia-noite."
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.CASH)]

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        self._shift: Shift | None = None
        self._counted: Count | None = None
        """What was counted for a closing that did not come about: nobody counts notes twice."""
        self.head = Paragraphs([""])
        self.form = Form(
            [
                ChoiceField("what", "Operação", _options(None), required=True),
                DigitsField("sale", "Venda nº", max_length=9, required=True, hidden=True),
                MoneyField("amount", "Valor", required=True, hidden=True),
                TextField("reason", "Motivo", max_length=80, required=True, hidden=True),
            ],
            submit_on_choice=True,
        )

    def compose(self) -> "Iterable[Widget]":
        """How the drawer stands, what to do, notice, keys."""
        yield self.heading("Caixa")
        yield self.head
        yield self.form
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """Read how it stands."""
        await self._read()
        self.show_keys()

    async def _read(self) -> None:
        self._shift = await asyncio.to_thread(self.till.cash.shift)
        self.form.set_options("what", _options(self._shift))
        self.head.say(await asyncio.to_thread(self._words))

    def _words(self) -> list[str]:
        zone = self.till.context.zone
        shift = self._shift
        if shift is None:
            last = self.till.cash.last()
            if last is None or last.closed_at is None:
                return ["Caixa fechado."]
            return [f"Caixa fechado. O nº {last.number} fechou em {show(last.closed_at, zone)}."]
        told = [f"Caixa nº {shift.number} aberto em {show(shift.opened_at, zone)} por {shift.opened_by}."]
        if not self.till.cash.counts_blindly:
            reading = self.till.cash.reading()
            told.append(f"Dinheiro esperado na gaveta: {format_brl(reading.drawer.expected)}.")
        return told

    # Choosing

    @on(Form.Chosen)
    def _chosen(self, event: Form.Chosen) -> None:
        event.stop()
        what = str(event.value)
        wanted = FIELDS.get(what, ())
        for name in ("sale", "amount", "reason"):
            self.form.set(name, None)
            self.form.show(name, name in wanted)
        self.form.fields["amount"].hint = HINTS.get(what, "")
        self.form.clear_errors()
        self.message.clear()
        if wanted:
            self.form.go(wanted[0])
        elif what == "x":
            self.attempt(partial(self.till.cash.x_reading, self._who), self._x_done)
        elif what == "past":
            self._show_past()
        else:
            self._begin_closing()

    @on(Form.Submitted)
    async def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        values = event.values
        # The choice submits too, before its fields are on show.
        what = self.form.text("what")
        if "amount" in values and what in FIELDS:
            act, told = partial(self._act, what, dict(values)), _told(what, dict(values))
            await self.act_first(act, partial(self._moved, what), told)

    def _act(self, what: str, values: dict[str, Value], approval: Approval | None) -> Move | Shift:
        cash, who = self.till.cash, self._who
        amount, reason = int(values["amount"] or 0), str(values.get("reason") or "")
        match what:
            case "open":
                return cash.open(amount, who)
            case "supply":
                return cash.supply(amount, reason, who, approval)
            case "withdraw":
                return cash.withdraw(amount, reason, who, approval)
            case _:
                sale = cash.sale_by_number(int(values["sale"] or 0))
                return cash.refund(sale, amount, reason, who, approval)

    async def _moved(self, what: str, made: Move | Shift) -> None:
        amount = f": {format_brl(made.amount)}" if isinstance(made, Move) else ""
        await self._start_over()
        self.say(f"{DONE[what]}{amount}. {self.till.spool.outlook('O comprovante')}")

    async def _start_over(self) -> None:
        for name in ("sale", "amount", "reason"):
            self.form.show(name, False)
        self.form.reset()
        await self._read()

    async def wrong_field(self, error: FieldError) -> None:
        """At the field; a closing has none here."""
        if error.field == "explained":
            self.say(error.message, "error")
            return
        self.form.error(error.field, error.message)

    # Reports

    async def _x_done(self, paper: Receipt) -> None:
        await self._start_over()
        self._show_paper("Leitura X", paper)

    def _show_paper(self, title: str, paper: Receipt) -> None:
        lines = self.till.papers.text(paper).splitlines()
        self.app.push_screen(TextPage(title, lines, wrapped=False))

    def _show_past(self) -> None:
        from pos_tui.screens.closings import ClosingsDesk

        async def back(_: None) -> None:
            await self._start_over()

        self.app.push_screen(ClosingsDesk(self.till, self._who), back)

    # Closing

    def _begin_closing(self) -> None:
        self.question(self.till.cash.reading, self._count)

    async def _count(self, reading: Reading) -> None:
        async def counted(count: Count | None) -> None:
            if count is None:
                await self._start_over()
            else:
                self._counted = count
                self._ask_closing(reading, count)

        self.app.push_screen(CashCount(self._counted), counted)

    def _ask_closing(self, reading: Reading, count: Count) -> None:
        text = [f"Contado: {format_brl(count.total)}."]
        if not self.till.cash.counts_blindly:
            text.append(f"Esperado: {format_brl(reading.drawer.expected)}. {_difference(reading, count)}")
        if reading.carried:
            text.append("Fica para o próximo caixa: " + "; ".join(reading.carried.words) + ".")
            text.append("Isso exige um supervisor, com o motivo. Nada será confirmado nem cancelado sozinho.")
        answers = [Answer("F", "Fechar o caixa", dangerous=True), Answer("C", "Contar de novo")]

        async def answered(answer: str | None) -> None:
            if answer == "f":
                self._explain(reading, count)
            else:
                await self._count(reading)

        self.app.push_screen(Question("Fechar o caixa?", text, answers, default="C"), answered)

    def _explain(self, reading: Reading, count: Count, problem: str = "") -> None:
        """Ask why the drawer differs, where it does; who counts blindly is not told whether it does."""
        blind, difference = self.till.cash.counts_blindly, count.total - reading.drawer.expected
        if not blind and not difference:
            self._close(reading, count, "")
            return
        text = ["Se sabe de alguma diferença, escreva o motivo; senão, só Enter."]
        if not blind:
            text = [_difference(reading, count), problem or "O motivo fica no diário, no Z e nos relatórios."]
        field = TextField("explained", "Motivo", max_length=80, required=not blind)

        async def explained(values: dict[str, Value] | None) -> None:
            if values is None:
                self._ask_closing(reading, count)
                return
            try:
                why = check_explained(difference, str(values["explained"] or ""), blind=blind)
            except FieldError as error:
                self._explain(reading, count, error.message)
            else:
                self._close(reading, count, why)

        self.app.push_screen(PromptDialog("Diferença no caixa", [field], text), explained)

    def _close(self, reading: Reading, count: Count, explained: str) -> None:
        self.say("Fechando: conferindo o diário inteiro…")
        about = [f"Fica para o próximo caixa: {one}." for one in reading.carried.words]
        close = partial(self.till.cash.close, count, self._who, explained=explained)
        self.attempt(close, self._close_done, *about)

    async def _close_done(self, paper: Receipt) -> None:
        self._counted = None
        await self._start_over()
        self.say(f"Caixa fechado. {self.till.spool.outlook('O Z')}")
        self._show_paper("Fechamento de caixa", paper)

    async def do_cash_ask(self) -> None:
        """F5."""
        await self._read()
        self.say("Tela atualizada.")

    async def failed(self, message: str) -> None:
        """Tell it, with things as they stand."""
        await self._read()
        self.say(message, "error")


def _told(what: str, values: dict[str, Value]) -> str:
    """Write what is asked for, for who has to approve it."""
    sale = f" da venda {values['sale']}" if values.get("sale") else ""
    return f"{ABOUT[what]}{sale} de {format_brl(int(values['amount'] or 0))}: {values.get('reason') or ''}"


def _difference(reading: Reading, count: Count) -> str:
    difference = count.total - reading.drawer.expected
    if difference == 0:
        return "Confere."
    return f"{'Sobra' if difference > 0 else 'Falta'}: {format_brl(abs(difference))}."


def _options(shift: Shift | None) -> list[Option]:
    def option(key: str, label: str) -> Option:
        opening = key == "open"
        possible = opening is (shift is None)
        return Option(key, label, enabled=possible, why_not=OPEN if opening else CLOSED)

    return [
        option("open", "Abertura"),
        option("supply", "Suprimento (entra dinheiro)"),
        option("withdraw", "Sangria (sai dinheiro)"),
        option("refund", "Devolução ao cliente"),
        option("x", "Leitura X"),
        option("close", "Fechamento (Z)"),
        Option("past", "Fechamentos anteriores (2ª via do Z)"),
    ]
