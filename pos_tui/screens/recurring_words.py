"""What an OS says of its recurring payment."""

from collections.abc import Sequence

from pos_tui.domain.instalments import split
from pos_tui.domain.money import format_brl
from pos_tui.domain.recurring import MODE_WORDS, OVER, Attempt, AttemptState, Mode
from pos_tui.domain.sale import Sale, SaleState
from pos_tui.services.recurring_news import OsNews
from pos_tui.till import Till
from pos_tui.widgets.lines import Line, wrap
from pos_tui.widgets.text import Paragraphs
from pos_tui.widgets.theme import TONES, Tone

S = AttemptState

PENDING = "ATENÇÃO: existem pagamentos pendentes nesta OS."
"""Seed 2's warning."""
WRONG = "! "
"""Stands before what went wrong."""


def heading(sale: Sale, attempt: Attempt) -> list[str]:
    """Return the warning, whose it is and how much, and what went wrong."""
    lines = [f"{sale.customer_name} · {plan(attempt)} · {MODE_WORDS[attempt.mode]} · {attempt.words}"]
    if sale.state is SaleState.AWAITING:
        lines.insert(0, PENDING)
    elif sale.state is SaleState.SAVED:
        lines.insert(0, "OS finalizada.")
    lines += sale.refunds
    if attempt.problem:
        lines.append(f"{WRONG}{attempt.problem}")
    return lines


def tone(line: str) -> Tone:
    """Yellow for what is pending, red for what went wrong; the words say the same."""
    return "pending" if line == PENDING else "error" if line.startswith(WRONG) else "normal"


def news_words(found: Sequence[OsNews]) -> tuple[str, Tone] | None:
    """Say what happened behind the screen, what needs a person before all else."""
    for one in found:
        if one.attempt.state is S.LATE:
            told = f"ATENÇÃO: a OS {one.number} foi paga depois de cancelada. F4 e Enter: aceite ou devolva."
            return told, "error"
    for one in found:
        if one.attempt.problem:
            return f"OS {one.number}: {one.attempt.problem}", "pending"
    if not found:
        return None
    paid = ", ".join(str(one.number) for one in found)
    return f"OS {paid}: o cliente pagou pelo link, e ela foi finalizada sozinha.", "normal"


def plan(attempt: Attempt) -> str:
    """Say how much is charged how often: `3 x R$ 15,00`, or `R$ 5,99 + 3 x R$ 5,97`."""
    amounts = split(attempt.total, attempt.count)
    if amounts[0] == amounts[-1]:
        return f"{attempt.count} x {format_brl(amounts[0])}"
    return f"{format_brl(amounts[0])} + {attempt.count - 1} x {format_brl(amounts[-1])}"


def advice(attempt: Attempt, till: Till, *, fits: bool) -> list[str]:
    """Return what to do, with the link; `fits` says that its QR is on the screen."""
    if attempt.state in (S.WAITING, S.ANALYSIS):
        if attempt.mode is Mode.MANUAL:
            return ["Marque a parcela com Enter quando souber do pagamento."]
        if not attempt.link:
            return ["O link ainda não chegou: recarregue com F5."]
        cramped = [] if fits else ["O QR não cabe nesta janela: F9 imprime o link."]
        lines = [
            "Link do pagamento:",
            attempt.link,
            *cramped,
            "O cliente o recebe por SMS. Se não recebeu, envie-o ou mostre o QR.",
            "Pago, a OS é finalizada sozinha.",
        ]
        return [*lines, "P simula o pagamento."] if till.config.training else lines
    if attempt.state is S.DRAFT:
        return [attempt.why or "A venda ainda não foi enviada à plataforma.", "E envia de novo; F8 cancela."]
    if attempt.state is S.UNCERTAIN:
        return [
            attempt.why,
            "Não se sabe se a plataforma recebeu a venda: recarregue com F5. Nada se repete.",
        ]
    if attempt.state in OVER:
        told = f"A tentativa está {attempt.words.lower()} e a OS continua pendente."
        return [told, "E faz outra tentativa; R recebe de outra forma; X abandona a OS."]
    if attempt.state in (S.LATE, S.REFUNDING):
        return [
            "A aceita o pagamento e finaliza a OS; D devolve o dinheiro, com o supervisor.",
            "Parcelas já canceladas na plataforma não serão cobradas: receba-as de outra forma.",
        ]
    return [attempt.why]


class Head(Paragraphs):
    """The warning, whose OS it is, and what went wrong."""

    def lines(self, width: int, height: int) -> list[Line]:
        """Each paragraph in its tone."""
        return [
            ((line, TONES[tone(text)]),) for text in self.paragraphs for line in wrap(text, max(1, width))
        ]
