"""A keyboard that finishes each key before it begins the next, and the app that has one.

Textual runs priority bindings in the app's queue at once, sends ordinary keys to the focused widget's
queue, and runs ordinary bindings when the key has bubbled back. Keys of one burst therefore overtake
each other: with `1 Enter F10 5` the digits land in the field that had the focus before, and three scans
merge into one (facts/textual-and-style.md §3.1). At a till that is money.

Here keys and pastes wait in one queue. The next is taken when everything the last one caused has been
handled: no message is waiting or in work in the app or in any widget of the screen on top, and that
screen is mounted. Handlers must therefore not await long work; that belongs into workers, which the
keyboard does not wait for.

A printable key is offered to the focused widget before any binding sees it, so a binding on a printable
key works only where the focused widget refuses the character.
"""

import asyncio
import os
from collections import deque
from collections.abc import Iterable
from typing import Any, Final, Protocol, TypeAlias, TypeVar, runtime_checkable

from textual import events
from textual._queue import Queue
from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver
from textual.keys import _character_to_key
from textual.message import Message
from textual.message_pump import MessagePump
from textual.reactive import Reactive
from textual.theme import Theme

from pos_tui.commands.presets import KEYMAP
from pos_tui.widgets.theme import DARK_PALETTE, LIGHT_PALETTE, textual_theme, variant

Result = TypeVar("Result")

PENDING_LIMIT: Final = 65_536
"""Characters that may wait. A burst of 20 000 stays whole; a stuck key does not fill the memory."""

SILENCE_SECONDS: Final = 0.25
"""A flood is over when nothing came for so long: its tail must not be taken for typing."""

_OFFERED_AT_ONCE: Final = 4_096
_BUSY_POLLS: Final = 64
_LONGEST_PAUSE_SECONDS: Final = 0.02


class Typed(events.Event, bubble=False):
    """Printable characters that the terminal sent in one go; the same as so many keys."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


@runtime_checkable
class TakesText(Protocol):
    """A widget that takes several typed characters in one call."""

    def take_text(self, text: str) -> int:
        """Take typed characters from the front and return how many.

        It stops after a character whose effect others must see before the next one (an option chosen,
        the cursor gone to another field), and before one that it has no use for.
        """


Input: TypeAlias = events.Key | events.Paste | Typed


class Keyboard:
    """The queue of keys of one app, and the task that empties it."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._waiting: deque[events.Key | events.Paste | str] = deque()
        self._size = 0
        self._flooded = False
        self._last_key = ""
        self._last_time = 0.0
        self._pump: asyncio.Task[None] | None = None
        self._held_text = False
        self._released = asyncio.Event()
        self._released.set()

    def hold(self, *, text: bool = False) -> None:
        """Until `release`, only text for the field in use goes through; any other key waits.

        With `text` everything waits: another screen will come that what is typed is meant for.
        """
        self._held_text = text
        self._released.clear()

    def release(self) -> None:
        """Let go of what waits."""
        self._released.set()

    def take(self, event: Input) -> bool:
        """Queue what the terminal sent. Returns False when it was dropped because of a flood."""
        silence, self._last_time = event.time - self._last_time, event.time
        if self._flooded and silence < SILENCE_SECONDS:
            return False
        item = self._item(event)
        if item is None:
            return True
        self._flooded = self._size > PENDING_LIMIT
        if self._flooded:
            self._waiting.clear()
            self._size = 0
            return False
        self._waiting.append(item)
        self._size += len(item) if isinstance(item, str) else 1
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._run(), name="keyboard")
        return True

    def _item(self, event: Input) -> events.Key | events.Paste | str | None:
        """Return the event as it waits: text as a string, LF as Enter, nothing for the LF of a CR LF.

        What is typed before the terminal is raw, and what some scanners send, ends in LF.
        """
        if isinstance(event, events.Paste):
            self._last_key = ""
            return event
        if isinstance(event, Typed):
            self._last_key = ""
            return event.text
        if (logical := KEYMAP.get().logical(event.key)) != event.key:
            event = events.Key(logical, None)
        last, self._last_key = self._last_key, event.key
        if event.key == "ctrl+j":
            return None if last == "enter" else events.Key("enter", "\r")
        if event.is_printable and event.character and "+" not in event.key:
            return event.character
        return event

    async def _run(self) -> None:
        try:
            await self.settle()
            while self._waiting and not self._is_over():
                if self._held_text or not isinstance(self._waiting[0], str):
                    await self._released.wait()
                # In the app's own queue, as Textual itself would: its context, its error handling.
                self._app.call_later(self._deliver)
                await self.settle()
        except Exception as error:  # a dead keyboard must not look like a live one
            self._app._handle_exception(error)

    async def _deliver(self) -> None:
        """Give the next key to whom it is for."""
        if not self._waiting:
            return
        item = self._waiting.popleft()
        event = self._offer(item) if isinstance(item, str) else item
        if event is not None:
            self._size -= 1
            await App.on_event(self._app, event)

    def _offer(self, text: str) -> events.Key | None:
        """Offer printable characters to the focused widget; return the first as a key if it took none."""
        parts = [text]
        size = len(text)
        while self._waiting and isinstance(self._waiting[0], str) and size < _OFFERED_AT_ONCE:
            part = self._waiting.popleft()
            assert isinstance(part, str)
            parts.append(part)
            size += len(part)
        text = "".join(parts)
        target = self._app.focused
        taken = 0
        if target is not None and isinstance(target, TakesText):
            with target._context():
                taken = target.take_text(text)
        self._size -= taken
        rest = text[taken or 1 :]
        if rest:
            self._waiting.appendleft(rest)
        return None if taken else events.Key(_character_to_key(text[0]), text[0])

    async def settle(self) -> None:
        """Wait until everything that earlier keys caused has been handled.

        Polling, because no barrier message can be lost with the widget it was sent to: a handful of turns
        of the loop is all an ordinary key takes.
        """
        pause = 0.0
        polls = 0
        while not self._is_quiet() and not self._is_over():
            await asyncio.sleep(pause)
            polls += 1
            if polls > _BUSY_POLLS:
                pause = min(pause * 2 or 0.001, _LONGEST_PAUSE_SECONDS)

    async def drained(self) -> None:
        """Wait until no key is left and the last has been handled; for tests and the demo."""
        while self._pump is not None and not self._pump.done():
            await asyncio.wait({self._pump})
        await self.settle()

    def _is_over(self) -> bool:
        return self._app._exit or not self._app.is_running

    def _is_quiet(self) -> bool:
        """Say whether the app and every widget of the top screen wait for messages.

        A screen below is left out: one of its handlers may be waiting for the answer of the dialog above.
        """
        stack = self._app.screen_stack
        if not stack or not _is_waiting(self._app) or stack[-1]._callbacks:
            return False
        nodes: list[DOMNode] = [stack[-1]]
        while nodes:
            node = nodes.pop()
            if not _is_waiting(node):
                return False
            nodes.extend(node._nodes)
        return True


def _is_waiting(node: MessagePump) -> bool:
    """Say whether a node has nothing in its queue and nothing in work: it sleeps until a message comes."""
    queue: Queue[Message | None] = node._message_queue
    return not queue.values and bool(queue.ready_event._waiters)


class SerialKeyboard(App[Result]):
    """The base of the app.

    Bindings of the app and its screens should be ordinary ones, never `priority=True`: keys are in order
    anyway, and an ordinary binding does not fire under a dialog.
    """

    ENABLE_COMMAND_PALETTE = False
    ansi_theme_dark = Reactive(DARK_PALETTE, init=False)
    ansi_theme_light = Reactive(LIGHT_PALETTE, init=False)

    def __init__(self) -> None:
        # Before App.__init__, which chooses the colour filter: a theme set afterwards is black on black
        # with NO_COLOR.
        self._look = textual_theme(variant(os.environ))
        super().__init__()
        # Each would be a widget on every screen. Notices have a line that never covers a field.
        self._disable_tooltips = True
        self._disable_notifications = True
        self.keyboard = Keyboard(self)

    def get_theme(self, theme_name: str) -> Theme | None:
        """There is one theme."""
        return self._look

    def get_driver_class(self) -> type[Driver]:
        """Guard the terminal where Textual would use its plain Unix driver."""
        chosen = super().get_driver_class()
        if chosen.__name__ == "LinuxDriver":
            from pos_tui.widgets.terminal import GuardedDriver

            return GuardedDriver
        return chosen

    async def on_event(self, event: events.Event) -> None:
        """Queue keys and pastes that come from the terminal; everything else goes its usual way."""
        if isinstance(event, (events.Key, events.Paste, Typed)) and not event.is_forwarded:
            if not self.keyboard.take(event):
                self.input_flooded()
        else:
            await super().on_event(event)
            if isinstance(event, events.Resize):
                # Shrunk and grown again before we looked, the window lost what it showed though its size is
                # the same, and Textual would paint nothing.
                self.screen.refresh()

    def input_flooded(self) -> None:
        """Say that input was thrown away. Called for every dropped piece of a flood."""
        self.bell()

    async def _press_keys(self, keys: Iterable[str]) -> None:
        """Let `pilot.press` return when the keys have done their work, not when they are queued."""
        await super()._press_keys(keys)
        await self.keyboard.drained()
