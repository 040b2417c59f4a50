"""What stands on the papers of till money."""

import textwrap

from pos_tui.domain.cash import Move, MoveKind, Reading, Shift, Total
from pos_tui.domain.instants import from_ms
from pos_tui.printing.receipt import Receipt
from pos_tui.printing.slips.cash import (
    CashMove,
    CashReading,
    FormTotal,
    cash_back,
    cash_in,
    cash_open,
    cash_out,
    x_reading,
    z_reading,
)
from pos_tui.printing.slips.common import StoreHead
from pos_tui.services.context import Context
from pos_tui.services.papers import Letterhead

_SLIPS = {
    MoveKind.FLOAT: cash_open,
    MoveKind.SUPPLY: cash_in,
    MoveKind.WITHDRAWAL: cash_out,
    MoveKind.REFUND: cash_back,
}


class CashPapers:
    """Makes receipts; queues nothing."""

    def __init__(self, context: Context, head: Letterhead) -> None:
        self._context = context
        self._head = head

    def move(self, move: Move) -> Receipt:
        """The slip of an opening, sangria, suprimento or devolução, to be signed; it opens the drawer."""
        slip = CashMove(
            store=self._store(),
            number=str(move.number),
            at=from_ms(move.at),
            till=str(move.till),
            operator=move.who,
            amount=move.amount,
            reason=move.reason,
            supervisor=move.approved_by,
        )
        return _SLIPS[move.kind](slip, tz=self._context.zone, training=self._head.training)

    def x_reading(self, reading: Reading, who: str) -> Receipt:
        """The partial reading of an open shift."""
        slip = self._reading(reading, reading.shift, who)
        return x_reading(slip, tz=self._context.zone, training=self._head.training)

    def z_reading(self, reading: Reading, closed: Shift, explained: str) -> Receipt:
        """The closing, with what was counted, why it differs, and the seal."""
        slip = self._reading(reading, closed, closed.closed_by, explained)
        return z_reading(slip, tz=self._context.zone, training=self._head.training)

    def _reading(self, reading: Reading, shift: Shift, who: str, explained: str = "") -> CashReading:
        approver = shift.reason.removesuffix(f"; {explained}") if explained else shift.reason
        drawer, carried = reading.drawer, reading.carried
        closed = shift.closed_at is not None
        return CashReading(
            store=self._store(),
            number=str(shift.number),
            till=str(shift.till),
            operator=who,
            opened_at=from_ms(shift.opened_at),
            printed_at=from_ms(self._context.now()),
            totals=_forms(reading.methods),
            float_in=drawer.float_in,
            supplied=drawer.supplied,
            withdrawn=drawer.withdrawn,
            expected=drawer.expected,
            closed_at=from_ms(shift.closed_at) if shift.closed_at is not None else None,
            counted=shift.counted if closed else None,
            cancelled=reading.cancelled,
            pending=carried.topups,
            seal=" ".join(textwrap.wrap(shift.seal, 8)),
            refunded=drawer.refunded,
            sellers=_forms(reading.sellers),
            operators=_forms(reading.operators),
            kinds=_forms(reading.kinds),
            people=_forms(reading.people),
            payments=carried.payments,
            approved=f"{shift.approved_by}: {approver}" if shift.approved_by else "",
            explained=explained,
            alert=f"ATENÇÃO: {carried.broken}." if carried.broken else "",
        )

    def _store(self) -> StoreHead:
        return StoreHead(self._head.name, self._head.cnpj, self._head.city)


def _forms(totals: tuple[Total, ...]) -> tuple[FormTotal, ...]:
    return tuple(FormTotal(total.name, total.count, total.amount) for total in totals)
