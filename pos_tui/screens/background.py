"""Work that asks the outside: in a worker, its result told by a message."""

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker

from pos_tui.domain.errors import PosError

T = TypeVar("T")

log = logging.getLogger(__name__)


class Finished(Message, bubble=False):
    """Work is done; `then` goes on with its result on the screen."""

    def __init__(self, then: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self.then = then


class Failed(Message, bubble=False):
    """Work met something the cashier must know."""

    def __init__(self, message: str) -> None:
        super().__init__()
        self.text = message


class Background(Widget):
    """Mixed into screens. Workers never touch widgets: they post what `then` or `failed` goes on with."""

    def background(self, job: Callable[[], T], then: Callable[[T], Awaitable[None]]) -> Worker[None]:
        """Run `job` in a thread, then `then` with its result here.

        The app owns it: a popup that is left takes none of its work along.
        """
        return self.app.run_worker(
            partial(self._work, job, then), thread=True, exit_on_error=False, group="outside"
        )

    async def failed(self, message: str) -> None:
        """Tell what went wrong with work in the background."""
        raise NotImplementedError

    def _work(self, job: Callable[[], T], then: Callable[[T], Awaitable[None]]) -> None:
        try:
            result = job()
        except PosError as error:
            self.post_message(Failed(error.message))
        except Exception as error:
            log.exception("background work failed")
            self.post_message(
                Failed(f"Falha interna ({type(error).__name__}). O que já foi feito está gravado.")
            )
        else:
            self.post_message(Finished(partial(then, result)))

    async def on_finished(self, event: Finished) -> None:
        """Go on with the result of a worker."""
        try:
            await event.then()
        except PosError as error:
            await self.failed(error.message)

    async def on_failed(self, event: Failed) -> None:
        """Tell the error of a worker."""
        await self.failed(event.text)
