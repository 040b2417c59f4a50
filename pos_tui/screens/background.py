"""Work that asks the outside: in a worker, its result told by a message."""

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast, runtime_checkable

from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker

from pos_tui.domain.errors import PosError
from pos_tui.widgets.theme import Tone

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from textual.screen import Screen

    from pos_tui.screens.locking import Locking
    from pos_tui.till import Till

T = TypeVar("T")

MOST = 16
"""Exchanges with the outside at once; what comes after them waits for its turn."""
CLERKS = 2
"""Threads of what keys wait for: each keeps a connection to the database, so that none opens one first."""

log = logging.getLogger(__name__)
ASKING = "Consultando a operadora…"
STILL_ASKING = "A consulta anterior ainda espera a resposta: aguarde."


@cache
def _outside() -> "ThreadPoolExecutor":
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(MOST, thread_name_prefix="outside")


async def outside(till: "Till | None", job: Callable[[], T]) -> T:
    """Run what asks the outside in threads of its own: however many hang, the till's own work goes on.

    `till` is None while it is being opened.
    """
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_outside(), contextvars.copy_context().run, _then_rest, till, job)


def _then_rest(till: "Till | None", job: Callable[[], T]) -> T:
    """Do it, and keep no connection: there are many threads, and each may have nothing to do for hours."""
    try:
        return job()
    finally:
        if till is not None:
            till.rest()


def hurry(till: "Till") -> None:
    """Have all that keys wait for end soon or fail soon: the next key waits behind it.

    That is this thread and those of `asyncio.to_thread`; what asks the outside has all the time there is.
    """
    from concurrent.futures import ThreadPoolExecutor

    till.hurry()
    executor = ThreadPoolExecutor(CLERKS, "counter", till.hurry)
    asyncio.get_running_loop().set_default_executor(executor)


async def in_time(till: "Till", job: Callable[[], T], seconds: float) -> T | None:
    """Ask the outside and wait so long for it: None when it takes longer, and it goes on by itself."""
    asked = asyncio.ensure_future(outside(till, job))
    done, _ = await asyncio.wait({asked}, timeout=seconds)
    if done:
        return asked.result()
    asked.add_done_callback(lambda late: late.exception())
    return None


class Finished(Message, bubble=False):
    """Work is done; `then` goes on with its result on the screen, once it is `over`."""

    def __init__(self, then: Callable[[], Awaitable[None]], over: Callable[[], None]) -> None:
        super().__init__()
        self.then = then
        self.over = over


class Failed(Message, bubble=False):
    """Work met something the cashier must know, and is `over`."""

    def __init__(self, message: str, over: Callable[[], None]) -> None:
        super().__init__()
        self.text = message
        self.over = over


class Heard(Message, bubble=False):
    """Something was settled in the background."""


class PrinterChanged(Message, bubble=False):
    """Papers or the printer's state are not as they were."""

    def can_replace(self, message: Message) -> bool:
        """One is enough, however many are waiting."""
        return isinstance(message, PrinterChanged)


@runtime_checkable
class Listening(Protocol):
    """A dialog that draws what was settled in the background."""

    async def heard(self) -> None:
        """Something was settled."""

    def say(self, text: str, tone: Tone = "normal") -> None:
        """Tell something."""


async def let_hear(screen: "Screen[Any]") -> None:
    """Have what is on top draw it; a database that is away is told there."""
    if isinstance(screen, Listening):
        try:
            await screen.heard()
        except PosError as error:
            screen.say(error.message, "error")


class Background(Widget):
    """Mixed into screens. Workers never touch widgets: they post what `then` or `failed` goes on with."""

    _asking = False

    def background(
        self,
        job: Callable[[], T],
        then: Callable[[T], Awaitable[None]],
        over: Callable[[], None] = lambda: None,
    ) -> Worker[None]:
        """Run `job` in a thread, then `then` with its result here; `over` goes before whatever came of it.

        The app owns it: a popup that is left takes none of its work along.
        """
        app = cast("Locking", self.app)
        work = outside(app.till if app.is_open else None, partial(self._work, app, job, then, over))
        return self.app.run_worker(work, exit_on_error=False, group="outside")

    def question(self, job: Callable[[], T], then: Callable[[T], Awaitable[None]]) -> bool:
        """Ask in the background, unless an answer is still on its way: False, and nothing more is asked.

        So a key that bounces opens what comes of it once.
        """
        if self._asking:
            return False
        self._asking = True
        self.background(job, then, self._answer_came)
        return True

    def _answer_came(self) -> None:
        # Not when the worker ends, a moment after its answer: who read that one may ask again.
        self._asking = False

    async def failed(self, message: str) -> None:
        """Tell what went wrong with work in the background."""
        raise NotImplementedError

    def _work(
        self,
        app: "Locking",
        job: Callable[[], T],
        then: Callable[[T], Awaitable[None]],
        over: Callable[[], None],
    ) -> None:
        told: Failed | Finished
        try:
            told = Finished(partial(then, job()), over)
        except PosError as error:
            told = Failed(error.message, over)
        except Exception as error:
            log.exception("background work failed")
            text = f"Falha interna ({type(error).__name__}). O que já foi feito está gravado."
            told = Failed(text, over)
        if not self.post_message(told):
            app.heard()  # the popup was left: what came of it is drawn where the cashier is now

    async def on_finished(self, event: Finished) -> None:
        """Go on with the result of a worker."""
        event.over()
        try:
            await event.then()
        except PosError as error:
            await self.failed(error.message)

    async def on_failed(self, event: Failed) -> None:
        """Tell the error of a worker."""
        event.over()
        await self.failed(event.text)
