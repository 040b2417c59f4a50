"""The sum of a sale's payments: what is due, what is missing, what goes back as change.

Source: facts/payments.md §2.5 (amount rule), §4.1–4.2. All amounts in centavos. Change comes from cash only,
and only cash may pay more than is due.
"""

from typing import Protocol

from msgspec import Struct

from pos_tui.domain.errors import FieldError
from pos_tui.domain.money import format_brl
from pos_tui.domain.payment import BY_HAND, LABELS, LIVE, Decision, Method, PaymentState, words


class Paid(Protocol):
    """One payment line as it weighs on the sale."""

    @property
    def method(self) -> Method:
        """How it is paid."""

    @property
    def amount(self) -> int:
        """Towards the sale; for cash, what the customer handed over."""

    @property
    def state(self) -> PaymentState:
        """Where it stands."""

    @property
    def decision(self) -> Decision:
        """What was decided about it."""

    @property
    def discount(self) -> int:
        """What the card network took off the sale."""

    @property
    def cash_out(self) -> int:
        """Cash drawn on the card."""

    @property
    def counts(self) -> bool:
        """Whether it is, or may be, money for this sale."""


_NO_MONEY = frozenset({Decision.UNDO, Decision.REFUND})


def counts_as_paid(state: PaymentState, decision: Decision) -> bool:
    """Whether a line is, or may be, money for its sale."""
    return state in LIVE and decision not in _NO_MONEY


class PaidLine(Struct, frozen=True):
    """One payment line as it weighs on the sale, before it has a row."""

    method: Method
    amount: int
    """Towards the sale; for cash, what the customer handed over."""
    state: PaymentState = PaymentState.CREATED
    decision: Decision = Decision.NONE
    discount: int = 0
    """What the card network took off the sale (TEF 709); below zero when it put something on (744)."""
    cash_out: int = 0
    """Cash the customer draws on the card (TEF 708): leaves the drawer, pays nothing."""

    @property
    def counts(self) -> bool:
        """Whether the line is, or may be, money for this sale."""
        return counts_as_paid(self.state, self.decision)


class Tally(Struct, frozen=True):
    """A sale's total and its payment lines."""

    total: int
    lines: tuple[Paid, ...] = ()

    @property
    def due(self) -> int:
        """What has to be paid once the networks' discounts are taken off."""
        return self.total - sum([line.discount for line in self.lines if line.counts])

    @property
    def paid(self) -> int:
        """What the lines bring, cash as handed over."""
        return sum([line.amount for line in self.lines if line.counts])

    @property
    def uncertain(self) -> int:
        """What of the paid nobody knows whether it was charged."""
        return sum(line.amount for line in self._counting() if line.state is PaymentState.UNCERTAIN)

    @property
    def awaited(self) -> int:
        """What of the paid the customer has not brought yet: a form that asks the outside, unanswered."""
        return sum(line.amount for line in self._counting() if _awaited(line))

    @property
    def missing(self) -> int:
        """What the next line is asked for."""
        return max(0, self.due - self.paid)

    @property
    def change(self) -> int:
        """What goes back to the customer, from cash only."""
        cash = self._cash()
        return min(max(0, self.paid - self.due), cash) if cash else 0

    @property
    def excess(self) -> int:
        """What other methods than cash bring beyond what is due: an error until a line goes."""
        return max(0, self.paid - self._cash() - self.due)

    @property
    def into_drawer(self) -> int:
        """What the drawer gains: cash in, less change and cash drawn on cards; may be below zero."""
        return self._cash() - self.change - sum(line.cash_out for line in self._counting())

    @property
    def opens_drawer(self) -> bool:
        """Whether cash changes hands; the drawer opens for nothing else."""
        return any(line.method is Method.CASH or line.cash_out for line in self._counting())

    @property
    def settled(self) -> bool:
        """Whether the sale may close: every counting line is confirmed, and they make up what is due."""
        confirmed = all(line.state is PaymentState.CONFIRMED for line in self._counting())
        return confirmed and self.missing == 0 and self.excess == 0

    def _counting(self) -> list[Paid]:
        return [line for line in self.lines if line.counts]

    def _cash(self) -> int:
        return sum([line.amount for line in self.lines if line.method is Method.CASH and line.counts])


def _awaited(line: Paid) -> bool:
    unasked = line.state is PaymentState.CREATED and line.method not in BY_HAND
    return unasked or line.state is PaymentState.SENT


def check_line(tally: Tally, method: Method, amount: int) -> PaidLine:
    """Return a new line of this amount for the sale.

    Raises:
        FieldError: on `amount`, when it is nothing, or more than is missing and not cash.
    """
    if amount <= 0:
        raise FieldError("amount", "Informe um valor maior que zero.")
    if tally.missing == 0:
        raise FieldError("amount", "Não falta nada a pagar: remova um pagamento antes de incluir outro.")
    if amount > tally.missing and method is not Method.CASH:
        raise FieldError(
            "amount",
            f"{LABELS[method]} não dá troco: o máximo é {format_brl(tally.missing)}, o que falta pagar.",
        )
    return PaidLine(method, amount)


def why_not_save(tally: Tally) -> str | None:
    """Why the sale cannot be saved yet, in Portuguese, or None when it can.

    Saving confirms what is taken by hand and what is approved; the rest must have its answer before.
    """
    for line in tally.lines:
        reason = _why_not_settle(line)
        if reason is not None:
            return reason
    if tally.excess:
        return (
            f"Os pagamentos passam do total em {format_brl(tally.excess)} e só dinheiro dá troco: remova um."
        )
    if tally.missing:
        return f"Faltam {format_brl(tally.missing)}: inclua mais um pagamento."
    return None


def _why_not_settle(line: Paid) -> str | None:
    reason = _standing_in_the_way(line)
    return reason and f"{LABELS[line.method]} de {format_brl(line.amount)} {reason}"


def _standing_in_the_way(line: Paid) -> str | None:
    if line.decision in _NO_MONEY and line.state in LIVE:
        return f"está {words(line.state, line.decision)}: aguarde a resposta ou consulte com F5."
    match line.state:
        case PaymentState.UNCERTAIN:
            return "está incerto: consulte com F5 antes de salvar."
        case PaymentState.SENT:
            return "ainda aguarda resposta: espere ou consulte com F5."
        case PaymentState.CREATED if line.method not in BY_HAND:
            return "ainda não foi enviado: envie ou remova o pagamento."
        case _:
            return None
