"""What a till asks of its TEF manager beside a sale (facts/payments.md §2.2, §2.7).

Its menu (ADM), a document on the pinpad (CDP), a sign of life (ATV), and the end of an answer that no sale
here asked for.

The menu may charge, cancel or print, so it goes through the journal like a charge: a row before the request,
the answer committed before it is confirmed, the slips in the commit of the confirmation.
"""

from collections.abc import Callable
from functools import partial
from threading import Event as Stop
from typing import TypeVar

from pos_tui.domain.errors import RuleError
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.payment import (
    FINAL,
    Decision,
    Method,
    PaymentState,
    after_charge,
    after_decision,
    after_query,
)
from pos_tui.domain.people import Action
from pos_tui.domain.tef import TefOperation
from pos_tui.domain.values import replace
from pos_tui.providers.tef.codec import IntposFile
from pos_tui.providers.tef.fields import Command
from pos_tui.providers.tef.reply import TefReply, read_reply
from pos_tui.services import tef_way
from pos_tui.services.context import Context
from pos_tui.services.drivers.base import Slips, Told
from pos_tui.services.drivers.tef import TefDriver, slips_of
from pos_tui.services.guard import Approval, Guard
from pos_tui.services.journal import Change, Claim, Event
from pos_tui.services.payments import Payments
from pos_tui.services.refunds import Warrant
from pos_tui.services.tef_kept import ONLY_MENU, UNREADABLE, TefKept, worth
from pos_tui.store import payments, tef
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models.tef import TefOperationRow

S = PaymentState
A = TypeVar("A", Told, None, Told | None)

SlipPapers = Callable[[Transaction, str, Slips], None]
"""Queues both copies of an operation's slip: its id and the lines."""

NO_STRAY = "O TEF não guarda resposta sem venda."
UNDOES = "F8 a desfaz, com um supervisor."
_SEEN = "F8 a dá por vista, com um supervisor."


class TefDesk:
    """One till's."""

    def __init__(self, context: Context, payments: Payments, papers: SlipPapers, guard: Guard) -> None:
        self._context = context
        self._store = context.store
        self._payments = payments
        self._papers = papers
        self._guard = guard
        self._kept = TefKept(context, payments, self._heard)

    def operations(self, limit: int = 5) -> list[TefOperation]:
        """Return the last ones of this till, the newest first."""
        with self._store.reading() as tx:
            return tef.last_of(tx, self._context.till, limit)

    def alive(self) -> Outcome[None]:
        """ATV. Changes nothing. Raises RuleError while a card that a crash cut off was not asked about."""
        with self._payments.talk(Method.TEF) as (driver, _):
            self._refuse_unasked()
            return _tef(driver).alive()

    def ask_document(self, company: bool = False) -> str:
        """CDP: have the customer type CPF, or CNPJ, on the pinpad; return its digits.

        Raises:
            RuleError: the customer gave up, the manager did not answer, or a card waits for its sale.
        """
        with self._payments.talk(Method.TEF) as (driver, stop):
            self._refuse_amid_a_charge("salve a venda ou remova-o antes de pedir o documento.")
            outcome = _tef(driver).ask_document(company, stop)
        match outcome:
            case Done(answer) if answer:
                return answer
            case Done():
                raise RuleError("Nada foi digitado no pinpad.")
            case Refused(_, _, text):
                raise RuleError(text or "O cliente não digitou o documento.")
            case NotSent(why) | Uncertain(why):
                raise RuleError(why)

    def menu(self, who: str, approval: Approval | None = None) -> TefOperation:
        """ADM: open the manager's own menu, and wait without limit until its person has done.

        Raises:
            NeedsApproval: from the menu money can go back, so it takes who may do that.
            RuleError: a card waits for its sale: the menu would come between it and its confirmation.
        """
        self._guard.allow(Action.REFUND, "", approval)
        with self._payments.talk(Method.TEF) as (driver, stop):
            self._refuse_amid_a_charge("salve a venda ou remova-o antes de abrir o menu do TEF.")
            tef_way.refuse_amid_the_menu(self._context)
            self._payments.sweep_leftover()
            manager = _tef(driver)
            operation = self._record(manager, who)
            request = partial(manager.menu, operation.number, stop)
            self._ask(operation, request, after_charge, Change({"state": S.SENT}))
            return self._finish(operation.id, manager)

    def keep(self, file: IntposFile) -> None:
        """Commit an answer about another operation than the one awaited. Raises PosError: it must stay."""
        self._kept.keep(file)

    def stray(self) -> str:
        """Return what is told of an answer that fits no line of ours; empty when there is none.

        It lies there, or it came while another was awaited and was kept.
        """
        with self._payments.talk(Method.TEF) as (driver, _):
            reply = _tef(driver).stray() if self._payments.sweep_leftover() else None
            kept = tef_way.kept(self._context)
            if reply is None and kept:
                if kept[0].state is S.UNCERTAIN:
                    return f"O TEF trouxe uma resposta da operação {kept[0].number}. {UNREADABLE} {_SEEN}"
                reply = read_reply(kept[0].reply)
            if reply is None:
                return ""
            told = f"O TEF guarda uma resposta de {worth(reply)}"
            if self._ruled_as_charged(reply):
                return f"{told} de um pagamento decidido como cobrado. F8 a confirma, com um supervisor."
        told = f"{told} que nenhuma venda daqui espera."
        return (
            f"{told} F8 a desfaz, com um supervisor."
            if reply.needs_confirmation
            else f"{told} {ONLY_MENU} {_SEEN}"
        )

    def let_go(self, warrant: Warrant) -> TefOperation:
        """End the answer that fits no line of ours: undo it, so that the customer is not charged for nothing.

        What a person has ruled as charged is confirmed instead: its sale counts on the money.

        Raises:
            RuleError: there is none, or a card waits for its sale: an undoing would come between it and its
                confirmation. FieldError, NeedsApproval: as `Refunds.refund`.
        """
        warrant = warrant.granted(self._guard, Action.RULE_PAYMENT, "")
        with self._payments.talk(Method.TEF) as (driver, _):
            self._refuse_unasked()
            self._refuse_amid_a_charge("salve a venda ou remova-o antes de resolver a outra resposta.")
            if self._payments.sweep_leftover():
                self._adopt(_tef(driver))
            kept = tef_way.kept(self._context)
            if not kept:
                raise RuleError(NO_STRAY)
            self._end(kept[0], _tef(driver), warrant)
            return self._finish(kept[0].id, _tef(driver))

    def give_up(self, warrant: Warrant) -> None:
        """A supervisor gives up waiting for the menu. What it did becomes uncertain, never refused.

        Raises:
            FieldError, NeedsApproval: as `Refunds.refund`.
        """
        warrant = warrant.granted(self._guard, Action.RULE_PAYMENT, "")
        with self._store.reading() as tx:
            waiting = tef.open_of(tx, self._context.till)
        for operation in (one for one in waiting if not one.kept):
            told = _event("tef.menu", operation, str(warrant), reason=warrant.reason)
            self._store.write(partial(self._context.journal.note, event=told, name="wait given up"))
        self._payments.stop_waiting(Method.TEF)

    def recover(self, who: str) -> tuple[TefOperation, ...]:
        """Finish, or find out about, what a crash or a lost answer left open. Returns what still waits.

        Asking takes away the sign that the manager took a card: while one was cut off, nothing is asked.
        """
        with self._store.reading() as tx:
            waiting = tef.open_of(tx, self._context.till)
        if not waiting:
            return ()
        with self._payments.talk(Method.TEF) as (driver, stop):
            if any(line.method is Method.TEF and line.state is S.SENT for line in self._payments.waiting()):
                return tuple(waiting)
            after = [one if one.kept else self._recovered(one, _tef(driver), stop) for one in waiting]
        return tuple(operation for operation in after if operation.waits)

    # Inside

    def _recovered(self, operation: TefOperation, driver: TefDriver, stop: Stop) -> TefOperation:
        if operation.state is S.CREATED:
            self._let_go(operation)
        elif operation.state in (S.SENT, S.UNCERTAIN):
            request = partial(driver.find_menu, operation.number, stop)
            self._ask(operation, request, partial(_found, operation))
        return self._finish(operation.id, driver)

    def _let_go(self, operation: TefOperation) -> None:
        """End one of which nothing ever left."""
        ended = {"state": S.CANCELLED, "open_since": None, "settled_at": self._context.now()}
        claim = Claim(TefOperationRow, operation.id, operation.version, Change(ended))
        self._context.journal.change(claim, _event("tef.menu", operation, operation.who), "removed")

    def _refuse_amid_a_charge(self, words: str) -> None:
        tef_way.refuse_amid(self._payments.waiting(), words)

    def _refuse_unasked(self) -> None:
        """What a crash cut off is asked about first: a new request hides that the manager had it."""
        words = "consulte com F5 na aba Pagamento antes."
        tef_way.refuse_amid(self._payments.waiting(), words, frozenset({S.SENT}))

    def _ruled_as_charged(self, reply: TefReply) -> bool:
        """Whether it answers a line, of this very amount, that a person has ruled as charged."""
        with self._store.reading() as tx:
            line = payments.by_key(tx, self._context.till, Method.TEF, str(reply.number))
        if line is None or line.state is not S.CONFIRMED or str(reply.number) != line.request_key:
            return False
        return reply.command is Command.CRT and reply.toward_sale == line.amount

    def _record(self, driver: TefDriver, who: str) -> TefOperation:
        def work(tx: Transaction) -> TefOperation:
            now = self._context.now()
            operation = TefOperation(
                new_key(), self._context.till, driver.next_key(tx), driver.next_key(tx), S.CREATED,
                Decision.CONFIRM, "", "", who, now, now, 0,
            )  # fmt: skip
            tef.insert(tx, operation)
            self._context.journal.note(tx, _event("tef.menu", operation, who), "added")
            return operation

        return self._store.write(work)

    def _adopt(self, driver: TefDriver) -> None:
        """Write a stray answer down: what is committed may be forgotten by the manager."""
        reply = driver.stray()
        if reply is not None:
            self._kept.take(reply)
            driver.forget(str(reply.number))

    def _end(self, operation: TefOperation, driver: TefDriver, warrant: Warrant) -> None:
        """Decide what a supervisor lets go: undone, kept as it was ruled, or seen where nothing undoes it."""
        values: dict[str, object] = {"who": str(warrant)}
        decision = Decision.NONE
        if operation.state is S.APPROVED:
            ruled = self._ruled_as_charged(read_reply(operation.reply))
            decision = Decision.CONFIRM if ruled else Decision.UNDO
            key = self._store.write(driver.next_key)
            values |= {"decision": decision, "settle_key": key, "why": ""}
        else:
            values |= {"open_since": None, "settled_at": self._context.now()}
        claim = Claim(TefOperationRow, operation.id, operation.version, Change(values))
        told = _event("tef.stray", operation, str(warrant), reason=warrant.reason)
        self._context.journal.change(claim, told, decision.value)

    def _finish(self, key: str, driver: TefDriver) -> TefOperation:
        """What is committed may be forgotten by the manager; what was approved is confirmed, or undone."""
        operation = self._get(key)
        if operation.reply:
            driver.forget(operation.number)
        if operation.state is S.APPROVED and operation.decision is not Decision.NONE:
            step = driver.undo_reply if operation.decision is Decision.UNDO else driver.confirm_reply
            request = partial(step, operation.settle_key, operation.reply)
            self._ask(operation, request, partial(after_decision, S.APPROVED, operation.decision))
            operation = self._get(key)
        return operation

    def _ask(
        self,
        operation: TefOperation,
        request: Callable[[], Outcome[A]],
        state: Callable[[Outcome[A]], PaymentState],
        change: Change = Change(),  # noqa: B008  frozen
    ) -> None:
        self._context.journal.ask(
            Claim(TefOperationRow, operation.id, operation.version, change),
            _event("tef.menu", operation, operation.who),
            request,
            lambda outcome: self._settled(operation, state(outcome), outcome),
        )

    def _heard(self, operation: TefOperation, outcome: Outcome[Told]) -> None:
        """Write down what was answered of the menu while something else was awaited; `recover` ends it."""
        change = self._settled(operation, _found(operation, outcome), outcome)
        if change.values["state"] is S.APPROVED:
            change = replace(change, values={**change.values, "open_since": self._context.now()})
        claim = Claim(TefOperationRow, operation.id, operation.version, change)
        self._context.journal.change(claim, _event("tef.menu", operation, operation.who), "heard")

    def _settled(self, operation: TefOperation, state: PaymentState, outcome: Outcome[Told | None]) -> Change:
        told = outcome.answer if isinstance(outcome, Done) else None
        reply = str(told.values.get("reply", "")) if told else operation.reply
        # What never left is over, and so is what left no trace: asking again would bring nothing new.
        state = S.CANCELLED if state is S.CREATED else state
        lost = isinstance(outcome, Refused) and outcome.reason is RefusalClass.NOT_FOUND
        values: dict[str, object] = {"state": state, "why": _why(outcome), "reply": reply}
        if state in FINAL or lost:
            values |= {"open_since": None, "settled_at": self._context.now()}
        slips = slips_of(reply) if state is S.CONFIRMED and reply else Slips()
        return Change(values, lambda tx: self._papers(tx, operation.id, slips))

    def _get(self, key: str) -> TefOperation:
        with self._store.reading() as tx:
            found = tef.get(tx, key)
        assert found is not None, "operations are never deleted"
        return found


def _found(operation: TefOperation, outcome: Outcome[Told]) -> PaymentState:
    return after_query(operation.state, Decision.NONE, outcome)


def _event(kind: str, operation: TefOperation, who: str, **data: str) -> Event:
    return Event(kind, operation.id, who, {"key": operation.number, **data})


def _tef(driver: object) -> TefDriver:
    assert isinstance(driver, TefDriver), "TEF is driven by TefDriver"
    return driver


def _why(outcome: Outcome[Told | None]) -> str:
    match outcome:
        case Refused(_, code, text):
            return f"{text} [{code}]" if code else text
        case NotSent(why) | Uncertain(why):
            return why
        case Done(answer):
            return answer.message if answer else ""
