"""Shaken timing: with POS_TUI_JITTER set to a seed, work behind the screen takes a random while longer.

What then fails is a race of the program, or a test that looks before what it looks for has come.
"""

import asyncio
import os
import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import pytest
from textual import events
from textual.message import Message
from textual.message_pump import MessagePump

from pos_tui.screens import background

SEED: Final = os.environ.get("POS_TUI_JITTER", "")
LONGEST: Final = 0.06
"""Seconds before a job in a thread, and once more after it."""
OURS: Final = "pos_tui."
FOCUS: Final = (events.Focus, events.Blur, events.Hide)
"""Beside the program's own messages these wait too before they are handled; all of Textual's are too many."""


@pytest.fixture(autouse=True)
def jitter(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shake one test; alone it is shaken as in its folder."""
    if SEED:
        shake(monkeypatch, random.Random(f"{SEED} {request.node.nodeid}"))


def shake(monkeypatch: pytest.MonkeyPatch, chance: random.Random) -> None:
    """Have every job in a thread, and every message of ours, wait."""
    to_thread, then_rest, dispatch = asyncio.to_thread, background._then_rest, MessagePump._dispatch_message

    def late(job: Callable[..., Any], *args: Any, **named: Any) -> Any:
        time.sleep(chance.uniform(0, LONGEST))
        try:
            return job(*args, **named)
        finally:
            time.sleep(chance.uniform(0, LONGEST))

    async def late_message(self: MessagePump, message: Message) -> None:
        if isinstance(message, FOCUS) or type(message).__module__.startswith(OURS):
            await asyncio.sleep(chance.uniform(0, LONGEST / 3))
        await dispatch(self, message)

    monkeypatch.setattr(
        asyncio, "to_thread", lambda job, /, *args, **named: to_thread(late, job, *args, **named)
    )
    monkeypatch.setattr(background, "_then_rest", lambda till, job: then_rest(till, partial(late, job)))
    monkeypatch.setattr(MessagePump, "_dispatch_message", late_message)
