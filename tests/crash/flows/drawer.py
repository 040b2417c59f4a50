"""Till money: each move once, with its paper, or not at all.

Who comes back after a crash looks at what is there and goes on with the first thing that is not: `moves` and
`closing` are both the flow and its continuation.
"""

import contextlib
from collections import Counter
from typing import Any

from pos_tui.domain.cash import Count, Move, MoveKind, add_up
from pos_tui.domain.payment import Method
from pos_tui.domain.people import Action
from pos_tui.domain.sale import SaleFilter, SaleState
from pos_tui.store import cash
from pos_tui.till import Till
from tests.crash import invariants
from tests.crash.flow import Arm, Flow, Ground
from tests.tills import EVER, SELLER, add, new_sale, open_till

FLOAT, SOLD, HANDED, SUPPLIED, WITHDRAWN = 10_000, 1_500, 2_000, 5_000, 3_000
EXPECTED = FLOAT + SOLD + SUPPLIED - WITHDRAWN
PAPERS = {
    MoveKind.FLOAT: "cash_open",
    MoveKind.SALE: "drawer",
    MoveKind.SUPPLY: "cash_in",
    MoveKind.WITHDRAWAL: "cash_out",
}
AMOUNTS = {
    MoveKind.FLOAT: FLOAT,
    MoveKind.SALE: SOLD,
    MoveKind.SUPPLY: SUPPLIED,
    MoveKind.WITHDRAWAL: WITHDRAWN,
}


class DrawerMoved(Flow):
    """Opening, a sale, suprimento, sangria."""

    name = "sangria"
    about = "abertura, a cash sale saved, suprimento, sangria"

    def play(self, ground: Ground, arm: Arm) -> None:
        till = prepare(ground)
        arm()
        moves(till)
        till.close()

    def settle(self, ground: Ground, beside: Any) -> None:
        with contextlib.closing(open_till(ground.folder, ground.sandbox)) as till:
            check(till)
            moves(till)
            check(till)
            assert add_up(moves_made(till)).expected == EXPECTED, "I4: the day's moves"


class DayClosed(Flow):
    """The X and the Z of such a day."""

    name = "close"
    about = "leitura X and fechamento of a day with a sale, a suprimento and a sangria"

    def play(self, ground: Ground, arm: Arm) -> None:
        till = prepare(ground)
        moves(till)
        arm()
        closing(till)
        till.close()

    def settle(self, ground: Ground, beside: Any) -> None:
        with contextlib.closing(open_till(ground.folder, ground.sandbox)) as till:
            check(till)
            closing(till)
            check(till)
            assert till.shifts.last() is not None, "I6: the day cannot be closed"


def prepare(ground: Ground) -> Till:
    """Open the till with a sale that is paid and not saved yet."""
    # Not started: a print worker of its own would bring its steps in any order.
    till = open_till(ground.folder, ground.world)
    sale = new_sale(till)
    add(till, sale, SOLD)
    till.sales.add_payment(till.sales.get(sale.id), Method.CASH, HANDED)
    return till


def moves(till: Till) -> None:
    """Do what is not done yet: abertura, sale, suprimento, sangria."""
    if till.cash.shift() is None:
        till.cash.open(FLOAT, SELLER)
    sale = till.sales.current("1", SELLER)
    if sale.state is SaleState.OPEN and sale.payments:
        till.sales.save(sale)
    done = {move.kind for move in till.cash.moves()}
    if MoveKind.SUPPLY not in done:
        till.cash.supply(SUPPLIED, "troco do banco", SELLER)
    if MoveKind.WITHDRAWAL not in done:
        till.cash.withdraw(WITHDRAWN, "para o cofre", SELLER)


def closing(till: Till) -> None:
    """Leitura X, then fechamento, unless it is closed."""
    if till.shifts.last() is not None:
        return
    till.cash.x_reading(SELLER)
    shift = till.cash.shift()
    assert shift is not None
    approval = till.guard.by_oneself(Action.CASH_CLOSE_CARRYING, shift.id, SELLER, "recarga por confirmar")
    till.cash.close(Count({}, EXPECTED), SELLER, approval)


def moves_made(till: Till) -> list[Move]:
    """The moves of the last shift."""
    with till.context.store.reading() as tx:
        shift = cash.last_shift(tx, 1)
        return cash.moves_of(tx, shift.id) if shift else []


def check(till: Till) -> None:
    """What is in the book is on the paper and in the journal, and nothing else is."""
    invariants.check(till)
    made = moves_made(till)
    kinds = Counter(move.kind for move in made)
    assert all(count == 1 for count in kinds.values()), "I4: a move was booked twice"
    assert all(move.amount == AMOUNTS[move.kind] for move in made), "I4: a wrong amount"
    papers = Counter(job.kind for job in till.spool.owed())
    due = Counter(PAPERS[move.kind] for move in made)
    # The X may be read again by who comes back, and the sale's top-up is not confirmed: no receipt.
    owed = {kind: count for kind, count in papers.items() if kind not in ("x_report", "z_report")}
    assert owed == due, f"I2: papers {owed} for moves {due}"
    check_closing(till, papers["z_report"])
    saved = till.sales.current("1", SELLER).number is None and kinds[MoveKind.SALE] == 1
    assert saved == (till.sales.page(SaleFilter(*EVER)) != []), "I4: the sale and its move"


def check_closing(till: Till, readings: int) -> None:
    """I4: a closed day has one Z, with the sums of its moves and the seal of its journal line."""
    with till.context.store.reading() as tx:
        shift = cash.last_shift(tx, 1)
    closed = shift is not None and not shift.open
    assert readings == closed, "I2: a Z without its closing, or a closing without its Z"
    if shift is not None and closed:
        figures = (shift.difference, shift.expected, shift.carried)
        assert figures == (0, EXPECTED, 1), f"I4: the Z says {figures}"
        paper = "".join(till.papers.text(till.shifts.paper(shift)).split())
        assert shift.seal in paper, "I2: the Z's seal"
