"""The history of a till's closings, and the second copy of a Z."""

from pos_tui.domain.cash import Shift
from pos_tui.domain.errors import RuleError
from pos_tui.printing.receipt import Kind, Receipt
from pos_tui.services.context import Context
from pos_tui.services.spool import Spool
from pos_tui.store import cash

PAGE = 50


class Shifts:
    """One till's shifts that were closed."""

    def __init__(self, context: Context, spool: Spool) -> None:
        self._context = context
        self._store = context.store
        self._spool = spool

    def last(self) -> Shift | None:
        """Return the shift closed last."""
        with self._store.reading() as tx:
            return cash.last_closed(tx, self._context.till)

    def page(self, edge: int | None = None, newer: bool = False) -> list[Shift]:
        """Return a page of closings, newest first: those before the number `edge`, or `newer` than it."""
        with self._store.reading() as tx:
            return cash.closed_page(tx, self._context.till, PAGE, edge, newer)

    def paper(self, shift: Shift) -> Receipt:
        """Return the Z as it was printed. Raises RuleError when the till has none of it."""
        job = self._spool.paper_of(shift.id, Kind.Z_REPORT)
        if job is None:
            raise RuleError("O Z deste caixa não está neste banco de dados.")
        return Receipt.from_json(job.document)

    def reprint(self, shift: Shift, who: str) -> Receipt:
        """Queue a numbered second copy of the Z, marked as such, and return it.

        Raises:
            RuleError: the till has none of it.
        """
        job = self._spool.paper_of(shift.id, Kind.Z_REPORT)
        if job is None:
            raise RuleError("O Z deste caixa não está neste banco de dados.")
        copy = self._store.write(lambda tx: self._spool.enqueue_copy(tx, job, who))
        self._spool.wake()
        return copy
