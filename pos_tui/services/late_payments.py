"""Pix that was paid after it was given up: found by asking again, told, and given back or accepted (§9.14).

Source: facts/payments.md §3.1, §5, §9.14. Nothing here is silent: what is found waits in the list and in
*Supervisão* until a person has decided.
"""

from collections.abc import Sequence

from pos_tui.domain.errors import PosError, RuleError
from pos_tui.domain.journal import SYSTEM
from pos_tui.domain.money import format_brl
from pos_tui.domain.payment import Decision, PaymentState
from pos_tui.domain.sale import LATE, PaymentLine, Sale, SaleState
from pos_tui.domain.values import replace
from pos_tui.services.context import Context
from pos_tui.services.joining import claimed
from pos_tui.services.journal import Change, Claim
from pos_tui.services.payment_steps import Settled, Steps, event
from pos_tui.services.payments import Payments
from pos_tui.services.sweeping import ABANDONED, LONGEST_SLEEP
from pos_tui.store import payments
from pos_tui.store.database import Transaction
from pos_tui.store.models import PaymentRow

S = PaymentState

_ONLY_BACK = "Este valor só pode ser devolvido."


class LatePayments:
    """One till's."""

    def __init__(self, context: Context, asked: Payments, settled: Settled) -> None:
        self._context = context
        self._store = context.store
        self._payments = asked
        self._settled = settled
        self._steps = Steps(context, lambda tx, line, slips: None, settled)

    def found(self) -> list[PaymentLine]:
        """Return what was paid late and waits for a person, of every till, the oldest first."""
        with self._store.reading() as tx:
            return payments.late(tx)

    def ask_due(self) -> int:
        """Ask about what was given up and is due; return how much of it turned out to be paid."""
        now = self._context.now()
        with self._store.reading() as tx:
            due = payments.asked_again(tx, self._context.till, now, now - ABANDONED)
        return sum(self._looked(line).state is S.LATE for line in due)

    def sleep_seconds(self) -> float:
        """How long nothing is due."""
        with self._store.reading() as tx:
            at = payments.next_again(tx, self._context.till)
        if at is None:
            return LONGEST_SLEEP
        return min(LONGEST_SLEEP, max(1.0, (at - self._context.now()) / 1000))

    def look(self, key: str, who: str = SYSTEM) -> PaymentLine:
        """Ask about one line that was given up. Never charges.

        Should the bank say that it can still be paid, it is given up again.

        Raises:
            Conflict: another till is asking; RuleError: this till does not take the method.
        """
        line = self._payments.get(key)
        if line.ask_at is None:
            return line
        with self._payments.talk(line.method) as (driver, stop):
            line = self._payments.get(key)
            if line.state is not S.CANCELLED or line.ask_at is None:
                return line
            if self._steps.find_again(line, driver, who, stop):
                self._steps.give_up_again(self._payments.get(key), driver, who)
            return self._payments.get(key)

    def accept(self, sale: Sale, line: PaymentLine, who: str) -> PaymentLine:
        """Count the money for the open sale it was meant for.

        Raises:
            RuleError: the sale is over, or does not miss so much; the money can only go back then.
            Conflict: somebody else has decided.
        """
        reason = why_not_accept(sale, line)
        if reason is not None:
            raise RuleError(reason)
        values: dict[str, object] = {"state": S.CONFIRMED, "decision": Decision.CONFIRM, "decided_by": who}
        values |= {"why": "", "open_since": None, "settled_at": self._context.now()}
        values["details"] = {name: text for name, text in line.details.items() if name != LATE}
        after = replace(line, **values)  # type: ignore[arg-type]

        def follows(tx: Transaction) -> None:
            if claimed(tx, sale.id).tally.excess:
                raise RuleError(f"A venda mudou enquanto isso e não falta mais este valor. {_ONLY_BACK}")
            self._settled(tx, after)

        change = Change(payments.columns(values), follows)
        claim = Claim(PaymentRow, line.id, line.version, change)
        self._context.journal.change(claim, event("payment", line, who), "accepted")
        return self._payments.get(line.id)

    def _looked(self, line: PaymentLine) -> PaymentLine:
        try:
            return self.look(line.id)
        except PosError:
            # Another till was faster, or this one takes no Pix any more.
            return line


def why_not_accept(sale: Sale, line: PaymentLine) -> str | None:
    """Why money that came late cannot count for its sale, or None when it can."""
    if line.state is not S.LATE or line.decision is Decision.REFUND:
        return f"Este pagamento está {line.words}."
    if sale.state is not SaleState.OPEN or line.sale_id != sale.id:
        return f"A venda já terminou. {_ONLY_BACK}"
    if sale.tally.missing < line.amount:
        missing = format_brl(sale.tally.missing)
        return f"Só faltam {missing} nesta venda: devolva o valor, ou remova outra forma antes."
    return None


def alarm(lines: Sequence[PaymentLine]) -> str:
    """Say that money came after it was given up, and what to do; empty without any."""
    if not lines:
        return ""
    total = format_brl(sum(line.amount for line in lines))
    what = f"Pix de {total} pago" if len(lines) == 1 else f"{len(lines)} Pix, {total} ao todo, pagos"
    return f"ATENÇÃO: {what} depois de cancelado. Abra as pendências (F4, F4) e devolva com F8."
