"""Catálogo: services and products, their codes and prices."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.errors import FieldError
from pos_tui.domain.item import KIND_WORDS, SOLD, ItemKind, Product
from pos_tui.domain.money import format_brl, format_money
from pos_tui.domain.values import replace
from pos_tui.screens.approving import Act
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings
from pos_tui.services.products import PAGE
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import PromptDialog
from pos_tui.widgets.fields import ChoiceField, MoneyField, Option, TextField, Value
from pos_tui.widgets.line_list import LineList, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

COLUMNS = (
    Column("Código", 10),
    Column("Nome", 14, flex=True),
    Column("Preço", 10, "right"),
    Column("Tipo", 8, priority=2),
    Column("Barras", 14, priority=3),
    Column("Situação", 8, priority=1),
)
EMPTY = "Catálogo vazio. F6 cadastra; muitos de uma vez: pos-tui catalog import ARQUIVO.csv."


class CatalogueDesk(Board):
    """One line a product; changing it is the supervisor's."""

    PLACE: ClassVar[Place] = Place.CATALOGUE
    PURPOSE = (
        "Os serviços e produtos que a venda oferece em F9, com código, código de barras e preço. Mudar o "
        "catálogo é do supervisor. O que já foi vendido guarda o nome e o preço do dia da venda."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in bindings(Place.CATALOGUE) if binding.id != "product_edit"
    ]
    AUTO_FOCUS = "LineList"

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        self.list = LineList(COLUMNS, empty=EMPTY)
        self._products: dict[str, Product] = {}
        self._wanted: Product | None = None

    def compose(self) -> "Iterable[Widget]":
        """The list, notice, keys."""
        yield self.heading("Catálogo")
        yield self.list
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """Read the first page."""
        await self._read()

    async def _read(self, key: str | None = None) -> None:
        found = await asyncio.to_thread(self.till.products.page)
        self._products = {product.id: product for product in found}
        self.list.set_rows(map(_row, found), after=len(found) == PAGE, key=key)
        self.show_keys()

    @on(LineList.More)
    async def _more(self, event: LineList.More) -> None:
        event.stop()
        earlier = event.direction in ("before", "last")
        edge = None if event.direction in ("first", "last") else self._products.get(event.key)
        found = await asyncio.to_thread(self.till.products.page, edge, earlier)
        if not self.list.wants(event):
            return
        self._products.update({product.id: product for product in found})
        self.list.add_rows(event.direction, list(map(_row, found)), more=len(found) == PAGE)

    # Commands

    def why_not(self, command_id: str) -> str | None:
        """Nothing to change on an empty list."""
        if command_id != "product_new" and self.list.row is None:
            return "Nenhum item está marcado."
        return None

    async def do_product_new(self) -> None:
        """F6."""
        self._ask(Product("", "", "", "", 0, ItemKind.PRODUCT))

    @on(LineList.Selected)
    async def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        if self.list.holds(event.key):
            self._ask(self._products[event.key])

    async def do_product_edit(self) -> None:
        """Enter."""
        self._ask(self._marked)

    async def do_product_switch(self) -> None:
        """F8."""
        one = self._marked
        changed = replace(one, active=not one.active)
        work = partial(self.till.products.change, changed, self._who)
        self._do(work, changed, "volta a ser vendido" if changed.active else "fora de venda")

    # Inside

    @property
    def _marked(self) -> Product:
        assert self.list.row is not None, "why_not said so"
        return self._products[self.list.row.key]

    def _ask(self, product: Product, wrong: FieldError | None = None) -> None:
        kinds = [Option(kind, KIND_WORDS[kind]) for kind in SOLD]
        fields = [
            TextField("name", "Nome", max_length=60, required=True, hint="Como sai no comprovante."),
            TextField("code", "Código", max_length=20, codes=True, required=True),
            TextField(
                "barcode",
                "Código de barras",
                max_length=40,
                codes=True,
                hint="Leia com o leitor, ou em branco.",
            ),
            MoneyField("price", "Preço", required=True),
            ChoiceField("kind", "Tipo", kinds, required=True),
        ]
        dialog = PromptDialog(product.name or "Novo item do catálogo", fields)
        for name in ("name", "code", "barcode", "kind"):
            dialog.form.set(name, getattr(product, name))
        dialog.form.set("price", product.price or None)
        if wrong is not None:
            dialog.form.error(wrong.field, wrong.message)
        self.app.push_screen(dialog, partial(self._save, product))

    async def _save(self, product: Product, values: dict[str, Value] | None) -> None:
        if values is None:
            return
        changed = replace(
            product,
            name=str(values["name"]),
            code=str(values["code"]),
            barcode=str(values["barcode"] or ""),
            price=int(values["price"] or 0),
            kind=ItemKind(str(values["kind"])),
        )
        service = self.till.products
        self._do(
            partial(service.change if product.id else service.add, changed, self._who), changed, "gravado"
        )

    async def wrong_field(self, error: FieldError) -> None:
        """The form again, with what was typed."""
        assert self._wanted is not None, "only a change can be wrong"
        self._ask(self._wanted, error)

    def _do(self, work: Act[object], product: Product, told: str) -> None:
        async def done(_: object) -> None:
            await self._read(product.id or None)
            self.say(f"{product.name}: {told}.")

        self._wanted = product
        self.attempt(work, done, f"{product.name}: {format_brl(product.price)}.")


def _row(product: Product) -> Row:
    state = "" if product.active else "fora"
    cells = (
        product.code,
        product.name,
        format_money(product.price),
        KIND_WORDS[product.kind],
        product.barcode,
        state,
    )
    return Row(product.id, cells, "normal" if product.active else "dim")
