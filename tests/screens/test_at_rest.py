"""What rests keeps nothing: no connection to the database, up to 0.7 MB each; no text that was drawn once."""

from rich.cells import cached_cell_len
from rich.segment import Segment

from pos_tui.app import PosApp
from pos_tui.screens.background import MOST, outside
from pos_tui.till import Till
from pos_tui.widgets.lines import fit
from tests.screens.test_open_sale import opened, shown_sale


def rested(till: Till) -> bool:
    """Look something up; say whether this thread had no connection before."""
    closed = bool(till.context.store.db.is_closed())
    till.customers.search("maria")
    return closed


async def test_who_asked_the_outside_gives_its_connection_back(till: Till) -> None:
    found = [await outside(till, lambda: rested(till)) for _ in range(MOST + 1)]
    assert all(found)  # some thread did two of them


async def test_what_was_drawn_is_let_go_when_the_sale_is_read_again(till: Till) -> None:
    app = PosApp(till)
    async with app.run_test():
        await opened(app)
        for number in range(1_000):
            Segment.split_cells(Segment(fit(f"Recarga {number}", 80)), 40)
        await shown_sale(app).reload()
        assert cached_cell_len.cache_info().currsize < 500
        assert Segment._split_cells.cache_info().currsize < 500
