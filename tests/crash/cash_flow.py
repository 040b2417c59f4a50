"""A day of the drawer, killed at step k: `python -m tests.crash.cash_flow FOLDER URL K`.

Exits 0 when the flow ended before step k was reached. Who comes back after a crash looks at what is there and
goes on with the first thing that is not: `go_on` is both the flow and its continuation.
"""

import sys
from pathlib import Path

from pos_tui.domain.cash import Count, MoveKind
from pos_tui.domain.payment import Method
from pos_tui.domain.people import Action
from pos_tui.domain.sale import SaleState
from pos_tui.providers.sandbox.process import SandboxProcess
from pos_tui.till import Till
from tests.crash.payment_flow import arm
from tests.tills import SELLER, add, new_sale, open_till

FLOAT, SOLD, HANDED, SUPPLIED, WITHDRAWN = 10_000, 1_500, 2_000, 5_000, 3_000
EXPECTED = FLOAT + SOLD + SUPPLIED - WITHDRAWN


def prepare(folder: Path, url: str) -> Till:
    """Open the till with a sale that is paid and not saved yet."""
    world = SandboxProcess(url, None)  # type: ignore[arg-type]
    # Not started: a print worker of its own would bring its steps in any order.
    till = open_till(folder, world)
    sale = new_sale(till)
    add(till, sale, SOLD)
    till.sales.add_payment(till.sales.get(sale.id), Method.CASH, HANDED)
    return till


def done(till: Till, kind: MoveKind) -> bool:
    """Whether the open drawer's book has a move of a kind."""
    return any(move.kind is kind for move in till.cash.moves())


def go_on(till: Till) -> None:
    """Do what is not done yet: abertura, sale, suprimento, sangria, leitura X, fechamento."""
    if till.shifts.last() is not None:
        return
    if till.cash.shift() is None:
        till.cash.open(FLOAT, SELLER)
    sale = till.sales.current("1", SELLER)
    if sale.state is SaleState.OPEN and sale.payments:
        till.sales.save(sale)
    if not done(till, MoveKind.SUPPLY):
        till.cash.supply(SUPPLIED, "troco do banco", SELLER)
    if not done(till, MoveKind.WITHDRAWAL):
        till.cash.withdraw(WITHDRAWN, "para o cofre", SELLER)
    till.cash.x_reading(SELLER)
    shift = till.cash.shift()
    assert shift is not None
    approval = till.guard.by_oneself(Action.CASH_CLOSE_CARRYING, shift.id, SELLER, "recarga por confirmar")
    till.cash.close(Count({}, EXPECTED), SELLER, approval)


def main() -> None:
    """Prepare, arm the killer and go on."""
    folder, url, kill_at = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    till = prepare(folder, url)
    arm(kill_at)
    go_on(till)
    till.close()


if __name__ == "__main__":
    main()
