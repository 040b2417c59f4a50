"""Faults planted in a copy of the till: the harness has to find each, or its silence says nothing."""

from collections.abc import Callable
from typing import Any

from pos_tui.domain.outcome import Outcome
from pos_tui.domain.sale import Sale
from pos_tui.printing.receipt import Kind, Receipt
from pos_tui.services.journal import Claim, Event, Journal
from pos_tui.services.papers import Papers
from pos_tui.services.sales import Sales
from pos_tui.store import database
from pos_tui.store.database import Transaction
from tests.crash.flow import Ground
from tests.crash.flows.paper import printer_at


def decision_after_the_call(ground: Ground) -> None:
    """The request goes out first; what was decided is written down with its answer."""

    def ask(
        self: Journal, claim: Claim, event: Event, request: Callable[[], Outcome[Any]], settle: Any
    ) -> Outcome[Any]:
        outcome = request()
        self._store.write(lambda tx: self._intend(tx, claim, event))
        database.step("after-answer")
        self._store.write(lambda tx: self._settle(tx, claim, event, outcome, settle(outcome)))
        return outcome

    Journal.ask = ask  # type: ignore[method-assign]


def drawer_before_commit(ground: Ground) -> None:
    """Saving a sale kicks the drawer first, and then commits."""
    save = Sales.save

    def kick_and_save(self: Sales, sale: Sale) -> Sale:
        printer_at(ground.port).print(Receipt(Kind.DRAWER, (), drawer=True).to_json())
        return save(self, sale)

    Sales.save = kick_and_save  # type: ignore[method-assign]


def receipt_in_a_commit_of_its_own(ground: Ground) -> None:
    """A sale is saved, and its papers are queued right after."""
    for_sale, save = Papers.for_sale, Sales.save

    def nothing(self: Papers, tx: Transaction, sale: Sale) -> None:
        pass

    def save_and_queue(self: Sales, sale: Sale) -> Sale:
        saved = save(self, sale)
        papers = papers_of[0]
        self._context.store.write(lambda tx: for_sale(papers, tx, saved))
        return saved

    papers_of: list[Papers] = []
    init = Papers.__init__

    def remember(self: Papers, *args: Any) -> None:
        init(self, *args)
        papers_of[:] = [self]

    Papers.__init__ = remember  # type: ignore[assignment, method-assign]
    Papers.for_sale = nothing  # type: ignore[method-assign]
    Sales.save = save_and_queue  # type: ignore[method-assign]


PLANTS: dict[str, Callable[[Ground], None]] = {
    plant.__name__: plant
    for plant in (decision_after_the_call, drawer_before_commit, receipt_in_a_commit_of_its_own)
}
