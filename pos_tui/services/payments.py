"""Payments that ask the outside: charge, then confirm xor undo; give up, give back, and ask (design §2).

Every byte goes through `Journal.ask`: the line's key is committed before it leaves, its answer before anybody
acts on it or tells the outside that it was received. A decision is committed, with the key it is sent under,
before it is carried out; what a crash cut off is carried out by `recover`.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

from pos_tui.domain.errors import Conflict, PosError, RuleError
from pos_tui.domain.outcome import Outcome
from pos_tui.domain.payment import DECISIONS, LABELS, Decision, Method, PaymentState, rule, why_not_decide
from pos_tui.domain.sale import PaymentLine, Sale
from pos_tui.domain.tally import check_line
from pos_tui.domain.values import replace
from pos_tui.domain.waiting import check_alive
from pos_tui.services import tef_way
from pos_tui.services.context import Context
from pos_tui.services.drivers.base import REFUND_TAKEN, Connect, Driver, Told
from pos_tui.services.joining import claimed
from pos_tui.services.payment_steps import Settled, SlipPapers, Steps, event
from pos_tui.services.recovery import Recovery, in_order, recovered
from pos_tui.store import payments, topups
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models import PaymentRow

S = PaymentState

_BEFORE_A_CARD = (
    "consulte com F5 na Lista de vendas antes de passar outro cartão; se não resolver, o supervisor decide "
    "em F12, Supervisão. Nada foi cobrado agora."
)


class Payments:
    """One till's payments that ask the outside."""

    def __init__(
        self,
        context: Context,
        connect: Mapping[Method, Connect],
        papers: SlipPapers,
        settled: Settled = lambda tx, line: None,
        *,
        looks: bool = True,
    ) -> None:
        """`connect` holds what this store takes; each driver is built when it is first needed.

        `looks`: the start looks for what the TEF manager left, even where nothing waits for it.
        """
        self._looks = looks
        self._context = context
        self._store = context.store
        self._connect = connect
        self._steps = Steps(context, papers, settled)
        self._drivers: dict[Method, Driver] = {}
        # One pinpad, one conversation: a new charge waits for the recovery, and for nothing else.
        self._turns = {method: threading.RLock() for method in connect}
        self._stops = {method: threading.Event() for method in connect}
        self._stopped = False

    # Reading

    def get(self, key: str) -> PaymentLine:
        """Return one line as it stands now. Raises RuleError when there is none."""
        with self._store.reading() as tx:
            found = payments.get(tx, key)
        if found is None:
            raise RuleError("Pagamento não encontrado.")
        return found

    def waiting(self) -> list[PaymentLine]:
        """Return this till's lines with something to be done or learnt outside."""
        with self._store.reading() as tx:
            return payments.waiting(tx, self._context.till)

    # A charge

    def add(
        self, sale: Sale, method: Method, typed: int, details: Mapping[str, str] | None = None
    ) -> PaymentLine:
        """Record a line of an open sale under the key it keeps for life; nothing is sent yet.

        Raises:
            FieldError: on `amount`.
            RuleError: the sale is over, or a reserve of it: no money is taken for what cannot be credited.
        """
        driver, key = self._driver(method), new_key()

        def work(tx: Transaction) -> PaymentLine:
            found = claimed(tx, sale.id)
            check_alive(found.topups, self._context.now())
            weight = check_line(found.tally, method, typed)
            line = PaymentLine(
                id=key,
                position=len(found.payments) + 1,
                method=method,
                state=weight.state,
                amount=weight.amount,
                details=dict(details or {}),
                sale_id=sale.id,
                till=self._context.till,
                open_since=self._context.now(),
                request_key=driver.request_key(tx, key),
            )
            payments.insert(tx, line)
            self._context.journal.note(tx, event("payment", line, sale.seller), "added")
            return line

        return self._store.write(work)

    def charge(self, key: str, who: str) -> PaymentLine:
        """Ask for a line's money, under its own key however often this is called.

        TEF waits here without limit for the customer. Returns the line as it stands afterwards.

        Raises:
            RuleError: an earlier operation has to be settled first, or a reserve of its sale is over; nothing
                was sent.
        """
        method = self._ours(key).method
        with self._turn(method):
            line, driver = self.get(key), self._driver(method)
            if line.state is not S.CREATED or line.decision is not Decision.NONE:
                return line
            with self._store.reading() as tx:
                check_alive(topups.of_sales(tx, [line.sale_id]), self._context.now())
            if method is Method.TEF:
                self._clear_the_way(line, who)
            self._steps.charge(line, driver, who, self._stops[method])
            return self._received(key, driver)

    def ask(self, key: str, who: str) -> PaymentLine:
        """Find out what became of a line, and carry on what was decided about it. Never charges."""
        method = self._ours(key).method
        with self._turn(method):
            line = self.get(key)
            if not line.waits or (line.state is S.CREATED and line.decision is Decision.NONE):
                return line
            if line.decision in DECISIONS and line.state in DECISIONS[line.decision]:
                return self.carry(key, who, again=True)
            if line.state is S.APPROVED:
                return self._received(key, self._driver(method))
            driver = self._driver(method)
            self._steps.find(line, driver, who, self._stops[method])
            return self._received(key, driver)

    def heard(self, line: PaymentLine, outcome: Outcome[Told], who: str) -> None:
        """Write down what was answered of a line while something else was awaited. Raises Conflict."""
        self._steps.heard(line, self._driver(line.method), outcome, who)

    # Decisions

    def decide(
        self, tx: Transaction, line: PaymentLine, decision: Decision, who: str, reason: str = ""
    ) -> PaymentLine:
        """Write a decision down inside an open transaction, and return its line; `carry` takes it outside.

        Raises:
            RuleError: it cannot be decided; Conflict: somebody else was first.
        """
        forbidden = why_not_decide(line.state, line.decision, decision)
        if forbidden is not None:
            raise RuleError(forbidden)
        values: dict[str, Any] = {"decision": decision, "decided_by": who, "reason": reason, "why": ""}
        values |= {"open_since": self._context.now(), "settled_at": None}
        if line.decision is not decision:
            values |= self._keys(tx, line, decision)
        if not tx.claim(PaymentRow, line.id, line.version, **payments.columns(values)):
            raise Conflict("O pagamento mudou enquanto isso. Confira e tente de novo.")
        told = event("payment.decide", line, who, decision=decision.value, reason=reason)
        self._context.journal.note(tx, told, decision.value)
        return replace(line, **values, version=line.version + 1)

    def decided(self, key: str, decision: Decision, who: str, reason: str = "") -> PaymentLine:
        """Decide one line, and carry it out."""
        line = self._ours(key)
        if decision is Decision.REFUND:
            self._clear_the_way_back(line)
        fresh = line.decision is not decision
        self._store.write(lambda tx: self.decide(tx, line, decision, who, reason))
        return self.carry(key, who, again=not fresh)

    def carry(self, key: str, who: str, again: bool = True) -> PaymentLine:
        """Take a line's decision outside, as often as it needs. `again`: it may have been taken before."""
        method = self._ours(key).method
        with self._turn(method):
            line = self.get(key)
            if line.decision not in DECISIONS or line.state not in DECISIONS[line.decision]:
                return line
            if line.state is S.CREATED:
                self._steps.let_go(line, who)
                return self.get(key)
            driver = self._driver(method)
            match line.decision:
                case Decision.REFUND:
                    self._give_back(line, driver, who, again)
                case Decision.CONFIRM:
                    self._steps.carry_out(line, driver, driver.confirm, who)
                case Decision.UNDO:
                    self._steps.carry_out(line, driver, driver.undo, who)
                case _:
                    self._steps.carry_out(line, driver, driver.cancel, who)
            return self.get(key)

    def rule(self, key: str, then: PaymentState, who: str, reason: str) -> PaymentLine:
        """Write down what a supervisor ruled of a line, of any till, that asking does not settle.

        Raises:
            RuleError: it does not wait for a ruling, or there is an answer to be asked for.
            FieldError: on `reason`.
        """
        found = self.get(key)
        ours = found.method in self._connect and found.till == self._context.till
        with self._turn(found.method) if ours else nullcontext():
            line, driver = self.get(key), self._driver(found.method) if ours else None
            rule(line.state, then, reason, line.decision)
            if driver is not None and tef_way.answered(line, driver):
                raise RuleError("A resposta deste pagamento já chegou: consulte com F5 antes de decidir.")
            self._steps.by_hand(line, driver, then, who, reason)
            if driver is not None:
                # What nobody can read, a person has judged; an answer that comes only now is told.
                driver.discard()
            return self._received(key, driver) if driver is not None else self.get(key)

    def stop(self) -> None:
        """End every wait: the till closes, and the next start finds out."""
        self._stopped = True
        for stop in self._stops.values():
            stop.set()

    def abort_wait(self, key: str, who: str, reason: str) -> None:
        """A supervisor gives up waiting for the manager. The line becomes uncertain, never refused."""
        line = self.get(key)
        told = event("payment.charge", line, who, reason=reason)
        self._store.write(lambda tx: self._context.journal.note(tx, told, "wait given up"))
        self.stop_waiting(line.method)

    def stop_waiting(self, method: Method) -> None:
        """End the wait under way, for good reason only."""
        self._stops[method].set()

    @contextmanager
    def talk(self, method: Method) -> Iterator[tuple[Driver, threading.Event]]:
        """Have the one conversation with an outside to oneself: its driver, and what ends a wait.

        Raises:
            RuleError: this till does not take the method.
        """
        with self._turn(method):
            yield self._driver(method), self._stops[method]

    def recover(self, who: str) -> Recovery:
        """Finish, or find out about, everything that was left open. New TEF waits for this; cash does not."""
        found = in_order(line for line in self.waiting() if line.method in self._connect)
        after = tuple(self._recovered(line, who) for line in found)
        looks = Method.TEF in self._drivers or (self._looks and Method.TEF in self._connect)
        stranger = looks and self.sweep_leftover()
        return recovered(after, stranger or bool(tef_way.kept(self._context)))

    # Inside

    def _ours(self, key: str) -> PaymentLine:
        """Return a line that this till can ask about. Raises RuleError for another till's card."""
        line = self.get(key)
        tef_way.refuse_elsewhere(line, self._context.till)
        return line

    def _recovered(self, line: PaymentLine, who: str) -> PaymentLine:
        try:
            return self.ask(line.id, who)
        except PosError:
            # Somebody else has it, or the TEF cannot be reached: it stays open and is asked about again.
            return line

    def sweep_leftover(self) -> bool:
        """Clear the TEF manager's folder of what is settled; True when something is left that is not ours."""
        with self._turn(Method.TEF):
            return tef_way.sweep(self._context, self._driver(Method.TEF), self.waiting())

    def _clear_the_way(self, line: PaymentLine, who: str) -> None:
        """Before a card: the one before it is confirmed (§2.6), and nothing else of the pinpad is open."""
        others = [one for one in self.waiting() if one.method is Method.TEF and one.id != line.id]
        for other in others:
            if (other.sale_id, other.state, other.decision) == (line.sale_id, S.APPROVED, Decision.NONE):
                self.decided(other.id, Decision.CONFIRM, who)
        left = [one for one in map(self.get, (other.id for other in others)) if one.waits]
        tef_way.refuse_amid(left, _BEFORE_A_CARD, frozenset(S) - {S.CREATED})
        tef_way.refuse_amid_the_menu(self._context)
        self.sweep_leftover()

    def _clear_the_way_back(self, line: PaymentLine) -> None:
        """Before a card's cancelling, which would come between another card and its confirmation."""
        if line.method is Method.TEF:
            others = [one for one in self.waiting() if one.id != line.id]
            tef_way.refuse_amid(others, "salve a venda dele, ou remova-o, antes de estornar outro cartão.")
            tef_way.refuse_amid_the_menu(self._context)
            self.sweep_leftover()

    def _give_back(self, line: PaymentLine, driver: Driver, who: str, again: bool) -> None:
        """A refund, in the two steps that TEF needs; what may have been asked is looked for first."""
        stop = self._stops[line.method]
        if not line.refund_reply:
            if not again or self._steps.find_refund(line, driver, who, stop):
                self._clear_the_way_back(line)
                self._steps.give_back(self.get(line.id), driver, who, stop)
            line = self._received(line.id, driver)
        if line.waits and line.refund_reply:
            self._steps.carry_out(line, driver, driver.confirm_refund, who)

    def _received(self, key: str, driver: Driver) -> PaymentLine:
        """Return the line as committed; only now may the outside forget its answer."""
        line = self.get(key)
        if line.reply or line.refund_reply:
            driver.acknowledge(line)
        return line

    def _keys(self, tx: Transaction, line: PaymentLine, decision: Decision) -> dict[str, object]:
        driver = self._driver(line.method)
        match decision:
            case Decision.CONFIRM | Decision.UNDO:
                return {"settle_key": driver.next_key(tx)}
            case Decision.REFUND:
                details = {name: text for name, text in line.details.items() if name != REFUND_TAKEN}
                return {
                    "refund_key": driver.next_key(tx),
                    "refund_settle_key": driver.next_key(tx),
                    "refund_reply": "",
                    "details": details,
                }
            case _:
                return {}

    def _driver(self, method: Method) -> Driver:
        if method not in self._drivers:
            self._refuse_unknown(method)
            self._drivers[method] = self._connect[method]()
        return self._drivers[method]

    @contextmanager
    def _turn(self, method: Method) -> Iterator[None]:
        self._refuse_unknown(method)
        with self._turns[method]:
            if not self._stopped:
                self._stops[method].clear()
            yield

    def _refuse_unknown(self, method: Method) -> None:
        if method not in self._connect:
            raise RuleError(f"{LABELS[method]} não está configurado neste caixa.")
