"""The life of one payment line: methods, states, the moves between them, the words of the screen.

Source: design §3, facts/payments.md §6. Two things are kept of a line: its state, what the outside is known
to hold, and its decision, what the till resolved to do about it, written before any byte of it leaves. So a
confirmation on its way is APPROVED with Decision.CONFIRM, a refund on its way CONFIRMED with Decision.REFUND.
UNCERTAIN means one thing: nobody here knows whether the customer was charged.
"""

from enum import StrEnum
from typing import Protocol

from pos_tui.domain.errors import FieldError, RuleError
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain


class Method(StrEnum):
    """How a customer pays."""

    CASH = "cash"
    CARD = "card"
    """A stand-alone card machine: the slip's data is typed."""
    TEF = "tef"
    PIX_STATIC = "pix_static"
    PIX_DYNAMIC = "pix_dynamic"
    RECURRING = "recurring"


LABELS: dict[Method, str] = {
    Method.CASH: "Dinheiro",
    Method.CARD: "Cartão (maquininha)",
    Method.TEF: "TEF",
    Method.PIX_STATIC: "Pix",
    Method.PIX_DYNAMIC: "Pix",
    Method.RECURRING: "Crédito recorrente",
}

BY_HAND = frozenset({Method.CASH, Method.CARD, Method.PIX_STATIC})
"""A person vouches for these; no outside system is asked, and saving the sale confirms them."""
ASKED = frozenset({Method.TEF, Method.PIX_DYNAMIC})
"""An outside system is asked at the counter, and says what became of it."""


class PaymentState(StrEnum):
    """What is known of the money."""

    CREATED = "created"
    """Committed here; nothing is outside."""
    SENT = "sent"
    """Asked for, or being asked for; waits for the customer."""
    UNCERTAIN = "uncertain"
    """Bytes left and nothing proves whether the customer was charged."""
    APPROVED = "approved"
    """The customer was charged, and the charge stands only once confirmed."""
    CONFIRMED = "confirmed"
    """The money is the store's."""
    REFUSED = "refused"
    UNDONE = "undone"
    """An approved charge let go before it was confirmed."""
    CANCELLED = "cancelled"
    """Given up before the customer was charged."""
    LATE = "late"
    """Paid after it was given up: the store has money that no sale counts on, and a person decides."""
    REFUNDED = "refunded"
    """Confirmed money went back to the customer."""


class Decision(StrEnum):
    """What the till resolved to do with a line."""

    NONE = "none"
    CONFIRM = "confirm"
    UNDO = "undo"
    CANCEL = "cancel"
    REFUND = "refund"


S = PaymentState

LIVE = frozenset({S.CREATED, S.SENT, S.UNCERTAIN, S.APPROVED, S.CONFIRMED})
"""Lines that count, or may yet count, towards the sale."""
FINAL = frozenset({S.CONFIRMED, S.REFUSED, S.UNDONE, S.CANCELLED, S.LATE, S.REFUNDED})
"""Nothing is on its way, unless a refund of a confirmed line was decided."""
OPEN = frozenset(S) - FINAL
"""What is recovered at start before anything new."""

MOVES: dict[PaymentState, frozenset[PaymentState]] = {
    S.CREATED: frozenset({S.SENT, S.CONFIRMED, S.CANCELLED}),
    S.SENT: frozenset({S.CREATED, S.UNCERTAIN, S.APPROVED, S.CONFIRMED, S.REFUSED, S.CANCELLED}),
    S.UNCERTAIN: frozenset(
        {S.CREATED, S.SENT, S.APPROVED, S.CONFIRMED, S.REFUSED, S.UNDONE, S.CANCELLED, S.REFUNDED}
    ),
    S.APPROVED: frozenset({S.CONFIRMED, S.UNDONE}),
    S.CONFIRMED: frozenset({S.REFUNDED}),
    S.REFUSED: frozenset(),
    S.UNDONE: frozenset(),
    # A customer may pay in the very moment the charge is given up: an alert for a person, never silence.
    S.CANCELLED: frozenset({S.LATE}),
    S.LATE: frozenset({S.REFUNDED}),
    S.REFUNDED: frozenset(),
}
"""Every allowed move. CREATED after SENT means: proved not to have reached the outside."""

DECISIONS: dict[Decision, dict[PaymentState, PaymentState]] = {
    Decision.CONFIRM: {S.APPROVED: S.CONFIRMED},
    Decision.UNDO: {S.APPROVED: S.UNDONE},
    Decision.CANCEL: {S.CREATED: S.CANCELLED, S.SENT: S.CANCELLED, S.UNCERTAIN: S.CANCELLED},
    Decision.REFUND: {S.CONFIRMED: S.REFUNDED, S.LATE: S.REFUNDED},
}
"""Each decision: the states it is taken in, and where it leads when carried out."""

_NEXT_DECISION = {
    Decision.NONE: frozenset({Decision.CONFIRM, Decision.UNDO, Decision.CANCEL, Decision.REFUND}),
    Decision.CONFIRM: frozenset({Decision.REFUND}),
    # A charge that was paid while it was being given up may still be let go, never kept.
    Decision.CANCEL: frozenset({Decision.UNDO, Decision.REFUND}),
    Decision.UNDO: frozenset[Decision](),
    Decision.REFUND: frozenset[Decision](),
}


class PaymentWord(StrEnum):
    """What an outside system can say of one payment."""

    WAITING = "waiting"
    APPROVED = "approved"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNDONE = "undone"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    ABSENT = "absent"


class PaymentAnswer(Protocol):
    """Any adapter's answer about one payment."""

    @property
    def word(self) -> PaymentWord:
        """Where the payment stands outside."""


_BY_WORD = {
    PaymentWord.WAITING: S.SENT,
    PaymentWord.APPROVED: S.APPROVED,
    PaymentWord.CONFIRMED: S.CONFIRMED,
    PaymentWord.REFUSED: S.REFUSED,
    PaymentWord.UNDONE: S.UNDONE,
    PaymentWord.CANCELLED: S.CANCELLED,
    PaymentWord.REFUNDED: S.REFUNDED,
    PaymentWord.ABSENT: S.CREATED,
}


def check_move(now: PaymentState, then: PaymentState) -> PaymentState:
    """Return `then` when the table allows the move. Raises RuleError when it does not."""
    if then not in MOVES[now]:
        raise RuleError(f"Um pagamento {WORDS[now]} não pode passar a {WORDS[then]}.")
    return then


def after_charge(outcome: Outcome[PaymentAnswer]) -> PaymentState:
    """Where a SENT line stands once its request was answered."""
    match outcome:
        case Done(answer):
            return _land(S.SENT, answer.word)
        case NotSent() | Refused(reason=RefusalClass.TRANSIENT):
            return S.CREATED
        case Refused(reason=RefusalClass.STATE | RefusalClass.NOT_FOUND) | Uncertain():
            return S.UNCERTAIN
        case Refused():
            return S.REFUSED


def after_decision(
    now: PaymentState, decision: Decision, outcome: Outcome[PaymentAnswer | None]
) -> PaymentState:
    """Where a line stands once its decision was answered.

    Done(None) says that it was carried out. Without proof nothing moves: the same decision is sent again, or
    asked about. A cancelling that nothing proves leaves the charge itself unknown.
    """
    match outcome:
        case Done(None):
            return DECISIONS[decision][now]
        case Done(answer) if answer is not None:
            return _land(now, answer.word)
        case Uncertain() if now is S.SENT:
            return S.UNCERTAIN
        case _:
            return now


def after_query(now: PaymentState, decision: Decision, outcome: Outcome[PaymentAnswer]) -> PaymentState:
    """Where a line stands once the outside was asked. No answer leaves it where it was.

    ABSENT frees a line whose request was lost; under a decision it contradicts what is held here. Refused
    NOT_FOUND says that the outside had the request and knows nothing of it any more: that proves nothing.
    """
    if isinstance(outcome, Refused) and outcome.reason is RefusalClass.NOT_FOUND and now is S.SENT:
        return S.UNCERTAIN
    if not isinstance(outcome, Done):
        return now
    if outcome.answer.word is PaymentWord.ABSENT and decision not in _ABSENT_AGREES:
        return now
    return _land(now, outcome.answer.word)


_ABSENT_AGREES = frozenset({Decision.NONE, Decision.CANCEL})


def _land(now: PaymentState, word: PaymentWord) -> PaymentState:
    """Where a word leads from here; one that the table has no way to is not believed blindly.

    What was charged stays charged until its end is proved: a contradiction never forgets money.
    """
    then = _BY_WORD[word]
    if then is S.CONFIRMED and S.LATE in MOVES[now]:
        return S.LATE
    if then in MOVES[now] or then is now:
        return then
    return S.UNCERTAIN if S.UNCERTAIN in MOVES[now] else now


WORDS: dict[PaymentState, str] = {
    S.CREATED: "a receber",
    S.SENT: "aguardando",
    S.UNCERTAIN: "incerto [verificar]",
    S.APPROVED: "aprovado",
    S.CONFIRMED: "confirmado",
    S.REFUSED: "negado",
    S.UNDONE: "desfeito",
    S.CANCELLED: "cancelado",
    S.LATE: "pago depois de cancelado",
    S.REFUNDED: "estornado",
}
_ON_ITS_WAY = {
    (S.APPROVED, Decision.CONFIRM): "aprovado [confirmando]",
    (S.APPROVED, Decision.UNDO): "aprovado [desfazendo]",
    (S.SENT, Decision.CANCEL): "aguardando [cancelando]",
    (S.CONFIRMED, Decision.REFUND): "confirmado [estornando]",
    (S.LATE, Decision.REFUND): "pago tarde [estornando]",
}


def words(state: PaymentState, decision: Decision = Decision.NONE) -> str:
    """Say where a line stands, as the screen does."""
    return _ON_ITS_WAY.get((state, decision), WORDS[state])


def why_not_decide(state: PaymentState, decision: Decision, wanted: Decision) -> str | None:
    """Why this decision cannot be taken (again), or None when it can."""
    if wanted is decision and state in DECISIONS.get(wanted, {}):
        return None
    if state not in DECISIONS.get(wanted, {}):
        return f"Pagamento {words(state, decision)}: isso não é possível agora. Consulte com F5."
    if wanted not in _NEXT_DECISION[decision]:
        return f"Pagamento {words(state, decision)}: já foi decidido. Consulte com F5."
    return None


RULINGS = frozenset({S.CONFIRMED, S.UNDONE, S.CANCELLED})
"""What a supervisor may rule of an uncertain line."""
_DECIDED_RULINGS = {
    (S.APPROVED, Decision.CONFIRM): frozenset({S.CONFIRMED}),
    (S.APPROVED, Decision.UNDO): frozenset({S.UNDONE}),
    (S.CONFIRMED, Decision.REFUND): frozenset({S.REFUNDED, S.CONFIRMED}),
    (S.LATE, Decision.REFUND): frozenset({S.REFUNDED, S.LATE}),
}


def rulings(state: PaymentState, decision: Decision = Decision.NONE) -> frozenset[PaymentState]:
    """What a supervisor may rule of a line that asking does not settle: never against what was decided."""
    if state is S.UNCERTAIN:
        return RULINGS
    return _DECIDED_RULINGS.get((state, decision), frozenset())


def rule(
    now: PaymentState, then: PaymentState, reason: str, decision: Decision = Decision.NONE
) -> PaymentState:
    """Return `then`, as a supervisor ruled of a line when asking could not settle it.

    Raises:
        RuleError: when the line does not wait for a ruling, or the ruling is none.
        FieldError: without a reason of at least five characters.
    """
    if then not in rulings(now, decision):
        raise RuleError(f"Só um pagamento sem resposta se decide à mão; este está {words(now, decision)}.")
    if len(reason.strip()) < 5:
        raise FieldError("reason", "Escreva o motivo da decisão: o que mostra que houve ou não a cobrança.")
    return then


def waits(method: Method, state: PaymentState, decision: Decision) -> bool:
    """Whether something of a line is still to be done or learnt outside; the start recovers it."""
    refunding = decision is Decision.REFUND and state in DECISIONS[Decision.REFUND]
    return method in ASKED and (state in OPEN or refunding)


def why_not_remove(state: PaymentState, decision: Decision = Decision.NONE) -> str | None:
    """Why the line cannot be taken off the sale, or None when it can."""
    if state is S.CREATED or state not in LIVE:
        return None
    if state is S.CONFIRMED:
        return "Pagamento confirmado não se remove: peça o estorno a um supervisor."
    if state is S.APPROVED:
        return "Pagamento aprovado não se remove: desfaça o pagamento antes."
    return f"Pagamento {words(state, decision)}: cancele e aguarde a resposta antes de remover."
