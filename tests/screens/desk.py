"""A cashier at the real screens: presses keys, reads words, waits until words come."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual import events
from textual.keys import _character_to_key

from pos_tui.app import PosApp
from pos_tui.screens.locking import Locking
from pos_tui.till import Till
from pos_tui.widgets.form import Form
from pos_tui.widgets.line_list import LineList, Row

PATIENCE_SECONDS = 30.0
"""How long a test waits for what must come; reached only when it fails."""

_POLL_SECONDS = 0.01


class Somebody:
    """At one app in a test, through its keyboard and its screen only."""

    def __init__(self, app: Locking) -> None:
        self.app = app

    @property
    def till(self) -> Till:
        """The till behind the screens, to look at what was really written down."""
        return self.app.till

    async def press(self, *keys: str) -> None:
        """Press keys by Textual's names, all in one burst; return when they have done their work."""
        for key in keys:
            event = events.Key(_character_to_key(key), key) if len(key) == 1 else events.Key(key, None)
            self.app.post_message(event)
        await self.app.keyboard.settle()
        await self.app.keyboard.drained()

    async def type(self, text: str, *keys: str) -> None:
        """Type a text, then press keys."""
        await self.press(*text, *keys)

    def lines(self) -> list[str]:
        """Return the lines of the screen on top, without the blanks at their ends."""
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    def words(self) -> str:
        """Return everything on the screen as one line, so that wrapping does not matter."""
        return " ".join(" ".join(self.lines()).split())

    def line(self, text: str) -> str:
        """Return the one line that holds a text."""
        (found,) = [line for line in self.lines() if text in line]
        return found

    def rows(self) -> "list[Row]":
        """The rows of the list with the cursor."""
        found = self.app.focused
        assert isinstance(found, LineList), f"no list has the focus but {found}"
        return found.rows

    @property
    def field(self) -> str:
        """The name of the form field with the cursor."""
        form = self.app.focused
        assert isinstance(form, Form) and form.current is not None, f"no form has the focus but {form}"
        return form.current.name

    async def see(self, *texts: str) -> None:
        """Wait until all these texts are on the screen."""
        await self.until(lambda: all(text in self.words() for text in texts), f"{texts} on the screen")

    async def gone(self, text: str) -> None:
        """Wait until a text is no longer on the screen."""
        await self.until(lambda: text not in self.words(), f"{text!r} gone")

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until a condition holds."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE_SECONDS
        while not (self._painted and condition()):
            if loop.time() > deadline or not self.app.is_running:
                raise AssertionError(f"waited in vain for {what}; screen:\n" + "\n".join(self.lines()))
            await asyncio.sleep(_POLL_SECONDS)
        await self.app.keyboard.settle()

    @property
    def _painted(self) -> bool:
        """Whether the screen stands where its widgets are by now: no cashier sees what is between."""
        return not self.app.screen._layout_required and not self.app._batch_count

    async def until_ended(self) -> None:
        """Wait until the program has ended by itself."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not self.app._exit:
                await asyncio.sleep(_POLL_SECONDS)


class Desk(Somebody):
    """A cashier, at a till."""

    app: PosApp


@asynccontextmanager
async def at_desk(till: Till, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Desk]:
    """Open the app on a till and wait until what starts behind the first paint has ended."""
    app = PosApp(till)
    async with app.run_test(size=size):
        desk = Desk(app)
        await desk.until(lambda: app.desk.started is not None, "the start-up sweep")
        yield desk
        assert app.return_code in (None, 0)


async def add_topup(desk: Desk, line: str, value: str, operator: str = "1") -> None:
    """On any tab: add a top-up by the digits of operator and value, and wait until it is held."""
    await desk.press("f3")
    await desk.see("1 Vivo")
    await desk.type(f"{operator}{line}{line}{value}")
    await desk.see("Receba o pagamento")


async def pay_cash(desk: Desk, amount: str = "") -> None:
    """Pay in cash, what is missing when no amount is given, and save."""
    await desk.press("f10", "1", *amount, "enter", "f10")
    await desk.see("salva.")
