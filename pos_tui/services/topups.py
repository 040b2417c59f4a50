"""Top-ups: record, reserve, then confirm xor cancel; and ask (seed 1, facts/topup.md §14)."""

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pos_tui.domain.errors import FieldError, PosError, RuleError
from pos_tui.domain.instants import to_ms
from pos_tui.domain.journal import Field
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.people import Action
from pos_tui.domain.phone import Mobile
from pos_tui.domain.sale import Sale, SaleState
from pos_tui.domain.topup import (
    FINAL,
    IN_FLIGHT,
    UNSENT,
    Decision,
    Offer,
    ReserveRequest,
    Standing,
    TopUp,
    TopUpState,
    after_decision,
    after_query,
    after_reserve,
    check_move,
    why_not_cancel,
    why_not_confirm,
)
from pos_tui.providers.base import ReserveRef, TopUpProvider
from pos_tui.services.context import Context
from pos_tui.services.guard import Approval, Guard
from pos_tui.services.guidance import LIMIT_ALERT, words_for
from pos_tui.services.journal import Change, Claim, Event
from pos_tui.store import topups
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models import SaleRow, TopUpRow

Receipts = Callable[[Transaction, TopUp], None]
"""Queues the papers of a confirmed top-up inside the commit of its confirmation."""

NO_TRACE: Mapping[str, Field] = {}

KEYS_PER_TILL = 10_000_000
"""RV takes purchase numbers of nine digits (facts/topup.md §2.4): two for the till, seven that grow."""


class PendingLimit(RuleError):
    """Too many pendings: the seed's alert; the screen leads to them."""

    title = "Limite de recargas pendentes"


@dataclass(frozen=True, slots=True)
class Budget:
    """How many pendings the store has, and how many it may have."""

    used: int
    limit: int

    @property
    def full(self) -> bool:
        """Whether a new top-up is refused."""
        return self.used >= self.limit

    def __str__(self) -> str:
        return f"{self.used} de {self.limit} pendências"


@dataclass(frozen=True, slots=True)
class Sweep:
    """What the start-up sweep found."""

    resolved: int
    waiting: int
    strangers: tuple[Standing, ...]
    """Pendings at the provider that no sale of ours knows."""


class TopUps:
    """The use cases of one store's top-ups."""

    def __init__(
        self,
        context: Context,
        name: str,
        connect: Callable[[], TopUpProvider],
        limit: int,
        receipts: Receipts,
        guard: Guard,
        print_now: Callable[[], None] = lambda: None,
    ) -> None:
        """`connect` is called when the provider is first needed: its imports wait behind the first paint.

        `print_now` is called once receipts are committed, whoever asked and whatever became of the screen.
        """
        self._context = context
        self._store = context.store
        self._name = name
        self._connect = functools.cache(connect)
        self._limit = limit
        self._receipts = receipts
        self._guard = guard
        self._print_now = print_now

    # What is asked of the database

    def get(self, key: str) -> TopUp:
        """Return one top-up as it stands now. Raises RuleError when there is none."""
        with self._store.reading() as tx:
            found = topups.get(tx, key)
        if found is None:
            raise RuleError("Venda não encontrada.")
        return found

    def budget(self) -> Budget:
        """Count the store's pendings against its limit."""
        with self._store.reading() as tx:
            return Budget(topups.count_pending(tx, self._limit + 1), self._limit)

    def pendings(self, limit: int = 50, after: TopUp | None = None) -> list[TopUp]:
        """Return a page of the store's pendings, of every till, oldest first."""
        cursor = (after.open_since or 0, after.id) if after else None
        with self._store.reading() as tx:
            return topups.pending(tx, limit, cursor)

    def earlier_today(self, line: Mobile, since: int) -> TopUp | None:
        """Return the newest top-up of this line since an instant, for the question before a second one."""
        with self._store.reading() as tx:
            found = topups.same_line_since(tx, line.digits, since)
        return found[0] if found else None

    # What changes something

    def add(self, sale: Sale, line: Mobile, offer: Offer, face: int) -> TopUp:
        """Record a top-up in an open sale; nothing is sent yet.

        Raises:
            PendingLimit: the store's pendings have reached the limit.
            FieldError: the value is not one the provider offers.
        """
        _check_face(offer, face)

        def work(tx: Transaction) -> TopUp:
            if topups.count_pending(tx, self._limit) >= self._limit:
                raise PendingLimit(LIMIT_ALERT)
            topup = self._draft(tx, sale, line, offer, face)
            topups.insert(tx, topup)
            self._context.journal.note(tx, self._event("topup", topup, sale.seller, face=face), "recorded")
            return topup

        return self._store.write(work)

    def reserve(self, key: str, who: str) -> TopUp:
        """Ask the provider to hold the credit. The same key goes out however often this is called.

        Returns the top-up as it stands afterwards; refusals are told in its `why`.

        Raises:
            Conflict: another till is at it.
            PendingLimit: the provider refuses because of too many pendings.
        """
        topup = self.get(key)
        if topup.state not in UNSENT:
            return topup
        request = ReserveRequest(
            key=topup.provider_key,
            line=topup.mobile,
            operator=topup.operator,
            product=topup.product,
            face=topup.face,
            variable=topup.variable,
            terminal=str(topup.till),
            seller=who,
        )
        outcome = self._context.journal.ask(
            self._claim(topup, TopUpState.SENDING),
            self._event("topup.reserve", topup, who),
            lambda: self._connect().reserve(request),
            lambda outcome: self._settled(topup, after_reserve(outcome), outcome),
        )
        if isinstance(outcome, Refused) and outcome.reason is RefusalClass.PENDING_LIMIT:
            raise PendingLimit(LIMIT_ALERT)
        return self.get(key)

    def confirm(self, key: str, who: str) -> TopUp:
        """Credit the line. Irreversible.

        Raises:
            RuleError: it cannot be confirmed; the message says why.
            Conflict: another till or person decided first.
        """
        topup = self.get(key)
        reason = why_not_confirm(topup.state, topup.decision) or self._unpaid(topup)
        if reason is not None:
            raise RuleError(reason)
        return self._decide(topup, Decision.CONFIRM, who, "")

    def cancel(self, key: str, reason: str, who: str, approval: Approval | None = None) -> TopUp:
        """Let a reserve go, or discard what was never sent.

        Raises:
            RuleError: it cannot be cancelled; a confirmed one never can.
            NeedsApproval: it belongs to somebody else's sale, and the person here may not do that alone.
            FieldError: no reason was given.
            Conflict: another till or person decided first.
        """
        topup = self.get(key)
        forbidden = why_not_cancel(topup.state, topup.decision)
        if forbidden is not None:
            raise RuleError(forbidden)
        if not reason.strip():
            raise FieldError("reason", "Informe o motivo do cancelamento.")
        trace = self._allow_cancel(topup, who, approval)
        if topup.state in UNSENT:
            return self._discard(topup, reason, who, trace)
        return self._decide(topup, Decision.CANCEL, who, reason, trace)

    def ask(self, key: str, who: str) -> TopUp:
        """Ask the provider what became of a top-up and write down what it says. No effect there, ever."""
        topup = self.get(key)
        if topup.state in FINAL or topup.state in UNSENT:
            return topup
        if self._leased_elsewhere(topup):
            raise RuleError(
                f"O caixa {topup.lease_till} está tratando desta recarga. Aguarde e consulte de novo."
            )
        self._context.journal.ask(
            self._claim(topup, topup.state),
            self._event("topup.status", topup, who),
            lambda: self._connect().status(_ref(topup)),
            lambda outcome: self._settled(topup, after_query(topup.state, topup.decision, outcome), outcome),
        )
        return self._decided(key)

    def sweep(self, who: str) -> Sweep:
        """Ask about everything left in flight, finish what was decided, and compare both sides' pendings.

        Run before the first sale (design §2.6). A decision that provably never arrived is sent again: it was
        made by a person and cannot be unmade.
        """
        outcome = self._connect().pendings()
        remote = outcome.answer if isinstance(outcome, Done) else None
        with self._store.reading() as tx:
            found = topups.in_flight(tx, self._context.till, self._context.now())
            if remote is not None:
                found += topups.reserved_besides(tx, self._name, [standing.key for standing in remote])
        settled = [self._resolve(topup, who) for topup in found]
        waiting = sum(topup.state is TopUpState.UNCERTAIN or topup.state in IN_FLIGHT for topup in settled)
        return Sweep(len(settled) - waiting, waiting, self._strangers(remote or ()))

    def _strangers(self, remote: Sequence[Standing]) -> tuple[Standing, ...]:
        with self._store.reading() as tx:
            ours = topups.known_keys(tx, self._name, [standing.key for standing in remote])
        return tuple(standing for standing in remote if standing.key not in ours)

    # Inside

    def _resolve(self, topup: TopUp, who: str) -> TopUp:
        try:
            asked = self.ask(topup.id, who)
            if asked.state is TopUpState.RESERVED and asked.decision is not Decision.NONE:
                return self._decide(asked, asked.decision, who, asked.reason)
        except PosError:
            # Somebody else has it, or the database is busy: it stays listed and is asked about again.
            return topup
        return asked

    def _allow_cancel(self, topup: TopUp, who: str, approval: Approval | None) -> dict[str, Field]:
        with self._store.reading() as tx:
            row = tx.row(SaleRow.select(SaleRow.seller).where(SaleRow.id == topup.sale_id))
        own = row is not None and row[0] == who
        return self._guard.allow(Action.CANCEL_OWN if own else Action.CANCEL_OTHERS, topup.id, approval)

    def _decide(
        self, topup: TopUp, decision: Decision, who: str, reason: str, trace: Mapping[str, Field] = NO_TRACE
    ) -> TopUp:
        confirming = decision is Decision.CONFIRM
        now = TopUpState.CONFIRMING if confirming else TopUpState.CANCELLING
        self._context.journal.ask(
            self._claim(topup, now, decision=decision, decided_by=topup.decided_by or who, reason=reason),
            self._event(f"topup.{decision.value}", topup, who, reason=reason, **trace),
            lambda: (self._connect().confirm if confirming else self._connect().cancel)(_ref(topup)),
            lambda outcome: self._settled(topup, after_decision(decision, outcome), outcome),
        )
        return self._decided(topup.id)

    def _decided(self, key: str) -> TopUp:
        topup = self.get(key)
        if topup.state is TopUpState.CONFIRMED:
            self._print_now()
        return topup

    def _discard(self, topup: TopUp, reason: str, who: str, trace: Mapping[str, Field]) -> TopUp:
        changes = {
            "state": check_move(topup.state, TopUpState.CANCELLED),
            "reason": reason,
            "decision": Decision.CANCEL,
            "decided_by": who,
            "open_since": None,
            "settled_at": self._context.now(),
        }
        event = self._event("topup.cancel", topup, who, reason=reason, **trace)
        self._context.journal.change(
            Claim(TopUpRow, topup.id, topup.version, Change(changes)), event, "discarded"
        )
        return self.get(topup.id)

    def _claim(self, topup: TopUp, state: TopUpState, **changes: object) -> Claim:
        if state is not topup.state:
            check_move(topup.state, state)
        return Claim(TopUpRow, topup.id, topup.version, Change({"state": state, **changes}))

    def _settled(self, topup: TopUp, state: TopUpState, outcome: Outcome[Standing]) -> Change:
        now = self._context.now()
        changes: dict[str, object] = {"state": state, **_why(outcome), **_known(outcome)}
        if state in FINAL:
            changes |= {"open_since": None, "settled_at": now}
        then = self._queue_receipts(topup, changes) if state is TopUpState.CONFIRMED else None
        return Change(changes, then)

    def _queue_receipts(self, topup: TopUp, changes: dict[str, object]) -> Callable[[Transaction], None]:
        return lambda tx: self._receipts(tx, dataclasses.replace(topup, **changes))  # type: ignore[arg-type]

    def _draft(self, tx: Transaction, sale: Sale, line: Mobile, offer: Offer, face: int) -> TopUp:
        now = self._context.now()
        till = self._context.till
        growing = tx.next_number(f"{self._name}/{till}")
        return TopUp(
            id=new_key(),
            sale_id=sale.id,
            sale_number=None,
            position=len(sale.topups) + 1,
            till=till,
            provider=self._name,
            provider_key=str(till * KEYS_PER_TILL + growing),
            operator=offer.operator,
            operator_name=offer.operator_name,
            product=offer.product,
            product_name=offer.name,
            line=line.digits,
            face=face,
            variable=not offer.face,
            cost=offer.cost,
            validity_days=offer.validity_days,
            state=TopUpState.RECORDED,
            decision=Decision.NONE,
            decided_by="",
            reason="",
            version=0,
            lease_till=None,
            lease_until=None,
            provider_ref="",
            nsu="",
            message="",
            why_class="",
            why_code="",
            why="",
            requested_at=now,
            open_since=now,
            expires_at=None,
            settled_at=None,
        )

    def _unpaid(self, topup: TopUp) -> str | None:
        query = SaleRow.select(SaleRow.state).where(SaleRow.id == topup.sale_id)
        with self._store.reading() as tx:
            row = tx.row(query)
        if row is not None and row[0] == SaleState.SAVED:
            return None
        return "A confirmação só deve ocorrer depois do pagamento: salve a venda na aba Pagamento (F10)."

    def _leased_elsewhere(self, topup: TopUp) -> bool:
        if topup.lease_till in (None, self._context.till):
            return False
        return (topup.lease_until or 0) > self._context.now()

    @staticmethod
    def _event(kind: str, topup: TopUp, who: str, **data: Field) -> Event:
        return Event(kind, topup.id, who, {"key": topup.provider_key, **data})


def _ref(topup: TopUp) -> ReserveRef:
    return ReserveRef(topup.provider_key, topup.provider_ref, str(topup.till))


def _check_face(offer: Offer, face: int) -> None:
    if offer.face:
        if face != offer.face:
            raise FieldError("value", "Valor não oferecido pela operadora: escolha um da lista.")
    elif not offer.minimum <= face <= offer.maximum:
        raise FieldError("value", "Valor fora da faixa da operadora: escolha outro.")


def _why(outcome: Outcome[Standing]) -> dict[str, object]:
    match outcome:
        case Done():
            return {"why_class": "", "why_code": "", "why": ""}
        case Refused(reason, code, text):
            return {"why_class": reason.value, "why_code": code, "why": words_for(reason, text)}
        case NotSent(why):
            return {"why_class": "not_sent", "why_code": "", "why": why}
        case Uncertain(why):
            return {"why_class": "uncertain", "why_code": "", "why": why}


def _known(outcome: Outcome[Standing]) -> dict[str, object]:
    """What the provider's answer adds to what we know of the top-up."""
    if not isinstance(outcome, Done):
        return {}
    answer = outcome.answer
    told = {
        "provider_ref": answer.provider_ref,
        "nsu": answer.nsu,
        "message": answer.message,
        "cost": answer.cost,
        "expires_at": to_ms(answer.expires_at) if answer.expires_at else None,
    }
    return {name: value for name, value in told.items() if value}
