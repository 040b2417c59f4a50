"""Pagamento: forms of payment until nothing is missing, then save."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.card import BRAND_WORDS, KIND_WORDS, Brand, CardDetails, CardKind, refuse_pan
from pos_tui.domain.money import format_brl
from pos_tui.domain.payment import LABELS, Method
from pos_tui.domain.sale import Sale
from pos_tui.domain.tally import check_line
from pos_tui.domain.topup import Decision
from pos_tui.screens.commanded import bindings
from pos_tui.screens.pane import Pane
from pos_tui.services.sales import EMPTY_SALE, why_not_save
from pos_tui.widgets.fields import ChoiceField, DigitsField, MoneyField, Option, TextField
from pos_tui.widgets.form import Form
from pos_tui.widgets.tally import TallyLines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from pos_tui.screens.sale import SaleScreen

METHODS = {"cash": Method.CASH, "card": Method.CARD, "pix": Method.PIX_STATIC}
"""The configuration's words."""

CARD_FIELDS = ("kind", "brand", "instalments", "nsu", "authorisation", "last_four")


class PaymentPane(Pane):
    """Choose a form, type its value, press (+); when nothing is missing, save."""

    PLACE: ClassVar[Place] = Place.PAYMENT
    PURPOSE = (
        "Selecione a forma de pagamento e adicione com (+) ou Enter. Valor em branco é o que falta. Podem "
        "ser várias formas; só dinheiro dá troco. Depois salve com F10: a venda vai para a lista do dia."
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.PAYMENT)]

    def __init__(self, desk: "SaleScreen") -> None:
        super().__init__(desk)
        self.tally = TallyLines()
        methods = [METHODS[name] for name in desk.till.config.payment.methods]
        self.form = Form(
            [
                ChoiceField("method", "Forma", [Option(m, LABELS[m]) for m in methods], required=True),
                MoneyField("amount", "Valor"),
                *_card_fields(),
            ]
        )
        self._show_card(False)
        self._saving = False

    def compose(self) -> "Iterable[Widget]":
        """What is paid above, the form below."""
        yield self.tally
        yield self.form

    async def entered(self) -> None:
        """Ready for the first form of payment."""
        self._start_over()

    async def show_sale(self) -> None:
        """Draw what is due, paid, missing, and goes back."""
        self.tally.show(self.sale)
        self.form.fields["amount"].hint = self._amount_hint()
        self.form.redraw()

    def _amount_hint(self) -> str:
        missing = self.sale.tally.missing
        return f"Em branco, recebe os {format_brl(missing)} que faltam." if missing else "Nada falta."

    # Keys of the form

    @on(Form.Chosen)
    def _chosen(self, event: Form.Chosen) -> None:
        event.stop()
        if event.field == "method":
            self._show_card(event.value == Method.CARD)

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
        card = self._card() if method is Method.CARD else None
        await self._store(method, amount, card)

    async def _store(self, method: Method, amount: int, card: CardDetails | None = None) -> None:
        add = partial(self.till.sales.add_payment, self.sale, method, amount, card)
        self.desk.sale = await asyncio.to_thread(add)
        self._start_over()
        await self.show_sale()
        self.desk.refresh_chrome()
        tally = self.sale.tally
        if tally.missing:
            self.say(f"Faltam {format_brl(tally.missing)}: escolha a próxima forma.")
        elif tally.change:
            self.say(f"Troco: {format_brl(tally.change)}. Salve com F10.")
        else:
            self.say("Pagamento completo. Salve com F10.")

    def _card(self) -> CardDetails:
        form = self.form
        for name in ("nsu", "authorisation"):
            refuse_pan(name, form.text(name))
        return CardDetails(
            kind=CardKind(form.text("kind")),
            brand=Brand(form.text("brand")),
            instalments=int(form.text("instalments") or "1"),
            nsu=form.text("nsu"),
            authorisation=form.text("authorisation"),
            last_four=form.text("last_four"),
        )

    def _show_card(self, shown: bool) -> None:
        for name in CARD_FIELDS:
            self.form.show(name, shown)

    def _start_over(self) -> None:
        self.form.reset()
        self._show_card(False)
        self.form.go("method")

    # Pix

    def _ask_pix(self, amount: int) -> None:
        from pos_tui.screens.pix import PixDialog

        # Before the customer pays it: a code for too much cannot be taken back.
        check_line(self.sale.tally, Method.PIX_STATIC, amount)
        payload = self.till.pix_payload(self.sale, amount)

        async def received(yes: bool | None) -> None:
            if yes:
                with self.telling(self.form):
                    await self._store(Method.PIX_STATIC, amount)

        self.app.push_screen(PixDialog(payload, amount), received)

    async def do_show_pix(self) -> None:
        """F6: the QR of what is missing, without choosing the form first."""
        self._ask_pix(self.sale.tally.missing)

    # Commands

    def why_not(self, command_id: str) -> str | None:
        """What is off here, and why."""
        match command_id:
            case "payment":
                return why_not_save(self.sale)
            case "remove_payment" if not [line for line in self.sale.payments if line.weight.counts]:
                return "Não há forma de pagamento para remover."
            case "show_pix" if "pix" not in self.till.config.payment.methods:
                return "Esta loja não recebe por Pix."
            case "show_pix" | "add_payment" if not self.sale.due:
                return EMPTY_SALE
            case "show_pix" | "add_payment" if not self.sale.tally.missing:
                return "Não falta nada a pagar: salve com F10."
        return None

    async def do_remove_payment(self) -> None:
        """F8: take the last form off."""
        self.desk.sale = await asyncio.to_thread(self.till.sales.remove_payment, self.sale)
        await self.show_sale()
        self.desk.refresh_chrome()
        self.say("Forma de pagamento removida.")

    async def again(self) -> None:
        """F10: save. A second press while saving does nothing."""
        await self.desk.reserves_answered()
        reason = why_not_save(self.sale)
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

    async def _saved(self, saved: Sale) -> None:
        await self.desk.reload()
        await self.desk.go(Place.SALES)
        await self.desk.pane.select(saved.id)
        change = f" Troco: {format_brl(saved.change)}." if saved.change else ""
        if any(topup.decision is Decision.CONFIRM for topup in saved.pendings):
            self.say(f"Venda {saved.number} salva.{change} Confirmando as recargas…")
            confirm = partial(self.till.topups.confirm_decided, saved.id)
            self.desk.background(confirm, self.desk.pane.confirmed)
        else:
            self.say(f"Venda {saved.number} salva.{change} Confirme a recarga com Enter depois de receber.")


def _card_fields() -> "list[ChoiceField | TextField]":
    return [
        ChoiceField(
            "kind", "Tipo", [Option(kind, words) for kind, words in KIND_WORDS.items()], required=True
        ),
        ChoiceField(
            "brand", "Bandeira", [Option(b, words) for b, words in BRAND_WORDS.items()], required=True
        ),
        DigitsField("instalments", "Parcelas", max_length=2, hint="Em branco é 1."),
        TextField("nsu", "NSU", max_length=40, required=True, hint="Como está no comprovante da maquininha."),
        TextField("authorisation", "Autorização", max_length=20),
        DigitsField("last_four", "Últimos 4 dígitos", max_length=4, hint="Nunca o número inteiro."),
    ]
