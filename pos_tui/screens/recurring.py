"""The OS whose payment comes by a link: warning, link, QR, reload, cancel the attempt; its instalments."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Horizontal

from pos_tui.commands import Place
from pos_tui.domain.errors import PosError
from pos_tui.domain.instalments import MOVES, WORDS, Instalment, InstalmentState
from pos_tui.domain.money import format_brl
from pos_tui.domain.people import Action
from pos_tui.domain.recurring import LIVE, OVER, Attempt, AttemptState, Mode, why_not_cancel
from pos_tui.domain.sale import Sale, SaleState
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings
from pos_tui.screens.instalment_list import COLUMNS, instalment_row
from pos_tui.screens.outside import WarrantQuestion, ask_warrant
from pos_tui.screens.recurring_words import advice, heading, tone
from pos_tui.services.refunds import Warrant
from pos_tui.till import Till
from pos_tui.widgets.dialog import Answer, PromptDialog, Question
from pos_tui.widgets.fields import ChoiceField, Option, TextField, Value
from pos_tui.widgets.line_list import LineList
from pos_tui.widgets.lines import Line, wrap
from pos_tui.widgets.qr import QrCode
from pos_tui.widgets.text import Paragraphs
from pos_tui.widgets.theme import TONES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

S = AttemptState

LOOK_SECONDS = 1.0
"""How often the panel looks whether something else, such as a notice, has moved the OS."""
TEXT_COLUMNS = 26
"""The least that the text beside the code needs."""


class Head(Paragraphs):
    """The warning, whose OS it is, and what went wrong."""

    def lines(self, width: int, height: int) -> list[Line]:
        """Each paragraph in its tone."""
        return [
            ((line, TONES[tone(text)]),) for text in self.paragraphs for line in wrap(text, max(1, width))
        ]


class OsPanel(Board):
    """One OS. It watches the database: paid, it says so by itself."""

    PLACE: ClassVar[Place] = Place.OS
    PURPOSE = (
        "A OS espera o pagamento pelo link. O cliente recebe um SMS; se não recebeu, mostre o QR, imprima o "
        "link ou envie-o. Pago, a OS é finalizada sozinha. F8 cancela só a tentativa, não a OS."
    )
    DEFAULT_CSS = """
    OsPanel Horizontal { height: 1fr; }
    OsPanel QrCode { width: 0; }
    OsPanel Horizontal > Paragraphs, OsPanel LineList { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in bindings(Place.OS) if binding.id != "os_move"
    ]
    AUTO_FOCUS = "LineList"

    def __init__(self, till: Till, sale: Sale, attempt: Attempt, who: str) -> None:
        super().__init__(till, who)
        self._desk = till.recurring
        self._sale = sale
        self._attempt = attempt
        self._instalments: dict[str, Instalment] = {}
        self._busy = False
        self._shown = ""
        self.head = Head([""])
        self.code = QrCode()
        self.text = Paragraphs([""])
        self.list = LineList(COLUMNS, empty="")

    def compose(self) -> "Iterable[Widget]":
        """Warning; the QR with its text beside it, or the instalments; notice, keys."""
        yield self.heading(f"OS {self._sale.number}: Crédito recorrente")
        yield self.head
        with Horizontal():
            yield self.code
            yield self.text
            yield self.list
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """Show it, and send what was never sent."""
        await self._read()
        self.set_interval(LOOK_SECONDS, self._look)
        if self._attempt.state is S.DRAFT and not self._attempt.why:
            self._outside(partial(self._desk.attempts.send, self._attempt.id, self._who), "Enviando a venda…")

    def on_resize(self, event: events.Resize) -> None:
        """The code has room or not."""
        self.call_after_refresh(self._draw)

    # Reading

    async def heard(self) -> None:
        """Something was settled in the background."""
        await self._moved(await asyncio.to_thread(self._desk.attempts.latest, self._sale.id))

    async def _look(self) -> None:
        if self._busy or not self.is_current:
            return
        found = await asyncio.to_thread(self._desk.attempts.latest, self._sale.id)
        if (found.id, found.version) != (self._attempt.id, self._attempt.version):
            await self._moved(found)

    async def _moved(self, found: Attempt) -> None:
        before = self._attempt
        await self._read()
        if found.state is S.PAID and before.state is not S.PAID:
            self.till.spool.wake()
            self.say(f"O cliente pagou: a OS {self._sale.number} foi finalizada sozinha.")
        elif found.state is S.LATE:
            self.say("ATENÇÃO: o cliente pagou a tentativa cancelada. Aceite (A) ou devolva (D).", "error")
        elif found.problem and found.problem != before.problem:
            self.say(found.problem, "error")

    async def _read(self) -> None:
        self._sale = await asyncio.to_thread(self.till.sales.get, self._sale.id)
        self._attempt = await asyncio.to_thread(self._desk.attempts.latest, self._sale.id)
        found = await asyncio.to_thread(self._desk.attempts.instalments, self._attempt.id)
        self._instalments = {one.id: one for one in found}
        self.list.set_rows(map(instalment_row, found))
        self._draw()

    def _draw(self) -> None:
        self.head.say(heading(self._sale, self._attempt))
        listed = bool(self._instalments)
        self.list.display = listed
        self.text.display = not listed
        self._draw_code()
        self.text.say(advice(self._attempt, self.till, fits=self.code.display))
        self.show_keys()

    def _draw_code(self) -> None:
        """As much quiet zone as there is room for, up to the standard's four modules."""
        link = self._attempt.link if self._attempt.state in (S.WAITING, S.ANALYSIS) else ""
        if not link or self._instalments:
            self.code.display = False
            return
        from pos_tui.screens.pix import modules

        square = modules(link)
        side, size = len(square), self.size
        rows, columns = 2 * (size.height - 6), size.width - TEXT_COLUMNS
        quiet = min(4, (rows - side) // 2, (columns - side) // 2)
        self.code.display = quiet >= 1
        if quiet >= 1:
            self.code.styles.width = side + 2 * quiet
            self.code.show(square, quiet)

    # Commands

    def why_not(self, command_id: str) -> str | None:
        """What is off as the OS stands, and why."""
        attempt, state = self._attempt, self._attempt.state
        integrated = attempt.mode is Mode.INTEGRATED
        match command_id:
            case "os_ask" | "os_print" if not integrated:
                return "No modo manual não há plataforma: marque a parcela com Enter."
            case "os_cancel":
                return why_not_cancel(attempt)
            case "os_print" if not attempt.link:
                return "Ainda não há link: recarregue com F5."
            case "os_print" if state not in (S.WAITING, S.ANALYSIS):
                return f"A tentativa está {attempt.words.lower()}: o link não vale mais."
            case "os_send" if state is not S.DRAFT and state not in OVER:
                return f"A tentativa está {attempt.words.lower()}: não há o que enviar."
            case "os_send" | "os_reopen" | "os_abandon" if self._sale.state is not SaleState.AWAITING:
                return "Esta OS não espera mais pagamento."
            case "os_reopen" | "os_abandon" if state in LIVE:
                return "Há uma tentativa em andamento: cancele-a antes (F8)."
            case "os_accept" | "os_refund" if state not in (S.LATE, S.REFUNDING):
                return "Só há o que aceitar ou devolver quando o cliente paga depois de cancelado."
            case "os_move" if integrated:
                return "No modo integrado quem muda a parcela é a plataforma: recarregue com F5."
            case "os_move" if self.list.row is None:
                return "Nenhuma parcela está marcada."
            case "os_practise" if not (self.till.config.training and integrated):
                return "Só em treinamento se simula o pagamento."
            case _:
                return None

    async def do_os_ask(self) -> None:
        """F5."""
        self._outside(
            partial(self._desk.attempts.ask, self._attempt.id, self._who), "Consultando a plataforma…"
        )

    async def do_os_cancel(self) -> None:
        """F8: the attempt, never the OS."""
        text = ["Cancelar a tentativa de pagamento? A OS continua aberta, como pendente."]
        answers = [Answer("C", "Cancelar a tentativa", dangerous=True), Answer("N", "Não")]

        async def answered(answer: str | None) -> None:
            if answer == "c":
                work = partial(self._desk.attempts.cancel, self._attempt.id, self._who)
                self._outside(work, "Cancelando a tentativa…")

        self.app.push_screen(Question("Cancelar a tentativa", text, answers, default="N"), answered)

    async def do_os_print(self) -> None:
        """F9."""
        work = partial(self._desk.papers.print, self._sale, self._attempt, self._who)
        await asyncio.to_thread(work)
        self.say("Link na fila de impressão.")

    async def do_os_send(self) -> None:
        """E."""
        attempts = self._desk.attempts

        def work() -> Attempt:
            attempt = self._attempt
            if attempt.state is not S.DRAFT:
                attempt = attempts.again(self._sale, self._who)
            return attempts.send(attempt.id, self._who)

        self._outside(work, "Enviando a venda…")

    async def do_os_reopen(self) -> None:
        """R."""
        await asyncio.to_thread(self._desk.attempts.reopen, self._sale, self._who)
        self.dismiss(None)

    async def do_os_abandon(self) -> None:
        """X."""
        reason = TextField("reason", "Motivo", max_length=80, required=True)

        async def answered(values: dict[str, Value] | None) -> None:
            if values is not None:
                with self.telling():
                    abandon = self._desk.attempts.abandon
                    await asyncio.to_thread(abandon, self._sale, self._who, str(values["reason"]))
                    self.dismiss(None)

        self.app.push_screen(PromptDialog(f"Abandonar a OS {self._sale.number}", [reason]), answered)

    async def do_os_accept(self) -> None:
        """A."""
        reason = TextField("reason", "Motivo", max_length=80, required=True)

        async def answered(values: dict[str, Value] | None) -> None:
            if values is not None:
                accept = self._desk.by_hand.accept
                self._outside(
                    partial(accept, self._attempt.id, self._who, str(values["reason"])), "Aceitando…"
                )

        self.app.push_screen(PromptDialog("Aceitar o pagamento", [reason]), answered)

    async def do_os_refund(self) -> None:
        """D."""
        text = [f"Devolver ao cliente o que pagou da OS {self._sale.number}."]
        question = WarrantQuestion(Action.REFUND, self._sale.id, "Devolver o pagamento", text)

        async def allowed(values: dict[str, Value], warrant: Warrant) -> None:
            self._outside(partial(self._desk.by_hand.refund, self._attempt.id, warrant), "Devolvendo…")

        ask_warrant(self.app, self.till, question, self._who, allowed)

    async def do_os_practise(self) -> None:
        """P."""
        await asyncio.to_thread(self.till.practice.pay_link, self._attempt.id)
        self.say("Pagamento simulado. A OS é finalizada sozinha em instantes; F5 pergunta já.")

    # The manual mode

    @on(LineList.Selected)
    async def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        await self.action_command("os_move")

    async def do_os_move(self) -> None:
        """Enter: what became of the marked instalment."""
        assert self.list.row is not None, "why_not said so"
        one = self._instalments[self.list.row.key]
        choices = [Option(state, WORDS[state]) for state in InstalmentState if state in MOVES[one.state]]
        if not choices:
            self.say(f"A parcela {one.number} está {one.words.lower()}: não muda mais.")
            return
        fields = [
            ChoiceField("state", "Situação", choices, required=True),
            TextField("reason", "Motivo", max_length=80, required=True, hint="Como se sabe: NSU, extrato…"),
            TextField("name", "Quem confirma", max_length=60, required=True),
        ]
        dialog = PromptDialog(f"Parcela {one.number} de {format_brl(one.amount)}", fields)
        dialog.form.set("name", self._who)
        self.app.push_screen(dialog, partial(self._move, one))

    async def _move(self, one: Instalment, values: dict[str, Value] | None) -> None:
        if values is None:
            return
        then = InstalmentState(str(values["state"]))
        work = partial(self._desk.by_hand.move, one, then, str(values["name"]), str(values["reason"]))
        with self.telling():
            await asyncio.to_thread(work)
            await self._moved(await asyncio.to_thread(self._desk.attempts.latest, self._sale.id))

    # Working

    def _outside(self, job: Callable[[], Attempt], words: str) -> None:
        """Ask outside, behind the screen; one thing at a time."""
        if self._busy:
            self.say("Aguarde a resposta do que já foi pedido.")
            return
        self._busy = True
        self.say(words)
        self.background(job, self._done)

    async def _done(self, found: Attempt) -> None:
        self._busy = False
        self.say(f"{found.words}. {found.why}".strip(), "error" if found.why else "normal")
        await self._moved(found)

    async def failed(self, message: str) -> None:
        """Nothing was changed, or somebody else was first."""
        self._busy = False
        try:
            await self._read()
        except PosError as error:
            message = error.message
        self.say(message, "error")
