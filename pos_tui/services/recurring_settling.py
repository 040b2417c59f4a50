"""From a provider's answer to what an attempt and its instalments become. Nothing here asks or writes."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from msgspec import Struct

from pos_tui.domain.instalments import (
    MOVES,
    NOT_REFUNDED,
    Instalment,
    InstalmentState,
    due_days,
    refunded,
    split,
)
from pos_tui.domain.instants import to_ms
from pos_tui.domain.money import format_brl
from pos_tui.domain.notices import REFUSALS, Notice
from pos_tui.domain.outcome import Done, NotSent, Outcome, Refused, Uncertain
from pos_tui.domain.recurring import (
    ABSENT_AFTER_MS,
    OVER,
    REASONS,
    Absent,
    Agreement,
    Attempt,
    AttemptState,
    Charge,
    ChargeWord,
    Reading,
    instalment_state,
)
from pos_tui.domain.recurring_waiting import next_ask
from pos_tui.domain.values import replace
from pos_tui.store.ids import new_key

S = AttemptState

OVERDUE = "O primeiro pagamento venceu sem ser feito. O link ainda vale: envie-o de novo ao cliente."
LATE = (
    "O cliente PAGOU uma tentativa cancelada ou vencida: aceite o pagamento ou devolva o dinheiro. "
    "Enquanto isso nada se decide sozinho."
)
DIFFERS = "A plataforma cobra "
NEVER_REFUNDED = f"{NOT_REFUNDED}a plataforma não recebeu o pedido. D pede de novo."
DENIED_DAYS = 90
"""How long a denied instalment is still asked about."""
_OPEN = (InstalmentState.AWAITING, InstalmentState.DENIED)
_UNPAID = (ChargeWord.WAITING, ChargeWord.ANALYSIS, ChargeWord.OVERDUE)
_PAYABLE = (S.WAITING, S.ANALYSIS)


class Moved(Struct, frozen=True):
    """An instalment and what becomes of it."""

    before: Instalment
    values: dict[str, object]


class Settled(Struct, frozen=True):
    """What an answer comes to: the attempt's values, its instalments made, and those moved."""

    values: dict[str, object]
    made: tuple[Instalment, ...] = ()
    moved: tuple[Moved, ...] = ()
    emptied: bool = False
    """By this answer nothing of the OS is paid, or to be paid, any more, and money went back."""


class Moment(Struct, frozen=True):
    """When an answer is written down, and what had it asked for."""

    now: int
    zone: tzinfo
    notice: Notice | None = None
    refunding: str = ""
    """The instalment whose money was asked back by this very question."""
    stopping: str = ""
    """Why somebody here called the other charges off by it."""

    @property
    def today(self) -> date:
        """The local day."""
        return datetime.fromtimestamp(self.now / 1000, UTC).astimezone(self.zone).date()


def settled(
    attempt: Attempt,
    instalments: Sequence[Instalment],
    state: AttemptState,
    outcome: Outcome[Reading],
    at: Moment,
) -> Settled:
    """Return what an attempt that goes to `state` becomes by an outcome."""
    agreement = outcome.answer if isinstance(outcome, Done) else None
    if isinstance(agreement, Absent):
        agreement = None
    values: dict[str, object] = {"state": state, "why": _why(outcome)}
    if agreement is not None:
        values |= _known(attempt, agreement)
    values["problem"] = _problem(attempt, state, agreement, at.notice, outcome)
    made: tuple[Instalment, ...] = ()
    if state is S.PAID and not instalments:
        made = make_instalments(attempt)
    rows = made or instalments
    moved: tuple[Moved, ...] = ()
    if state is S.PAID:
        moved = _moves(rows, agreement, at) if agreement else _refused(rows, outcome, at)
    after = _after(rows, moved)
    values |= _when(attempt, state, after, at)
    emptied = bool(moved and agreement) and is_emptied(after, agreement)
    return Settled(values, after, (), emptied) if made else Settled(values, (), moved, emptied)


def is_emptied(instalments: Sequence[Instalment], agreement: Agreement | None = None) -> bool:
    """Whether nothing is paid or to be paid any more, and some of it went back to the customer."""
    back = agreement is None or any(charge.word is ChargeWord.REFUNDED for charge in agreement.charges)
    return back and all(one.state is InstalmentState.CANCELLED for one in instalments)


def make_instalments(attempt: Attempt) -> tuple[Instalment, ...]:
    """Make the rows of an attempt: who pays when how much."""
    days = due_days(date.fromisoformat(attempt.first_due), attempt.count)
    amounts = split(attempt.total, attempt.count)
    return tuple(
        Instalment(new_key(), attempt.id, attempt.sale_id, number, day.isoformat(), amount)
        for number, (day, amount) in enumerate(zip(days, amounts, strict=True), start=1)
    )


def ask_about(instalments: Sequence[Instalment], at: Moment) -> int | None:
    """When to ask about a paid attempt next: at noon of the next due day, and daily about what was denied."""
    times = []
    for instalment in instalments:
        due = date.fromisoformat(instalment.due)
        if instalment.state not in _OPEN or at.today - due > timedelta(days=DENIED_DAYS):
            continue
        noon = to_ms(datetime.combine(due, time(12), at.zone))
        times.append(noon if noon > at.now else at.now + 24 * 3_600_000)
    return min(times, default=None)


def _known(attempt: Attempt, agreement: Agreement) -> dict[str, object]:
    first = agreement.first
    told = {
        "subscription_ref": agreement.ref,
        "payment_ref": attempt.payment_ref or (first.ref if first else ""),
        "link": (first.link if first else "") or attempt.link,
    }
    return dict(told)


def _problem(
    attempt: Attempt,
    state: AttemptState,
    agreement: Agreement | None,
    notice: Notice | None,
    outcome: Outcome[Reading],
) -> str:
    first = agreement.first if agreement else None
    if state is S.LATE:
        return LATE
    if state is S.ERROR:
        return _why(outcome)
    if state is S.WAITING and first is not None and _refuses(notice, first) and notice is not None:
        return REFUSALS[notice.kind]
    if state in _PAYABLE and first is not None and first.word is ChargeWord.OVERDUE:
        return OVERDUE
    return attempt.problem if state is S.WAITING else ""


def _moves(instalments: Sequence[Instalment], agreement: Agreement, at: Moment) -> tuple[Moved, ...]:
    """Bind charges to instalments, by key or by their order, and move those whose charge says so."""
    bound = {instalment.payment_ref: instalment for instalment in instalments if instalment.payment_ref}
    free = [instalment for instalment in instalments if not instalment.payment_ref]
    moved = []
    for charge in agreement.charges:
        instalment = bound.get(charge.ref) or (free.pop(0) if free else None)
        values = _by_charge(instalment, charge, at) if instalment else {}
        if instalment is not None and values:
            moved.append(Moved(instalment, values))
    if agreement.gone:
        moved += [Moved(one, _state(InstalmentState.CANCELLED, _gone(at), at)) for one in free]
    return tuple(moved)


def _by_charge(instalment: Instalment, charge: Charge, at: Moment) -> dict[str, object]:
    values: dict[str, object] = {}
    if not instalment.payment_ref:
        values = {"payment_ref": charge.ref, "due": charge.due or instalment.due, "amount": charge.value}
        values |= {"reason": differs} if (differs := _differs(instalment, charge)) else {}
    if instalment.refund_asked is not None:
        return values | _refund(instalment, charge.word, at)
    then, reason = instalment_state(charge.word), REASONS.get(charge.word, _differs(instalment, charge))
    if charge.word is ChargeWord.GONE:
        reason = _gone(at)
    notice = at.notice
    if _refuses(notice, charge) and notice is not None:
        then, reason = InstalmentState.DENIED, REFUSALS[notice.kind].partition(":")[0] + "."
    if then in MOVES[instalment.state]:
        values |= _state(then, reason, at)
    return values


def _gone(at: Moment) -> str:
    return f"Encerrada: {at.stopping}" if at.stopping else REASONS[ChargeWord.GONE]


def _refund(instalment: Instalment, word: ChargeWord, at: Moment) -> dict[str, object]:
    """What a charge says of the money that was asked back; who asked for it stays in the row."""
    over: dict[str, object] = {"refund_asked": None, "moved_at": at.now}
    match word:
        case ChargeWord.REFUNDED:
            return over | {"state": InstalmentState.CANCELLED, "reason": refunded(instalment)}
        case ChargeWord.DISPUTED | ChargeWord.GONE:
            return over | {"state": InstalmentState.CANCELLED, "reason": REASONS[word]}
        case ChargeWord.CONFIRMED if at.now - (instalment.refund_asked or 0) >= ABSENT_AFTER_MS:
            return over | {"reason": NEVER_REFUNDED}
        case _:
            return {}


def _refused(instalments: Sequence[Instalment], outcome: Outcome[Reading], at: Moment) -> tuple[Moved, ...]:
    """A refund that was refused, or never left, is no longer on its way."""
    if not isinstance(outcome, Refused | NotSent):
        return ()
    values: dict[str, object] = {"refund_asked": None, "reason": f"{NOT_REFUNDED}{_why(outcome)}"}
    return tuple(Moved(one, values) for one in instalments if one.id == at.refunding)


def _differs(instalment: Instalment, charge: Charge) -> str:
    """What to say of a charge that is not the agreed amount; once said it stays."""
    if instalment.payment_ref:
        return instalment.reason if instalment.reason.startswith(DIFFERS) else ""
    if charge.value == instalment.amount:
        return ""
    return f"{DIFFERS}{format_brl(charge.value)}; o combinado era {format_brl(instalment.amount)}."


def _refuses(notice: Notice | None, charge: Charge) -> bool:
    """Whether a notice says that this charge's card was refused, and it was not paid since."""
    told = notice is not None and notice.kind in REFUSALS and notice.payment_ref == charge.ref
    return told and charge.word in _UNPAID


def _state(then: InstalmentState, reason: str, at: Moment) -> dict[str, object]:
    return {"state": then, "reason": reason, "moved_by": "plataforma", "moved_at": at.now}


def _after(instalments: Sequence[Instalment], moved: Sequence[Moved]) -> tuple[Instalment, ...]:
    by_id = {one.before.id: one.values for one in moved}
    return tuple(replace(one, **by_id.get(one.id, {})) for one in instalments)  # type: ignore[arg-type]


def _when(
    attempt: Attempt, state: AttemptState, instalments: Sequence[Instalment], at: Moment
) -> dict[str, object]:
    """When to ask next, and whether anything is still open."""
    same = state is attempt.state
    asked = attempt.asked + 1 if same else 0
    values: dict[str, object] = {"asked": asked}
    if state is S.PAID:
        times = [ask_about(instalments, at)]
        if any(one.refund_asked is not None for one in instalments):
            times.append(next_ask(S.REFUNDING, asked, at.now))
        ask_at = min((each for each in times if each is not None), default=None)
        open_since = (attempt.open_since or at.now) if ask_at is not None else None
    else:
        over = attempt.settled_at if same else at.now
        since = {S.DRAFT: attempt.sent_at}.get(state, over if state in OVER else None)
        ask_at = next_ask(state, asked, at.now, since)
        open_since = None if state in OVER else attempt.open_since or at.now
    if state in (S.PAID, *OVER) and not same:
        values["settled_at"] = at.now
    return values | {"ask_at": ask_at, "open_since": open_since}


def _why(outcome: Outcome[Reading]) -> str:
    match outcome:
        case Refused(_, code, text):
            return f"{text} [{code}]" if code else text
        case NotSent(why) | Uncertain(why):
            return why
        case _:
            return ""
