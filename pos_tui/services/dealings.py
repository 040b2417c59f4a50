"""Every exchange about one top-up: through the journal, its answer verified and written down."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from pos_tui.domain.errors import Conflict, RuleError
from pos_tui.domain.journal import Field
from pos_tui.domain.lease import LEASE_MS
from pos_tui.domain.outcome import Done, Outcome
from pos_tui.domain.topup import (
    FINAL,
    Decision,
    RemoteWord,
    ReserveRequest,
    Standing,
    TopUp,
    TopUpState,
    after_decision,
    after_reserve,
    check_move,
)
from pos_tui.domain.values import replace
from pos_tui.domain.waiting import operation_days
from pos_tui.providers.base import ReserveRef, TopUpProvider
from pos_tui.services.context import Context
from pos_tui.services.journal import Change, Claim, Event
from pos_tui.services.settling import Moment, Rules, after_asking, after_release, changes, verified
from pos_tui.store import topups
from pos_tui.store.database import Transaction
from pos_tui.store.models import TopUpRow

Papers = Callable[[Transaction, TopUp], None]
"""Queues what a settled top-up prints inside the commit that settles it."""

Connect = Callable[[str], TopUpProvider]
"""Gives the provider of a name, connecting it the first time. Raises ConfigError when it is not set up."""

BRASILIA = "America/Sao_Paulo"
"""The zone in which providers book."""

NO_TRACE: Mapping[str, Field] = {}
"""Nobody had to approve."""


class Dealings:
    """Asks providers for one effect at a time. Takes top-ups as last read; says nothing of the rules."""

    def __init__(
        self,
        context: Context,
        connect: Connect,
        rules: Rules,
        papers: Papers,
        print_now: Callable[[], None],
    ) -> None:
        self._context = context
        self._connect = connect
        self._rules = rules
        self._papers = papers
        self._print_now = print_now
        self._under_way: set[str] = set()
        self.limited = False
        """Whether the provider refused a reserve for too many pendings, and none was settled since."""

    def get(self, key: str) -> TopUp:
        """Return one top-up as it stands now. Raises RuleError when there is none."""
        with self._context.store.reading() as tx:
            found = topups.get(tx, key)
        if found is None:
            raise RuleError("Venda não encontrada.")
        return found

    def reserve(self, topup: TopUp, who: str) -> Outcome[Standing]:
        """Send the reserve under its key.

        Raises:
            Conflict: somebody else is at it.
            ConfigError: its provider is not set up.
        """
        provider = self._connect(topup.provider)
        request = _request(topup, who)
        anew = {"sent_at": self._context.now(), "absent_at": None, "asked": 0}
        sending = replace(topup, **anew)  # type: ignore[arg-type]
        with self._alone(topup):
            return self._context.journal.ask(
                self._claim(topup, TopUpState.SENDING, **anew),
                topup_event("topup.reserve", topup, who),
                lambda: verified(topup, provider.reserve(request)),
                lambda outcome: self._settled(sending, after_reserve(outcome), outcome),
            )

    def ask(self, topup: TopUp, state: TopUpState, who: str) -> TopUp:
        """Ask what became of it; `state` is how it stands meanwhile. Raises as `reserve`."""
        provider = self._connect(topup.provider)
        told: list[Outcome[Standing]] = []

        def request() -> Outcome[Standing]:
            told[:] = [self._status(provider, topup)]
            return verified(topup, told[0])

        def settle(outcome: Outcome[Standing]) -> Change:
            now, patience = self._context.now(), self._rules.patience
            asked = replace(topup, state=state)
            answer = told[0] if told else outcome
            after = after_asking(asked, answer, outcome, now, patience)
            return self._settled(asked, after, outcome, asking=True)

        with self._alone(topup):
            event = topup_event("topup.status", topup, who)
            self._context.journal.ask(self._claim(topup, state), event, request, settle)
        return self._settled_now(topup.id)

    def _status(self, provider: TopUpProvider, topup: TopUp) -> Outcome[Standing]:
        """Ask by every day on which the provider may have booked the reserve."""
        outcome: Outcome[Standing]
        for day in operation_days(topup.sent_at, ZoneInfo(BRASILIA), self._rules.patience):
            outcome = provider.status(_ref(topup, day))
            if not isinstance(outcome, Done) or outcome.answer.word is not RemoteWord.ABSENT:
                break
        return outcome

    def decide(
        self, topup: TopUp, decision: Decision, who: str, reason: str, trace: Mapping[str, Field] = NO_TRACE
    ) -> TopUp:
        """Write a decision down, then send it.

        Raises:
            RuleError: the provider says that there is nothing left to decide.
            Conflict, ConfigError: as `reserve`.
        """
        if not topup.provider_ref:
            # Some providers decide by their own number only, and an answer to a question may bring it.
            topup = self._with_number(topup, who)
        confirming = decision is Decision.CONFIRM
        provider = self._connect(topup.provider)
        state = TopUpState.CONFIRMING if confirming else TopUpState.CANCELLING
        made = {"decision": decision, "decided_by": topup.decided_by or who, "reason": reason}
        decided = replace(topup, asked=0, **made)  # type: ignore[arg-type]
        send = provider.confirm if confirming else provider.cancel
        with self._alone(topup):
            self._context.journal.ask(
                self._claim(topup, state, **made, asked=0),
                topup_event(f"topup.{decision.value}", topup, who, reason=reason, **trace),
                lambda: verified(topup, send(_ref(topup))),
                lambda outcome: self._settled(decided, after_decision(decision, outcome), outcome),
            )
        topup = self._settled_now(topup.id)
        if self._late(topup):
            self.release(topup, who)
            return self.get(topup.id)
        return topup

    def _late(self, topup: TopUp) -> bool:
        """Whether its confirmation came too late and its provider holds the store's credit all the same."""
        late = topup.state is TopUpState.EXPIRED and topup.decision is Decision.CONFIRM
        return late and self._connect(topup.provider).holds_expired

    def held_in_vain(self, topup: TopUp) -> bool:
        """Whether what its provider lists as pending may be let go there: cancelled here, or late."""
        return topup.state is TopUpState.CANCELLED or self._late(topup)

    def release(self, topup: TopUp, who: str) -> Outcome[Standing]:
        """Let the provider give back what it holds for one that is `held_in_vain`; its state stays.

        A late one was refused its confirmation for good, and the provider is asked once more before the
        cancel: this is no way from a confirmation to its opposite. Raises as `reserve`.
        """
        provider = self._connect(topup.provider)

        def request() -> Outcome[Standing]:
            asked = verified(topup, self._status(provider, topup))
            if isinstance(asked, Done) and asked.answer.word is RemoteWord.RESERVED:
                numbered = replace(_ref(topup), provider_ref=asked.answer.provider_ref)
                return verified(topup, provider.cancel(numbered))
            return asked

        with self._alone(topup):
            return self._context.journal.ask(
                Claim(TopUpRow, topup.id, topup.version),
                topup_event("topup.release", topup, who),
                request,
                lambda outcome: Change({"why": after_release(topup, outcome)}),
            )

    def _with_number(self, topup: TopUp, who: str) -> TopUp:
        asked = self.ask(topup, topup.state, who)
        if asked.state not in (TopUpState.RESERVED, TopUpState.UNCERTAIN):
            raise RuleError(f"A operadora diz: {asked.words}. Nada foi decidido agora.")
        return asked

    def discard(self, topup: TopUp, reason: str, who: str, trace: Mapping[str, Field] = NO_TRACE) -> TopUp:
        """Cancel what was never sent; nobody outside is asked. Raises Conflict."""
        values: dict[str, object] = {
            "state": check_move(topup.state, TopUpState.CANCELLED),
            "reason": reason,
            "decision": Decision.CANCEL,
            "decided_by": who,
            "open_since": None,
            "ask_at": None,
            "settled_at": self._context.now(),
        }
        event = topup_event("topup.cancel", topup, who, reason=reason, **trace)
        change = Change(values, self._then(topup, values))
        self._context.journal.change(Claim(TopUpRow, topup.id, topup.version, change), event, "discarded")
        self.limited = False
        return self._settled_now(topup.id)

    def _settled_now(self, key: str) -> TopUp:
        topup = self.get(key)
        if topup.state in FINAL:
            self._print_now()
        return topup

    def _claim(self, topup: TopUp, state: TopUpState, **changes: object) -> Claim:
        if state is not topup.state:
            check_move(topup.state, state)
        # Should this till die over it, it is asked about once its lease is over.
        changes = {"state": state, "ask_at": self._context.now() + LEASE_MS, **changes}
        return Claim(TopUpRow, topup.id, topup.version, Change(changes))

    def _settled(
        self, topup: TopUp, state: TopUpState, outcome: Outcome[Standing], asking: bool = False
    ) -> Change:
        at = Moment(self._context.now(), self._context.zone, self._rules, asking)
        values = changes(topup, state, outcome, at)
        if state in FINAL or (state is TopUpState.RESERVED and not asking):
            self.limited = False
        return Change(values, self._then(topup, values) if state in FINAL else None)

    def _then(self, topup: TopUp, values: dict[str, object]) -> Callable[[Transaction], None]:
        return lambda tx: self._papers(tx, replace(topup, **values))  # type: ignore[arg-type]

    @contextmanager
    def _alone(self, topup: TopUp) -> Iterator[None]:
        """Keep this till's other threads away: a question amid a request would find it half done."""
        if topup.id in self._under_way:
            raise Conflict("Esta recarga já está sendo tratada neste caixa: aguarde a resposta.")
        self._under_way.add(topup.id)
        try:
            yield
        finally:
            self._under_way.discard(topup.id)


def topup_event(kind: str, topup: TopUp, who: str, **data: Field) -> Event:
    """The journal's line about a top-up."""
    return Event(kind, topup.id, who, {"key": topup.provider_key, **data})


def _request(topup: TopUp, who: str) -> ReserveRequest:
    return ReserveRequest(
        key=topup.provider_key,
        line=topup.mobile,
        operator=topup.operator,
        product=topup.product,
        face=topup.face,
        variable=topup.variable,
        terminal=str(topup.till),
        seller=who,
    )


def _ref(topup: TopUp, day: str = "") -> ReserveRef:
    return ReserveRef(topup.provider_key, topup.provider_ref, str(topup.till), day)
