"""The life of one top-up: states, the moves between them, and the words the screen uses.

Source: facts/topup.md §14.1 and seed 1. The provider reserves the credit, and only a confirmation
credits the line. A decision (confirm or cancel) is made once and never turns into its opposite.
"""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from pos_tui.domain.errors import RuleError
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.phone import Mobile


class TopUpState(StrEnum):
    """Where a top-up stands."""

    RECORDED = "recorded"
    """Committed here, nothing sent."""
    SENDING = "sending"
    """The reserve may be on its way."""
    NOT_SENT = "not_sent"
    """Proved absent at the provider; the same key may be sent again."""
    RESERVED = "reserved"
    """The provider holds the credit and waits for a decision."""
    UNCERTAIN = "uncertain"
    """Bytes left and nothing proves what became of them; see the decision for which ones."""
    CONFIRMING = "confirming"
    CONFIRMED = "confirmed"
    PROCESSING = "processing"
    """Confirmed by the provider, the operator has not said its final word."""
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    EXPIRED = "expired"
    REVERSED = "reversed"
    """Undone by the provider after completion: rare, always an alert."""


class Decision(StrEnum):
    """What was decided about a reserve: written once, before any byte of it leaves."""

    NONE = "none"
    CONFIRM = "confirm"
    CANCEL = "cancel"


S = TopUpState

FINAL = frozenset({S.CONFIRMED, S.CANCELLED, S.REFUSED, S.EXPIRED, S.REVERSED})
"""No key changes these. (A provider may still reverse a confirmed one.)"""

IN_FLIGHT = frozenset({S.SENDING, S.CONFIRMING, S.CANCELLING})
"""A request may be on its way; after a crash these are asked about first."""

PENDING = frozenset(S) - FINAL
"""What the seed calls pendente: it occupies the budget and shows in yellow."""

COUNTING = PENDING | {S.CONFIRMED}
"""Part of what the customer pays."""

UNSENT = frozenset({S.RECORDED, S.NOT_SENT})
"""Nothing is at the provider: *Envio não realizado*."""

MOVES: dict[TopUpState, frozenset[TopUpState]] = {
    S.RECORDED: frozenset({S.SENDING, S.CANCELLED}),
    S.SENDING: frozenset(
        {S.RESERVED, S.REFUSED, S.NOT_SENT, S.UNCERTAIN, S.EXPIRED, S.CONFIRMED, S.CANCELLED}
    ),
    S.NOT_SENT: frozenset({S.SENDING, S.CANCELLED, S.UNCERTAIN}),
    S.RESERVED: frozenset({S.CONFIRMING, S.CANCELLING, S.EXPIRED, S.CONFIRMED, S.CANCELLED, S.UNCERTAIN}),
    S.UNCERTAIN: frozenset(
        {S.RESERVED, S.REFUSED, S.NOT_SENT, S.CONFIRMED, S.PROCESSING, S.CANCELLED, S.EXPIRED, S.REVERSED}
        | {S.CONFIRMING, S.CANCELLING, S.SENDING}
    ),
    S.CONFIRMING: frozenset(
        {S.CONFIRMED, S.PROCESSING, S.UNCERTAIN, S.RESERVED, S.REFUSED, S.EXPIRED, S.CANCELLED, S.REVERSED}
    ),
    S.PROCESSING: frozenset({S.CONFIRMED, S.REFUSED, S.REVERSED, S.UNCERTAIN, S.CANCELLED}),
    S.CANCELLING: frozenset({S.CANCELLED, S.UNCERTAIN, S.CONFIRMED, S.EXPIRED, S.RESERVED}),
    S.CONFIRMED: frozenset({S.REVERSED}),
    S.CANCELLED: frozenset(),
    S.REFUSED: frozenset(),
    S.EXPIRED: frozenset(),
    S.REVERSED: frozenset(),
}
"""Every allowed move.

RESERVED after CONFIRMING: the confirmation proved never to have arrived. UNCERTAIN after NOT_SENT: the
provider lists it as pending all the same.
"""


class RemoteWord(StrEnum):
    """What a provider can say of a key (facts/topup.md §12)."""

    RESERVED = "reserved"
    CONFIRMED = "confirmed"
    PROCESSING = "processing"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REVERSED = "reversed"
    REFUSED = "refused"
    """Accepted first, then turned down for good; nothing was credited."""
    ABSENT = "absent"


class Offer(Struct, frozen=True):
    """A value that a provider sells for an operator in a state."""

    operator: str
    """The provider's code of the operator."""
    operator_name: str
    product: str
    """The provider's code of the product."""
    name: str
    face: int
    """Centavos the customer pays; 0 when the value is free between minimum and maximum."""
    cost: int | None = None
    """Centavos the store pays, where the provider tells."""
    validity_days: int | None = None
    """Days the credit lasts; None when the provider does not tell."""
    minimum: int = 0
    maximum: int = 0
    step: int = 0
    """Centavos between two free values; 0 when any value from minimum to maximum will do."""
    ufs: frozenset[str] = frozenset()
    """States it is sold in; empty means everywhere."""


class ReserveRequest(Struct, frozen=True):
    """What is asked of the provider. `key` names it for its whole life."""

    key: str
    line: Mobile
    operator: str
    product: str
    face: int
    terminal: str
    seller: str
    variable: bool = False
    """The value was free between a minimum and a maximum, so some providers must be told it."""


class Standing(Struct, frozen=True):
    """What a provider says of one key."""

    key: str
    """Our key, as echoed by the provider."""
    word: RemoteWord
    provider_ref: str = ""
    nsu: str = ""
    line: str = ""
    """Eleven digits, when the answer names the line."""
    face: int | None = None
    cost: int | None = None
    expires_at: datetime | None = None
    message: str = ""
    """The operator's words for the receipt."""
    refusal: Refused | None = None
    """Why, where it was REFUSED and the provider tells."""


class Balance(Struct, frozen=True):
    """The store's credit at the provider, in centavos."""

    limit: int
    available: int


class TopUp(Struct, frozen=True):
    """One top-up of a sale, as last read from the database."""

    id: str
    sale_id: str
    sale_number: int | None
    position: int
    till: int
    provider: str
    provider_key: str
    operator: str
    operator_name: str
    product: str
    product_name: str
    line: str
    face: int
    variable: bool
    """The value was typed, between the product's minimum and maximum."""
    cost: int | None
    validity_days: int | None
    state: TopUpState
    decision: Decision
    decided_by: str
    reason: str
    version: int
    lease_till: int | None
    lease_until: int | None
    provider_ref: str
    nsu: str
    message: str
    why_class: str
    why_code: str
    why: str
    requested_at: int
    open_since: int | None
    expires_at: int | None
    settled_at: int | None
    sent_at: int | None = None
    """When its reserve was last sent."""
    absent_at: int | None = None
    """When the provider first said "not found" in a way that counts."""
    ask_at: int | None = None
    """When the till asks about it by itself."""
    asked: int = 0
    """How often it was asked about since something was last sent."""

    @property
    def pending(self) -> bool:
        """Whether it still waits for something."""
        return self.state in PENDING

    @property
    def words(self) -> str:
        """The seed's words for where it stands."""
        return WORDS[self.state]

    @property
    def mobile(self) -> Mobile:
        """The line, as a number with its area code."""
        return Mobile(self.line[:2], self.line[2:])


_BY_WORD = {
    RemoteWord.RESERVED: S.RESERVED,
    RemoteWord.CONFIRMED: S.CONFIRMED,
    RemoteWord.PROCESSING: S.PROCESSING,
    RemoteWord.CANCELLED: S.CANCELLED,
    RemoteWord.EXPIRED: S.EXPIRED,
    RemoteWord.REVERSED: S.REVERSED,
    RemoteWord.REFUSED: S.REFUSED,
    RemoteWord.ABSENT: S.NOT_SENT,
}


def check_move(now: TopUpState, then: TopUpState) -> TopUpState:
    """Return `then` when the table allows the move. Raises RuleError when it does not."""
    if then not in MOVES[now]:
        raise RuleError(f"Uma recarga {WORDS[now]} não pode passar a {WORDS[then]}.")
    return then


def _land(now: TopUpState, word: RemoteWord) -> TopUpState:
    """Where a provider's word leads from here; a word the table has no way to is not believed blindly."""
    then = _BY_WORD[word]
    return then if then in MOVES[now] or then is now else S.UNCERTAIN


def after_reserve(outcome: Outcome[Standing]) -> TopUpState:
    """Where a SENDING top-up stands once its reserve was answered."""
    match outcome:
        case Done(answer):
            return _land(S.SENDING, answer.word)
        case NotSent() | Refused(reason=RefusalClass.TRANSIENT | RefusalClass.PENDING_LIMIT):
            return S.NOT_SENT
        case Refused(reason=RefusalClass.STATE | RefusalClass.NOT_FOUND) | Uncertain():
            return S.UNCERTAIN
        case Refused(reason=RefusalClass.EXPIRED):
            return S.EXPIRED
        case Refused():
            return S.REFUSED


def after_decision(decision: Decision, outcome: Outcome[Standing]) -> TopUpState:
    """Where a CONFIRMING or CANCELLING top-up stands once the provider answered.

    NotSent brings it back to RESERVED with the decision kept: only that decision may be sent again.
    A refusal that does not name a final state proves nothing and is asked about.
    """
    now = S.CONFIRMING if decision is Decision.CONFIRM else S.CANCELLING
    match outcome:
        case Done(answer):
            return _land(now, answer.word)
        case NotSent() | Refused(reason=RefusalClass.TRANSIENT):
            return S.RESERVED
        case Refused(reason=RefusalClass.EXPIRED):
            return S.EXPIRED
        case Refused() | Uncertain():
            return S.UNCERTAIN


def after_query(now: TopUpState, decision: Decision, outcome: Outcome[Standing]) -> TopUpState:
    """Where a top-up stands once the provider was asked. No answer leaves it where it was.

    ABSENT frees a reserve whose answer was lost; under a decision it contradicts what we hold, so it
    stays uncertain until a person looks.
    """
    match outcome:
        case Done(answer):
            if answer.word is RemoteWord.ABSENT and decision is not Decision.NONE:
                return S.UNCERTAIN
            return _land(now, answer.word)
        case _:
            return S.UNCERTAIN if now in IN_FLIGHT else now


WORDS: dict[TopUpState, str] = {
    S.RECORDED: "Pendente (Envio não realizado)",
    S.SENDING: "Pendente [enviando]",
    S.NOT_SENT: "Pendente (Envio não realizado)",
    S.RESERVED: "Pendente",
    S.UNCERTAIN: "Pendente [verificar]",
    S.CONFIRMING: "Pendente [confirmando]",
    S.CONFIRMED: "Confirmada",
    S.PROCESSING: "Pendente [processando]",
    S.CANCELLING: "Pendente [cancelando]",
    S.CANCELLED: "Cancelada",
    S.REFUSED: "Cancelada (recusada)",
    S.EXPIRED: "Cancelada (expirou)",
    S.REVERSED: "Cancelada (revertida)",
}
"""The seed's words; square brackets hold what the seed does not name."""


def why_not_confirm(state: TopUpState, decision: Decision) -> str | None:
    """Why the confirm key is off for this top-up, or None when it is on."""
    if state is S.CONFIRMED:
        return "Esta recarga já está confirmada."
    if state in FINAL:
        return f"{WORDS[state]}: não há o que confirmar."
    if decision is Decision.CANCEL:
        return "O cancelamento já foi decidido: consulte com F5."
    if state in UNSENT:
        return "O envio ainda não foi realizado: envie de novo (E)."
    if state is S.RESERVED or (state is S.UNCERTAIN and decision is Decision.CONFIRM):
        return None
    return f"{WORDS[state]}: consulte com F5."


def why_not_cancel(state: TopUpState, decision: Decision) -> str | None:
    """Why the cancel key is off for this top-up, or None when it is on."""
    if state in (S.CONFIRMED, S.PROCESSING):
        return "Recarga confirmada não pode mais ser cancelada."
    if state in FINAL:
        return f"{WORDS[state]}: não há o que cancelar."
    if decision is Decision.CONFIRM:
        return "A confirmação já foi decidida: não pode mais ser cancelada. Consulte com F5."
    if state in UNSENT or state is S.RESERVED:
        return None
    if state is S.UNCERTAIN and decision is Decision.CANCEL:
        return None
    return f"{WORDS[state]}: consulte com F5 antes de cancelar."
