"""One till of many, flat out: `sell` runs in a process of its own."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pos_tui.domain.errors import Conflict, PosError, RuleError
from pos_tui.domain.topup import TopUpState
from pos_tui.domain.values import replace
from pos_tui.settings.printer import PrinterSettings
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.tills import SELLER, add, new_sale, open_till, pay_and_save, settings

PENDINGS = 500


@dataclass
class Sold:
    """What one till says that it did."""

    till: int
    numbers: list[int] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    """Lines whose credit it asked for."""
    taken: int = 0
    """Money, in centavos."""
    late: int = 0
    """How often another till had been first."""


def open_one(folder: Path, url: str, number: int) -> Till:
    """Open a till on the common database."""
    base = settings(printer=PrinterSettings(transport="none"))
    config = replace(
        base,
        till=replace(base.till, number=number),
        topup=replace(base.topup, pending_limit=PENDINGS, deadline_seconds=30),
    )
    return open_till(folder, SandboxControl(url), config)


def sell(folder: Path, url: str, number: int, sales: int, ready: Callable[[], object]) -> Sold:
    """Sell as fast as it goes, and confirm whatever is pending, whoever sold it."""
    till, sold = open_one(folder, url, number), Sold(number)
    chance = random.Random(number)
    ready()
    for count in range(sales):
        sale = new_sale(till)
        add(till, sale, 1500, f"679{number:02d}{count:06d}")
        saved = pay_and_save(till, sale)
        assert saved.number is not None
        sold.numbers.append(saved.number)
        sold.taken += saved.total
        _confirm_something(till, sold, chance)
    till.close()
    return sold


def _confirm_something(till: Till, sold: Sold, chance: random.Random) -> None:
    """Any of the oldest pendings of the store: others are at the same ones."""
    waiting = till.topups.pendings(6)
    for topup in chance.sample(waiting, min(3, len(waiting))):
        try:
            after = till.topups.confirm(topup.id, SELLER)
        except (Conflict, RuleError):
            sold.late += 1
        except PosError as error:
            raise AssertionError(f"till {sold.till}: {error.message}") from error
        else:
            if after.state is TopUpState.CONFIRMED:
                sold.confirmed.append(after.line)
