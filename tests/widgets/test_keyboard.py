"""The queue of keys, inside one process where its order can be looked at."""

import asyncio
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from pos_tui.widgets.fields import TextField
from pos_tui.widgets.form import Form
from pos_tui.widgets.keyboard import PENDING_LIMIT, SILENCE_SECONDS, SerialKeyboard, Typed
from tests.widgets.counter import Counter


class Slow(ModalScreen[str]):
    """A dialog of a stock widget that takes its time to come up."""

    def compose(self) -> ComposeResult:
        yield Input()

    async def on_mount(self) -> None:
        for _ in range(50):
            await asyncio.sleep(0)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value)


class Desk(SerialKeyboard[None]):
    """Stock inputs and ordinary bindings: the hardest case."""

    BINDINGS: ClassVar[list[BindingType]] = [("f2", "dialog"), ("f3", "other")]

    def __init__(self) -> None:
        super().__init__()
        self.log_of: list[str] = []

    def compose(self) -> ComposeResult:
        yield Input(id="one")
        yield Input(id="two")

    def action_dialog(self) -> None:
        self.push_screen(Slow(), lambda value: self.log_of.append(f"dialog={value}"))

    def action_other(self) -> None:
        self.set_focus(self.query_one("#two"))

    @on(Input.Submitted)
    async def _submitted(self, event: Input.Submitted) -> None:
        await asyncio.sleep(0)
        self.log_of.append(f"{event.input.id}={event.value}")
        event.input.clear()


def key(name: str) -> events.Key:
    return events.Key(name, name if len(name) == 1 else "\r" if name == "enter" else None)


async def type_ahead(app: Desk, *keys: str) -> None:
    """Put all keys into the app's queue before it can handle the first."""
    for name in keys:
        app.post_message(key(name))
    await asyncio.sleep(0)
    while app.message_queue_size:
        await asyncio.sleep(0)
    await app.keyboard.drained()


async def test_scans_into_a_stock_input_do_not_merge() -> None:
    app = Desk()
    async with app.run_test():
        await type_ahead(app, *"123", "enter", *"456", "enter", *"789", "enter")
        assert app.log_of == ["one=123", "one=456", "one=789"]


async def test_an_ordinary_binding_comes_before_the_keys_after_it() -> None:
    app = Desk()
    async with app.run_test():
        await type_ahead(app, *"12", "f3", *"34", "enter")
        assert app.log_of == ["two=34"]
        assert app.query_one("#one", Input).value == "12"


async def test_a_dialog_that_is_slow_to_come_gets_its_keys() -> None:
    app = Desk()
    async with app.run_test():
        await type_ahead(app, "f2", *"1234", "enter", *"56", "enter")
        assert app.log_of == ["dialog=1234", "one=56"]


async def test_a_run_for_a_widget_that_takes_no_text_becomes_keys() -> None:
    app = Desk()
    async with app.run_test():
        app.post_message(Typed("12,50 [/"))
        await type_ahead(app, "enter")
        assert app.log_of == ["one=12,50 [/"]


async def test_a_flood_is_dropped_whole_and_typing_works_after_a_pause() -> None:
    app = Desk()
    async with app.run_test():
        first = Typed("9" * (PENDING_LIMIT + 2))
        late, after = Typed("8"), Typed("ok")
        late.time = first.time + SILENCE_SECONDS / 2
        after.time = late.time + SILENCE_SECONDS * 2
        assert app.keyboard.take(Typed("7" * (PENDING_LIMIT + 1)))
        assert not app.keyboard.take(first)
        assert not app.keyboard.take(late)
        assert app.keyboard.take(after)
        await app.keyboard.drained()
        assert app.query_one("#one", Input).value == "ok"


async def test_lf_alone_is_enter_and_after_cr_it_is_nothing() -> None:
    app = Desk()
    async with app.run_test():
        await type_ahead(app, "1", "ctrl+j", "2", "enter", "ctrl+j", "3", "enter")
        assert app.log_of == ["one=1", "one=2", "one=3"]


async def test_what_a_screen_does_with_a_message_comes_before_the_next_key() -> None:
    class Shop(SerialKeyboard[None]):
        taken: ClassVar[list[str]] = []

        def compose(self) -> ComposeResult:
            yield Form([TextField("code", "Código", max_length=5)])

        @on(Form.Submitted)
        async def _submitted(self, event: Form.Submitted) -> None:
            await asyncio.sleep(0)
            self.taken.append(event.form.text("code"))
            self.call_after_refresh(event.form.reset)

    app = Shop()
    async with app.run_test():
        for name in [*"12345678", "enter", *"ab", "enter"]:
            app.post_message(key(name))
        while app.message_queue_size:
            await asyncio.sleep(0)
        await app.keyboard.drained()
        assert app.taken == ["12345", "ab"]


async def test_keys_over_a_change_of_mode_reach_the_screen_that_is_not_there_yet() -> None:
    class Till(SerialKeyboard[None]):
        BINDINGS: ClassVar[list[BindingType]] = [("f7", "switch_mode('cash')"), ("f2", "switch_mode('sale')")]
        MODES: ClassVar = {"sale": lambda: Desktop("sale"), "cash": lambda: Desktop("cash")}
        DEFAULT_MODE = "sale"

    class Desktop(Screen[None]):
        def __init__(self, kind: str) -> None:
            super().__init__()
            self.form = Form([TextField(kind, kind)])

        def compose(self) -> ComposeResult:
            yield self.form

    app = Till()
    async with app.run_test():
        for name in ["1", "f7", "2", "f2", "3", "f7", "4"]:
            app.post_message(key(name))
        await asyncio.sleep(0)
        while app.message_queue_size:
            await asyncio.sleep(0)
        await app.keyboard.drained()
        assert isinstance(app.screen, Desktop)
        assert app.screen.form.values() == {"cash": "24"}
        await app.switch_mode("sale")
        assert isinstance(app.screen, Desktop)
        assert app.screen.form.values() == {"sale": "13"}


async def test_nothing_ticks_while_nobody_types() -> None:
    app = Counter()
    async with app.run_test() as pilot:
        await pilot.press("f3", "1", "f8", "escape")
        await pilot.pause()
        nodes = [app, *app.screen.walk_children(with_self=True)]
        ticking = [timer for node in nodes for timer in node._timers if timer._active.is_set()]
        assert ticking == []
