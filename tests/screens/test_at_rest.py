"""A thread that has nothing to do keeps no connection to the database: each is up to 0.7 MB."""

from pos_tui.screens.background import MOST, outside
from pos_tui.till import Till


def rested(till: Till) -> bool:
    """Look something up; say whether this thread had no connection before."""
    closed = bool(till.context.store.db.is_closed())
    till.customers.search("maria")
    return closed


async def test_who_asked_the_outside_gives_its_connection_back(till: Till) -> None:
    found = [await outside(till, lambda: rested(till)) for _ in range(MOST + 1)]
    assert all(found)  # some thread did two of them
