"""Somebody at the real screens: presses keys, reads words, waits until words come."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual import events
from textual.keys import _character_to_key

from pos_tui.app import PosApp
from pos_tui.screens.locking import Locking
from pos_tui.till import Till

PATIENCE_SECONDS = 30.0
"""How long a test waits for what must come; reached only when it fails."""


class Desk:
    """One app in a test, seen through its keyboard and its screen only."""

    def __init__(self, app: Locking) -> None:
        self.app = app

    async def press(self, *keys: str) -> None:
        """Press keys by Textual's names, all in one burst; return when they have done their work."""
        for key in keys:
            event = events.Key(_character_to_key(key), key) if len(key) == 1 else events.Key(key, None)
            self.app.post_message(event)
        await self.app.keyboard.settle()
        await self.app.keyboard.drained()

    def words(self) -> str:
        """Everything on the screen as one line, so that wrapping does not matter."""
        strips = self.app.screen._compositor.render_strips()
        return " ".join(" ".join(strip.text for strip in strips).split())

    async def see(self, *texts: str) -> None:
        """Wait until all these texts are on the screen."""
        await self.until(lambda: all(text in self.words() for text in texts), f"{texts} on the screen")

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until a condition holds."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE_SECONDS
        while self._unpainted or not condition():
            assert loop.time() < deadline and self.app.is_running, f"no {what}; screen:\n{self.words()}"
            await asyncio.sleep(0.01)
        await self.app.keyboard.settle()

    @property
    def _unpainted(self) -> bool:
        """Whether the screen does not stand yet where its widgets are: no cashier sees what is between."""
        return self.app.screen._layout_required or bool(self.app._batch_count)


@asynccontextmanager
async def at_desk(till: Till, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Desk]:
    """Open the app on a till and wait until what starts behind the first paint has ended."""
    app = PosApp(till)
    async with app.run_test(size=size):
        desk = Desk(app)
        await desk.until(lambda: app.desk.started is not None, "start-up sweep")
        yield desk
        assert app.return_code in (None, 0)
