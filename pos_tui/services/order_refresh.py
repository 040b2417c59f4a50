"""Reading the shop's orders page by page, while pages shift, tokens end and limits bite."""

import threading
from dataclasses import dataclass
from datetime import datetime

from pos_tui.domain.outcome import Done, NotSent, Outcome, Refused, Uncertain
from pos_tui.providers.orders.base import OrderPage, OrdersProvider
from pos_tui.providers.orders.calls import retry_seconds
from pos_tui.services.context import Context
from pos_tui.services.order_book import OrderBook

MOST_PAGES = 200
LONGEST_PAUSE = 60
"""Seconds of a Retry-After that are waited out in the background; a longer one is told."""
OVERLOOKED = 40
"""Orders read one by one after the list: those under way that it did not bring."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh brought."""

    read: int
    problems: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """For the message line."""
        told = f"{self.read} pedido(s) lido(s) da loja virtual."
        return " ".join((told, *self.problems[:2]))


class Refresher:
    """Brings the book up to date. One at a time."""

    def __init__(self, context: Context, book: OrderBook) -> None:
        self._context = context
        self._book = book
        self._turn = threading.Lock()
        self._stop = threading.Event()

    def stop(self) -> None:
        """Wait no longer for anything."""
        self._stop.set()

    def refresh(self, provider: OrdersProvider, since: datetime) -> Refreshed:
        """Read every order placed since an aware instant, and those under way that are older."""
        with self._turn:
            began = self._context.now()
            seen: set[str] = set()
            problems = self._pages(provider, since, seen)
            if not problems:
                problems = self._overlooked(provider, began, seen)
            return Refreshed(len(seen), tuple(problems))

    def _pages(self, provider: OrdersProvider, since: datetime, seen: set[str]) -> list[str]:
        """Read all pages; once more when their number changed meanwhile: an order may have slipped by."""
        for _ in range(2):
            problems, shifted = self._pass(provider, since, seen)
            if not shifted:
                break
        return problems

    def _pass(self, provider: OrdersProvider, since: datetime, seen: set[str]) -> tuple[list[str], bool]:
        after = ""
        problems: list[str] = []
        totals: set[int] = set()
        for _ in range(MOST_PAGES):
            outcome = self._patiently(provider, since, after)
            if not isinstance(outcome, Done):
                return [*problems, problem_words(outcome)], False
            page = outcome.answer
            self._book.absorb(page.orders)
            seen.update(order.remote_id for order in page.orders)
            problems += page.unread
            totals.add(page.total)
            after = page.after
            if not after:
                break
        return problems, len(totals) > 1

    def _overlooked(self, provider: OrdersProvider, began: int, seen: set[str]) -> list[str]:
        for kept in self._book.overlooked(began, OVERLOOKED):
            if kept.told.remote_id in seen:
                continue
            outcome = provider.order(kept.told.remote_id)
            if isinstance(outcome, Done):
                self._book.absorb([outcome.answer])
                seen.add(kept.told.remote_id)
            elif isinstance(outcome, NotSent | Uncertain):
                return [problem_words(outcome)]
        return []

    def _patiently(self, provider: OrdersProvider, since: datetime, after: str) -> Outcome[OrderPage]:
        outcome = provider.page(since, after)
        if isinstance(outcome, Refused) and (seconds := retry_seconds(outcome)):
            if seconds > LONGEST_PAUSE or self._stop.wait(seconds):
                return outcome
            return provider.page(since, after)
        return outcome


def problem_words(outcome: Outcome[object]) -> str:
    """Say what became of a question that was not answered."""
    match outcome:
        case Refused(text=text):
            return text
        case NotSent(why) | Uncertain(why):
            return why
        case Done():
            return ""
