"""Pagamento: forms of payment until nothing is missing, then save."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.card import CardDetails
from pos_tui.domain.instalments import split
from pos_tui.domain.money import format_brl
from pos_tui.domain.payment import ASKED, Method, PaymentState
from pos_tui.domain.sale import Sale
from pos_tui.domain.tally import check_line
from pos_tui.domain.topup import TopUpState
from pos_tui.domain.waiting import check_alive, first_to_end
from pos_tui.screens.asked import AskedPayments, last_asked, late_line, late_words
from pos_tui.screens.commanded import bindings
from pos_tui.screens.leaving import STILL_PAID
from pos_tui.screens.pane import Pane
from pos_tui.screens.payment_form import RECURRING_FIELD, PaymentForm
from pos_tui.services.closing import Closed
from pos_tui.services.finalising import recurring_line, why_not_finalise
from pos_tui.services.sales import EMPTY_SALE, why_not_save
from pos_tui.till import Till
from pos_tui.widgets.form import Form
from pos_tui.widgets.tally import TallyLines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from pos_tui.screens.sale import SaleScreen

NOT_IN = "Este pagamento ainda não entrou: Enter no último campo, ou +, o inclui. Depois F10 salva."
VERIFYING = "Recarga em [verificar]: F5 consulta antes de salvar."
METHODS = {
    "cash": Method.CASH,
    "card": Method.CARD,
    "pix": Method.PIX_STATIC,
    "tef": Method.TEF,
    "recurring": Method.RECURRING,
}
"""The configuration's words."""


class PaymentPane(Pane):
    """Choose a form, type its value, press (+); when nothing is missing, save."""

    PLACE: ClassVar[Place] = Place.PAYMENT
    PURPOSE = (
        "Selecione a forma de pagamento e adicione com (+) ou Enter. Valor em branco é o que falta. Podem "
        "ser várias formas; só dinheiro dá troco. As letras das cédulas somam o que o cliente entrega, e já "
        "escolhem dinheiro. Depois salve com F10: a venda vai para a lista do dia. Esc desiste do que está "
        "meio digitado."
    )
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "start_over"), *bindings(Place.PAYMENT)]

    def __init__(self, desk: "SaleScreen") -> None:
        super().__init__(desk)
        self.tally = TallyLines()
        config = desk.till.config
        names = [name for name in config.payment.methods if name != "recurring" or config.offers_recurring]
        methods = [_method(name, desk.till) for name in names]
        self.form = PaymentForm(methods, config.recurring.max_instalments)
        self.asked = AskedPayments(self)
        self._saving = False

    def compose(self) -> "Iterable[Widget]":
        """What is paid above, the form below."""
        yield self.tally
        yield self.form

    async def entered(self) -> None:
        """Ready for the first form of payment."""
        self.form.start_over()

    async def show_sale(self) -> None:
        """Draw what is due, paid, missing, and goes back."""
        unsure = any(topup.state is TopUpState.UNCERTAIN for topup in self.sale.topups)
        notice = VERIFYING if unsure else first_to_end(self.sale.topups, self.till.context.now())
        self.tally.show(self.sale, notice)
        self.form.amount.hint, self.form.amount.due = self._amount_hint(), self.sale.tally.missing
        self.form.redraw()
        if (late := late_line(self.sale)) is not None:
            self.say(f"{late_words(late)} E o aceita nesta venda; F8 na lista de vendas o devolve.", "error")

    def _amount_hint(self) -> str:
        missing = self.sale.tally.missing
        if not self.sale.due:
            return EMPTY_SALE
        return f"Em branco, recebe os {format_brl(missing)} que faltam." if missing else "Nada falta."

    # Keys of the form

    def action_start_over(self) -> None:
        """Esc: what is half typed is given up, and nothing that was recorded."""
        self.form.start_over()

    @on(Form.Chosen)
    def _chosen(self, event: Form.Chosen) -> None:
        event.stop()
        if event.field in ("method", "tef_kind", "tef_plan"):
            self.form.show_fields(event.field)

    @on(Form.Submitted)
    async def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        with self.telling(self.form):
            await self._add()

    async def do_add_payment(self) -> None:
        """(+): as Enter on the last field."""
        if self.form.check():
            with self.telling(self.form):
                await self._add()

    async def _add(self) -> None:
        if not self.sale.due:
            self.say(EMPTY_SALE, "error")
            return
        method = Method(self.form.text("method"))
        amount = self.form.cents("amount")
        if amount is None:
            amount = self.sale.tally.missing
        if method is Method.PIX_STATIC:
            self._ask_pix(amount)
            return
        if method in ASKED:
            await self.asked.add(method, amount, self.form.tef() if method is Method.TEF else {})
            return
        card = self.form.card() if method is Method.CARD else None
        details = {}
        if method is Method.RECURRING:
            count = self.form.text(RECURRING_FIELD)
            amount, details = self.sale.tally.missing, {"instalments": str(int(count))}
            split(amount, int(count))
        await self._store(method, amount, card, details)

    async def _store(
        self,
        method: Method,
        amount: int,
        card: CardDetails | None = None,
        details: dict[str, str] | None = None,
    ) -> None:
        add = partial(self.till.sales.add_payment, self.sale, method, amount, card, details)
        await asyncio.to_thread(add)
        await self.recorded()
        self.say(self.what_is_missing())

    async def recorded(self) -> None:
        """A line was written down, or changed: read the sale again, ready for the next form."""
        await self.desk.open.change(lambda sale: self.till.sales.get(sale.id))
        self.form.start_over()
        await self.show_sale()
        self.desk.refresh_chrome()

    def what_is_missing(self) -> str:
        """Say how the sale goes on."""
        tally = self.sale.tally
        if recurring_line(self.sale) is not None:
            return why_not_finalise(self.sale) or "Finalize a OS com F10: o cliente recebe o link."
        if tally.missing:
            return f"Faltam {format_brl(tally.missing)}: escolha a próxima forma."
        change = f"Troco: {format_brl(tally.change)}. " if tally.change else ""
        if (reason := why_not_save(self.sale)) is not None:
            return f"{change}{reason}"
        return f"{change or 'Pagamento completo. '}Salve com F10."

    # Pix

    def _ask_pix(self, amount: int) -> None:
        from pos_tui.screens.pix import PixDialog

        # Before the customer pays it: a code for too much, or for nothing, cannot be taken back.
        check_alive(self.sale.topups, self.till.context.now())
        check_line(self.sale.tally, Method.PIX_STATIC, amount)
        payload = self.till.static_pix(self.sale.id, amount)
        print_it = partial(self.till.papers.print_pix, self.sale.id, amount, payload)
        paper = print_it if self.till.spool.prints else None

        async def received(yes: bool | None) -> None:
            if yes:
                with self.telling(self.form):
                    await self._store(Method.PIX_STATIC, amount)

        self.app.push_screen(PixDialog(payload, amount, paper), received)

    async def do_show_pix(self) -> None:
        """F6: the QR of what is missing, without choosing the form first."""
        amount = self.sale.tally.missing
        if _method("pix", self.till) is Method.PIX_DYNAMIC:
            await self.asked.add(Method.PIX_DYNAMIC, amount, {})
        else:
            self._ask_pix(amount)

    # Commands

    def label(self, command_id: str) -> str:
        """With *Crédito recorrente* F10 finalises the OS, in the seed's words."""
        return "Finalizar OS" if command_id == "payment" and recurring_line(self.sale) is not None else ""

    def why_not(self, command_id: str) -> str | None:
        """What is off here, and why."""
        match command_id:
            case "payment" if recurring_line(self.sale) is not None:
                return why_not_finalise(self.sale)
            case "payment":
                return why_not_save(self.sale)
            case "remove_payment" if not (self.sale.live or last_asked(self.sale)):
                return "Não há forma de pagamento para remover."
            case "resume_payment" if not self._resumable():
                return "Nenhum TEF ou Pix espera para ser enviado."
            case "show_pix" if "pix" not in self.till.config.payment.methods:
                return "Esta loja não recebe por Pix."
            case "show_pix" | "add_payment" if not self.sale.due:
                return EMPTY_SALE
            case "show_pix" | "add_payment" if not self.sale.tally.missing:
                return "Não falta nada a pagar: salve com F10."
        return None

    async def do_remove_payment(self) -> None:
        """F8: take the last form off."""
        line = last_asked(self.sale)
        if line is not None:
            self.asked.remove(line)
            return
        removed = self.sale.live[-1].method
        await self.desk.open.change(self.till.sales.remove_payment)
        self.form.start_over()  # what was half typed was said of another amount
        await self.show_sale()
        self.desk.refresh_chrome()
        self.say(f"Forma de pagamento removida. {STILL_PAID.get(removed, '')}".rstrip())

    async def do_resume_payment(self) -> None:
        """E: send again what never left, show the QR again, or count what was paid after it was given up."""
        late = late_line(self.sale)
        if late is not None:
            await asyncio.to_thread(self.till.late.accept, self.sale, late, self.sale.seller)
            await self.recorded()
            self.say(f"Pix de {format_brl(late.amount)} aceito nesta venda. {self.what_is_missing()}")
            return
        line = last_asked(self.sale)
        if line is not None:
            self.asked.resume(line)

    async def ask(self) -> None:
        """F5: ask about the forms of payment that wait; never charges."""
        if not await self.asked.ask():
            await super().ask()

    def found(self) -> str:
        """What is asked about here is asked about to save."""
        return self.what_is_missing()

    async def again(self) -> None:
        """F10: save. A second press while saving does nothing."""
        await self.desk.reserving.answered()
        if recurring_line(self.sale) is not None:
            await self._finalise()
            return
        reason = why_not_save(self.sale)
        if reason is not None and self.form.text("method") and self.sale.tally.missing:
            reason = NOT_IN
        if reason is not None or self._saving:
            self.say(reason or "Salvando…", "error" if reason else "normal")
            return
        self._saving = True
        try:
            saved = await asyncio.to_thread(self.till.sales.save, self.sale)
        finally:
            self._saving = False
        self.till.spool.wake()
        await self._saved(saved)

    async def _finalise(self) -> None:
        """F10 with *Crédito recorrente*: *Finalizar OS*. The OS waits in the list, with its link."""
        if self._saving:
            return
        self._saving = True
        try:
            finalise = self.till.recurring.attempts.finalise
            attempt = await asyncio.to_thread(finalise, self.sale, self.sale.seller)
        finally:
            self._saving = False
        await self.desk.reload()
        await self.desk.go(Place.SALES)
        await self.desk.pane.open_os(attempt.sale_id)

    async def _saved(self, saved: Sale) -> None:
        await self.desk.reload()
        await self.desk.go(Place.SALES)
        await self.desk.pane.select(saved.id)
        change = _to_hand(saved)
        by_card = any(line.waits for line in saved.payments)
        if by_card or self.till.closing.goes_by_itself(saved):
            what = "o cartão" if by_card else ""
            if saved.pendings:
                what = f"{what} e as recargas" if what else "as recargas"
            what = what or "a baixa da conta"
            self.say(f"Venda {saved.number} salva.{change} Confirmando {what}…")
            self.desk.background(partial(self.till.closing.finish, saved.id), self._followed)
        else:
            then = " Confirme a recarga com Enter depois de receber." if saved.pendings else ""
            self.say(f"Venda {saved.number} salva.{change}{then}")

    async def _followed(self, closed: Closed) -> None:
        """What follows a saved sale by itself was done, or tried."""
        self.till.spool.wake()
        change = _to_hand(closed.sale)  # told once more: this comes a moment after the sale was saved
        await self.desk.pane.confirmed(closed.topups, change)
        if any(line.waits for line in closed.sale.payments):
            self.say("O TEF ainda não confirmou o pagamento. Ele é tentado de novo com F5.", "error")
        elif closed.bills:
            self.say(f"{closed.bills}{change}")
        elif not closed.topups:
            then = " Confirme a recarga com Enter." if closed.sale.pendings else ""
            self.say(f"Venda {closed.sale.number}: pagamento confirmado.{change}{then}")

    def _resumable(self) -> bool:
        if late_line(self.sale) is not None:
            return True
        line = last_asked(self.sale)
        if line is None:
            return False
        shown = line.method is Method.PIX_DYNAMIC and line.state is PaymentState.SENT
        return line.state is PaymentState.CREATED or shown


def _to_hand(sale: Sale) -> str:
    """What the customer gets in cash."""
    drawn = sum(line.cash_out for line in sale.live)
    change = f" Troco: {format_brl(sale.change)}." if sale.change else ""
    return f"{change} Saque a entregar: {format_brl(drawn)}." if drawn else change


def _method(name: str, till: Till) -> Method:
    """What a word of the configuration means here: with a bank to ask, Pix is dynamic."""
    if name == "pix" and till.config.payment.pix.url:
        return Method.PIX_DYNAMIC
    return METHODS[name]
