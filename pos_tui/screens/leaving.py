"""Giving an open sale up, with all that hangs on it."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from pos_tui.commands import Place
from pos_tui.domain.money import format_brl
from pos_tui.domain.payment import ASKED, Method
from pos_tui.domain.people import Action
from pos_tui.domain.sale import Sale
from pos_tui.screens.outside import PINPAD, OutsideWait, WarrantQuestion, ask_warrant
from pos_tui.services.refunds import Warrant
from pos_tui.till import Till
from pos_tui.widgets.dialog import Answer, Question
from pos_tui.widgets.fields import Value

if TYPE_CHECKING:
    from pos_tui.screens.sale import SaleScreen

Then = Callable[[None], Awaitable[None]]
STILL_PAID = {
    Method.CARD: "Se o cartão já passou, estorne na maquininha: daqui nada volta ao cliente.",
    Method.PIX_STATIC: "Se o Pix já entrou, devolva-o no aplicativo do banco: daqui nada volta ao cliente.",
}
"""What taking a form off does not do, where a person had vouched that the money came."""


def to_hand_back(sale: Sale) -> str:
    """Say what a person took for an open sale, which giving the sale up does not give back, or nothing."""
    cash = sum(line.amount for line in sale.live if line.method is Method.CASH)
    told = [f"Devolva ao cliente os {format_brl(cash)} que ele entregou em dinheiro."] if cash else []
    methods = {line.method for line in sale.live}
    return " ".join([*told, *(words for method, words in STILL_PAID.items() if method in methods)])


def ask_to_leave(desk: "SaleScreen") -> None:
    """F2 with something in the open sale: go on with it, or let it go, and what that leaves to a person."""
    paid = to_hand_back(desk.sale)
    text = ["A venda em andamento tem itens.", "Abandonar cancela as reservas dela na operadora."]
    text += [f"Já houve pagamento, e ele não volta sozinho. {paid}"] if paid else []
    answers = [
        Answer("C", "Continuar a venda"),
        Answer("I", "Início desta venda: cliente, vendedor, PDV"),
        Answer("A", "Abandonar a venda", dangerous=True, twice=True),
    ]

    async def answered(answer: str | None) -> None:
        if answer == "i":
            await desk.go(Place.START)
        elif answer == "a":
            _abandon(desk, partial(_abandoned, desk, to_hand_back(desk.sale)))

    desk.app.push_screen(Question("Nova venda", text, answers, default="C"), answered)


def _abandon(desk: "SaleScreen", then: Then) -> None:
    """Let the open sale go: its payments, its reserves, itself. Confirmed money needs a supervisor."""
    asked = [line for line in desk.sale.live if line.method in ASKED]
    if not asked:
        desk.say("Cancelando as reservas…")
        desk.background(partial(_let_go, desk.till, desk.sale, None), then)
    elif all(line.waits for line in asked):
        _wait(desk, then, None)
    else:
        text = ["Há pagamento confirmado nesta venda: ele volta ao cliente."]
        question = WarrantQuestion(Action.REFUND, desk.sale.id, "Abandonar e estornar", text)

        async def allowed(values: dict[str, Value], warrant: Warrant) -> None:
            _wait(desk, then, warrant)

        ask_warrant(desk.app, desk.till, question, desk.sale.seller, allowed)


def _wait(desk: "SaleScreen", then: Then, warrant: Warrant | None) -> None:
    async def ended(problem: str | None) -> None:
        if problem:
            await desk.failed(problem)
        else:
            await then(None)

    job = partial(_let_go, desk.till, desk.sale, warrant)
    desk.app.push_screen(OutsideWait(desk.till, "Abandonando a venda", PINPAD, job), ended)


async def _abandoned(desk: "SaleScreen", paid: str, _: None) -> None:
    await desk.reload()
    await desk.go(Place.START)
    desk.say(f"Venda abandonada. {paid or 'Comece outra.'}", "pending" if paid else "normal")


def _let_go(till: Till, sale: Sale, warrant: Warrant | None) -> None:
    """In a worker: the customer's money first, then the reserves, then the sale."""
    till.refunds.abandon(sale, sale.seller, warrant)
    for topup in sale.pendings:
        till.topups.cancel(topup.id, "venda abandonada", sale.seller)
    till.sales.discard(sale)
