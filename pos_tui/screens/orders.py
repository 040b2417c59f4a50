"""Pedidos: the online shop's orders, with both badges and the next action."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place, own
from pos_tui.domain.instants import from_ms
from pos_tui.domain.money import format_money
from pos_tui.domain.order_kept import Acted, KeptOrder, OrderFilter
from pos_tui.domain.order_rules import Demand, OrderAction, next_words
from pos_tui.domain.values import replace
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings, hints
from pos_tui.screens.order_codes import ask_codes
from pos_tui.screens.order_filter import ask_filter, default_filter, filter_words
from pos_tui.screens.order_many import Many, sort_out
from pos_tui.screens.order_print import PRINTED, ask_paper
from pos_tui.services.order_book import PAGE
from pos_tui.services.order_refresh import Refreshed
from pos_tui.till import Till
from pos_tui.widgets.chrome import KeyHint
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import Answer, Question, TextPage
from pos_tui.widgets.line_list import LineList, Row
from pos_tui.widgets.text import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.timer import Timer
    from textual.widget import Widget

WIDE = (
    Column("", 1),
    Column("Pedido", 6, "right", flex=True),
    Column("Data", 5, priority=4),
    Column("Cliente", 8, flex=True, priority=3),
    Column("Pagamento", 20),
    Column("Entrega", 12),
    Column("Próxima", 10),
    Column("Total", 9, "right", priority=5),
)
NARROW = (
    *WIDE[:1],
    Column("Pedido", 5, "right", flex=True),
    *WIDE[2:4],
    Column("Pagamento", 10, flex=True),
    Column("Entrega", 9, flex=True),
    Column("Próxima", 9),
    *WIDE[-1:],
)
"""The same cells where the seed's words do not fit whole."""
ROOM_FOR_WORDS = 76
EMPTY = "Nenhum pedido aqui. F5 lê a loja virtual; F6 muda o filtro."
NONE_CHOSEN = "Escolha os pedidos com Espaço, ou marque um com as setas."
MARK = "x"
FOR_MANY = ("orders_release", "orders_print", "orders_ship")


class OrdersDesk(Board):
    """The list; a page of it at a time."""

    PLACE: ClassVar[Place] = Place.ORDERS
    PURPOSE = (
        "Os pedidos da loja virtual, os mais novos primeiro, com a situação de pagamento, a de entrega e a "
        "próxima ação. Enter abre um pedido. Espaço escolhe vários, para liberar, imprimir ou despachar de "
        "uma vez, cada um com seu resultado."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in bindings(Place.ORDERS) if binding.id != "orders_open"
    ]
    AUTO_FOCUS = "LineList"

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        self.filter: OrderFilter = default_filter(till)
        self._held: dict[str, KeptOrder] = {}
        self._chosen: dict[str, str] = {}
        self._timer: Timer | None = None
        self._reading = False
        self._turn = asyncio.Lock()
        self.title_line = Paragraphs([""])
        self.list = LineList(WIDE, empty="")

    def compose(self) -> "Iterable[Widget]":
        """What is listed, the list, notice, keys."""
        yield self.heading("Pedidos")
        yield self.title_line
        yield self.list
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """Show what is held, settle what a stop left, read the shop, and go on reading now and then."""
        await self._list()
        self.background(self._start, self._refreshed)
        self._reading = True
        self.say("Lendo os pedidos na loja virtual…")
        minutes = self.till.config.orders.refresh_minutes
        self._timer = self.set_interval(minutes * 60, self._refresh_quietly)

    def on_resize(self) -> None:
        """Both badges stay on the list, whatever the window."""
        self.list.columns = WIDE if self.size.width >= ROOM_FOR_WORDS else NARROW
        self.list.redraw()

    def _start(self) -> Refreshed:
        self.till.orders.start()
        return self.till.orders.refresh()

    async def _list(self, key: str | None = None) -> None:
        async with self._turn:  # what is listed is the filter chosen last, however long an older one took
            await self._list_now(key)

    async def _list_now(self, key: str | None) -> None:
        chosen = self.filter
        page = await asyncio.to_thread(self.till.orders.book.page, chosen)
        self._held = {kept.id: kept for kept in page}
        self.list.empty = EMPTY
        self.title_line.say([filter_words(chosen, self.till.context.zone, len(self._chosen))])
        self.list.set_rows([self._row(kept) for kept in page], after=len(page) == PAGE, key=key)
        self.show_keys()

    def _row(self, kept: KeptOrder) -> Row:
        order = kept.told
        payment, delivery = order.badges
        at = from_ms(order.created_at).astimezone(self.till.context.zone)
        todo = "[verificar]" if kept.doubtful else next_words(order)
        cells = (
            MARK if kept.id in self._chosen else "",
            order.number,
            f"{at:%d/%m}",
            order.customer,
            payment,
            delivery,
            todo,
            format_money(order.total),
        )
        return Row(kept.id, cells, "pending" if kept.doubtful else "error" if kept.alert else "normal")

    @on(LineList.More)
    async def _more(self, event: LineList.More) -> None:
        event.stop()
        newer = event.direction in ("before", "last")
        edge = None if event.direction in ("first", "last") else self._held.get(event.key)
        page = await asyncio.to_thread(self.till.orders.book.page, self.filter, edge, newer)
        if not self.list.wants(event):
            return
        self._held.update({kept.id: kept for kept in page})
        self.list.add_rows(event.direction, [self._row(kept) for kept in page], more=len(page) == PAGE)

    def show_keys(self) -> None:
        """Draw the keys; once some are chosen, those that act on many come first."""
        found = [*hints(self.PLACE, self.why_not), KeyHint("Esc", "Voltar")]
        if self._chosen:
            many = {command.key_words[0] for command in own(Place.ORDERS) if command.id in FOR_MANY}
            found = [replace(one, priority=0) if one.key in many else one for one in found]
            found.sort(key=lambda one: one.key not in many)
        self.keys.set_keys(found)

    # Reading

    async def do_orders_refresh(self) -> None:
        """F5."""
        if not self._reading:
            self._reading = True
            self.say("Lendo os pedidos na loja virtual…")
            self.background(self._start, self._refreshed)

    def _refresh_quietly(self) -> None:
        if not self._reading and self.is_current:
            self._reading = True
            self.background(self._start, self._refreshed_quietly)

    async def _refreshed(self, found: Refreshed) -> None:
        self._reading = False
        await self.heard()
        self.say(found.words, "error" if found.problems else "normal")

    async def _refreshed_quietly(self, found: Refreshed) -> None:
        """Nobody asked: only what went wrong is said."""
        self._reading = False
        await self.heard()
        if found.problems:
            self.say(found.words, "error")

    async def heard(self) -> None:
        """Show what is there now; who is far down the list stays there, with the rows on show read again."""
        if len(self.list.rows) <= PAGE:
            await self._list()
            return
        get, shown = self.till.orders.book.get, [row.key for row in self.list.rows]
        for kept in await asyncio.to_thread(lambda: [get(key) for key in shown]):
            self._held[kept.id] = kept
            self.list.update_row(self._row(kept))
        self.show_keys()

    async def failed(self, message: str) -> None:
        """Tell it; what was read before still stands."""
        self._reading = False
        await self.heard()
        self.say(message, "error")

    # One order

    def why_not(self, command_id: str) -> str | None:
        """Nothing to act on."""
        needs_one = ("orders_open", "orders_mark", "orders_release", "orders_print", "orders_ship")
        return NONE_CHOSEN if command_id in needs_one and self.list.row is None else None

    async def do_orders_open(self) -> None:
        """Enter."""
        assert self.list.row is not None, "why_not said so"
        await self._open(self.list.row.key)

    @on(LineList.Selected)
    async def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        with self.telling():
            await self._open(event.key)

    async def _open(self, key: str) -> None:
        from pos_tui.screens.order import OrderDesk

        kept = await asyncio.to_thread(self.till.orders.book.get, key)
        self.message.clear()
        self.app.push_screen(OrderDesk(self.till, self.who(), kept), partial(self._left, key))

    async def _left(self, key: str, _: None) -> None:
        kept = await asyncio.to_thread(self.till.orders.book.get, key)
        self._held[key] = kept
        self.list.update_row(self._row(kept))
        self.show_keys()

    async def do_orders_filter(self) -> None:
        """F6."""
        ask_filter(self, self.filter, self._filtered)

    async def _filtered(self, chosen: OrderFilter) -> None:
        older = chosen.since < self.filter.since
        self.filter = chosen
        self._chosen = {}
        await self._list()
        if older:
            days = max(1, (self.till.context.now() - chosen.since) // 86_400_000 + 1)
            self.say("Lendo os pedidos mais antigos na loja virtual…")
            self._reading = True
            self.background(partial(self.till.orders.refresh, days), self._refreshed)

    # Many orders

    async def do_orders_mark(self) -> None:
        """Space: choose or let go, and go on to the next."""
        assert self.list.row is not None, "why_not said so"
        key = self.list.row.key
        if self._chosen.pop(key, None) is None:
            self._chosen[key] = self._held[key].told.number
        self.list.update_row(self._row(self._held[key]))
        self.show_keys()
        self.title_line.say([filter_words(self.filter, self.till.context.zone, len(self._chosen))])

    def _keys(self) -> list[str]:
        assert self.list.row is not None, "why_not said so"
        return list(self._chosen) or [self.list.row.key]

    async def do_orders_print(self) -> None:
        """F9."""
        ask_paper(self, self._keys(), self._printed)

    async def _printed(self, results: list[Acted]) -> None:
        self.say(PRINTED)
        if len(results) > 1:
            self.app.push_screen(TextPage(PRINTED, [acted.words for acted in results]))

    async def do_orders_release(self) -> None:
        """L: many at once, after the stock was looked at."""
        many = await self._many(OrderAction.RELEASE)
        if many is None:
            return
        lines = [
            f"{order.number} ({sum(item.quantity for item in order.items)} un)"
            for order in many.ready.values()
        ]
        text = [
            f"{len(lines)} pedido(s): " + "; ".join(lines) + ".",
            "Confira o estoque de cada um antes (I imprime a lista de separação). Não é liberado o que a "
            "loja virtual diz não ter em estoque.",
            *many.words,
        ]
        answers = [Answer("L", "Conferi: liberar", dangerous=True), Answer("N", "Não")]

        def answered(answer: str | None) -> None:
            if answer == "l":
                self._each({key: Demand(OrderAction.RELEASE) for key in many.ready}, many, stock=True)

        self.app.push_screen(Question("Liberar para faturamento?", text, answers, default="N"), answered)

    async def do_orders_ship(self) -> None:
        """D: many at once, a code for each."""
        many = await self._many(OrderAction.SHIP)
        if many is not None:
            ask_codes(self, many, lambda demands: self._each(demands, many))

    async def _many(self, action: OrderAction) -> Many | None:
        """Sort the chosen out; when none may take the action, only say why."""
        book, keys = self.till.orders.book, self._keys()
        held = await asyncio.to_thread(lambda: {key: book.get(key) for key in keys})
        many = sort_out(held, action)
        if many.ready:
            return many
        self.say(many.left_out[0].words)
        return None

    def _each(self, demands: dict[str, Demand], many: Many, stock: bool = False) -> None:
        self.say(f"Enviando {len(demands)} pedido(s) à loja virtual, um a um…")
        act = partial(self.till.orders.each, list(demands), demands, self.who(), stock)
        self.background(lambda: [*act(), *many.left_out], self._done_each)

    async def _done_each(self, results: list[Acted]) -> None:
        self._chosen = {}
        await self._list()
        done = sum(acted.done for acted in results)
        self.say(f"{done} de {len(results)} feitos.", "normal" if done == len(results) else "error")
        lines = [f"{'Feito' if acted.done else 'NÃO FEITO'} · {acted.words}" for acted in results]
        self.app.push_screen(TextPage(f"{done} de {len(results)} feitos", lines))
