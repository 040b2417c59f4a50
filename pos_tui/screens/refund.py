"""Giving a payment of a saved sale back, from the list: which one, who allows it, why."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from pos_tui.domain.item import ItemState
from pos_tui.domain.money import format_brl
from pos_tui.domain.payment import ASKED, LABELS, Method, PaymentState
from pos_tui.domain.people import Action
from pos_tui.domain.sale import PaymentLine, Sale
from pos_tui.domain.topup import TopUpState
from pos_tui.screens.outside import BANK, PINPAD, OutsideWait, WarrantQuestion, ask_warrant
from pos_tui.services.bill_settling import PREFIX
from pos_tui.services.refunds import Warrant, goes_back
from pos_tui.till import Till
from pos_tui.widgets.dialog import ErrorBox
from pos_tui.widgets.fields import ChoiceField, Option, Value

if TYPE_CHECKING:
    from pos_tui.screens.sale import SaleScreen

CREDITED = "Atenção: esta venda tem recarga confirmada, que não pode mais ser cancelada."
SETTLED = (
    "Atenção: a conta recebida nesta venda já foi baixada no provedor. O estorno daqui não desfaz a baixa: "
    "peça ao provedor que a estorne também."
)
ELSEWHERE = {
    Method.CARD: "Cartão da maquininha: estorne nela mesma. Aqui só se anota, e sai o comprovante.",
    Method.PIX_STATIC: "Pix conferido no aplicativo: devolva por ele. Aqui só se anota, e sai o comprovante.",
}
"""What nothing here can give back: a person does."""
UNSETTLED = "A conta recebida nesta venda ainda não foi baixada: sem o pagamento, a baixa não sai mais daqui."


def refundable(sale: Sale) -> list[PaymentLine]:
    """Return what may be given back, or is on its way back."""
    late = [line for line in sale.payments if line.state is PaymentState.LATE and not line.waits]
    counting = [line for line in sale.live if line.state is PaymentState.CONFIRMED]
    return [*late, *counting, *(line for line in sale.payments if line.waits and not line.counts)]


def ask_refund(desk: "SaleScreen", sale: Sale, then: Callable[[], Awaitable[None]]) -> None:
    """Ask which payment goes back, on whose word and why; then do it, and tell how it went."""
    lines = {line.id: line for line in refundable(sale)}
    if not lines:
        desk.say("Nenhum pagamento desta venda pode ser estornado.")
        return
    options = [Option(line.id, _label(line, goes_back(sale, line))) for line in lines.values()]
    name = f"da venda {sale.number}" if sale.number else "da venda abandonada"
    text = [f"Estornar um pagamento {name}. O valor volta ao cliente."]
    if any(topup.state is TopUpState.CONFIRMED for topup in sale.topups):
        text.append(CREDITED)
    text += _about_bills(sale)
    methods = {line.method for line in lines.values()}
    text += [words for method, words in ELSEWHERE.items() if method in methods]
    text += [_drawn(line) for line in lines.values() if line.cash_out]
    which = ChoiceField("line", "Pagamento", options, required=True)
    question = WarrantQuestion(Action.REFUND, sale.id, "Estornar pagamento", text, (which,))

    async def allowed(values: dict[str, Value], warrant: Warrant) -> None:
        line = lines[str(values["line"])]
        job = partial(_give_back, desk.till, sale, line, warrant)
        text = PINPAD if line.method is Method.TEF else BANK
        wait = OutsideWait(desk.till, f"Estorno de {format_brl(goes_back(sale, line))}", text, job)
        desk.app.push_screen(wait, partial(_ended, desk, line, then))

    ask_warrant(desk.app, desk.till, question, sale.seller, allowed)


def _give_back(till: Till, sale: Sale, line: PaymentLine, warrant: Warrant) -> PaymentLine:
    if line.waits:
        return till.payments.ask(line.id, sale.seller)
    return till.refunds.refund(sale, line, warrant)


async def _ended(
    desk: "SaleScreen", line: PaymentLine, then: Callable[[], Awaitable[None]], problem: str | None
) -> None:
    desk.till.spool.wake()
    await then()
    now = desk.till.payments.get(line.id)
    if problem or (line.method in ASKED and now.state is not PaymentState.REFUNDED):
        told = problem or f"{_label(now)}. {now.why} F8 de novo consulta, sem devolver duas vezes."
        desk.app.push_screen(ErrorBox("Estorno", told))
    else:
        cash = f" Entregue {format_brl(now.given_back)} ao cliente." if now.method is Method.CASH else ""
        paper = desk.till.spool.outlook("O comprovante de estorno") if now.given_back else ""
        desk.say(f"{_label(now)}.{cash} {paper}".rstrip())


def _about_bills(sale: Sale) -> list[str]:
    """What giving the money back means for the bills the sale received."""
    bills = {item.state for item in sale.items if item.subject.startswith(f"{PREFIX}/")}
    told = ((ItemState.DONE, SETTLED), (ItemState.PENDING, UNSETTLED))
    return [words for state, words in told if state in bills]


def _drawn(line: PaymentLine) -> str:
    cash = format_brl(line.cash_out)
    return f"O saque de {cash} também volta ao cartão: receba {cash} em dinheiro do cliente antes."


def _label(line: PaymentLine, back: int = 0) -> str:
    change = f" (menos o troco: {format_brl(back)})" if back and back != line.amount else ""
    return f"{LABELS[line.method]} de {format_brl(line.amount)}{change}: {line.words}"
