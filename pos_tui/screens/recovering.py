"""Payments that a crash, or a lost answer, had left open: recovered behind the sale, and told there."""

from functools import partial
from typing import TYPE_CHECKING

from pos_tui.domain.journal import SYSTEM
from pos_tui.domain.money import format_brl
from pos_tui.domain.payment import LABELS
from pos_tui.domain.sale import Sale
from pos_tui.services.recovery import Recovery

if TYPE_CHECKING:
    from pos_tui.screens.sale import SaleScreen


ON = "A venda em andamento continua: F10 é o Pagamento dela."


def recover_payments(desk: "SaleScreen") -> None:
    """Behind the screen: the TEF manager may still be at what a crash cut off."""
    desk.background(partial(desk.till.catch_up, SYSTEM), partial(_recovered, desk))


async def _recovered(desk: "SaleScreen", found: Recovery) -> None:
    waits = bool(found.waiting or found.stranger or found.late)
    if not (found.settled or waits):
        return
    desk.till.spool.wake()
    await desk.reload()
    words = _words(found, desk.sale)
    tell = desk.say if ON in words else desk.say_beside
    tell(words, "pending" if waits else "normal")


def _words(found: Recovery, sale: Sale) -> str:
    """Say what became of them, and where the open sale that holds some of them goes on."""
    from pos_tui.services.late_payments import alarm

    told = [
        f"{LABELS[line.method]} de {format_brl(line.amount)} {line.words}"
        for line in (*found.settled, *found.waiting)
    ]
    words = f"Pagamentos recuperados: {'; '.join(told)}." if told else ""
    if any(line.sale_id == sale.id for line in (*found.settled, *found.waiting)):
        words += f" {ON}"
    if found.stranger:
        words += " O TEF guarda uma resposta de venda que este caixa não conhece: "
        words += "chame o supervisor (F12, TEF)."
    return f"{words} {alarm(found.late)}".strip()
