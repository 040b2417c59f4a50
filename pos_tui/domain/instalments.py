"""The instalments of a recurring payment: amounts, due days, states (facts/payments.md §1.5).

Each is a charge of its own that may be refused; the words are seed 2's. Money in centavos.
"""

import calendar
from datetime import date
from enum import StrEnum

from msgspec import Struct

from pos_tui.domain.errors import FieldError, RuleError
from pos_tui.domain.money import format_brl


class InstalmentState(StrEnum):
    """Where an instalment stands."""

    AWAITING = "awaiting"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    CANCELLED = "cancelled"


WORDS = {
    InstalmentState.AWAITING: "Aguardando",
    InstalmentState.CONFIRMED: "Confirmado",
    InstalmentState.DENIED: "Negado",
    InstalmentState.CANCELLED: "Cancelado",
}

S = InstalmentState

MOVES: dict[InstalmentState, frozenset[InstalmentState]] = {
    S.AWAITING: frozenset({S.CONFIRMED, S.DENIED, S.CANCELLED}),
    # Another card, or another try of the provider's, may still pay it.
    S.DENIED: frozenset({S.CONFIRMED, S.CANCELLED}),
    S.CONFIRMED: frozenset({S.CANCELLED}),
    S.CANCELLED: frozenset(),
}
"""Every allowed move."""


REFUNDING, REFUNDED, NOT_REFUNDED = "Devolvendo: ", "Devolvida: ", "Não devolvida: "
"""Stand before the reason while the money of an instalment goes back, and once it did or did not."""


class Instalment(Struct, frozen=True):
    """One monthly charge."""

    id: str
    attempt_id: str
    sale_id: str
    number: int
    due: str
    """Local day, `YYYY-MM-DD`."""
    amount: int
    state: InstalmentState = InstalmentState.AWAITING
    payment_ref: str = ""
    """The provider's key of the charge; empty until it makes one."""
    reason: str = ""
    """Why it was denied or cancelled."""
    moved_by: str = ""
    moved_at: int | None = None
    refund_asked: int | None = None
    """When its money was asked back; None once it is known what came of that."""
    version: int = 0

    @property
    def words(self) -> str:
        """Seed 2's word for where it stands."""
        return WORDS[self.state]


def refunded(instalment: Instalment) -> str:
    """Return the reason of an instalment that was given back: who asked for it said why."""
    return instalment.reason.replace(REFUNDING, REFUNDED, 1)


def check_move(now: InstalmentState, then: InstalmentState) -> InstalmentState:
    """Return `then` when the table allows the move. Raises RuleError when it does not."""
    if then not in MOVES[now]:
        raise RuleError(f"Uma parcela {WORDS[now].lower()} não pode passar a {WORDS[then].lower()}.")
    return then


def split(total: int, count: int) -> tuple[int, ...]:
    """Return the amounts of the instalments: equal, and the centavos left over are in the first.

    A provider's subscription has one value for every cycle, so only the first charge can differ.

    Raises:
        FieldError: on `recurring_instalments`, when there is nothing to charge in one of them.
    """
    if count < 1 or total < count:
        raise FieldError("recurring_instalments", f"{format_brl(total)} não se divide em {count} parcelas.")
    each = total // count
    return (total - each * (count - 1), *[each] * (count - 1))


def due_days(first: date, count: int) -> tuple[date, ...]:
    """Return the day of each instalment: the same of every month, its last day where it has no such day.

    Always counted from the first, so that 31/01 gives 28/02 and then 31/03.
    """
    return tuple(_months_on(first, months) for months in range(count))


def _months_on(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    year = first.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(first.day, last))
