"""The sale: four tabs of seed 1 over one open sale, with status, messages and keys around them."""

import asyncio
import contextlib
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from pos_tui.commands import Place
from pos_tui.config import Config
from pos_tui.domain.errors import PosError
from pos_tui.screens.background import Background, Heard, PrinterChanged, hurry, let_hear
from pos_tui.screens.commanded import Commanded, hints
from pos_tui.screens.errands import Errands
from pos_tui.screens.open_sale import OpenSale
from pos_tui.screens.pane import Pane
from pos_tui.screens.reserving import Reserving
from pos_tui.screens.sale_status import draw_place, draw_status, told_at_start
from pos_tui.screens.tabs import TABS, fetch_tabs, new_pane
from pos_tui.widgets.chrome import KeyLine, MessageLine, StatusLine, TabBar
from pos_tui.widgets.lines import forget_cuts
from pos_tui.widgets.text import SmallWindow
from pos_tui.widgets.theme import Tone

if TYPE_CHECKING:
    from pos_tui.app import PosApp
    from pos_tui.domain.people import Operator
    from pos_tui.domain.sale import Sale
    from pos_tui.till import Started, Till


RECOVERED = "Venda em andamento recuperada: continue de onde parou."


class SaleScreen(Errands, Commanded, Background, Screen[None], inherit_css=False):
    """Owns the open sale; its panes show it and ask for changes."""

    app: "PosApp"
    CSS = ""
    DEFAULT_CSS = """
    SaleScreen { layout: vertical; }
    Pane { height: 1fr; layout: vertical; }
    """
    AUTO_FOCUS = "Form"
    PLACE: ClassVar[Place] = Place.ANYWHERE

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self._till: Till | None = None
        self._open: OpenSale | None = None
        self.started: Started | None = None
        self.place = Place.START
        self._panes: dict[Place, Pane] = {}
        self.reserving = Reserving(self)
        self.tabs = TabBar([place.value for place in TABS])
        self.message = MessageLine()
        self.status = StatusLine()
        self.keys = KeyLine()
        self.small = SmallWindow()

    # Building

    def compose(self) -> ComposeResult:
        """Only the first pane: the others are composed when they are first shown."""
        yield self.small
        yield self.tabs
        self._panes[Place.START] = new_pane(Place.START, self)
        yield self._panes[Place.START]
        yield self.message
        yield self.status
        yield self.keys

    @property
    def till(self) -> "Till":
        """The till, once it is open."""
        assert self._till is not None, "keys that need the till wait until it is open"
        return self._till

    @property
    def open(self) -> OpenSale:
        """The open sale, and what may be done with it as a whole."""
        assert self._open is not None, "keys that need the sale wait until the till is open"
        return self._open

    @property
    def sale(self) -> "Sale":
        """The open sale as last read."""
        return self.open.sale

    @property
    def is_open(self) -> bool:
        """Whether the till is open."""
        return self._till is not None

    def on_mount(self) -> None:
        """Paint first; open, check, sweep and connect behind it."""
        self._countdown = self.set_interval(1, self._count_down, pause=True)
        settings = self.config.till
        draw_place(self.status, self.config, settings.pdvs[0], settings.sellers[0])
        self.keys.set_keys(hints(self.place, lambda _: None))
        self.call_after_refresh(self._open_behind)

    def _open_behind(self) -> None:
        self.background(self._try_to_open, self._opened)

    def _try_to_open(self) -> "Till | PosError":
        try:
            till = self.app.open_till()
            till.rest()
            return till
        except PosError as error:
            return error

    async def _opened(self, till: "Till | PosError") -> None:
        if isinstance(till, PosError):
            self.app.could_not_open(till)
            return
        self._till = till
        hurry(till)
        self._open = OpenSale(till.sales, till.config.till.pdvs[0], till.config.till.sellers[0])
        await self.pane.show_sale()
        self.refresh_chrome()
        if self.sale.begun:
            self.say(RECOVERED, "pending")
        self._unwatch = self.till.spool.watch(lambda: self.post_message(PrinterChanged()))
        self._wait_for_the_minute()
        self._start_behind()
        if till.login_required:
            self.app.ask_who("Digite seu número e seu PIN.")
        self.app.keyboard.release()

    def on_resize(self, event: events.Resize) -> None:
        """Below the least size nothing but a notice: keys go nowhere, what was typed stays where it is."""
        too_small = event.size.width < SmallWindow.WIDTH or event.size.height < SmallWindow.HEIGHT
        if too_small == self.small.display:
            return
        self.small.display = too_small
        for part in (self.tabs, self.pane, self.message, self.status, self.keys):
            part.display = not too_small
        if not too_small:
            self.pane.take_focus()

    def _wait_for_the_minute(self) -> None:
        """The clock turns when it turns, and a till at rest is woken no more often."""
        now = self.till.now()
        self.set_timer(60 - now.second - now.microsecond / 1_000_000 + 0.05, self._minute)

    def _minute(self) -> None:
        self._wait_for_the_minute()
        self.refresh_chrome()
        self.app.lock_when_idle()

    async def take_over(self, operator: "Operator") -> None:
        """Somebody entered: the open sale is theirs now."""
        before = self.sale
        await self.open.change(lambda sale: self.till.sales.hand_over(sale, operator.name))
        await self.pane.show_sale()
        self.refresh_chrome()
        if before.seller != operator.name and before.begun:
            self.say(f"{operator.name} assume a venda em andamento de {before.seller}.", "pending")
        else:
            self.say(f"Bem-vindo(a), {operator.name}.")

    def on_unmount(self) -> None:
        """Nobody is told any more."""
        if self.is_open:
            self._unwatch()

    def on_printer_changed(self) -> None:
        """The print worker has news."""
        self.refresh_chrome()

    def _start_behind(self) -> None:
        self.till.hear(lambda: self.post_message(Heard()))
        self.background(self._start, self._after_start)

    def _start(self) -> "Started":
        from pos_tui.domain.journal import SYSTEM

        fetch_tabs()
        return self.till.start(SYSTEM)

    async def _after_start(self, started: "Started") -> None:
        self.started = started
        found = told_at_start(started, self.till.config)
        if found is not None and not (found[1] == "normal" and self.message.text):
            self.say_beside(*found)
        await self.reload()
        if not started.damage:
            from pos_tui.screens.recovering import recover_payments

            recover_payments(self)

    async def on_heard(self) -> None:
        """The background asked about something: show what came of it, here and in what lies over it."""
        with self.telling():
            await self.reload()
            if self.config.charges_monthly:
                from pos_tui.screens.recurring_words import news_words

                if told := news_words(await asyncio.to_thread(self.till.recurring.news.latest)):
                    self.say(*told)
            await self.pane.heard()
        await let_hear(self.app.screen)

    async def _count_down(self) -> None:
        """A reserve is running out: draw what is left of it."""
        await self.pane.show_sale()

    @property
    def pane(self) -> Pane:
        """The pane on show."""
        return self._panes[self.place]

    # Telling

    def say(self, text: str, tone: Tone = "normal") -> None:
        """Tell the cashier something."""
        self.message.say(text, tone)

    def say_beside(self, text: str, tone: Tone) -> None:
        """Tell what a start found, and that an open sale came back too where that stands there."""
        self.say(f"{RECOVERED} {text}" if self.message.text.startswith(RECOVERED) else text, tone)

    def refresh_chrome(self) -> None:
        """Draw tabs, status and keys as things stand; a database that fails is told, not fatal."""
        with self.telling():
            self._draw_chrome()

    def _draw_chrome(self) -> None:
        from pos_tui.domain.waiting import time_left

        self.tabs.active = TABS.index(self.place)
        try:
            draw_status(self.status, self.till, self.sale)
        except PosError as error:  # a damaged database is told; it does not end the program
            self.say(error.message, "error")
        now = self.till.context.now()
        running = any(time_left(topup, now) for topup in self.sale.topups)
        (self._countdown.resume if running else self._countdown.pause)()
        self.keys.set_keys(hints(self.place, self._reason, self.pane.label))

    def _reason(self, command_id: str) -> str | None:
        return self.pane.why_not(command_id) or self.why_not(command_id)

    # Working

    async def failed(self, message: str) -> None:
        """Tell the error of a worker, and show things as they stand."""
        with self.telling():
            await self.reload()
        self.say(message, "error")

    async def reload(self) -> None:
        """Read the open sale again and show it."""
        await self.open.read()
        await self.pane.show_sale()
        self.refresh_chrome()
        forget_cuts()

    # Going places

    async def go(self, place: Place) -> None:
        """Show a tab, composing it the first time."""
        # A list is read at once and painted once: Textual would show it empty, and wait for its next frame.
        with self.app.batch_update() if place is Place.SALES else contextlib.nullcontext():
            await self._show(place)

    async def _show(self, place: Place) -> None:
        if place is not self.place:
            self.pane.display = False
            self.place = place
            if place not in self._panes:
                self._panes[place] = new_pane(place, self)
                await self.mount(self._panes[place], after=self.tabs)
            self.pane.display = True
            self.message.clear()
        self.pane.take_focus()
        await self.pane.show_sale()
        try:
            await self.pane.entered()
        finally:  # a provider that is down changes nothing of where the cashier is
            self.refresh_chrome()

    # Commands that work anywhere

    async def do_help(self) -> None:
        """F1."""
        from pos_tui.screens.explaining import help_page

        pane, contacts = self.pane, self.till.config.topup.contacts
        self.app.push_screen(help_page(self.place, pane.PURPOSE, self._reason, contacts, pane.hint()))

    async def do_new_sale(self) -> None:
        """F2: with something in the sale, ask first."""
        if self.open.untouched:
            await self._begin_anew()
            return
        from pos_tui.screens.leaving import ask_to_leave

        ask_to_leave(self)

    async def _begin_anew(self) -> None:
        """Nothing is left in the sale: F2 leads back to it; there already, it lets the customer go."""
        gone = self.sale.customer if self.place is Place.START or self.sale.begun else None
        await self.open.renew(with_customer=gone is None)
        await self.go(Place.START)
        if gone is not None:
            self.say(f"{gone.name} saiu da venda: o cliente é {self.sale.customer_name}.")

    async def do_recharge(self) -> None:
        """F3."""
        await self.go(Place.RECHARGE)

    async def do_items(self) -> None:
        """F9: services and products."""
        from pos_tui.screens.items import open_items

        open_items(self)

    async def do_sales(self) -> None:
        """F4; on the list already, or when the limit is reached: only the pendings."""
        if self.place is Place.SALES:
            await self.pane.again()
            return
        await self.go(Place.SALES)
        if self.till.topups.budget().full:
            await self.pane.show_pendings()

    async def do_ask(self) -> None:
        """F5: ask the provider about what is open here; never charges, never credits."""
        await self.pane.ask()

    async def do_payment(self) -> None:
        """F10; on the payment already: save."""
        if self.place is Place.PAYMENT:
            await self.pane.again()
        else:
            await self.go(Place.PAYMENT)

    async def do_palette(self) -> None:
        """Every command by name."""
        from pos_tui.screens.palette import Palette

        self.app.push_screen(Palette(self.place, self._reason), self._chosen)

    async def _chosen(self, command_id: str | None) -> None:
        if command_id is None:
            return
        owner = self.pane if hasattr(self.pane, f"do_{command_id}") else self
        await owner.action_command(command_id)
