"""Faults planted in a copy of the till: the harness has to find each, or its silence says nothing.

A planted till has its fault after the restart too, as a wrong program would.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

from pytest import MonkeyPatch

from pos_tui.domain.order_kept import MailState
from pos_tui.domain.outcome import Done, Outcome
from pos_tui.domain.payment import Decision, Method, PaymentState, PaymentWord
from pos_tui.domain.sale import PaymentLine, Sale
from pos_tui.domain.spool import JobState
from pos_tui.printing.receipt import Kind, Receipt
from pos_tui.services.cash import Cash
from pos_tui.services.drivers.base import Told
from pos_tui.services.drivers.pix import PixDriver
from pos_tui.services.journal import Change, Claim, Event, Journal
from pos_tui.services.order_mail import Outbox
from pos_tui.services.papers import Papers
from pos_tui.services.payment_steps import event
from pos_tui.services.payments import Payments
from pos_tui.services.sales import Sales
from pos_tui.services.spool import Spool
from pos_tui.store import chain, database, payments
from pos_tui.store.database import Store, Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models import PaymentRow
from tests.crash.flow import Ground
from tests.crash.flows.paper import printer_at

Plant: TypeAlias = Callable[[MonkeyPatch, Ground], None]
Later: TypeAlias = list[Callable[[Transaction], object]]


@contextmanager
def planted(name: str, ground: Ground) -> Iterator[None]:
    """Have this process work with a fault, or with none."""
    with MonkeyPatch.context() as patch:
        if name:
            PLANTS[name](patch, ground)
        yield


def decision_after_the_call(patch: MonkeyPatch, ground: Ground) -> None:
    """The request goes out first; what was decided is written down with its answer."""

    def ask(
        self: Journal, claim: Claim, event: Event, request: Callable[[], Outcome[Any]], settle: Any
    ) -> Outcome[Any]:
        outcome = request()
        self._store.write(lambda tx: self._intend(tx, claim, event))
        database.step("after-answer")
        self._store.write(lambda tx: self._settle(tx, claim, event, outcome, settle(outcome)))
        return outcome

    patch.setattr(Journal, "ask", ask)


def answer_before_its_papers(patch: MonkeyPatch, ground: Ground) -> None:
    """The answer is committed first, and what follows from it in a commit of its own."""

    def ask(
        self: Journal, claim: Claim, event: Event, request: Callable[[], Outcome[Any]], settle: Any
    ) -> Outcome[Any]:
        self._store.write(lambda tx: self._intend(tx, claim, event))
        outcome = request()
        change = settle(outcome)
        alone = Change(change.values, None, change.told)
        self._store.write(lambda tx: self._settle(tx, claim, event, outcome, alone))
        if change.then is not None:
            self._store.write(change.then)
        return outcome

    patch.setattr(Journal, "ask", ask)


def intent_untold(patch: MonkeyPatch, ground: Ground) -> None:
    """A row is claimed, and the journal is told of it in a commit of its own."""
    intend, note = Journal._intend, Journal.note

    def ask(
        self: Journal, claim: Claim, event: Event, request: Callable[[], Outcome[Any]], settle: Any
    ) -> Outcome[Any]:
        with MonkeyPatch.context() as silence:
            silence.setattr(Journal, "note", lambda *_: None)
            self._store.write(lambda tx: intend(self, tx, claim, event))
        self._store.write(lambda tx: note(self, tx, event, "intent"))
        outcome = request()
        self._store.write(lambda tx: self._settle(tx, claim, event, outcome, settle(outcome)))
        return outcome

    patch.setattr(Journal, "ask", ask)


def link_skipped(patch: MonkeyPatch, ground: Ground) -> None:
    """A line of the journal hangs on the last but one."""
    last = chain.last

    def short(tx: Transaction, till: int) -> tuple[int, str]:
        seq, end = last(tx, till)
        before = tx.read("SELECT hash FROM journal WHERE till = ? AND seq = ?", till, seq - 1)
        return (seq, before[0][0]) if seq > 2 else (seq, end)

    patch.setattr(chain, "last", short)


def drawer_before_commit(patch: MonkeyPatch, ground: Ground) -> None:
    """Saving a sale kicks the drawer first, and then commits."""
    save = Sales.save

    def kick_and_save(self: Sales, sale: Sale) -> Sale:
        printer_at(ground.port).print(Receipt(Kind.DRAWER, (), drawer=True).to_json())
        return save(self, sale)

    patch.setattr(Sales, "save", kick_and_save)


def _after_saving(patch: MonkeyPatch, owner: type, name: str) -> None:
    """What belongs to the commit of a saved sale comes in one of its own."""
    whole, save = getattr(owner, name), Sales.save
    later: Later = []

    def put_off(self: object, tx: Transaction, *values: object) -> None:
        later.append(lambda tx: whole(self, tx, *values))

    def save_and_then(self: Sales, sale: Sale) -> Sale:
        saved = save(self, sale)
        while later:
            self._context.store.write(later.pop())
        return saved

    patch.setattr(owner, name, put_off)
    patch.setattr(Sales, "save", save_and_then)


def receipt_in_a_commit_of_its_own(patch: MonkeyPatch, ground: Ground) -> None:
    """A sale is saved, and its papers are queued right after."""
    _after_saving(patch, Papers, "for_sale")


def cash_in_a_commit_of_its_own(patch: MonkeyPatch, ground: Ground) -> None:
    """A sale is saved, and its cash written into the drawer's book right after."""
    _after_saving(patch, Cash, "sale_saved")


def number_before_commit(patch: MonkeyPatch, ground: Ground) -> None:
    """A sale takes its number in a commit of its own: killed there, the number is gone."""
    next_number, save = Transaction.next_number, Sales.save

    def save_numbered(self: Sales, sale: Sale) -> Sale:
        name = f"sale/{self._context.till}"
        taken = self._context.store.write(lambda tx: next_number(tx, name))

        def given(tx: Transaction, asked: str, floor: int = 1) -> int:
            return taken if asked == name else next_number(tx, asked, floor)

        with MonkeyPatch.context() as numbered:
            numbered.setattr(Transaction, "next_number", given)
            return save(self, sale)

    patch.setattr(Sales, "save", save_numbered)


def cash_back_in_a_commit_of_its_own(patch: MonkeyPatch, ground: Ground) -> None:
    """Cash is given back, and leaves the drawer's book right after."""
    write, returned = Store.write, Cash.payment_returned
    later: Later = []

    def put_off(self: Cash, tx: Transaction, line: PaymentLine, amount: int) -> None:
        later.append(lambda tx: returned(self, tx, line, amount))

    def write_and_then(self: Store, work: Callable[[Transaction], Any]) -> Any:
        done = write(self, work)
        while later:
            write(self, later.pop())
        return done

    patch.setattr(Cash, "payment_returned", put_off)
    patch.setattr(Store, "write", write_and_then)


def printed_before_sending(patch: MonkeyPatch, ground: Ground) -> None:
    """A paper is marked as printed, and then sent."""

    def ask(
        self: Journal, claim: Claim, event: Event, request: Callable[[], Outcome[Any]], settle: Any
    ) -> Outcome[Any]:
        if event.kind != "print":
            return plain(self, claim, event, request, settle)
        values = {"state": JobState.PRINTED, "open_since": None, "settled_at": self._now()}
        self._store.write(
            lambda tx: self._intend(tx, Claim(claim.model, claim.key, claim.version, Change(values)), event)
        )
        return request()

    plain = Journal.ask
    patch.setattr(Journal, "ask", ask)


def printed_again_at_start(patch: MonkeyPatch, ground: Ground) -> None:
    """What was on its way to the printer at a crash goes out again, as if it had never left."""

    def sweep(self: Spool) -> None:
        while (job := self._oldest(JobState.SENDING)) is not None:
            self._settle(job, JobState.QUEUED, "", "swept")

    patch.setattr(Spool, "sweep", sweep)


def copy_unmarked(patch: MonkeyPatch, ground: Ground) -> None:
    """A paper printed again looks like the first."""
    patch.setattr(Receipt, "reprinted", lambda self, mark: self)


def confirmed_before_commit(patch: MonkeyPatch, ground: Ground) -> None:
    """The card is confirmed (CNF) while the commit that decides so is still open."""
    begin, decide = Payments.__init__, Payments.decide
    made: list[Payments] = []

    def remembered(self: Payments, *values: Any, **named: Any) -> None:
        begin(self, *values, **named)
        # The one with the manager of the flow comes last.
        made[:] = [self]

    def decide_and_send(
        self: Payments, tx: Transaction, line: PaymentLine, decision: Decision, who: str, reason: str = ""
    ) -> None:
        decide(self, tx, line, decision, who, reason)
        decided = payments.get(tx, line.id)
        if decision is Decision.CONFIRM and decided is not None:
            made[0]._driver(line.method).confirm(decided)

    patch.setattr(Payments, "__init__", remembered)
    patch.setattr(Payments, "decide", decide_and_send)


def charge_before_its_row(patch: MonkeyPatch, ground: Ground) -> None:
    """A Pix is charged under a key that is written down with the answer."""
    add = Payments.add

    def charge_and_add(
        self: Payments, sale: Sale, method: Method, typed: int, details: Any = None
    ) -> PaymentLine:
        key = new_key()
        line = PaymentLine("x", 1, method, PaymentState.CREATED, typed, request_key=key.replace("-", ""))
        with self.talk(method) as (driver, stop):
            driver.start(line, stop)
            with MonkeyPatch.context() as same:
                same.setattr(type(driver), "request_key", lambda *_: line.request_key)
                return add(self, sale, method, typed, details)

    patch.setattr(Payments, "add", charge_and_add)


def given_up_here_only(patch: MonkeyPatch, ground: Ground) -> None:
    """A Pix is told as cancelled, and the bank is not asked to."""
    patch.setattr(PixDriver, "cancel", lambda self, line: Done(Told(PaymentWord.CANCELLED)))


def refunded_again_at_start(patch: MonkeyPatch, ground: Ground) -> None:
    """What may have been given back before a crash is given back under another key."""
    give_back = Payments._give_back

    def anew(self: Payments, line: PaymentLine, driver: Any, who: str, again: bool) -> None:
        if again and not line.refund_reply:
            change = Change({"refund_key": self._store.write(driver.next_key)})
            self._context.journal.change(
                Claim(PaymentRow, line.id, line.version, change), event("x", line, who), "x"
            )
        give_back(self, self.get(line.id), driver, who, False)

    patch.setattr(Payments, "_give_back", anew)


def mail_told_as_sent_first(patch: MonkeyPatch, ground: Ground) -> None:
    """An e-mail is marked as sent, and then sent."""
    plain = Journal.ask

    def ask(
        self: Journal, claim: Claim, event: Event, request: Callable[[], Outcome[Any]], settle: Any
    ) -> Outcome[Any]:
        if event.kind != "order.mail":
            return plain(self, claim, event, request, settle)
        sent = Claim(claim.model, claim.key, claim.version, Change({"state": MailState.SENT, "due_at": None}))
        self._store.write(lambda tx: self._intend(tx, sent, event))
        return request()

    patch.setattr(Journal, "ask", ask)


def mail_in_a_commit_of_its_own(patch: MonkeyPatch, ground: Ground) -> None:
    """An order is told as shipped, and its e-mail queued right after."""
    write, queue = Store.write, Outbox.queue
    later: Later = []

    def put_off(self: Outbox, tx: Transaction, *values: Any) -> None:
        later.append(lambda tx: queue(self, tx, *values))

    def write_and_then(self: Store, work: Callable[[Transaction], Any]) -> Any:
        done = write(self, work)
        while later:
            write(self, later.pop())
        return done

    patch.setattr(Outbox, "queue", put_off)
    patch.setattr(Store, "write", write_and_then)


PLANTS: Final[dict[str, Plant]] = {
    plant.__name__: plant
    for plant in (
        decision_after_the_call, answer_before_its_papers, intent_untold, link_skipped, drawer_before_commit,
        receipt_in_a_commit_of_its_own, cash_in_a_commit_of_its_own, number_before_commit,
        cash_back_in_a_commit_of_its_own, printed_before_sending, printed_again_at_start, copy_unmarked,
        confirmed_before_commit, charge_before_its_row, given_up_here_only,
        refunded_again_at_start, mail_told_as_sent_first, mail_in_a_commit_of_its_own,
    )
}  # fmt: skip
