"""Top-ups: record, reserve, then confirm xor cancel; and ask (seed 1, facts/topup.md §14)."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from pos_tui.domain.card import refuse_pan
from pos_tui.domain.errors import Conflict, FieldError, PosError, RuleError
from pos_tui.domain.journal import Field
from pos_tui.domain.lease import is_held
from pos_tui.domain.outcome import Done, RefusalClass, Refused
from pos_tui.domain.people import Action
from pos_tui.domain.phone import Mobile
from pos_tui.domain.sale import Sale, SaleState, confirms_itself, why_unpaid
from pos_tui.domain.topup import (
    FINAL,
    UNSENT,
    Decision,
    Offer,
    RemoteWord,
    TopUp,
    TopUpState,
    why_not_cancel,
    why_not_confirm,
)
from pos_tui.domain.values import replace
from pos_tui.domain.waiting import is_over
from pos_tui.services.context import Context
from pos_tui.services.dealings import Connect, Dealings, Papers, topup_event
from pos_tui.services.drafting import anew, check_face, draft
from pos_tui.services.guard import Approval, Guard
from pos_tui.services.guidance import LIMIT
from pos_tui.services.joining import claimed
from pos_tui.services.settling import Rules
from pos_tui.store import sales, topups
from pos_tui.store.database import Transaction
from pos_tui.store.models import TopUpRow

OWN_TIME = 60_000
"""What was decided in a save is carried out at once by whoever saved; later by anybody who asks."""


class PendingLimit(RuleError):
    """Too many pendings: the seed's alert; the screen leads to them."""

    title = "Limite de recargas pendentes"

    def __init__(self) -> None:
        super().__init__(LIMIT.words(()))


class Budget(Struct, frozen=True):
    """How many pendings the store has, and how many it may have."""

    used: int
    limit: int
    refused: bool = False
    """The provider itself refused the last reserve for too many pendings."""

    @property
    def full(self) -> bool:
        """Whether a new top-up is refused."""
        return self.refused or self.used >= self.limit

    def __str__(self) -> str:
        return f"{self.used} de {self.limit} pendências" + (": limite" if self.full else "")

    @property
    def short(self) -> str:
        """The same for a narrow window."""
        return f"{self.used}/{self.limit} pend." + (": limite" if self.full else "")


class TopUps:
    """The use cases of one store's top-ups."""

    def __init__(
        self,
        context: Context,
        name: str,
        connect: Connect,
        rules: Rules,
        papers: Papers,
        guard: Guard,
        print_now: Callable[[], None] = lambda: None,
    ) -> None:
        """`connect` is called when a provider is first needed: its imports wait behind the first paint.

        `print_now` is called once papers are committed, whoever asked and whatever became of the screen.
        """
        self.context = context
        self.name = name
        self.connect = connect
        self._store = context.store
        self._rules = rules
        self._guard = guard
        self._dealings = Dealings(context, connect, rules, papers, print_now)

    # What is asked of the database

    def get(self, key: str) -> TopUp:
        """Return one top-up as it stands now. Raises RuleError when there is none."""
        return self._dealings.get(key)

    def budget(self) -> Budget:
        """Count the store's pendings against its limit."""
        with self._store.reading() as tx:
            used = topups.count_pending(tx, self._rules.limit + 1)
        return Budget(used, self._rules.limit, self._dealings.limited)

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
        check_face(offer, face)
        make = lambda tx, found: draft(tx, self.context, self.name, found, line, offer, face)  # noqa: E731
        return self._record(sale, make)

    def redo(self, key: str, who: str) -> TopUp:
        """Make the top-up of a reserve whose time is over again, under a new number, in the same open sale.

        What the provider still holds is cancelled first. Returns the new top-up, recorded and not yet sent.

        Raises:
            RuleError: its reserve is not over, or its sale is closed.
            PendingLimit: the store's pendings have reached the limit.
        """
        over = self.get(key)
        if is_over(over, self.context.now()):
            over = self.ask(key, who)
        if is_over(over, self.context.now()):
            over = self.cancel(key, "prazo da reserva terminado", who)
        if over.state not in (TopUpState.EXPIRED, TopUpState.CANCELLED):
            raise RuleError(f"Esta recarga está {over.words}: não há o que refazer.")
        with self._store.reading() as tx:
            sale = self._read(tx, over)
        if sale.state is not SaleState.OPEN:
            raise RuleError("A venda desta recarga já foi salva: comece outra venda (F2).")
        return self._record(sale, lambda tx, found: anew(tx, self.context, found, over))

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
        outcome = self._dealings.reserve(topup, who)
        if isinstance(outcome, Refused) and outcome.reason is RefusalClass.PENDING_LIMIT:
            self._dealings.limited = True
            raise PendingLimit
        return self._when_saved(self.get(key))

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
        if topup.state is TopUpState.UNCERTAIN:
            # Confirmed already, perhaps, with the answer lost: asking comes before sending it again.
            topup = self.ask(key, who)
            if topup.state is not TopUpState.RESERVED:
                return topup
        elif topup.decision is Decision.NONE and is_over(topup, self.context.now()):
            topup = self._ask_before_late_confirmation(topup, who)
        return self._dealings.decide(topup, Decision.CONFIRM, who, "")

    def cancel(self, key: str, reason: str, who: str, approval: Approval | None = None) -> TopUp:
        """Let a reserve go, or discard what was never sent.

        Raises:
            RuleError: it cannot be cancelled; a confirmed one never can.
            NeedsApproval: it belongs to somebody else's sale, and the person here may not do that alone.
            FieldError: no reason was given, or it holds a card's number.
            Conflict: another till or person decided first.
        """
        topup = self.get(key)
        forbidden = why_not_cancel(topup.state, topup.decision)
        if forbidden is not None:
            raise RuleError(forbidden)
        if not reason.strip():
            raise FieldError("reason", "Informe o motivo do cancelamento.")
        refuse_pan("reason", reason)
        trace = self._allow_cancel(topup, who, approval)
        if topup.state in UNSENT:
            return self._dealings.discard(topup, reason, who, trace)
        return self._dealings.decide(topup, Decision.CANCEL, who, reason, trace)

    def ask(self, key: str, who: str) -> TopUp:
        """Ask the provider what became of a top-up and write down what it says. No effect there, ever."""
        topup = self.get(key)
        if topup.state in FINAL or topup.state in UNSENT:
            return topup
        if self._leased_elsewhere(topup):
            raise RuleError(
                f"O caixa {topup.lease_till} está tratando desta recarga. Aguarde e consulte de novo."
            )
        return self._dealings.ask(topup, topup.state, who)

    def doubt(self, topup: TopUp, who: str) -> TopUp:
        """Ask about one that was proved absent, since the provider lists it all the same."""
        return self._dealings.ask(topup, TopUpState.UNCERTAIN, who)

    def release(self, topup: TopUp, who: str) -> bool:
        """Have let go what a provider lists as pending and we have cancelled, or lost by its end.

        Say whether it holds it no more; False too for what is not to be let go.
        """
        try:
            outcome = self._dealings.release(topup, who) if self._dealings.held_in_vain(topup) else None
        except PosError:
            return False
        return isinstance(outcome, Done) and outcome.answer.word is not RemoteWord.RESERVED

    def resolve(self, topup: TopUp, who: str) -> TopUp:
        """Ask about a top-up, and send a decision again that provably never arrived.

        Returns it as it stood when somebody else has it or the database is busy: it is asked about again.
        """
        try:
            asked = self.ask(topup.id, who)
            if asked.state is TopUpState.RESERVED and asked.decision is not Decision.NONE:
                return self._dealings.decide(asked, asked.decision, who, asked.reason)
        except PosError:
            return topup
        return asked

    def _allow_cancel(self, topup: TopUp, who: str, approval: Approval | None) -> dict[str, Field]:
        with self._store.reading() as tx:
            own = self._read(tx, topup).seller == who
        return self._guard.allow(Action.CANCEL_OWN if own else Action.CANCEL_OTHERS, topup.id, approval)

    # Confirmation that needs no key (seed 1)

    def decide_saved(self, tx: Transaction, sale: Sale) -> tuple[TopUp, ...]:
        """Decide what confirms itself, in the commit that saves its sale: a crash loses nothing.

        Returns its top-ups as they then are.
        """
        how = confirms_itself(sale, self._rules.auto_confirm)
        if not how:
            return sale.topups
        return tuple(self._decided(tx, topup, f"{sale.seller} ({how})") for topup in sale.topups)

    def confirm_decided(self, sale_id: str) -> list[TopUp]:
        """Carry out what `decide_saved` decided; each top-up by itself, none hinders another."""
        with self._store.reading() as tx:
            found = topups.of_sales(tx, [sale_id])
        decided = [topup for topup in found if topup.pending and topup.decision is Decision.CONFIRM]
        return [self._carry_out(topup) for topup in decided]

    def _carry_out(self, topup: TopUp) -> TopUp:
        try:
            return self._dealings.decide(topup, topup.decision, topup.decided_by, topup.reason)
        except PosError:
            return self.get(topup.id)

    def _when_saved(self, topup: TopUp) -> TopUp:
        """A reserve that came about after its sale was saved follows the sale's rule."""
        if topup.state is not TopUpState.RESERVED:
            return topup
        with self._store.reading() as tx:
            sale = self._read(tx, topup)
        if sale.state is not SaleState.SAVED or not confirms_itself(sale, self._rules.auto_confirm):
            return topup
        self._store.write(lambda tx: self.decide_saved(tx, self._read(tx, topup)))
        return self._carry_out(self.get(topup.id))

    # Inside

    def _decided(self, tx: Transaction, topup: TopUp, who: str) -> TopUp:
        """A reserve nobody has decided about, decided; any other as it is."""
        if topup.state is not TopUpState.RESERVED or topup.decision is not Decision.NONE:
            return topup
        values: dict[str, Any] = {"decision": Decision.CONFIRM, "decided_by": who}
        values["ask_at"] = self.context.now() + OWN_TIME
        if not tx.claim(TopUpRow, topup.id, topup.version, **values):
            raise Conflict("A recarga mudou enquanto a venda era salva. Confira e salve de novo.")
        self.context.journal.note(tx, topup_event("topup.confirm", topup, who), "decided")
        return replace(topup, **values, version=topup.version + 1)

    def _record(self, sale: Sale, make: Callable[[Transaction, Sale], TopUp]) -> TopUp:
        def work(tx: Transaction) -> TopUp:
            found = claimed(tx, sale.id)
            if topups.count_pending(tx, self._rules.limit) >= self._rules.limit:
                raise PendingLimit
            topup = make(tx, found)
            topups.insert(tx, topup)
            event = topup_event("topup", topup, sale.seller, face=topup.face)
            self.context.journal.note(tx, event, "recorded")
            return topup

        return self._store.write(work)

    @staticmethod
    def _read(tx: Transaction, item: Sale | TopUp) -> Sale:
        found = sales.get(tx, item.sale_id if isinstance(item, TopUp) else item.id)
        assert found is not None, "a top-up hangs on a stored sale"
        return found

    def _ask_before_late_confirmation(self, topup: TopUp, who: str) -> TopUp:
        asked = self.ask(topup.id, who)
        if asked.state is not TopUpState.RESERVED:
            raise RuleError(f"Recarga {asked.words}: nada foi confirmado. {asked.why}".rstrip())
        if is_over(asked, self.context.now()):
            raise RuleError(
                "O prazo da reserva terminou e ela não pode mais ser confirmada: cancele-a (F8) e refaça."
            )
        return asked

    def _unpaid(self, topup: TopUp) -> str | None:
        with self._store.reading() as tx:
            return why_unpaid(self._read(tx, topup))

    def _leased_elsewhere(self, topup: TopUp) -> bool:
        if topup.lease_till in (None, self.context.till):
            return False
        return is_held(topup.lease_until, self.context.now())
