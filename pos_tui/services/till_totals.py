"""What each till of the store has sold and holds now, for who oversees them all."""

from collections.abc import Callable, Iterable

from msgspec import Struct

from pos_tui.domain.cash import Drawer, Shift, Total
from pos_tui.services.context import Context
from pos_tui.store import till_totals
from pos_tui.store.database import Transaction
from pos_tui.store.till_totals import Sold


class TillTotals(Struct, frozen=True):
    """One till: since its opening, or where it is not open, since midnight."""

    till: int
    shift: Shift | None
    """The open one, else the last."""
    sold: Sold
    drawer: Drawer
    seen: int | None
    """When it last said anything, in UTC milliseconds."""

    @property
    def open(self) -> bool:
        """Whether its *caixa* is open."""
        return self.shift is not None and self.shift.open

    @property
    def key(self) -> str:
        """In a centre two stores may have a till of the same number."""
        return f"{self.till}:{self.shift.id if self.shift else ''}"


class Overview:
    """Reads them all in a few grouped queries."""

    def __init__(self, context: Context, midnight: Callable[[], int]) -> None:
        self._context = context
        self._midnight = midnight

    def tills(self) -> list[TillTotals]:
        """Return every till, by number; while the server is away, this one only."""
        seen = self._context.store.seen()
        with self._context.store.reading() as tx:
            shifts = till_totals.open_shifts(tx)
            idle = set(till_totals.tills(tx)) - {shift.till for shift in shifts}
            if self._context.store.away:
                idle &= {self._context.till}
            found = [*self._open(tx, shifts, seen), *self._idle(tx, sorted(idle), seen)]
        return sorted(found, key=lambda one: (one.till, one.key))

    def methods(self, one: TillTotals) -> list[Total]:
        """Return what each form of payment brought to what a till sold."""
        with self._context.store.reading() as tx:
            if one.open and one.shift is not None:
                return till_totals.methods_in(tx, one.shift.id)
            return till_totals.methods_since(tx, one.till, self._midnight())

    def _open(self, tx: Transaction, shifts: list[Shift], seen: dict[int, int]) -> Iterable[TillTotals]:
        keys = [shift.id for shift in shifts]
        drawers, sold = till_totals.drawers(tx, keys), till_totals.sold_in(tx, keys)
        last = till_totals.last_lines(tx, [shift.till for shift in shifts])
        for shift in shifts:
            drawer = drawers.get(shift.id, Drawer())
            at = _latest(seen, last, shift.till)
            yield TillTotals(shift.till, shift, sold.get(shift.id, Sold()), drawer, at)

    def _idle(self, tx: Transaction, some: list[int], seen: dict[int, int]) -> Iterable[TillTotals]:
        closed = {shift.till: shift for shift in till_totals.last_closed(tx, some)}
        sold = till_totals.sold_since(tx, some, self._midnight())
        last = till_totals.last_lines(tx, some)
        for till in some:
            at = _latest(seen, last, till)
            yield TillTotals(till, closed.get(till), sold.get(till, Sold()), Drawer(), at)


def _latest(seen: dict[int, int], last: dict[int, int], till: int) -> int | None:
    return max((at[till] for at in (seen, last) if till in at), default=None)
