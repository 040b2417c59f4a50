"""Itens da venda: services and products by code, bar code or name, made for a scanner."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.errors import FieldError
from pos_tui.domain.item import KIND_WORDS, Item, Product, parse_entry
from pos_tui.domain.money import format_brl
from pos_tui.domain.sale import Sale
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings
from pos_tui.widgets.dialog import PromptDialog
from pos_tui.widgets.fields import ChoiceField, Option, TextField, Value
from pos_tui.widgets.form import Form
from pos_tui.widgets.items import ItemLines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from pos_tui.screens.sale import SaleScreen

HINT = "Leia o código de barras, ou digite código ou nome. 3*código são três unidades."
NOBODY = "Nada no catálogo com este código ou nome. Confira, ou cadastre em F12, Catálogo."


class ItemsDesk(Board):
    """What is read is in the sale at once; the cursor stays, ready for the next."""

    PLACE: ClassVar[Place] = Place.ITEMS
    PURPOSE = (
        "Serviços e produtos do catálogo, além das recargas. Leia o código de barras ou digite código ou "
        "nome e Enter: uma unidade entra na venda. Para várias, 3*código. F10 segue para o pagamento."
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.ITEMS)]
    AUTO_FOCUS = "Form"

    def __init__(self, desk: "SaleScreen") -> None:
        super().__init__(desk.till, desk.sale.seller)
        self._desk = desk
        self._found: dict[str, Product] = {}
        self._quantity = 1
        self.to_payment = False
        """Whether the sale goes on with its payment."""
        self.lines_of_sale = ItemLines("Nenhum item nesta venda ainda.")
        self.form = Form(
            [
                TextField("what", "Código ou nome", max_length=60, codes=True, hint=HINT),
                ChoiceField("found", "Encontrados", hidden=True, hint="O número escolhe o item."),
            ],
            submit_on_choice=True,
        )

    def compose(self) -> "Iterable[Widget]":
        """What is in the sale, the field, notice, keys."""
        yield self.heading("Itens da venda")
        yield self.lines_of_sale
        yield self.form
        yield self.message
        yield self.keys

    @property
    def sale(self) -> Sale:
        """The open sale."""
        return self._desk.sale

    def on_mount(self) -> None:
        """Draw the sale as it stands."""
        self._draw()

    def _draw(self) -> None:
        sale, now = self.sale, self.till.context.now()
        self.lines_of_sale.show(sale.topups, sale.due, now, sale.goods)
        self.show_keys()

    # Reading codes

    @on(Form.Submitted)
    async def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        with self.telling(self.form):
            chosen = self._found.get(self.form.text("found"))
            if chosen is not None:
                await self._add(chosen)
            elif self.form.text("what"):
                await self._look_up()

    async def _look_up(self) -> None:
        self._quantity, text = parse_entry(self.form.text("what"))
        found = await asyncio.to_thread(self.till.products.find, text)
        if not found:
            raise FieldError("what", NOBODY)
        if len(found) == 1:
            await self._add(found[0])
            return
        self._found = {product.id: product for product in found}
        self.form.set_options("found", [Option(one.id, _offered(one)) for one in found])
        self.form.show("found")
        self.form.go("found")

    async def _add(self, product: Product) -> None:
        def work() -> Item:
            return self.till.items.add(self.till.sales.store(self.sale), product, self._quantity)

        item = await asyncio.to_thread(work)
        self._start_over()
        await self._reload()
        units = f"{item.quantity} x {item.name}" if item.quantity > 1 else item.name
        self.say(f"{units}: {format_brl(item.amount)}. Total {format_brl(self.sale.due)}.")

    def _start_over(self) -> None:
        self._found = {}
        self.form.reset("what", "found")
        self.form.show("found", False)
        self.form.go("what")

    async def _reload(self) -> None:
        await self._desk.reload()
        self._draw()

    # Commands

    def why_not(self, command_id: str) -> str | None:
        """Nothing to remove, nothing to pay."""
        if command_id == "item_remove" and not self.sale.goods:
            return "Não há item nesta venda para remover."
        return None

    async def do_item_remove(self) -> None:
        """F8: which one."""
        options = [Option(item.id, _sold(item)) for item in reversed(self.sale.goods)]
        field = ChoiceField("item", "Item", options, required=True)
        self.app.push_screen(PromptDialog("Remover item", [field]), self._remove)

    async def _remove(self, values: dict[str, Value] | None) -> None:
        item = next((one for one in self.sale.goods if values and one.id == values["item"]), None)
        if item is None:
            return
        with self.telling():
            await asyncio.to_thread(partial(self.till.items.remove, self.sale, item))
            await self._reload()
            self.say(f"{item.name}: removido da venda.")

    async def do_item_payment(self) -> None:
        """F10: the items are in; receive the money."""
        self.to_payment = True
        self.dismiss(None)


def open_items(desk: "SaleScreen") -> None:
    """Cover the sale with its items; back on it, go where was asked for."""
    items = ItemsDesk(desk)

    async def left(_: None) -> None:
        desk.message.clear()  # it was said of the sale as it was before
        await desk.pane.show_sale()
        desk.refresh_chrome()
        if items.to_payment:
            await desk.go(Place.PAYMENT)

    desk.app.push_screen(items, left)


def _offered(product: Product) -> str:
    return (
        f"{format_brl(product.price)} · {product.name} · {product.code} ({KIND_WORDS[product.kind].lower()})"
    )


def _sold(item: Item) -> str:
    units = f"{item.quantity} x " if item.quantity > 1 else ""
    return f"{units}{item.name} · {format_brl(item.amount)}"
