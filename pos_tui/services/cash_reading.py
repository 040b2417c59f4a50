"""A shift in figures, recomputed from its append-only rows each time, and the seal of its closing."""

import json

from pos_tui.domain.cash import Carried, Count, Reading, Shift, add_up, by_person
from pos_tui.domain.errors import Conflict
from pos_tui.domain.journal import Field
from pos_tui.services.context import Context
from pos_tui.services.guard import Approval
from pos_tui.store import cash, sales
from pos_tui.store.database import Transaction
from pos_tui.store.models import ShiftRow


class Readings:
    """Reads one till's shifts, and seals them."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def figures(self, tx: Transaction, shift: Shift, broken: str) -> Reading:
        """Return an open shift in figures; `broken` says what is wrong with the journal."""
        till = self._context.till
        sale = sales.open_of(tx, till)
        paying = sale is not None and any(line.counts for line in sale.payments)
        carried = Carried(
            cash.count_pending_topups(tx, till), cash.count_unanswered_payments(tx, till), paying, broken
        )
        moves = cash.moves_of(tx, shift.id)
        return Reading(
            shift=shift,
            drawer=add_up(moves),
            people=by_person(moves),
            methods=tuple(cash.by_method(tx, shift.id)),
            sellers=tuple(cash.by_seller(tx, shift.id)),
            operators=tuple(cash.by_operator(tx, shift.id)),
            kinds=tuple(cash.by_kind(tx, shift.id)),
            cancelled=cash.count_cancelled(tx, shift, self._context.now()),
            carried=carried,
        )

    def broken_chain(self, *, whole: bool) -> str:
        """Say what is wrong with the journal's chain, or nothing; not `whole` since the last check only.

        The seal of the last closing must still be in it: lines cut off its end show there.
        """
        broken = self._context.journal.verify(whole)
        if broken is not None:
            return f"o diário foi alterado a partir da linha {broken}"
        with self._context.store.reading() as tx:
            last = cash.last_closed(tx, self._context.till)
            if last is not None and not cash.has_hash(tx, last.till, last.seal):
                return f"faltam no diário as linhas até o lacre do caixa {last.number}"
        return ""

    def seal(
        self,
        tx: Transaction,
        reading: Reading,
        count: Count,
        who: str,
        approval: Approval | None,
        explained: str,
    ) -> Shift:
        """Close the shift's row. The seal is the hash of the line just noted: it proves the whole journal.

        Raises:
            Conflict: it was closed meanwhile.
        """
        shift = reading.shift
        values = {
            "closed_by": who,
            "closed_at": self._context.now(),
            "expected": reading.drawer.expected,
            "counted": count.total,
            "notes": json.dumps({**dict(count.notes), "coins": count.coins}),
            "approved_by": approval.by if approval else "",
            "reason": "; ".join(part for part in (approval.reason if approval else "", explained) if part),
            "carried": reading.carried.count,
            "seal": cash.chain_head(tx, shift.till),
        }
        if not tx.claim(ShiftRow, shift.id, shift.version, **values):
            raise Conflict("Este caixa já foi fechado.")
        closed = cash.get_shift(tx, shift.id)
        assert closed is not None, "it was just written"
        return closed


def noted(reading: Reading, count: Count, explained: str, trace: dict[str, Field]) -> dict[str, Field]:
    """Return what the journal keeps of a closing."""
    carried = reading.carried
    return {
        "number": reading.shift.number,
        "expected": reading.drawer.expected,
        "counted": count.total,
        "difference": count.total - reading.drawer.expected,
        "carried": carried.count,
        "broken": carried.broken,
        "explained": explained,
        **trace,
    }
