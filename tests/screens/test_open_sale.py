"""The screen of the open sale tells whose it is and where the cashier stands, whatever goes on behind it."""

import asyncio
import threading
from datetime import timedelta

import pytest

from pos_tui.app import PosApp
from pos_tui.commands import Place
from pos_tui.domain.customer import CONSUMER
from pos_tui.domain.sale import Sale
from pos_tui.screens.sale import SaleScreen
from pos_tui.screens.tabs import TABS
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk
from tests.tills import SELLER, Watch, add, pay_and_save


async def opened(app: PosApp) -> None:
    """Wait until what begins behind the first paint has ended."""
    desk = Desk(app)
    await desk.until(lambda: shown_sale(app).started is not None, "the start-up sweep")


def shown_sale(app: PosApp) -> SaleScreen:
    """The screen that holds the open sale."""
    assert isinstance(app.screen, SaleScreen)
    return app.screen


async def test_reading_the_screen_again_keeps_the_customer(till: Till) -> None:
    rian = till.customers.register("Rian Ricardo", "", "", "", SELLER)
    app = PosApp(till)
    async with app.run_test() as pilot:
        await opened(app)
        desk = shown_sale(app)
        await desk.open.change(lambda sale: till.sales.set_head(sale, sale.pdv, SELLER, rian))
        await pilot.press("f5")
        assert desk.sale.customer_name == "Rian Ricardo"


async def test_what_was_read_before_a_customer_was_chosen_does_not_cover_the_choice(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    rian = till.customers.register("Rian Ricardo", "", "", "", SELLER)
    current, read, go_on = till.sales.current, threading.Event(), threading.Event()

    def slow(pdv: str, seller: str) -> Sale:
        found = current(pdv, seller)
        read.set()
        go_on.wait()
        return found

    app = PosApp(till)
    async with app.run_test():
        await opened(app)
        desk = shown_sale(app)
        monkeypatch.setattr(till.sales, "current", slow)
        behind = asyncio.create_task(desk.reload())
        await asyncio.to_thread(read.wait)
        choosing = asyncio.create_task(
            desk.open.change(lambda sale: till.sales.set_head(sale, sale.pdv, SELLER, rian))
        )
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(behind, choosing)
        assert desk.sale.customer_name == "Rian Ricardo"


async def test_the_sale_after_a_saved_one_is_the_consumers(till: Till) -> None:
    rian = till.customers.register("Rian Ricardo", "", "", "", SELLER)
    app = PosApp(till)
    async with app.run_test():
        await opened(app)
        desk = shown_sale(app)
        sale = till.sales.store(till.sales.set_head(desk.sale, desk.sale.pdv, SELLER, rian))
        add(till, sale)
        await desk.reload()
        assert desk.sale.customer_name == "Rian Ricardo"
        pay_and_save(till, sale)
        await desk.reload()
        assert desk.sale.customer_name == CONSUMER


async def test_the_tab_shown_is_marked_though_the_provider_is_down(
    till: Till, sandbox: SandboxControl
) -> None:
    sandbox.fault("down", times=None)
    app = PosApp(till)
    async with app.run_test() as pilot:
        await opened(app)
        await pilot.press("f3")
        desk = shown_sale(app)
        assert desk.place is Place.RECHARGE
        assert desk.tabs.active == TABS.index(Place.RECHARGE)


async def test_the_clock_turns_with_the_minute(till: Till, watch: Watch) -> None:
    watch.advance(58 - till.now().second)
    following = f"{till.now() + timedelta(minutes=1):%H:%M}"
    app = PosApp(till)
    async with app.run_test():
        await opened(app)
        await Desk(app).see(following)
