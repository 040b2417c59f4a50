"""The OS whose payment comes by a link: warning, link, QR, reload, cancel the attempt; its instalments."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Horizontal

from pos_tui.commands import Place
from pos_tui.domain.errors import PosError
from pos_tui.domain.instalments import MOVES, WORDS, Instalment, InstalmentState
from pos_tui.domain.money import format_brl
from pos_tui.domain.recurring import Attempt, AttemptState
from pos_tui.domain.sale import Sale
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings, hints
from pos_tui.screens.instalment_list import COLUMNS, instalment_row
from pos_tui.screens.recurring_gates import Standing
from pos_tui.screens.recurring_money import ask_give_back, ask_late, ask_stop
from pos_tui.screens.recurring_words import Head, advice, heading
from pos_tui.till import Till
from pos_tui.widgets.chrome import KeyHint
from pos_tui.widgets.dialog import Answer, PromptDialog, Question
from pos_tui.widgets.fields import ChoiceField, Option, TextField, Value
from pos_tui.widgets.line_list import LineList
from pos_tui.widgets.qr import QrCode
from pos_tui.widgets.text import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from pos_tui.services.closing import Closed

S = AttemptState

LOOK_SECONDS = 1.0
"""How often the panel looks whether something else, such as a notice, has moved the OS."""
TEXT_COLUMNS = 26
"""The least that the text beside the code needs."""


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
        self.desk = till.recurring
        self.sale = sale
        self.latest = attempt
        self._instalments: dict[str, Instalment] = {}
        self._busy = False
        self._turn = asyncio.Lock()
        """News, the clock and keys read the OS: that it was paid is found, and acted upon, once."""
        self._shown = ""
        self.head = Head([""])
        self.code = QrCode()
        self.text = Paragraphs([""])
        self.list = LineList(COLUMNS, empty="")

    @property
    def instalments(self) -> list[Instalment]:
        """As last read, the first first."""
        return list(self._instalments.values())

    def compose(self) -> "Iterable[Widget]":
        """Warning; the QR with its text beside it, or the instalments; notice, keys."""
        yield self.heading(f"OS {self.sale.number}: Crédito recorrente")
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
        if self.latest.state is S.DRAFT and self.latest.sent_at is None:
            self.outside(partial(self.desk.attempts.send, self.latest.id, self._who), "Enviando a venda…")

    def on_resize(self, event: events.Resize) -> None:
        """The code has room or not."""
        self.call_after_refresh(self._draw)

    # Reading

    async def heard(self) -> None:
        """Something was settled in the background."""
        await self.show()

    async def _look(self) -> None:
        if self._busy or not self.is_current:
            return
        found = await asyncio.to_thread(self.desk.attempts.latest, self.sale.id)
        if (found.id, found.version) != (self.latest.id, self.latest.version):
            await self.show()

    async def show(self) -> None:
        """Read the OS again, and tell what has changed since it was last shown."""
        async with self._turn:
            before = self.latest
            await self._read_now()
            found = self.latest
        if (found.id, found.version) != (before.id, before.version):
            self.till.spool.wake()
        if found.state is S.PAID and before.state is not S.PAID:
            self.say(f"O cliente pagou: a OS {self.sale.number} foi finalizada sozinha.")
            if self.till.closing.goes_by_itself(self.sale):
                self.background(partial(self.till.closing.finish, self.sale.id), self._bills_settled)
        elif found.state is S.LATE:
            self.say("ATENÇÃO: o cliente pagou a tentativa cancelada. Aceite (A) ou devolva (D).", "error")
        elif found.problem and found.problem != before.problem:
            self.say(found.problem, "error")

    async def _bills_settled(self, closed: "Closed") -> None:
        """The bills that the OS received were settled, or why not."""
        if closed.bills:
            self.say(closed.bills)

    async def _read(self) -> None:
        async with self._turn:
            await self._read_now()

    async def _read_now(self) -> None:
        self.sale = await asyncio.to_thread(self.till.sales.get, self.sale.id)
        self.latest = await asyncio.to_thread(self.desk.attempts.latest, self.sale.id)
        found = await asyncio.to_thread(self.desk.attempts.instalments, self.latest.id)
        self._instalments = {one.id: one for one in found}
        self.list.set_rows(map(instalment_row, found))
        self._draw()

    def _draw(self) -> None:
        self.head.say(heading(self.sale, self.latest))
        listed = bool(self._instalments)
        self.list.display = listed
        self.text.display = not listed
        self._draw_code()
        self.text.say(advice(self.latest, self.till, fits=self.code.display))
        self.show_keys()

    def _draw_code(self) -> None:
        """As much quiet zone as there is room for, up to the standard's four modules."""
        link = self.latest.link if self.latest.state in (S.WAITING, S.ANALYSIS) else ""
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
        marked = self._instalments.get(self.list.row.key) if self.list.row else None
        training = self.till.config.training
        standing = Standing(self.sale, self.latest, self.instalments, marked, training)
        return standing.why_not(command_id)

    def show_keys(self) -> None:
        """F8 means another thing once the OS is paid."""
        named = {"os_cancel": "Encerrar"} if self.latest.state is S.PAID else {}
        found = hints(self.PLACE, self.why_not, lambda command: named.get(command, ""))
        self.keys.set_keys([*found, KeyHint("Esc", "Voltar")])

    async def do_os_ask(self) -> None:
        """F5."""
        self.outside(partial(self.desk.attempts.ask, self.latest.id, self._who), "Consultando a plataforma…")

    async def do_os_cancel(self) -> None:
        """F8: the attempt, never the OS; of a paid OS the charges that are left."""
        if self.latest.state is S.PAID:
            ask_stop(self)
            return
        text = ["Cancelar a tentativa de pagamento? A OS continua aberta, como pendente."]
        answers = [Answer("C", "Cancelar a tentativa", dangerous=True), Answer("N", "Não")]

        async def answered(answer: str | None) -> None:
            if answer == "c":
                work = partial(self.desk.attempts.cancel, self.latest.id, self._who)
                self.outside(work, "Cancelando a tentativa…")

        self.app.push_screen(Question("Cancelar a tentativa", text, answers, default="N"), answered)

    async def do_os_print(self) -> None:
        """F9."""
        work = partial(self.desk.papers.print, self.sale, self.latest, self._who)
        await asyncio.to_thread(work)
        self.say("Link na fila de impressão.")

    async def do_os_send(self) -> None:
        """E."""
        attempts = self.desk.attempts

        def work() -> Attempt:
            attempt = self.latest
            if attempt.state is not S.DRAFT:
                attempt = attempts.again(self.sale, self._who)
            return attempts.send(attempt.id, self._who)

        self.outside(work, "Enviando a venda…")

    async def do_os_reopen(self) -> None:
        """R."""
        await asyncio.to_thread(self.desk.attempts.reopen, self.sale, self._who)
        self.dismiss(None)

    async def do_os_abandon(self) -> None:
        """X."""
        reason = TextField("reason", "Motivo", max_length=80, required=True)

        async def answered(values: dict[str, Value] | None) -> None:
            if values is not None:
                with self.telling():
                    abandon = self.desk.attempts.abandon
                    await asyncio.to_thread(abandon, self.sale, self._who, str(values["reason"]))
                    self.dismiss(None)

        self.app.push_screen(PromptDialog(f"Abandonar a OS {self.sale.number}", [reason]), answered)

    async def do_os_accept(self) -> None:
        """A."""
        reason, key = TextField("reason", "Motivo", max_length=80, required=True), self.latest.id

        async def answered(values: dict[str, Value] | None) -> None:
            if values is not None:
                accept = self.desk.by_hand.accept
                self.outside(partial(accept, key, self._who, str(values["reason"])), "Aceitando…")

        self.app.push_screen(PromptDialog("Aceitar o pagamento", [reason]), answered)

    async def do_os_refund(self) -> None:
        """D: what was paid too late, or the marked instalment of a paid OS."""
        if self.latest.state is S.PAID:
            assert self.list.row is not None, "why_not said so"
            ask_give_back(self, self._instalments[self.list.row.key])
        else:
            ask_late(self)

    async def do_os_practise(self) -> None:
        """P."""
        paid = self.latest.state is S.PAID
        await asyncio.to_thread(self.till.practice.pay_link, self.latest.id)
        then = "A parcela é confirmada" if paid else "A OS é finalizada"
        self.say(f"Pagamento simulado. {then} sozinha em instantes; F5 pergunta já.")

    # The manual mode

    @on(LineList.Selected)
    async def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        await self.action_command("os_move")

    @on(LineList.Highlighted)
    def _marked(self, event: LineList.Highlighted) -> None:
        event.stop()
        self.show_keys()

    async def do_os_move(self) -> None:
        """Enter: what became of the marked instalment."""
        assert self.list.row is not None, "why_not said so"
        one = self._instalments[self.list.row.key]
        if one.state is InstalmentState.CONFIRMED:
            self.say(f"A parcela {one.number} está confirmada: D devolve o dinheiro, com o supervisor.")
            return
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
        work = partial(self.desk.by_hand.move, one, then, str(values["name"]), str(values["reason"]))
        with self.telling():
            await asyncio.to_thread(work)
            await self.show()

    # Working

    def outside(
        self,
        job: Callable[[], Attempt],
        words: str,
        done: Callable[[Attempt], Awaitable[None]] | None = None,
    ) -> None:
        """Ask outside, behind the screen; one thing at a time."""
        if self._busy:
            self.say("Aguarde a resposta do que já foi pedido.")
            return
        self._busy = True
        self.say(words)

        async def came(found: Attempt) -> None:
            self._busy = False
            await (done or self._done)(found)

        self.background(job, came)

    async def _done(self, found: Attempt) -> None:
        self.say(f"{found.words}. {found.why}".strip(), "error" if found.why else "normal")
        await self.show()

    async def failed(self, message: str) -> None:
        """Nothing was changed, or somebody else was first."""
        self._busy = False
        try:
            await self._read()
        except PosError as error:
            message = error.message
        self.say(message, "error")
