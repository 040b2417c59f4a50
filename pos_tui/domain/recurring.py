"""A recurring card payment by link: the attempt to get it paid, and what the provider says of it (seed 2).

Source: facts/payments.md §1.5. An OS has one live attempt; it is stored before the first byte leaves. The
instalments are in `domain.instalments`.
"""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from pos_tui.domain.errors import RuleError
from pos_tui.domain.instalments import InstalmentState
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused


class Mode(StrEnum):
    """How the store runs *Crédito recorrente*."""

    INTEGRATED = "integrated"
    MANUAL = "manual"


MODE_WORDS = {Mode.INTEGRATED: "Integrado", Mode.MANUAL: "Manual"}


class AttemptState(StrEnum):
    """Where an attempt stands."""

    DRAFT = "draft"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    WAITING = "waiting"
    """The customer has a link to pay by."""
    ANALYSIS = "analysis"
    """Paid, and the provider looks at it: neither money nor a no."""
    CANCELLING = "cancelling"
    PAID = "paid"
    ERROR = "error"
    """The provider refused to make it."""
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    LATE = "late"
    """Paid though it was being cancelled, or was over: a person accepts or refunds."""
    REFUNDING = "refunding"
    REFUNDED = "refunded"


S = AttemptState

MOVES: dict[AttemptState, frozenset[AttemptState]] = {
    # What was taken for never arrived may arrive all the same, hours late.
    S.DRAFT: frozenset({S.SENDING, S.CANCELLED, S.WAITING, S.ANALYSIS, S.PAID, S.EXPIRED, S.REFUNDED}),
    S.SENDING: frozenset(
        {S.DRAFT, S.UNCERTAIN, S.WAITING, S.ANALYSIS, S.PAID, S.ERROR, S.EXPIRED, S.CANCELLED, S.REFUNDED}
    ),
    S.UNCERTAIN: frozenset(
        {S.DRAFT, S.WAITING, S.ANALYSIS, S.PAID, S.EXPIRED, S.CANCELLED, S.CANCELLING, S.REFUNDED}
    ),
    # Paid and given back on the provider's own panel before anybody here asked.
    S.WAITING: frozenset({S.ANALYSIS, S.PAID, S.CANCELLING, S.CANCELLED, S.EXPIRED, S.REFUNDED}),
    S.ANALYSIS: frozenset({S.WAITING, S.PAID, S.CANCELLING, S.CANCELLED, S.EXPIRED, S.REFUNDED}),
    S.CANCELLING: frozenset({S.CANCELLED, S.LATE, S.REFUNDED}),
    S.PAID: frozenset(),
    S.ERROR: frozenset({S.LATE}),
    S.CANCELLED: frozenset({S.LATE}),
    S.EXPIRED: frozenset({S.LATE}),
    S.LATE: frozenset({S.PAID, S.REFUNDING, S.REFUNDED}),
    S.REFUNDING: frozenset({S.LATE, S.REFUNDED}),
    S.REFUNDED: frozenset(),
}
"""Every allowed move. DRAFT after SENDING means: proved not to have reached the provider."""

LIVE = frozenset({S.DRAFT, S.SENDING, S.UNCERTAIN, S.WAITING, S.ANALYSIS, S.CANCELLING, S.LATE, S.REFUNDING})
"""The OS has no room for another attempt."""
ALARMING = frozenset({S.LATE, S.REFUNDING})
"""Money that came against what was decided. It may come while another attempt of the same OS is live."""
HOLDING = LIVE - ALARMING
"""The one attempt of its OS that the customer may still pay, whatever two tills do."""
IN_FLIGHT = frozenset({S.SENDING, S.UNCERTAIN, S.CANCELLING, S.REFUNDING})
"""What a crash may have cut off."""
OVER = frozenset({S.ERROR, S.CANCELLED, S.EXPIRED, S.REFUNDED})
"""The OS may try again, or be paid in another way."""

WORDS = {
    S.DRAFT: "Não enviada",
    S.SENDING: "Enviando",
    S.UNCERTAIN: "Incerta [verificar]",
    S.WAITING: "Aguardando o pagamento",
    S.ANALYSIS: "Em análise de risco",
    S.CANCELLING: "Cancelando",
    S.PAID: "Paga",
    S.ERROR: "Com erro",
    S.CANCELLED: "Cancelada",
    S.EXPIRED: "Expirada",
    S.LATE: "PAGA DEPOIS DE CANCELADA",
    S.REFUNDING: "Devolvendo",
    S.REFUNDED: "Devolvida",
}

PAYMENT_PENDING = "Pagamento pendente"
PAYMENT_ERROR = "Pagamento com erro"
"""Seed 2's *Status dos Pagamentos*."""


class PaymentStatus(StrEnum):
    """What the list of OS can be narrowed to."""

    ALL = "all"
    PENDING = "pending"
    ERROR = "error"


STATUS_WORDS = {
    PaymentStatus.ALL: "Todos",
    PaymentStatus.PENDING: PAYMENT_PENDING,
    PaymentStatus.ERROR: PAYMENT_ERROR,
}


class Attempt(Struct, frozen=True):
    """One try to get an OS paid by a recurring card."""

    id: str
    """Also what the provider knows it by (externalReference)."""
    sale_id: str
    payment_id: str
    till: int
    mode: Mode
    provider: str
    state: AttemptState
    total: int
    count: int
    """Instalments."""
    first_due: str
    """Local day, `YYYY-MM-DD`."""
    created_at: int
    created_by: str
    subscription_ref: str = ""
    payment_ref: str = ""
    """The provider's key of the first charge: what the link pays."""
    link: str = ""
    problem: str = ""
    """What went wrong with the payment, for the OS; empty while nothing did."""
    why: str = ""
    """Why it stands where it stands, in words for the cashier."""
    decided_by: str = ""
    reason: str = ""
    sent_at: int | None = None
    open_since: int | None = None
    """Set while something is to be learnt of it or of its instalments."""
    ask_at: int | None = None
    asked: int = 0
    settled_at: int | None = None
    lease_till: int | None = None
    lease_until: int | None = None
    """Until when somebody who asked is waited for."""
    version: int = 0

    @property
    def words(self) -> str:
        """Where it stands, as the screen says it."""
        return WORDS[self.state]

    @property
    def live(self) -> bool:
        """Whether it still keeps other attempts away."""
        return self.state in LIVE


def payment_words(attempts: Sequence[Attempt], awaiting: bool) -> str:
    """Say in a list's cell how the recurring payment of an OS stands; nothing when there is nothing to do."""
    alarming = next((attempt for attempt in attempts if attempt.state in ALARMING), None)
    if alarming is not None:
        return alarming.words
    if not awaiting:
        return ""
    return PAYMENT_ERROR if attempts and attempts[-1].problem else PAYMENT_PENDING


def check_move(now: AttemptState, then: AttemptState) -> AttemptState:
    """Return `then` when the table allows the move. Raises RuleError when it does not."""
    if then not in MOVES[now]:
        raise RuleError(f"Uma tentativa «{WORDS[now]}» não pode passar a «{WORDS[then]}».")
    return then


# What the provider says


class ChargeWord(StrEnum):
    """What a provider can say of one charge."""

    WAITING = "waiting"
    ANALYSIS = "analysis"
    CONFIRMED = "confirmed"
    OVERDUE = "overdue"
    RETURNING = "returning"
    """Its money is asked back, and still the store's."""
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    """The card's holder contests it (chargeback)."""
    GONE = "gone"


class Charge(Struct, frozen=True):
    """One charge as the provider has it."""

    ref: str
    value: int
    due: str
    """`YYYY-MM-DD`."""
    word: ChargeWord
    link: str = ""


class Agreement(Struct, frozen=True):
    """A subscription as the provider has it, with the charges made so far, the first due first."""

    ref: str
    reference: str
    """Our attempt."""
    active: bool
    gone: bool
    charges: tuple[Charge, ...] = ()

    @property
    def first(self) -> Charge | None:
        """The charge that the link pays."""
        return self.charges[0] if self.charges else None

    @property
    def state(self) -> AttemptState:
        """What it says of the attempt, whatever we thought."""
        word = self.first.word if self.first else None
        match word:
            case ChargeWord.CONFIRMED | ChargeWord.DISPUTED:
                return S.PAID
            case ChargeWord.RETURNING:
                return S.REFUNDING
            case ChargeWord.REFUNDED:
                return S.REFUNDED
            case ChargeWord.GONE:
                return S.CANCELLED
        if self.gone:
            return S.CANCELLED
        if word is ChargeWord.ANALYSIS:
            return S.ANALYSIS
        # A subscription whose last charge was made calls itself over while that one can still be paid.
        return S.WAITING if self.active or word is not None else S.EXPIRED


class Absent(Struct, frozen=True):
    """The provider knows no subscription of ours by this reference."""


Reading = Agreement | Absent

ABSENT_AFTER_MS = 60_000
"""How long after the request a list that lacks it proves that it never arrived."""


def after_send(outcome: Outcome[Agreement]) -> AttemptState:
    """Where a SENDING attempt stands once its request was answered."""
    match outcome:
        case Done(agreement):
            return _land(S.SENDING, agreement.state)
        case NotSent() | Refused(reason=RefusalClass.TRANSIENT):
            return S.DRAFT
        case Refused(reason=RefusalClass.STATE | RefusalClass.NOT_FOUND):
            return S.UNCERTAIN
        case Refused():
            return S.ERROR
        case _:
            return S.UNCERTAIN


def after_query(attempt: Attempt, outcome: Outcome[Reading], now: int) -> AttemptState:
    """Where an attempt stands once the provider was asked. No answer leaves it where it was."""
    if not isinstance(outcome, Done):
        return attempt.state
    if isinstance(outcome.answer, Agreement):
        return _land(attempt.state, outcome.answer.state)
    if attempt.state in (S.SENDING, S.UNCERTAIN) and not attempt.subscription_ref:
        proved = attempt.sent_at is not None and now - attempt.sent_at >= ABSENT_AFTER_MS
        return S.DRAFT if proved else S.UNCERTAIN
    return attempt.state


def _land(now: AttemptState, said: AttemptState) -> AttemptState:
    """Where the provider's word leads from here; one that the table has no way to moves nothing."""
    if said is S.PAID and S.PAID not in MOVES[now] and S.LATE in MOVES[now]:
        return S.LATE
    return said if said in MOVES[now] else now


_INSTALMENTS = {
    ChargeWord.WAITING: InstalmentState.AWAITING,
    ChargeWord.ANALYSIS: InstalmentState.AWAITING,
    ChargeWord.CONFIRMED: InstalmentState.CONFIRMED,
    ChargeWord.RETURNING: InstalmentState.CONFIRMED,
    ChargeWord.OVERDUE: InstalmentState.DENIED,
    ChargeWord.REFUNDED: InstalmentState.CANCELLED,
    ChargeWord.DISPUTED: InstalmentState.CANCELLED,
    ChargeWord.GONE: InstalmentState.CANCELLED,
}
REASONS = {
    ChargeWord.OVERDUE: "Venceu sem pagamento",
    ChargeWord.REFUNDED: "Estornada",
    ChargeWord.DISPUTED: "Contestada pelo titular do cartão (chargeback)",
    ChargeWord.GONE: "Cobrança removida na plataforma",
}
"""Why an instalment was denied or cancelled, by what the provider says of its charge."""


def instalment_state(word: ChargeWord) -> InstalmentState:
    """Return what a charge's word means for its instalment."""
    return _INSTALMENTS[word]
