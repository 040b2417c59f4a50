"""Waiting out the pauses that an API asks for by Retry-After, where they are short."""

import threading
from collections.abc import Callable
from typing import TypeVar

from pos_tui.domain.outcome import Outcome, Refused
from pos_tui.providers.orders.calls import retry_seconds

T = TypeVar("T")


class Patience:
    """Waits in the background; a longer pause than `longest` seconds is told instead."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._over = threading.Event()

    def stop(self) -> None:
        """Wait no longer for anything."""
        self._over.set()

    def waited(self, outcome: Outcome[T]) -> bool:
        """Wait as long as a refusal asks; whether it did ask, and the time is over."""
        seconds = retry_seconds(outcome) if isinstance(outcome, Refused) else 0
        return 0 < seconds <= self._longest and not self._over.wait(seconds)

    def ask(self, question: Callable[[], Outcome[T]]) -> Outcome[T]:
        """Ask a question, once more after the pause it was answered with. Never an effect."""
        outcome = question()
        return question() if self.waited(outcome) else outcome
