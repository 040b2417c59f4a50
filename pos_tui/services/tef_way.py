"""What must be out of a TEF manager's way before it is asked for anything new (facts/payments.md §2.6–2.7).

A manager keeps one answer and one sign of what it took: a new request takes the sign of the one before away,
and with it the proof that the manager had it. So what a crash cut off is asked about before anything else.
"""

from collections.abc import Sequence

from pos_tui.domain.errors import RuleError
from pos_tui.domain.money import format_brl
from pos_tui.domain.payment import Method, PaymentState
from pos_tui.domain.sale import PaymentLine
from pos_tui.domain.tef import TefOperation
from pos_tui.services.context import Context
from pos_tui.services.drivers.base import Driver
from pos_tui.store import payments, tef

S = PaymentState

_CUT_OFF = frozenset({S.SENT, S.APPROVED})
"""Taken by the manager, or perhaps, and not finished here."""


KEPT = (
    "O TEF trouxe a resposta de outra operação, que pode ser dinheiro de um cliente: chame o supervisor, "
    "que a resolve com F8 na tela do TEF (F12)."
)


def kept(context: Context) -> list[TefOperation]:
    """Return the answers that came while others were awaited and that a supervisor has not ended."""
    with context.store.reading() as tx:
        return [operation for operation in tef.open_of(tx, context.till) if operation.kept]


def refuse_elsewhere(line: PaymentLine, till: int) -> None:
    """Raise RuleError for a card that was passed at another till: its manager, and its numbers, are there."""
    if line.method is Method.TEF and line.till != till:
        raise RuleError(f"Este cartão foi passado no caixa {line.till}: só aquele caixa fala com o TEF dele.")


def refuse_amid(lines: Sequence[PaymentLine], words: str, states: frozenset[PaymentState] = _CUT_OFF) -> None:
    """Raise RuleError, ending in `words`, while a card stands in one of these states."""
    for line in lines:
        if line.method is Method.TEF and line.state in states:
            raise RuleError(f"O TEF de {format_brl(line.amount)} está {line.words}: {words}")


def refuse_amid_the_menu(context: Context) -> None:
    """Raise RuleError while an operation of the manager's menu was cut off and not asked about."""
    with context.store.reading() as tx:
        waiting: list[TefOperation] = tef.open_of(tx, context.till)
    if any(operation.kept for operation in waiting):
        raise RuleError(f"{KEPT} Nada foi cobrado agora.")
    if any(operation.state in _CUT_OFF for operation in waiting):
        raise RuleError("O menu do TEF ainda não terminou: consulte com F5 na tela do TEF. Nada foi cobrado.")


def answered(line: PaymentLine, driver: Driver) -> bool:
    """Whether the manager's answer about a line lies there, readable and not committed."""
    key = driver.leftover()
    charged = key == line.request_key and not line.reply
    refunded = key == line.refund_key and not line.refund_reply
    return key is not None and (charged or refunded)


def sweep(context: Context, driver: Driver, waiting: Sequence[PaymentLine]) -> bool:
    """Take away an answer that is committed, or that nobody can read and no line waits for.

    True when one is left that no line of ours waits for: a sale we do not know, or a line that a person has
    ruled otherwise.
    """
    key = driver.leftover()
    if key is None:
        if all(line.state is S.CREATED for line in waiting if line.method is Method.TEF):
            driver.discard()
        return False
    with context.store.reading() as tx:
        line = payments.by_key(tx, context.till, Method.TEF, key)
        beside = tef.by_number(tx, context.till, key)
    if beside is not None and beside.reply:
        driver.forget(key)
    if line is None:
        return beside is None
    if not answered(line, driver):
        driver.acknowledge(line)
        return False
    return not line.waits
