"""Taking payments back: off an open sale, out of a saved one, or all of a sale that is given up.

A supervisor's name and reason go with whatever gives confirmed money back.
"""

from collections.abc import Callable

from msgspec import Struct

from pos_tui.domain.card import refuse_pan
from pos_tui.domain.errors import FieldError, RuleError
from pos_tui.domain.payment import ASKED, BY_HAND, Decision, Method, PaymentState, why_not_remove
from pos_tui.domain.people import Action, check_reason
from pos_tui.domain.sale import RETURNED, PaymentLine, Sale
from pos_tui.domain.text import clean
from pos_tui.domain.values import replace
from pos_tui.services.context import Context
from pos_tui.services.guard import Approval, Guard
from pos_tui.services.journal import Change, Claim
from pos_tui.services.payment_steps import event
from pos_tui.services.payments import Payments
from pos_tui.store import payments as store_payments
from pos_tui.store.database import Transaction
from pos_tui.store.models import PaymentRow

S = PaymentState

ByHand = Callable[[Transaction, PaymentLine, int], None]
"""What giving money back by hand brings, in the same commit: the line and the centavos that go back."""

IN_FLIGHT = "O TEF não deixa cancelar uma operação sem resposta: consulte com F5 ou decida com o supervisor."


class Warrant(Struct, frozen=True):
    """Who asks for money to go back, who allows it, and why."""

    who: str
    supervisor: str
    reason: str
    approval: Approval | None = None
    """Where people are known, and the person here may not do it alone."""

    def checked(self) -> "Warrant":
        """Return it clean. Raises FieldError on `supervisor` or `reason`."""
        supervisor = clean(refuse_pan("supervisor", self.supervisor), 60)
        if len(supervisor) < 2:
            raise FieldError("supervisor", "Informe o nome do supervisor que autoriza.")
        return Warrant(self.who, supervisor, check_reason(self.reason), self.approval)

    def granted(self, guard: Guard, action: Action, subject: str) -> "Warrant":
        """Return it clean and granted; where people log in it is signed by who did, whatever was typed.

        Raises:
            FieldError: as `checked`; NeedsApproval: the person here may not do it alone.
        """
        warrant = self.checked()
        guard.allow(action, subject, warrant.approval)
        if warrant.approval is not None:
            return replace(warrant, supervisor=warrant.approval.by)
        here = guard.operator if guard.enabled else None
        return replace(warrant, supervisor=here.name) if here else warrant

    def __str__(self) -> str:
        asked = self.who and self.who != self.supervisor
        return f"{self.supervisor} (a pedido de {self.who})" if asked else self.supervisor


class Refunds:
    """The use cases that give money back."""

    def __init__(self, context: Context, payments: Payments, by_hand: ByHand, guard: Guard) -> None:
        self._context = context
        self._guard = guard
        self._payments = payments
        self._given_back = by_hand

    def remove(self, line: PaymentLine, who: str) -> PaymentLine:
        """Take a line that asks the outside off an open sale: give it up, or let an approved one go.

        Raises:
            RuleError: it is confirmed, or nobody knows yet what became of it.
        """
        if line.state is S.APPROVED:
            return self._payments.decided(line.id, Decision.UNDO, who)
        if line.state in (S.SENT, S.UNCERTAIN) and line.method is Method.TEF:
            raise RuleError(IN_FLIGHT)
        if line.state is S.CONFIRMED:
            raise RuleError(str(why_not_remove(line.state, line.decision)))
        return self._payments.decided(line.id, Decision.CANCEL, who)

    def refund(self, sale: Sale, line: PaymentLine, warrant: Warrant) -> PaymentLine:
        """Give a finished payment back. Cash opens the drawer; TEF and Pix are asked.

        Raises:
            RuleError: it is not confirmed, or already on its way back.
            FieldError: on `supervisor` or `reason`.
            NeedsApproval: the person here may not do it alone.
        """
        warrant = warrant.granted(self._guard, Action.REFUND, sale.id)
        if line.method in ASKED:
            return self._payments.decided(line.id, Decision.REFUND, str(warrant), warrant.reason)
        if line.method is Method.RECURRING:
            raise RuleError(
                "Crédito recorrente se devolve por parcela: abra a OS (Enter), marque a parcela e tecle D."
            )
        if line.method not in BY_HAND or line.state is not S.CONFIRMED:
            raise RuleError(f"Pagamento {line.words}: só um pagamento confirmado se estorna.")
        self._by_hand(sale, line, warrant)
        return self._payments.get(line.id)

    def rule(self, line: PaymentLine, then: PaymentState, warrant: Warrant) -> PaymentLine:
        """A supervisor says what became of a line that asking does not settle. Raises as `refund`."""
        warrant = warrant.granted(self._guard, Action.RULE_PAYMENT, line.id)
        return self._payments.rule(line.id, then, str(warrant), warrant.reason)

    def abort_wait(self, line: PaymentLine, warrant: Warrant) -> None:
        """A supervisor gives up waiting for TEF, and the line is uncertain. Raises as `refund`."""
        warrant = warrant.granted(self._guard, Action.RULE_PAYMENT, "")
        self._payments.abort_wait(line.id, str(warrant), warrant.reason)

    def abandon(self, sale: Sale, who: str, warrant: Warrant | None = None) -> None:
        """Let every payment of an open sale go: decided in one commit, so that a crash cannot keep half.

        Raises:
            RuleError: one of them has no answer yet, or could not be let go; the sale stays.
        """
        lines = [line for line in sale.payments if line.method in ASKED and line.counts]
        if any(line.state is S.CONFIRMED for line in lines) and warrant is None:
            raise RuleError("Há pagamento confirmado nesta venda: o estorno precisa de um supervisor.")
        if any(line.method is Method.TEF and line.state in (S.SENT, S.UNCERTAIN) for line in lines):
            raise RuleError(IN_FLIGHT)
        name, reason = who, ""
        if warrant is not None:
            warrant = warrant.granted(self._guard, Action.REFUND, sale.id)
            name, reason = str(warrant), warrant.reason

        def work(tx: Transaction) -> None:
            for line in lines:
                if line.decision is Decision.NONE or line.state is not S.CREATED:
                    self._payments.decide(tx, line, _WAY_OUT[line.state], name, reason)

        self._context.store.write(work)
        # The last card is undone before the earlier ones are given back (facts/payments.md §2.6).
        lines.sort(key=lambda line: line.id, reverse=True)
        lines.sort(key=lambda line: line.state is S.CONFIRMED)
        left = [self._payments.carry(line.id, name, again=False) for line in lines]
        kept = [line for line in left if line.waits or line.state is S.CONFIRMED]
        if kept:
            raise RuleError(f"O pagamento está {kept[0].words}: a venda fica aberta. {kept[0].why}".strip())

    def _by_hand(self, sale: Sale, line: PaymentLine, warrant: Warrant) -> None:
        returned = goes_back(sale, line)
        values: dict[str, object] = {
            "state": S.REFUNDED,
            "decision": Decision.REFUND,
            "decided_by": str(warrant),
            "reason": warrant.reason,
            "settled_at": self._context.now(),
            "details": {**line.details, RETURNED: str(returned)},
        }
        after = replace(line, **values)  # type: ignore[arg-type]
        change = Change(store_payments.columns(values), lambda tx: self._given_back(tx, after, returned))
        claim = Claim(PaymentRow, line.id, line.version, change)
        told = event("payment.refund", line, str(warrant), reason=warrant.reason, returned=returned)
        self._context.journal.change(claim, told, "refunded")


_WAY_OUT = {
    S.CREATED: Decision.CANCEL,
    S.SENT: Decision.CANCEL,
    S.UNCERTAIN: Decision.CANCEL,
    S.APPROVED: Decision.UNDO,
    S.CONFIRMED: Decision.REFUND,
}


def goes_back(sale: Sale, line: PaymentLine) -> int:
    """What of a line is still to go back: of one in cash the change went already, when the sale was made."""
    if line.method is not Method.CASH:
        return line.amount
    others = sum(
        other.amount
        for other in sale.payments
        if other.method is Method.CASH and other.id != line.id and other.counts
    )
    return line.amount - max(0, sale.change - others)
