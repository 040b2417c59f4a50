"""A thread that has nothing to do keeps no connection to the database: each is up to 0.7 MB."""

import threading

from pos_tui.screens.background import MOST, outside
from pos_tui.services.sweeping import Rounds
from pos_tui.till import Till


def rested(till: Till) -> bool:
    """Look something up; say whether this thread had no connection before."""
    closed = bool(till.context.store.db.is_closed())
    till.customers.search("maria")
    return closed


async def test_who_asked_the_outside_gives_its_connection_back(till: Till) -> None:
    found = [await outside(till, lambda: rested(till)) for _ in range(MOST + 1)]
    assert all(found)  # some thread did two of them


def test_rounds_sleep_without_one(till: Till) -> None:
    class Looking:
        """Asks often, and notes how it found its thread."""

        def __init__(self) -> None:
            self.found: list[bool] = []
            self.enough = threading.Event()

        def ask_due(self) -> int:
            self.found.append(rested(till))
            if len(self.found) == 3:
                self.enough.set()
            return 0

        def sleep_seconds(self) -> float:
            till.customers.search("maria")
            return 0.001

    looking = Looking()
    rounds = Rounds(till.context, looking)
    rounds.start()
    assert looking.enough.wait(20)
    rounds.stop()
    assert all(looking.found)
