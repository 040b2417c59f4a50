"""What the subscriber desk's lists share: they ask behind the screen, and show rows with a heading above."""

from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from pos_tui.commands import Place
from pos_tui.domain.sale import Sale
from pos_tui.screens.board import Board
from pos_tui.services.subscriber_centre import Centre
from pos_tui.services.subscribers import Visit
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.line_list import LineList, Row
from pos_tui.widgets.text import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.screen import Screen
    from textual.widget import Widget

T = TypeVar("T")

ASKING = "Consultando o provedor…"


class Sheet(Board, Generic[T]):
    """A list about one subscriber. `read` asks, in a worker; `show` draws what came."""

    AUTO_FOCUS = "LineList"

    def __init__(
        self,
        till: Till,
        who: str,
        visit: Visit,
        columns: "Sequence[Column]",
        empty: str,
        title: str = "",
    ) -> None:
        super().__init__(till, who)
        self.visit = visit
        self._title = title or self.PLACE.value
        self.head = Paragraphs([visit.subscriber.name])
        self.received = False
        """Whether something of this list was put into the sale: then Esc leads to its payment."""
        self._empty = empty
        self.list = LineList(columns, empty="")

    @property
    def centre(self) -> Centre:
        """The desk's services."""
        return self.till.centre

    def compose(self) -> "Iterable[Widget]":
        """Title, whom and what, the list, notice, keys."""
        yield self.heading(self._title)
        yield self.head
        yield self.list
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """Ask at once."""
        self.show_keys()
        self.ask()

    def ask(self, told: str = "") -> None:
        """Ask behind the screen, and draw what comes; `told` is said when it came."""
        self.say(ASKING)
        self.background(self.read, partial(self._came, told))

    def read(self) -> T:
        """Ask. Runs in a worker: it touches no widget."""
        raise NotImplementedError

    def show(self, found: T) -> "Iterable[Row]":
        """Keep what came and return its rows."""
        raise NotImplementedError

    def headline(self) -> "Sequence[str]":
        """What stands above the list."""
        return [self.visit.subscriber.name]

    async def _came(self, told: str, found: T) -> None:
        self.list.empty = self._empty
        self.list.set_rows(self.show(found))
        self.head.say(self.headline())
        self.say(told)
        self.show_keys()

    async def failed(self, message: str) -> None:
        """Not an empty list: what went wrong, until it is asked again."""
        self.list.empty = "Sem resposta: F5 consulta de novo."
        self.list.redraw()
        self.say(message, "error")
        self.show_keys()

    def action_leave(self) -> None:
        """Esc: back, or to the payment of what was received here."""
        if not self.received:
            super().action_leave()
            return
        desk = self.app.screen_stack[0]
        while self.app.screen is not desk:
            self.app.pop_screen()
        self.app.call_later(partial(_show_payment, desk))

    def open_sale(self) -> Sale:
        """The open sale of this till, stored so that items can hang on it. For workers."""
        pdvs = self.till.config.till.pdvs
        return self.till.sales.store(self.till.sales.current(pdvs[0], self._who))


async def _show_payment(desk: "Screen[object]") -> None:
    from pos_tui.screens.sale import SaleScreen

    assert isinstance(desk, SaleScreen), "the sale is below everything"
    await desk.reload()
    await desk.go(Place.PAYMENT)
