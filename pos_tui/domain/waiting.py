"""Waiting for a provider: when to ask again, when an absence counts, when a reserve is over.

Source: facts/topup.md §5 and §14.4. Instants and spans are milliseconds.
"""

from collections.abc import Sequence
from datetime import tzinfo

from msgspec import Struct

from pos_tui.domain.errors import RuleError
from pos_tui.domain.instants import from_ms, show_second
from pos_tui.domain.topup import IN_FLIGHT, Decision, TopUp, TopUpState

MINUTE = 60_000
_FIRST_ASK = 10_000
_LONGEST_ASK = 10 * MINUTE
_ASKED_AGAIN = frozenset({TopUpState.UNCERTAIN, TopUpState.PROCESSING}) | IN_FLIGHT


class Patience(Struct, frozen=True):
    """How long a provider may take."""

    provider_limit: int = MINUTE
    """A request sent longer ago than this has arrived, or never will."""
    absence_gap: int = MINUTE // 2
    """Between two answers "not found" that together prove it."""
    reserve_life: int = 0
    """How long a reserve lives where the provider does not say; 0 when nobody knows."""


def absence_begins(sent_at: int | None, patience: Patience) -> int:
    """From when on an answer "not found" counts."""
    return (sent_at or 0) + patience.provider_limit


def proves_absence(topup: TopUp, now: int, patience: Patience) -> bool:
    """Whether "not found", said now, is the second that counts (§14.4.4)."""
    return topup.absent_at is not None and now - topup.absent_at >= patience.absence_gap


def next_ask(state: TopUpState, decision: Decision, asked: int, now: int) -> int | None:
    """When the till asks again by itself: seconds after the first time, ten minutes after the seventh."""
    if state in _ASKED_AGAIN or (state is TopUpState.RESERVED and decision is not Decision.NONE):
        return now + min(_FIRST_ASK << min(asked, 10), _LONGEST_ASK)
    return None


def is_over(topup: TopUp, now: int) -> bool:
    """Whether the time of a reserve has run out by our clock. Only the provider's word makes it expired."""
    return topup.state is TopUpState.RESERVED and topup.expires_at is not None and topup.expires_at <= now


def like(one: TopUp, other: TopUp) -> bool:
    """Whether both are for the same line and value."""
    return (one.line, one.face) == (other.line, other.face)


def to_redo(topups: Sequence[TopUp], now: int) -> TopUp | None:
    """Return the first of a sale whose time is over and that no later one has replaced."""
    for topup in topups:
        ended = topup.state is TopUpState.EXPIRED or is_over(topup, now)
        if ended and [other for other in topups if like(other, topup)][-1] is topup:
            return topup
    return None


def time_left(topup: TopUp, now: int) -> str:
    """Write how long a reserve still lives: `expira em 3:12`, `tempo esgotado`; empty when nobody knows."""
    if topup.state is not TopUpState.RESERVED or topup.expires_at is None:
        return ""
    seconds = (topup.expires_at - now) // 1000
    if seconds <= 0:
        return "tempo esgotado"
    if seconds >= 3600:
        return f"expira em {seconds // 3600}h{seconds % 3600 // 60:02d}"
    return f"expira em {seconds // 60}:{seconds % 60:02d}"


def why_over(topups: Sequence[TopUp], now: int) -> str | None:
    """Why no payment may be taken for these: the reserve of one is over. None when all are alive."""
    over = next((topup for topup in topups if is_over(topup, now)), None)
    if over is None:
        return None
    return f"A reserva de {over.mobile} expirou: consulte com F5 e refaça com E na Recarga antes de receber."


def check_alive(topups: Sequence[TopUp], now: int) -> None:
    """Refuse to take money for what cannot be credited any more. Raises RuleError, as `why_over` says it."""
    reason = why_over(topups, now)
    if reason is not None:
        raise RuleError(reason)


def first_to_end(topups: Sequence[TopUp], now: int) -> str:
    """Write which reserve ends first, and when: for whoever takes the money. Empty when nobody knows."""
    running = [topup for topup in topups if time_left(topup, now)]
    if not running:
        return ""
    first = min(running, key=lambda topup: topup.expires_at or 0)
    return f"Reserva: {time_left(first, now)} ({first.mobile})"


def verifying(topups: Sequence[TopUp], zone: tzinfo) -> str:
    """Write what is to be known while an answer is unknown: what not to do, and when it is asked next."""
    asks = [topup.ask_at for topup in topups if topup.state is TopUpState.UNCERTAIN and topup.ask_at]
    if not asks:
        return ""
    return f"[verificar]: não refaça. Próxima consulta às {show_second(min(asks), zone)}; F5 consulta agora."


def operation_days(sent_at: int | None, zone: tzinfo, patience: Patience) -> tuple[str, ...]:
    """The days, `YYYY-MM-DD`, on which a provider of that zone may have booked a request.

    Two when it was sent just before midnight: asked with the wrong day, it would look absent (§14.4.2).
    """
    if sent_at is None:
        return ("",)
    instants = (sent_at, sent_at + patience.provider_limit)
    return tuple(dict.fromkeys(f"{from_ms(at).astimezone(zone):%Y-%m-%d}" for at in instants))
