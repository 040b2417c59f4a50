"""A bill received and settled at the ERP: never twice, never forgotten once paid."""

from typing import Any

from pos_tui.domain.item import ItemState
from pos_tui.domain.sale import Sale, SaleFilter
from pos_tui.domain.subscriber_action import ActionState
from pos_tui.till import Till
from tests.crash import invariants
from tests.crash.flow import Arm, Flow, Ground
from tests.subscribers.desk import SELLER, desk_till, paid, received
from tests.tills import EVER, Watch

OWED = {"conta/1001": (1, 14280)}
"""How the practice ERP counts the bill once it is settled."""


class BillReceived(Flow):
    """One bill in cash."""

    name = "bill"
    about = "a subscriber's bill received, paid in cash, saved, settled at the ERP"

    def play(self, ground: Ground, arm: Arm) -> None:
        with desk_till(ground.folder, ground.world) as till:
            # The invented people are in the book before: writing them is not what is tested.
            till.centre.questions.practise()
            arm()
            sale = paid(till, received(till))
            till.closing.finish(sale.id)

    def settle(self, ground: Ground, beside: Any) -> None:
        watch = Watch()
        with desk_till(ground.folder, ground.sandbox, watch=watch) as till:
            recover(till, watch)
            settled, sales = ground.sandbox.ledger().credits, saved(till)
            assert settled == (OWED if sales else {}), f"I1: settled {settled} for {len(sales)} sales"
            if sales:
                assert [item.state for item in sales[0].items] == [ItemState.DONE], "I1: settled, not shown"
            invariants.check(till)


def saved(till: Till) -> list[Sale]:
    """The day's sales."""
    return [till.sales.get(line.id) for line in till.sales.page(SaleFilter(*EVER))]


def recover(till: Till, watch: Watch) -> None:
    """The start, and two minutes later; then a person sends what the ERP still shows as open."""
    till.catch_up("sistema")
    watch.advance(121)
    till.catch_up("sistema")
    for action in till.centre.actions.waiting():
        assert action.state is ActionState.DUE, f"I5: {action.state}"
        till.centre.bills.send(action.id, SELLER)
