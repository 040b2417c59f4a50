"""Reading the shop's orders page by page, while pages shift, tokens end and limits bite."""

import threading
from datetime import datetime
from functools import partial

from msgspec import Struct

from pos_tui.domain.outcome import Done, NotSent, Outcome, Refused, Uncertain
from pos_tui.providers.orders.base import OrdersProvider
from pos_tui.services.context import Context
from pos_tui.services.order_book import OrderBook
from pos_tui.services.patience import Patience

MOST_PAGES = 200
OVERLOOKED = 40
"""Orders read one by one after the list: those under way that it did not bring."""
GIVE_UP = 3
"""Orders that could not be read, after which no more are tried in this refresh."""


class Refreshed(Struct, frozen=True):
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

    def __init__(self, context: Context, book: OrderBook, patience: Patience) -> None:
        self._context = context
        self._book = book
        self._patience = patience
        self._turn = threading.Lock()

    def refresh(self, provider: OrdersProvider, since: datetime) -> Refreshed:
        """Read every order placed since an aware instant, and those under way that are older."""
        with self._turn:
            began = self._context.now()
            seen: set[str] = set()
            listed = self._pages(provider, since, seen)
            problems = listed.problems
            if not listed.halted:
                problems = [*self._overlooked(provider, began, seen), *problems]
            return Refreshed(len(seen), tuple(problems))

    def _pages(self, provider: OrdersProvider, since: datetime, seen: set[str]) -> "_Pass":
        """Read all pages; once more when their number changed meanwhile: an order may have slipped by."""
        found = self._pass(provider, since, seen)
        return self._pass(provider, since, seen) if found.shifted else found

    def _pass(self, provider: OrdersProvider, since: datetime, seen: set[str]) -> "_Pass":
        after = ""
        problems: list[str] = []
        totals: set[int] = set()
        for _ in range(MOST_PAGES):
            outcome = self._patience.ask(partial(provider.page, since, after))
            if not isinstance(outcome, Done):
                return _Pass([problem_words(outcome), *problems], halted=True)
            page = outcome.answer
            self._book.absorb(page.orders)
            seen.update(order.remote_id for order in page.orders)
            problems += page.unread
            totals.add(page.total)
            after = page.after
            if not after:
                break
        return _Pass(problems, shifted=len(totals) > 1)

    def _overlooked(self, provider: OrdersProvider, began: int, seen: set[str]) -> list[str]:
        problems: list[str] = []
        for kept in self._book.overlooked(began, OVERLOOKED):
            if kept.told.remote_id in seen:
                continue
            outcome = self._patience.ask(partial(provider.order, kept.told.remote_id))
            if isinstance(outcome, Done):
                self._book.absorb([outcome.answer])
                seen.add(kept.told.remote_id)
            elif isinstance(outcome, NotSent | Uncertain):
                problems.append(problem_words(outcome))
                # One that nobody can read stays so; when nothing can be read, the shop is away.
                if isinstance(outcome, NotSent) or len(problems) == GIVE_UP:
                    break
        return problems


class _Pass(Struct, frozen=True):
    """How a reading of the list ended. An order that cannot be understood does not halt it."""

    problems: list[str]
    halted: bool = False
    shifted: bool = False


def problem_words(outcome: Outcome[object]) -> str:
    """Say what became of a question that was not answered."""
    match outcome:
        case Refused(text=text):
            return text
        case NotSent(why) | Uncertain(why):
            return why
        case Done():
            return ""
