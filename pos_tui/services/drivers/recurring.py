"""Recurring card payments over Asaas: each step of an attempt as its calls (facts/payments.md §1.2).

A driver translates and decides nothing; each call but `rest` is made inside `Journal.ask`.
"""

from typing import Protocol

from pos_tui.domain.instalments import Instalment, split
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.recurring import Absent, Agreement, Attempt, AttemptState, Charge, ChargeWord, Reading
from pos_tui.domain.values import replace
from pos_tui.providers.recurring.asaas import Asaas, Person, Plan


class RecurringDriver(Protocol):
    """What the recurring service asks of a provider."""

    def send(self, attempt: Attempt, person: Person, description: str) -> Outcome[Agreement]:
        """Have the link made, or find it made: nothing is made twice."""

    def find(self, attempt: Attempt) -> Outcome[Reading]:
        """Read everything of an attempt. No effect."""

    def adjust(self, attempt: Attempt, charge: Charge) -> Outcome[Agreement]:
        """Give the first charge the value that the others leave to it."""

    def cancel(self, attempt: Attempt) -> Outcome[Agreement]:
        """Give the attempt up, and read what became of it."""

    def refund(self, attempt: Attempt, reason: str) -> Outcome[Agreement]:
        """Give the first charge's money back, and let no other be made."""

    def give_back(self, attempt: Attempt, instalment: Instalment, reason: str) -> Outcome[Agreement]:
        """Give one instalment's money back. Refused and NotSent prove that it was not."""

    def stop(self, attempt: Attempt) -> Outcome[Agreement]:
        """Let no further charge be made; what was paid stays."""

    def rest(self) -> float:
        """Seconds for which the provider wants to be left alone."""

    def close(self) -> None:
        """Let connections go."""


class AsaasDriver:
    """One account at Asaas."""

    def __init__(self, asaas: Asaas) -> None:
        self._asaas = asaas

    def send(self, attempt: Attempt, person: Person, description: str) -> Outcome[Agreement]:
        """Look for the reference, register who pays, make the subscription, read its link."""
        known = self._asaas.find(attempt.id)
        if not isinstance(known, Done):
            return _nothing_sent(known)
        if isinstance(known.answer, Agreement):
            return self._complete(attempt, known.answer)
        customer = self._customer(person)
        if not isinstance(customer, Done):
            return _nothing_sent(customer)
        each = split(attempt.total, attempt.count)[-1]
        plan = Plan(attempt.id, customer.answer, each, attempt.count, attempt.first_due, description)
        made = self._asaas.create(plan)
        return self._complete(attempt, made.answer) if isinstance(made, Done) else made

    def find(self, attempt: Attempt) -> Outcome[Reading]:
        """By the platform's key where it is known, else by ours."""
        if attempt.subscription_ref:
            found: Outcome[Reading] = self._asaas.read(attempt.subscription_ref, attempt.id)
        else:
            found = self._asaas.find(attempt.id)
        if not isinstance(found, Done) or isinstance(found.answer, Absent):
            return found
        return self._with_charges(attempt, found.answer)

    def adjust(self, attempt: Attempt, charge: Charge) -> Outcome[Agreement]:
        """PUT its value; repeating it changes nothing."""
        first = split(attempt.total, attempt.count)[0]
        changed = self._asaas.set_value(charge, first, attempt.subscription_ref)
        if not isinstance(changed, Done):
            return changed
        return self._read_again(attempt)

    def cancel(self, attempt: Attempt) -> Outcome[Agreement]:
        """Read, remove unless it is paid, read again: the customer may be faster at any moment."""
        before = self._read_again(attempt)
        if not isinstance(before, Done) or before.answer.state is AttemptState.PAID:
            return before
        return self.stop(attempt)

    def refund(self, attempt: Attempt, reason: str) -> Outcome[Agreement]:
        """Refund unless the reading shows it done; then remove what would be charged next month."""
        before = self._read_again(attempt)
        if not isinstance(before, Done):
            return _nothing_sent(before)
        first = before.answer.first
        if first is not None and first.word is ChargeWord.CONFIRMED:
            given = self._asaas.refund(first.ref, first.value, reason, attempt.subscription_ref)
            if not isinstance(given, Done):
                return given
        if not before.answer.gone:
            self._asaas.remove(attempt.subscription_ref)
        return self._read_again(attempt)

    def give_back(self, attempt: Attempt, instalment: Instalment, reason: str) -> Outcome[Agreement]:
        """Refund the charge while the reading shows it paid; then read what became of it."""
        found = self._asaas.charge(instalment.payment_ref, attempt.subscription_ref)
        if not isinstance(found, Done):
            return _nothing_sent(found)
        charge = found.answer
        if charge.word is not ChargeWord.CONFIRMED:
            return _after_effect(self._read_again(attempt))
        given = self._asaas.refund(charge.ref, charge.value, reason, attempt.subscription_ref)
        match given:
            case Done():
                return _after_effect(self._read_again(attempt))
            case Refused():
                read = self._read_again(attempt)
                return read if isinstance(read, Done) and not _is_paid(read.answer, charge) else given
            case _:
                return given

    def stop(self, attempt: Attempt) -> Outcome[Agreement]:
        """Remove the subscription with what is unpaid of it; then read what is left."""
        removed = self._asaas.remove(attempt.subscription_ref)
        read = self._read_again(attempt)
        if isinstance(read, Done) and (isinstance(removed, Done) or read.answer.gone):
            return read
        return removed if not isinstance(removed, Done) else read

    def rest(self) -> float:
        """By the quota's own headers."""
        return self._asaas.rest()

    def close(self) -> None:
        """Let connections go."""
        self._asaas.close()

    def _customer(self, person: Person) -> Outcome[str]:
        found = self._asaas.find_customer(person.document)
        if not isinstance(found, Done) or found.answer:
            return found
        made = self._asaas.create_customer(person)
        if isinstance(made, Done) and person.phone:
            # Without it the link still stands on the screen and on paper.
            self._asaas.tell_by_sms(made.answer)
        return made

    def _complete(self, attempt: Attempt, agreement: Agreement) -> Outcome[Agreement]:
        """The subscription stands: whatever else fails is found out by asking again."""
        known = replace(attempt, subscription_ref=agreement.ref)
        read = self._with_charges(known, agreement)
        if not isinstance(read, Done):
            return Done(agreement)
        first = read.answer.first
        if first is None or not needs_adjusting(attempt, first):
            return read
        adjusted = self.adjust(known, first)
        return adjusted if isinstance(adjusted, Done) else read

    def _read_again(self, attempt: Attempt) -> Outcome[Agreement]:
        found = self.find(attempt)
        if isinstance(found, Done) and isinstance(found.answer, Absent):
            return Uncertain("A plataforma não conhece mais esta tentativa. Consulte com F5.")
        return found  # type: ignore[return-value]

    def _with_charges(self, attempt: Attempt, agreement: Agreement) -> Outcome[Agreement]:
        charges = self._asaas.charges(agreement.ref)
        if not isinstance(charges, Done):
            return charges
        found = charges.answer
        if attempt.payment_ref and attempt.payment_ref not in {charge.ref for charge in found}:
            # A list may leave out what was removed; what was paid of it must be seen.
            first = self._asaas.charge(attempt.payment_ref, agreement.ref)
            if not isinstance(first, Done):
                return first
            found = (first.answer, *found)
        return Done(replace(agreement, charges=found))


def needs_adjusting(attempt: Attempt, first: Charge) -> bool:
    """Whether the first charge still lacks the centavos that do not divide."""
    return first.word is ChargeWord.WAITING and first.value != split(attempt.total, attempt.count)[0]


def _is_paid(agreement: Agreement, charge: Charge) -> bool:
    return any(one.ref == charge.ref and one.word is ChargeWord.CONFIRMED for one in agreement.charges)


def _after_effect(read: Outcome[Agreement]) -> Outcome[Agreement]:
    """The money is on its way: a reading that failed says nothing against it."""
    if isinstance(read, Done):
        return read
    return Uncertain("A devolução foi pedida e a plataforma ainda não a mostra. F5 pergunta.")


def _nothing_sent(outcome: Refused | NotSent | Uncertain) -> Refused | NotSent:
    """What failed before the subscription was asked for proves that none was made."""
    match outcome:
        case Refused(reason=RefusalClass.STATE | RefusalClass.NOT_FOUND, text=text):
            return NotSent(text)
        case Refused() | NotSent():
            return outcome
        case Uncertain(why):
            return NotSent(f"{why} Nada foi cobrado: envie de novo com E.")
