"""Pedido: one order of the online shop, its history, and what can be done with it."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.documents import parse_document
from pos_tui.domain.errors import PosError
from pos_tui.domain.order import Step
from pos_tui.domain.order_kept import Acted, KeptOrder, MailState, OrderMail
from pos_tui.domain.order_rules import Demand, OrderAction, next_action, next_words
from pos_tui.screens import order_forms as forms
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings, hints
from pos_tui.screens.order_print import PRINTED, ask_paper
from pos_tui.screens.order_view import OrderView, history_lines, order_lines
from pos_tui.till import Till
from pos_tui.widgets.chrome import KeyHint
from pos_tui.widgets.dialog import Answer, Question
from pos_tui.widgets.fields import Value
from pos_tui.widgets.text import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

A = OrderAction
COMMANDS = {
    "order_approve": A.APPROVE,
    "order_cancel": A.CANCEL,
    "order_release": A.RELEASE,
    "order_unrelease": A.UNRELEASE,
    "order_invoice": A.INVOICE,
    "order_ship": A.SHIP,
    "order_deliver": A.DELIVER,
}
READING = "Lendo o pedido na loja virtual…"
UNDECIDED = (MailState.UNCONFIRMED, MailState.FAILED)
BUSY = "Falando com a loja virtual: aguarde a resposta."


class OrderDesk(Board):
    """One order. Every action reads it anew before and after."""

    PLACE: ClassVar[Place] = Place.ORDER
    PURPOSE = (
        "Um pedido da loja virtual. Enter faz a próxima ação. O histórico, à direita, mostra cada etapa, "
        "quando e quem: operador, ERP ou API. O que a loja virtual diz vale sempre; antes e depois de cada "
        "ação o pedido é relido."
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.ORDER)]
    AUTO_FOCUS = "OrderView"

    def __init__(self, till: Till, who: str, kept: KeptOrder) -> None:
        super().__init__(till, who)
        self.kept = kept
        self._mails: list[OrderMail] = []
        self._busy = False
        self.head = Paragraphs([""])
        self.view = OrderView()

    def compose(self) -> "Iterable[Widget]":
        """Badges, the two sides, notice, keys."""
        yield self.heading(f"Pedido {self.kept.told.number}")
        yield self.head
        yield self.view
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """Show it as last read, and read it anew."""
        await self._show(self.kept)
        await self.do_order_refresh()

    async def _show(self, kept: KeptOrder) -> None:
        self.kept = kept
        steps, mails = await asyncio.to_thread(self._around, kept)
        self._mails = mails
        order, zone = kept.told, self.till.context.zone
        payment, delivery = order.badges
        told = [mail.words for mail in mails if mail.state not in UNDECIDED]
        head = [f"Pagamento: [{payment}]  Entrega: [{delivery}]  Próxima ação: {next_words(order)}"]
        head += [kept.notice] if kept.notice else []
        head += [f"{mail.words} R decide." for mail in mails if mail.state in UNDECIDED]
        self.head.say(head)
        self.view.show([*order_lines(order, zone), *told], history_lines(steps, zone))
        self.show_keys()

    def _around(self, kept: KeptOrder) -> tuple[list[Step], list[OrderMail]]:
        orders = self.till.orders
        return orders.book.history(kept), orders.outbox.of(kept.id)

    def show_keys(self) -> None:
        """Draw the keys; Enter is named after what it does now."""

        def label(command_id: str) -> str:
            named = command_id == "order_next" and next_action(self.kept.told) is not None
            return next_words(self.kept.told) if named else ""

        self.keys.set_keys([*hints(self.PLACE, self.why_not, label), KeyHint("Esc", "Voltar")])

    # What is off, and why

    def why_not(self, command_id: str) -> str | None:
        """The guards of the order, or that an answer is awaited."""
        if self._busy and command_id != "order_history":
            return BUSY
        if command_id in COMMANDS:
            return self.kept.why_not(COMMANDS[command_id])
        if command_id == "order_next":
            return self._no_next()
        if command_id == "order_mail" and self._undecided() is None:
            return "Nenhum e-mail de rastreio deste pedido espera por uma decisão."
        return None

    def _no_next(self) -> str | None:
        if self.kept.doing is not None:
            return self.kept.why_not(self.kept.doing.action)
        if next_action(self.kept.told) is not None:
            return None
        return f"Nada a fazer por aqui agora: {next_words(self.kept.told).lower()}."

    # Reading

    async def do_order_refresh(self) -> None:
        """F5."""
        # Nothing waits for it: every action reads the order again by itself.
        self.say(READING)
        self.background(self._read_anew, self._reread)

    def _read_anew(self) -> KeptOrder | PosError:
        try:
            return self.till.orders.read(self.kept.id)
        except PosError as error:
            return error

    async def _reread(self, found: KeptOrder | PosError) -> None:
        """An action may have been faster: what it read is newer, and its answer is still waited for."""
        waiting = self.message.text == READING
        if isinstance(found, PosError):
            if waiting:
                await self.failed(found.message)
            return
        if waiting:
            self.message.clear()
        if found.version >= self.kept.version:
            await self._show(found)

    async def _answered(self, kept: KeptOrder) -> None:
        self._busy = False
        self.message.clear()
        await self._show(kept)

    def _wait(self, words: str) -> None:
        self._busy = True
        self.say(words)
        self.show_keys()

    async def failed(self, message: str) -> None:
        """Tell it, with the order as last read."""
        self._busy = False
        await self._show(await asyncio.to_thread(self.till.orders.book.get, self.kept.id))
        self.say(message, "error")

    # Acting

    async def do_order_next(self) -> None:
        """Enter."""
        action = next_action(self.kept.told)
        assert action is not None, "why_not said so"
        self._begin(action)

    async def do_order_approve(self) -> None:
        """A."""
        self._begin(A.APPROVE)

    async def do_order_cancel(self) -> None:
        """F8."""
        self._begin(A.CANCEL)

    async def do_order_release(self) -> None:
        """L."""
        self._begin(A.RELEASE)

    async def do_order_unrelease(self) -> None:
        """X."""
        self._begin(A.UNRELEASE)

    async def do_order_invoice(self) -> None:
        """F."""
        self._begin(A.INVOICE)

    async def do_order_ship(self) -> None:
        """D."""
        self._begin(A.SHIP)

    async def do_order_deliver(self) -> None:
        """E."""
        self._begin(A.DELIVER)

    def _begin(self, action: OrderAction) -> None:
        """Ask what the action needs; what the ERP imported or the stock holds is read first."""
        order = self.kept.told
        match action:
            case A.RELEASE:
                self._wait("Perguntando o estoque à loja virtual…")
                self.background(partial(self.till.orders.stock, self.kept.id), self._check_stock)
            case A.INVOICE:
                self._wait("Vendo se o ERP já importou a nota…")
                self.background(partial(self.till.orders.read, self.kept.id), self._ask_invoice)
            case A.SHIP:
                form = forms.ShipForm(order, self.till.config.orders.tracking_url)
                self.app.push_screen(form, self._demanded)
            case A.DELIVER:
                self._ask(forms.delivery(order), "e", self._ask_for_good)
            case A.APPROVE:
                self._ask(forms.approval(order), "a", partial(self._act, Demand(action)))
            case A.CANCEL:
                self._ask(forms.cancellation(order), "c", partial(self._act, Demand(action)))
            case A.UNRELEASE:
                self._ask(forms.unrelease(order), "x", partial(self._act, Demand(action)))

    def _ask(self, question: Question, yes: str, then: Callable[[], None]) -> None:
        def answered(answer: str | None) -> None:
            if answer == yes:
                then()

        self.app.push_screen(question, answered)

    def _ask_for_good(self) -> None:
        self._ask(forms.delivery_for_good(self.kept.told), "s", partial(self._act, Demand(A.DELIVER)))

    async def _check_stock(self, stock: Mapping[str, int]) -> None:
        await self._answered(self.kept)

        def checked(values: dict[str, Value] | None) -> None:
            if values is not None:
                self._act(Demand(A.RELEASE), forms.found_in_stock(self.kept.told, values))

        self.app.push_screen(forms.stock_check(self.kept.told, stock), checked)

    async def _ask_invoice(self, kept: KeptOrder) -> None:
        before = self.kept.told.delivery
        await self._answered(kept)
        reason = kept.why_not(A.INVOICE)
        if reason is not None or kept.told.delivery is not before:
            self.say(
                reason or f"O pedido mudou: agora está {kept.told.badges[1]}, {kept.told.invoice.words}."
            )
            return
        cnpj = self.till.config.store.cnpj and parse_document(self.till.config.store.cnpj)
        self.app.push_screen(forms.InvoiceForm(kept.told, cnpj, self.till.now()), self._demanded)

    def _demanded(self, demand: Demand | None) -> None:
        if demand is not None:
            self._act(demand)

    def _act(self, demand: Demand, found: Mapping[str, int] | None = None) -> None:
        self._wait("Enviando à loja virtual e relendo o pedido…")
        act = partial(self.till.orders.act, self.kept.id, demand, self.who(), found)
        self.background(act, self._acted)

    async def _acted(self, acted: Acted) -> None:
        self._busy = False
        await self._show(await asyncio.to_thread(self.till.orders.book.get, self.kept.id))
        self.say(acted.words, "normal" if acted.done else "error")

    # Beside the path

    async def do_order_history(self) -> None:
        """F7."""
        self.view.toggle()

    async def do_order_print(self) -> None:
        """F9."""
        ask_paper(self, [self.kept.id], self._printed)

    async def _printed(self, _: list[Acted]) -> None:
        await self._show(self.kept)
        self.say(PRINTED)

    def _undecided(self) -> OrderMail | None:
        return next((mail for mail in self._mails if mail.state in UNDECIDED), None)

    async def do_order_mail(self) -> None:
        """R: a person says whether it goes again."""
        mail = self._undecided()
        assert mail is not None, "why_not said so"

        def answered(answer: str | None) -> None:
            if answer == "r":
                self.background(partial(self.till.orders.outbox.again, mail.id, self.who()), self._requeued)

        text = [mail.words, "Se o primeiro também chegou, o cliente recebe dois iguais."]
        self.app.push_screen(
            Question("Enviar o e-mail de novo?", text, [Answer("R", "Enviar de novo", dangerous=True)]),
            answered,
        )

    async def _requeued(self, _: object) -> None:
        await self._show(self.kept)
        self.say("E-mail na fila outra vez.")
