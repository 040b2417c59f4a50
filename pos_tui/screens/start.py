"""Início: who sells, where, and to whom."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain import phone
from pos_tui.domain.customer import CONSUMER, PORTFOLIO_REMINDER, Customer
from pos_tui.domain.documents import mask_document
from pos_tui.screens.commanded import bindings
from pos_tui.screens.pane import Pane
from pos_tui.widgets.fields import ChoiceField, NoteField, Option, TextField
from pos_tui.widgets.form import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from pos_tui.domain.sale import Sale
    from pos_tui.screens.sale import SaleScreen

SEARCH_HINT = "Nome, CPF/CNPJ ou telefone. Enter em branco fica com {} e segue para a Recarga."
NOBODY_YET = SEARCH_HINT.format(CONSUMER)
BACK_TO_CONSUMER = f"F2 volta a {CONSUMER}."


class StartPane(Pane):
    """Choose PDV and seller, find or register the customer, or keep the Consumidor."""

    PLACE: ClassVar[Place] = Place.START
    PURPOSE = (
        "Selecione o seu PDV e busque ou cadastre o cliente. Sem tempo para o cadastro completo, fique com "
        f"{CONSUMER}. {PORTFOLIO_REMINDER}"
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.START)]

    def __init__(self, desk: "SaleScreen") -> None:
        super().__init__(desk)
        settings = desk.config.till
        self._found: dict[str, Customer] = {}
        pdv = ChoiceField("pdv", "PDV", [Option(name, name) for name in settings.pdvs])
        seller = ChoiceField("seller", "Vendedor", [Option(name, name) for name in settings.sellers])
        pdv.hidden = len(settings.pdvs) == 1
        seller.hidden = len(settings.sellers) == 1
        self.form = Form(
            [
                pdv,
                seller,
                NoteField("customer", "Cliente", CONSUMER),
                TextField("search", "Buscar cliente", max_length=80, codes=True, hint=NOBODY_YET),
                ChoiceField("found", "Encontrados", hidden=True, hint="O número escolhe o cliente."),
                NoteField("reminder", "", PORTFOLIO_REMINDER),
            ],
            submit_on_choice=True,
        )
        self.form.set("pdv", settings.pdvs[0])
        self.form.set("seller", settings.sellers[0])
        self.form.go("search")

    def compose(self) -> "Iterable[Widget]":
        """One widget."""
        yield self.form

    async def show_sale(self) -> None:
        """Show whose sale it is."""
        form, sale = self.form, self.sale
        form.set("customer", sale.customer_name)
        form.fields["search"].hint = SEARCH_HINT.format(sale.customer_name)
        alone = sale.customer is not None and self.desk.open.untouched
        form.set("reminder", BACK_TO_CONSUMER if alone else PORTFOLIO_REMINDER)
        form.set("pdv", sale.pdv)
        form.set("seller", sale.seller)
        # Who is logged in sells; the list of the configuration is for training.
        form.show("seller", len(self.desk.config.till.sellers) > 1 and not self.till.login_required)

    async def entered(self) -> None:
        """Ready for the next customer."""
        self._forget_search()
        self.form.go("search")

    @on(Form.Chosen)
    async def _chosen(self, event: Form.Chosen) -> None:
        event.stop()
        with self.telling():
            if event.field == "found":
                await self._serve(self._found[str(event.value)])
            else:
                # What was chosen, not what the form says by now: news may have drawn the sale again.
                chosen = str(event.value)
                await (self._set_head(pdv=chosen) if event.field == "pdv" else self._set_head(seller=chosen))
                self.form.go("search")

    @on(Form.Submitted)
    async def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        text = self.form.text("search")
        with self.telling(self.form):
            if not text.strip():
                await self.desk.go(Place.RECHARGE)
                return
            await self._search(text)

    async def _search(self, text: str) -> None:
        found = await asyncio.to_thread(self.till.customers.search, text)
        self._found = {customer.id: customer for customer in found}
        self.form.show("found", bool(found))
        if not found:
            self.form.error(
                "search", "Ninguém encontrado. Cadastre com F6 ou apague para ficar com Consumidor."
            )
            return
        self.form.set_options("found", [Option(customer.id, _words(customer)) for customer in found])
        self.form.go("found")

    async def _serve(self, customer: Customer) -> None:
        """Sell to somebody of the portfolio."""
        await self._set_head(customer=customer)
        self._forget_search()
        await self.desk.go(Place.RECHARGE)
        self.say(f"Cliente: {customer.name}.")

    async def _set_head(self, pdv: str = "", seller: str = "", customer: Customer | None = None) -> None:
        """Change what is given; the rest of the head stays."""

        def work(sale: "Sale") -> "Sale":
            head = (pdv or sale.pdv, seller or sale.seller, customer or sale.customer)
            return self.till.sales.set_head(sale, *head)

        await self.desk.open.change(work)
        await self.show_sale()
        self.desk.refresh_chrome()

    def _forget_search(self) -> None:
        self._found = {}
        self.form.set("search", "")
        self.form.clear_errors()
        self.form.show("found", False)

    def why_not(self, command_id: str) -> str | None:
        """A pinpad belongs to TEF."""
        if command_id == "pinpad_document" and "tef" not in self.till.config.payment.methods:
            return "Este caixa não tem pinpad: não recebe por TEF."
        return None

    async def do_pinpad_document(self) -> None:
        """F8: the customer types the CPF, and is looked for."""
        from pos_tui.screens.outside import OutsideWait

        typed: list[str] = []
        text = ["O cliente digita o CPF no pinpad e confirma, ou cancela nele."]
        wait = OutsideWait(
            self.till, "CPF no pinpad", text, lambda: typed.append(self.till.tef.ask_document())
        )

        async def answered(problem: str | None) -> None:
            if problem:
                self.say(problem, "error")
                return
            self.form.set("search", typed[0])
            with self.telling(self.form):
                await self._search(typed[0])

        self.app.push_screen(wait, answered)

    async def do_register(self) -> None:
        """F6: register somebody without losing the sale."""
        from pos_tui.screens.register import Register

        self.app.push_screen(
            Register(self.till, self.sale.seller, self.form.text("search")), self._registered
        )

    async def _registered(self, customer: Customer | None) -> None:
        if customer is not None:
            with self.telling():
                await self._serve(customer)


def _words(customer: Customer) -> str:
    parts = [customer.name, mask_document(customer.document), phone.shown(customer.phone)]
    return " · ".join(part for part in parts if part)
