"""What a person may do with an OS's recurring payment, and why not."""

from collections.abc import Iterable

from pos_tui.domain.instalments import Instalment, InstalmentState
from pos_tui.domain.recurring import ALARMING, OVER, Attempt, AttemptState, Mode

S = AttemptState
UNPAID = (InstalmentState.AWAITING, InstalmentState.DENIED)
ALARM = "O cliente pagou uma tentativa cancelada: aceite (A) ou devolva (D) antes."


def why_not_cancel(attempt: Attempt) -> str | None:
    """Why an attempt cannot be cancelled, or None when it can."""
    if attempt.state in (S.WAITING, S.ANALYSIS, S.UNCERTAIN, S.DRAFT, S.CANCELLING):
        return None
    if attempt.state is S.PAID:
        return "O cliente já pagou: não há mais tentativa a cancelar."
    return f"A tentativa está {attempt.words.lower()}: não há o que cancelar agora."


def why_not_retry(attempt: Attempt) -> str | None:
    """Why no new attempt can be made after this one, or None when it can."""
    if attempt.state in OVER:
        return None
    if attempt.state in ALARMING:
        return ALARM
    return f"A tentativa está {attempt.words.lower()}: cancele-a antes de fazer outra."


def why_not_send(attempt: Attempt) -> str | None:
    """Why an attempt cannot be sent, or None when it can."""
    if attempt.state is S.DRAFT and attempt.mode is Mode.INTEGRATED:
        return None
    return "Só uma tentativa que não saiu se envia de novo: consulte com F5."


def why_not_stop(attempt: Attempt, instalments: Iterable[Instalment]) -> str | None:
    """Why the charges that are left of a paid OS cannot be called off, or None when they can."""
    if attempt.state is not S.PAID:
        return "O cliente ainda não pagou: F8 cancela a tentativa."
    if not any(one.state in UNPAID for one in instalments):
        return "Não falta cobrança nenhuma nesta OS."
    return None


def why_not_give_back(attempt: Attempt, instalment: Instalment | None) -> str | None:
    """Why the money of an instalment cannot go back, or None when it can."""
    if attempt.state is not S.PAID:
        return "Só se devolve o que o cliente pagou."
    if instalment is None:
        return "Nenhuma parcela está marcada."
    if instalment.state is not InstalmentState.CONFIRMED:
        return f"A parcela {instalment.number} está {instalment.words.lower()}: não há o que devolver dela."
    if instalment.refund_asked is not None:
        return "A devolução desta parcela já foi pedida: F5 pergunta o que foi dela."
    if attempt.mode is Mode.INTEGRATED and not instalment.payment_ref:
        return "A plataforma ainda não disse qual é a cobrança desta parcela: recarregue com F5."
    return None
