"""Recarga: operator, line typed twice, value; once for each top-up of the sale."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.errors import PosError
from pos_tui.domain.instants import show_hour
from pos_tui.domain.money import format_brl
from pos_tui.domain.phone import (
    LENGTH,
    Incomplete,
    Mobile,
    first_difference,
    parse_mobile,
    uf_of,
    why_not_mobile,
)
from pos_tui.domain.topup import UNSENT, Offer, TopUp
from pos_tui.screens.commanded import bindings
from pos_tui.screens.pane import Pane
from pos_tui.services.offers import Catalogue
from pos_tui.services.topups import PendingLimit
from pos_tui.widgets.dialog import Answer, Question
from pos_tui.widgets.fields import ChoiceField, DigitsField, MoneyField, NoteField, Option, grouped
from pos_tui.widgets.form import Form
from pos_tui.widgets.items import ItemLines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from pos_tui.screens.sale import SaleScreen

PATIENCE = 2.0
"""Seconds that keys typed ahead wait for the first list of values ever; then they go on without it."""


class RechargePane(Pane):
    """Adds top-ups to the open sale; each is reserved at the provider as it is added."""

    PLACE: ClassVar[Place] = Place.RECHARGE
    PURPOSE = (
        "Escolha a operadora, digite o número da linha duas vezes e escolha o valor: a recarga é adicionada "
        "e reservada. Para mais recargas, repita. Nada é creditado antes da confirmação, depois do pagamento."
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.RECHARGE)]

    def __init__(self, desk: "SaleScreen") -> None:
        super().__init__(desk)
        self._catalogue: Catalogue | None = None
        self._values: list[Offer] = []
        mask = grouped("## #####-####")
        self.items = ItemLines("Nenhuma recarga nesta venda ainda.")
        self.form = Form(
            [
                NoteField("kind", "Tipo", desk.till.config.topup.label),
                ChoiceField("operator", "Operadora", required=True),
                DigitsField(
                    "line", "Número da linha", max_length=LENGTH, mask=mask, check=_check_line,
                    auto_advance=True, required=True, hint="DDD e 9 dígitos.",
                ),
                DigitsField(
                    "again", "Confirmar número", max_length=LENGTH, mask=mask, check=self._check_again,
                    auto_advance=True, required=True, hint="Digite de novo: comparo dígito a dígito.",
                ),
                ChoiceField("value", "Valor", required=True, hint="Complete os números para ver os valores."),
                MoneyField("free", "Valor livre", hidden=True, required=True),
            ],
            submit_on_choice=True,
        )  # fmt: skip

    def compose(self) -> "Iterable[Widget]":
        """The sale's top-ups above, the form below."""
        yield self.items
        yield self.form

    # Values

    async def entered(self) -> None:
        """Offer what is known at once; the first time ever, wait a moment for the provider."""
        known = self.till.offers.known
        if known is None:
            await self._load(fresh=False)
            return
        self._offer(known)
        self.desk.background(self.till.offers.catalogue, self._refreshed)

    async def _refreshed(self, catalogue: Catalogue) -> None:
        """A newer list does not move options under the cashier's fingers: it waits for the next top-up."""
        if self.form.value("operator") is None:
            self._offer(catalogue)

    async def _load(self, fresh: bool) -> None:
        """Read the values; keys typed ahead wait a moment for them, never for a provider that hangs."""
        self.say("Lendo os valores da operadora…")
        reading = asyncio.ensure_future(asyncio.to_thread(self.till.offers.catalogue, fresh))
        done, _ = await asyncio.wait({reading}, timeout=PATIENCE)
        if done:
            self._offer(reading.result())
            self.desk.message.clear()
        else:
            # The one under way goes on; this waits for it in a worker and finds what it brought.
            reading.add_done_callback(lambda late: late.exception())
            self.desk.background(self.till.offers.catalogue, self._loaded)

    async def _loaded(self, catalogue: Catalogue) -> None:
        self._offer(catalogue)
        self.say("Valores lidos: escolha a operadora.")

    def _offer(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
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
        options = [Option(offer.product, _words(offer)) for offer in self._values]
        self.form.set_options("value", options)

    def _check_again(self, text: str) -> str | None:
        return _check_again(self.form.text("line"), text)

    # Keys of the form

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        event.stop()
        if event.field == "line":
            line = self.form.text("line")
            if why_not_mobile(line) is None:
                self.say(f"DDD {line[:2]}: {uf_of(line[:2])}.")
            # Last: that nothing is sold there matters more.
            self._offer_values()

    @on(Form.Chosen)
    def _chosen(self, event: Form.Chosen) -> None:
        event.stop()
        if event.field == "operator":
            self._offer_values()
        elif event.field == "value":
            offer = self._offer_chosen()
            free = offer is not None and not offer.face
            self.form.show("free", free)
            if free and offer is not None:
                self.form.fields[
                    "free"
                ].hint = f"De {format_brl(offer.minimum)} a {format_brl(offer.maximum)}."
                self.form.go("free")

    def _offer_chosen(self) -> Offer | None:
        chosen = self.form.value("value")
        return next((offer for offer in self._values if offer.product == chosen), None)

    @on(Form.Submitted)
    async def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
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

        def work() -> TopUp:
            sale = self.till.sales.store(self.sale)
            return self.till.topups.add(sale, mobile, offer, face)

        try:
            topup = await asyncio.to_thread(work)
        except PendingLimit as error:
            self.say(error.message, "pending")
            return
        except PosError as error:
            self.form.error("free" if not offer.face else "value", error.message)
            return
        self._start_over()
        await self.desk.reload()
        self.say(f"Recarga {mobile} adicionada: reservando na operadora…")
        self.desk.reserve(topup)

    def _start_over(self) -> None:
        self.form.reset("line", "again", "value", "free")
        self.form.set("operator", None)
        self._values = []
        self.form.set_options("value", [])
        self.form.show("free", False)
        self.form.go("operator")

    # Commands

    async def show_sale(self) -> None:
        """Draw the sale's top-ups."""
        self.items.show(list(self.sale.topups), self.sale.due)

    def why_not(self, command_id: str) -> str | None:
        """Nothing to remove from an empty sale."""
        if command_id == "remove_item" and not self.sale.pendings:
            return "Não há recarga pendente nesta venda para remover."
        if command_id == "resend" and self._unsent() is None:
            return "Nenhuma recarga desta venda espera envio."
        return None

    def _unsent(self) -> TopUp | None:
        return next((topup for topup in self.sale.topups if topup.state in UNSENT), None)

    async def do_resend(self) -> None:
        """E: send the reserve that provably never left, under its same key."""
        topup = self._unsent()
        assert topup is not None, "why_not said so"
        self.say(f"Recarga {topup.mobile}: enviando de novo…")
        self.desk.reserve(topup)

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
        """F6: read the values again."""
        await self._load(fresh=True)

    async def ask(self) -> None:
        """F5: ask what became of each pending top-up."""
        topups = self.sale.pendings
        if not topups:
            await super().ask()
            return
        who = self.sale.seller

        def work() -> None:
            for topup in topups:
                self.till.topups.ask(topup.id, who)

        self.say("Consultando a operadora…")
        self.desk.background(work, self._asked)

    async def _asked(self, _: None) -> None:
        await self.desk.reload()
        self.say("Consulta feita: veja a situação de cada recarga acima.")


def _check_line(text: str) -> str | None:
    return why_not_mobile(text)


def _check_again(number: str, again: str) -> str | None:
    at = first_difference(number, again)
    if at is not None:
        return f"O {at + 1}º dígito é diferente do número acima. Confira com o cliente."
    missing = len(number) - len(again)
    if missing > 0:
        return Incomplete(f"Confere até aqui: {'faltam' if missing > 1 else 'falta'} {missing}.")
    return None


def _words(offer: Offer) -> str:
    validity = f" · {offer.validity_days} dias" if offer.validity_days else ""
    if offer.face:
        return f"{format_brl(offer.face)}{validity}"
    return f"Outro valor ({format_brl(offer.minimum)} a {format_brl(offer.maximum)}){validity}"
