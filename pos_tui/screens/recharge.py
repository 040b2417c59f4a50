"""Recarga: operator, line typed twice, value; once for each top-up of the sale."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.errors import PosError
from pos_tui.domain.instants import show_hour
from pos_tui.domain.money import format_brl
from pos_tui.domain.phone import Mobile, parse_mobile, why_not_mobile
from pos_tui.domain.topup import UNSENT, Offer, TopUp
from pos_tui.domain.waiting import to_redo, verifying
from pos_tui.screens.background import in_time
from pos_tui.screens.commanded import bindings
from pos_tui.screens.pane import Pane
from pos_tui.screens.recharge_form import WHEN_VALUES, offer_words, origin_hint, recharge_form
from pos_tui.services.guidance import LeadsTo, correctable
from pos_tui.services.offers import Catalogue, catalogue_age
from pos_tui.services.topups import PendingLimit
from pos_tui.widgets.dialog import Answer, Question
from pos_tui.widgets.fields import Option
from pos_tui.widgets.form import Form
from pos_tui.widgets.items import ItemLines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget
    from textual.worker import Worker

    from pos_tui.screens.sale import SaleScreen

PATIENCE = 2.0
"""Seconds that keys typed ahead wait for values to be read again; then they go on with those known."""
FIRST_PATIENCE = 5.0
"""The same for the first list ever, without which nothing can be chosen: the outside may only be starting."""


READING = "Lendo os valores da operadora…"
READ = "Valores lidos: escolha a operadora."
READ_LATE = "Valores lidos: valem a partir da próxima recarga."


class RechargePane(Pane):
    """Adds top-ups to the open sale; each is reserved at the provider as it is added."""

    PLACE: ClassVar[Place] = Place.RECHARGE
    PURPOSE = (
        "Escolha a operadora, digite o número da linha duas vezes e escolha o valor: a recarga é adicionada "
        "e reservada. Para mais recargas, repita. Nada é creditado antes da confirmação, depois do pagamento."
        " Esc desiste do que está meio digitado."
    )
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "start_over"), *bindings(Place.RECHARGE)]

    def __init__(self, desk: "SaleScreen") -> None:
        super().__init__(desk)
        self._catalogue: Catalogue | None = None
        self._values: list[Offer] = []
        self._reading: Worker[None] | None = None
        self._typed_for = desk.sale.id
        self.items = ItemLines("Nenhuma recarga nesta venda ainda.")
        self.form = recharge_form(desk.till.config.topup.label)

    def compose(self) -> "Iterable[Widget]":
        """The sale's top-ups above, the form below."""
        yield self.items
        yield self.form

    # Values

    async def entered(self) -> None:
        """Offer what is known at once; the first time ever, wait a moment for the provider.

        What was typed for another sale is another customer's number.
        """
        if self._typed_for != self.sale.id:
            self._typed_for = self.sale.id
            self._start_over()
        known = self.till.offers.known
        if known is None:
            await self._load(fresh=False)
            return
        self._offer(known)
        self._read_behind(self._refreshed)

    def _read_behind(self, then: Callable[[Catalogue], Awaitable[None]]) -> None:
        """Read what is stale; once, however often the tab is entered while a provider hangs."""
        if self._reading is None or self._reading.is_finished:
            self._reading = self.desk.background(self.till.offers.catalogue, then)

    async def _refreshed(self, catalogue: Catalogue) -> None:
        """A newer list does not move options under the cashier's fingers: it waits for the next top-up."""
        self._reading = None  # its thread may still be on its way out: F6 is not to wait for it
        choosing = self.form.value("operator") is None
        if choosing:
            self._offer(catalogue)
        if self.desk.message.text == READING:  # F6 found it under way
            self.say(READ if choosing else READ_LATE)

    async def _load(self, fresh: bool) -> None:
        """Read the values; keys typed ahead wait a moment for them, never for a provider that hangs."""
        self.say(READING)
        if self._reading is not None and not self._reading.is_finished:
            return
        patience = FIRST_PATIENCE if self.till.offers.known is None else PATIENCE
        catalogue = await in_time(self.till, partial(self.till.offers.catalogue, fresh), patience)
        if catalogue is not None:
            self._offer(catalogue)
            self.desk.message.clear()
        else:
            # The one under way goes on; this waits for it in a worker and finds what it brought.
            self._read_behind(self._refreshed)

    def _offer(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        age = catalogue_age(catalogue.read_at, self.till.context)
        self.form.set("kind", f"{self.till.config.topup.label} · {age}")
        self.form.set_options("operator", [Option(code, name) for code, name in catalogue.operators()])

    def _offer_values(self) -> None:
        """Show the values of this operator and area code as soon as both are known."""
        operator, line = self.form.value("operator"), self.form.text("line")
        self._values = []
        self.form.set("value", None)
        self.form.show("free", False)
        if self._catalogue is not None and operator and why_not_mobile(line) is None:
            with self.telling():
                self._values = self._catalogue.values(str(operator), line[:2])
        options = [Option(offer.product, offer_words(offer)) for offer in self._values]
        self.form.fields["value"].hint = "" if options else WHEN_VALUES
        self.form.set_options("value", options)

    # Keys of the form

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        event.stop()
        if event.field == "line":
            line = self.form.text("line")
            if why_not_mobile(line) is None:
                operators = dict(self._catalogue.operators()) if self._catalogue else {}
                self.say(*origin_hint(parse_mobile(line), operators.get(self.form.text("operator"), "")))
            # Last: that nothing is sold there matters more.
            self._offer_values()

    @on(Form.Chosen)
    async def _chosen(self, event: Form.Chosen) -> None:
        event.stop()
        if event.field == "operator":
            self._offer_values()
        elif event.field == "value":
            await self._value_chosen()

    async def _value_chosen(self) -> None:
        offer, changed = self._offer_chosen(), not self.form.fields["free"].hidden
        free = offer is not None and not offer.face
        self.form.show("free", free)
        if free and offer is not None:
            limits = f"De {format_brl(offer.minimum)} a {format_brl(offer.maximum)}."
            self.form.fields["free"].hint = limits
            self.form.go("free")
        elif changed:
            # The form had gone on to the free value, which is no longer there: this one was the last.
            self.form.go("value")
            await self.do_add_item()

    def _offer_chosen(self) -> Offer | None:
        chosen = self.form.value("value")
        return next((offer for offer in self._values if offer.product == chosen), None)

    @on(Form.Submitted)
    async def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        await self._check_and_add()

    async def do_add_item(self) -> None:
        """(+): as the digit of the value, or Enter on the last field."""
        if self.form.check():
            await self._check_and_add()

    async def _check_and_add(self) -> None:
        offer = self._offer_chosen()
        if offer is None:
            self.form.error("value", "Escolha um dos valores pelo número.")
            return
        if not offer.face and self.form.cents("free") is None:
            self.form.go("free")
            return
        mobile = parse_mobile(self.form.text("line"))
        since, _ = self.till.day()
        earlier = await asyncio.to_thread(self.till.topups.earlier_today, mobile, since)
        if earlier is None:
            await self._add(mobile, offer)
        else:
            self._ask_again(mobile, offer, earlier)

    def _ask_again(self, mobile: Mobile, offer: Offer, earlier: TopUp) -> None:
        hour = show_hour(earlier.requested_at, self.till.context.zone)
        text = [
            f"A linha {mobile} já teve hoje, às {hour}, uma recarga de {format_brl(earlier.face)}.",
            f"Situação dela: {earlier.words}.",
            "Adicionar outra mesmo assim?",
        ]
        answers = [Answer("S", "Sim, adicionar", dangerous=True), Answer("N", "Não")]

        async def answered(answer: str | None) -> None:
            if answer == "s":
                await self._add(mobile, offer)

        self.app.push_screen(Question("Número já recarregado hoje", text, answers, default="N"), answered)

    async def _add(self, mobile: Mobile, offer: Offer) -> None:
        face = offer.face or self.form.cents("free") or 0

        def work(current: Offer) -> TopUp:
            sale = self.till.sales.store(self.sale)
            return self.till.topups.add(sale, mobile, current, face)

        try:
            # A provider that hangs is not waited for: the reserve will tell.
            current = await in_time(
                self.till, partial(self.till.offers.still_sold, offer, mobile.ddd), PATIENCE
            )
            topup = await asyncio.to_thread(work, current or offer)
        except PendingLimit as error:
            self.desk.refresh_chrome()
            self.say(error.message, "pending")
            return
        except PosError as error:
            self.form.error("free" if not offer.face else "value", error.message)
            return
        self._start_over()
        await self.desk.reload()
        self.say(f"Recarga {mobile} adicionada: reservando na operadora…")
        self.desk.reserving.send(topup)

    def action_start_over(self) -> None:
        """Esc: what is half typed is given up, and nothing that was added."""
        self._start_over()

    def _start_over(self) -> None:
        self.form.reset("line", "again", "value", "free")
        self.form.set("operator", None)
        self._values = []
        self.form.set_options("value", [])
        self.form.show("free", False)
        self.form.go("operator")

    # Commands

    async def show_sale(self) -> None:
        """Draw what the sale holds."""
        sale = self.sale
        notice = verifying(sale.topups, self.till.context.zone)
        self.items.show(sale.topups, sale.due, self.till.context.now(), sale.goods, notice)

    def why_not(self, command_id: str) -> str | None:
        """Nothing to remove from an empty sale."""
        if command_id == "remove_item" and not self.sale.pendings:
            return "Não há recarga pendente nesta venda para remover."
        if command_id == "resend" and not (self._unsent() or self._over() or self._refused()):
            return "Nenhuma recarga desta venda espera envio ou correção."
        return None

    def label(self, command_id: str) -> str:
        """What E would do now."""
        if command_id != "resend" or self._unsent():
            return ""
        return "Refazer" if self._over() else "Corrigir" if self._refused() else ""

    def _unsent(self) -> TopUp | None:
        return next((topup for topup in self.sale.topups if topup.state in UNSENT), None)

    def _over(self) -> TopUp | None:
        return to_redo(self.sale.topups, self.till.context.now())

    def _refused(self) -> TopUp | None:
        """The last one, where it was refused for its number or its value."""
        last = self.sale.topups[-1] if self.sale.topups else None
        return last if last is not None and correctable(last) else None

    def way_on(self, topup: TopUp) -> str:
        """E brings back what was refused, while no later one was added."""
        return " E traz os dados de volta para corrigir." if self._refused() == topup else ""

    async def do_resend(self) -> None:
        """E: send what never left, under its same key; redo what expired; put right what was refused."""
        topup = self._unsent()
        if topup is not None:
            self.say(f"Recarga {topup.mobile}: enviando de novo…")
            self.desk.reserving.send(topup)
            return
        over = self._over()
        if over is None:
            await self._put_right()
            return
        self.say(f"Recarga {over.mobile}: refazendo a que expirou…")
        self.desk.background(partial(self.till.topups.redo, over.id, self.sale.seller), self._made_again)

    async def _put_right(self) -> None:
        """Bring the refused one back into the form, with the cursor where its provider wants a change."""
        refused = self._refused()
        assert refused is not None, "why_not said so"
        self._start_over()
        self.form.set("operator", refused.operator)
        self.form.set("line", refused.line)
        self.form.go("line")
        if correctable(refused) is LeadsTo.VALUES:
            await self._load(fresh=True)
            self.form.set("again", refused.line)
            self._offer_values()
            self.form.go("value")
        self.say(refused.why, "error")

    async def _made_again(self, topup: TopUp) -> None:
        await self.desk.reload()
        self.desk.reserving.send(topup)

    async def do_remove_item(self) -> None:
        """F8: cancel the last pending top-up of the open sale."""
        topup = self.sale.pendings[-1]
        text = [f"Remover a recarga de {format_brl(topup.face)} para {topup.mobile}?"]
        answers = [Answer("R", "Remover", dangerous=True), Answer("N", "Não")]

        async def answered(answer: str | None) -> None:
            if answer == "r":
                self.say("Cancelando a reserva…")
                cancel = partial(self.till.topups.cancel, topup.id, "removida da venda", self.sale.seller)
                self.desk.background(cancel, self._removed)

        self.app.push_screen(Question("Remover recarga", text, answers, default="N"), answered)

    async def _removed(self, topup: TopUp) -> None:
        await self.desk.reload()
        self.say(
            topup.why or f"Recarga {topup.mobile}: {topup.words.lower()}.", "error" if topup.why else "normal"
        )

    async def do_reload_values(self) -> None:
        """F6: read the values again, those on show among them."""
        await self._load(fresh=True)
        self._offer_values()

    def found(self) -> str:
        """They stand above the form."""
        return "veja a situação de cada recarga acima."
