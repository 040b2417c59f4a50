"""From a provider's answer to what a top-up's row becomes. Nothing here asks or writes."""

from datetime import tzinfo

from msgspec import Struct, field

from pos_tui.domain.instants import show_second, to_ms
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.topup import (
    FINAL,
    Decision,
    RemoteWord,
    Standing,
    TopUp,
    TopUpState,
    after_query,
)
from pos_tui.domain.waiting import Patience, absence_begins, next_ask, proves_absence
from pos_tui.services.guidance import BY_CLASS, OTHER_FACE, OTHER_LINE, OTHER_PURCHASE, explain

OVER = BY_CLASS[RefusalClass.EXPIRED]


class Rules(Struct, frozen=True):
    """How this store sells top-ups."""

    limit: int = 5
    """Pendings the store may have."""
    auto_confirm: bool = False
    patience: Patience = field(default_factory=Patience)
    contacts: tuple[str, ...] = ()
    """The support's, as they stand beside the errors."""


def verified(topup: TopUp, outcome: Outcome[Standing]) -> Outcome[Standing]:
    """Doubt an answer that speaks of another line or value than ours: it must never settle anything."""
    if not isinstance(outcome, Done) or outcome.answer.word is RemoteWord.ABSENT:
        return outcome
    answer = outcome.answer
    if answer.key not in ("", topup.provider_key):
        return OTHER_PURCHASE
    if answer.line not in ("", topup.line):
        return OTHER_LINE
    if answer.face not in (None, topup.face):
        return OTHER_FACE
    return outcome


def contradicts(topup: TopUp, standing: Standing) -> bool:
    """Whether a provider's list shows another line or value under our key."""
    return isinstance(verified(topup, Done(standing)), Uncertain)


def after_asking(
    topup: TopUp, told: Outcome[Standing], outcome: Outcome[Standing], now: int, patience: Patience
) -> TopUpState:
    """Where a top-up stands once asked about; `outcome` is what was `told`, verified.

    "Not found" sets it free only when it is the second that counts; an answer about something else makes
    even a known reserve uncertain.
    """
    if outcome != told and topup.state not in FINAL:
        return TopUpState.UNCERTAIN
    state = after_query(topup.state, topup.decision, outcome)
    if state is TopUpState.NOT_SENT and not proves_absence(topup, now, patience):
        return TopUpState.UNCERTAIN
    return state


def after_release(topup: TopUp, outcome: Outcome[Standing]) -> str:
    """What is told of one that expired, or was cancelled here, once its provider was asked to let it go."""
    late = topup.state is TopUpState.EXPIRED
    over = f"{OVER.error}. A reserva expirou" if late else "Cancelada"
    match outcome:
        case Done(answer) if answer.word in (RemoteWord.CANCELLED, RemoteWord.EXPIRED, RemoteWord.ABSENT):
            return f"{over} e nada foi creditado; o saldo da loja foi liberado."
        case Done(answer) if answer.word is not RemoteWord.RESERVED:
            ended = "expirou" if late else "foi cancelada"
            return f"A operadora diz que a recarga foi feita, e aqui ela {ended}: chame o supervisor."
        case _:
            held = "a operadora ainda prende o saldo: F5 na Lista de vendas pede de novo que o libere."
            return f"{over} e nada foi creditado, mas {held}"


class Moment(Struct, frozen=True):
    """When and by which rules an answer is written down; `asking` for the answer to a question."""

    now: int
    zone: tzinfo
    rules: Rules
    asking: bool = False


def changes(topup: TopUp, state: TopUpState, outcome: Outcome[Standing], at: Moment) -> dict[str, object]:
    """What the row of a top-up becomes by an outcome."""
    now, patience = at.now, at.rules.patience
    values: dict[str, object] = {"state": state, **_why(topup, outcome, at), **_known(outcome)}
    values["ask_at"] = next_ask(state, topup.decision, topup.asked, now)
    values["asked"] = topup.asked + 1
    if state in FINAL:
        values |= {"open_since": None, "settled_at": now}
    elif state is TopUpState.RESERVED:
        values |= _reserved(topup, values, now, patience)
    elif state is TopUpState.NOT_SENT and isinstance(outcome, Done):
        values["why"] = "Venda não encontrada na operadora, duas vezes: nada foi enviado. Envie de novo."
    if _says_absent(outcome) and state is TopUpState.UNCERTAIN:
        values |= _absent(topup, now, patience, at.zone)
    elif isinstance(outcome, Done):
        values["absent_at"] = None
    return values


def _reserved(topup: TopUp, values: dict[str, object], now: int, patience: Patience) -> dict[str, object]:
    """Its end, told or known by contract, is when to ask what became of it."""
    life = patience.reserve_life
    ends = values.get("expires_at") or topup.expires_at
    if ends is None and life:
        ends = (topup.sent_at or now) + life
    assert ends is None or isinstance(ends, int)
    asks = values["ask_at"]
    if asks is None and ends is not None and ends > now:
        asks = ends + 1000
    why = {}
    if ends is not None and ends <= now:
        why = {"why": "O prazo da reserva terminou: cancele-a (libera o saldo na operadora) e refaça."}
    return {"expires_at": ends, "ask_at": asks, **why}


def _says_absent(outcome: Outcome[Standing]) -> bool:
    return isinstance(outcome, Done) and outcome.answer.word is RemoteWord.ABSENT


def _absent(topup: TopUp, now: int, patience: Patience, zone: tzinfo) -> dict[str, object]:
    """Remember the first "not found" that counts, and say when the next one proves it."""
    begins = absence_begins(topup.sent_at, patience)
    first = topup.absent_at
    if first is None and now >= begins:
        first = now
    again = begins if first is None else first + patience.absence_gap
    if topup.decision is not Decision.NONE:
        # It was reserved once, so this is a contradiction: a person looks.
        words = "A operadora não conhece esta recarga já decidida: chame o supervisor."
        return {"absent_at": first, "why_class": "not_found", "why": f"Venda não encontrada. {words}"}
    hour = show_second(again, zone)
    words = f"A operadora ainda não a conhece; só conta se ela repetir às {hour}. Não refaça a venda."
    return {"absent_at": first, "ask_at": again, "why_class": "not_found", "why": words}


def _why(topup: TopUp, outcome: Outcome[Standing], at: Moment) -> dict[str, object]:
    if isinstance(outcome, Done) and outcome.answer.refusal is not None:
        return _why(topup, outcome.answer.refusal, at)
    words = explain(topup.provider, outcome, at.rules.contacts, asking=at.asking)
    match outcome:
        case Done():
            return {"why_class": "", "why_code": "", "why": ""}
        case Refused(reason, code, _):
            return {"why_class": reason.value, "why_code": code, "why": words}
        case NotSent():
            return {"why_class": "not_sent", "why_code": "", "why": words}
        case Uncertain(code=code):
            return {"why_class": "uncertain", "why_code": code, "why": words}


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
