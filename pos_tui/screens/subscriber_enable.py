"""Habilitação provisória: choose the suspended plan, confirm, and be told in the ERP's words."""

from functools import partial
from typing import TYPE_CHECKING

from pos_tui.domain.money import format_brl
from pos_tui.domain.subscriber import Bill, Contract, Feature, contracts_for
from pos_tui.domain.subscriber_action import ActionState, SubscriberAction
from pos_tui.services.subscriber_extracts import day
from pos_tui.widgets.dialog import Answer, ErrorBox, PromptDialog, Question
from pos_tui.widgets.fields import ChoiceField, Option, Value

if TYPE_CHECKING:
    from pos_tui.screens.subscriber_card import SubscriberCard

TITLE = "Habilitação provisória"
WARNING = "O pedido vai uma vez só. Se a resposta se perder, ele é consultado, e nunca repetido sozinho."


def begin_enabling(card: "SubscriberCard") -> None:
    """Choose the plan; of a payment notice first find the overdue bill it names."""
    plans = contracts_for(Feature.ENABLE, card.visit.subscriber)
    options = [Option(plan.id, plan.words) for plan in plans]

    def chosen(values: dict[str, Value] | None) -> None:
        plan = card.visit.subscriber.contract(str(values["plan"])) if values else None
        if plan is not None:
            _look(card, plan)

    field = ChoiceField("plan", "Plano", options, required=True)
    dialog = PromptDialog(TITLE, [field], ["Selecione o plano suspenso e confirme."])
    if len(options) == 1:
        dialog.form.set("plan", options[0].key)
    card.app.push_screen(dialog, chosen)


def _look(card: "SubscriberCard", plan: Contract) -> None:
    questions = card.till.centre.questions
    if not questions.provider.needs_bill_to_enable:
        _confirm(card, plan, None)
        return

    async def found(bills: tuple[Bill, ...]) -> None:
        overdue = [bill for bill in bills if bill.overdue(questions.today)]
        of_plan = [bill for bill in overdue if bill.contract in ("", plan.id)] or overdue
        if of_plan:
            _confirm(card, plan, of_plan[0])
        else:
            card.say("Não há conta vencida: o aviso de pagamento não se aplica a este plano.", "error")

    card.say("Consultando o provedor…")
    card.background(partial(questions.open_bills, card.visit), found)


def _confirm(card: "SubscriberCard", plan: Contract, bill: Bill | None) -> None:
    text = [f"Habilitar provisoriamente {plan.words} de {card.visit.subscriber.name}?", WARNING]
    if bill is not None:
        about = f"conta {bill.number or bill.id}, vencida em {day(bill.due)}, {format_brl(bill.amount)}"
        text.insert(1, f"O pedido é um aviso de pagamento da {about}: só confirme se o cliente pagou.")

    def answered(answer: str | None) -> None:
        if answer == "s":
            card.say("Pedindo a habilitação…")
            enabling = card.till.centre.enabling
            job = partial(enabling.enable, card.visit, plan, bill, card.who())
            card.background(job, partial(_told, card))

    question = Question(
        TITLE, text, [Answer("S", "Habilitar", dangerous=True), Answer("N", "Não")], default="N"
    )
    card.app.push_screen(question, answered)


async def _told(card: "SubscriberCard", action: SubscriberAction) -> None:
    card.till.spool.wake()
    words = " ".join(part for part in (action.text, action.why) if part)
    match action.state:
        case ActionState.DONE:
            protocol = f" Protocolo {action.protocol}." if action.protocol else ""
            notice = card.till.centre.questions.provider.needs_bill_to_enable
            # A notice is taken note of; whether the plan is enabled by it is the provider's to say.
            done = "Aviso de pagamento aceito." if notice else "Habilitação feita."
            said = f" {action.text.rstrip('.')}." if action.text else ""
            card.read_again(f"{done}{said}{protocol}")
        case ActionState.REFUSED:
            card.message.clear()
            card.app.push_screen(ErrorBox(TITLE, f"O provedor não habilitou: {action.text}"))
        case ActionState.UNCERTAIN:
            card.say(f"{words} Não peça de novo: F4 mostra o pedido, e F5 nele consulta.", "error")
        case _:
            card.say(f"{words} O pedido não saiu daqui.", "error")
