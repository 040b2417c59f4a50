"""Waiting for the outside, and the supervisor's word that some answers need."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from textual import events

from pos_tui.domain.payment import PaymentState
from pos_tui.domain.people import Action, NeedsApproval, why_not_reason
from pos_tui.screens.background import Background
from pos_tui.services.guard import Approval
from pos_tui.services.refunds import Warrant
from pos_tui.till import Till
from pos_tui.widgets.chrome import KeyHint, KeyLine, Title
from pos_tui.widgets.dialog import Dialog, PromptDialog
from pos_tui.widgets.fields import ChoiceField, Field, Option, TextField, Value
from pos_tui.widgets.text import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.app import App
    from textual.widget import Widget

GiveUp = Callable[[Warrant], None]
Warranted = Callable[[dict[str, Value], Warrant], Awaitable[None]]


class WarrantQuestion(Struct, frozen=True):
    """What a supervisor is asked."""

    action: Action
    subject: str
    title: str
    text: "Sequence[str]"
    choices: tuple[ChoiceField, ...] = ()


PINPAD = [
    "Siga as instruções do pinpad: insira, aproxime ou passe o cartão.",
    "Aguarde; não feche o caixa nem desligue o terminal. A resposta vem sozinha.",
]
BANK = ["Falando com o banco. Aguarde."]
RULING_WORDS = {
    PaymentState.CONFIRMED: "Foi cobrado: o pagamento vale",
    PaymentState.UNDONE: "A cobrança foi desfeita",
    PaymentState.CANCELLED: "O cliente não foi cobrado",
    PaymentState.REFUNDED: "O dinheiro voltou ao cliente",
    PaymentState.LATE: "O dinheiro ainda não voltou ao cliente",
}


class OutsideWait(Dialog[str], Background):  # Dialog first: styles follow the first base
    """Covers the till while a job asks the outside. Returns what went wrong, or nothing.

    Esc does nothing here: what the TEF manager has taken cannot be called back. With `give_up`, a supervisor
    may end the waiting, which leaves the payment uncertain.
    """

    AUTO_FOCUS = ""

    def __init__(
        self,
        till: Till,
        title: str,
        text: "Sequence[str]",
        job: Callable[[], object],
        give_up: GiveUp | None = None,
    ) -> None:
        super().__init__()
        self._till = till
        self._heading = title
        self._text = list(text)
        self._job = job
        self._give_up = give_up
        self._prompt: Dialog[Any] | None = None

    def compose(self) -> "Iterable[Widget]":
        """What is waited for, and the one key that does something."""
        yield Title(self._heading)
        yield Reading(["", *self._text])
        if self._give_up is not None:
            yield KeyLine([KeyHint("A", "Abandonar a espera (supervisor)")], help_key=False)

    def on_mount(self) -> None:
        """Begin."""
        self.background(self._job, self._answered)

    async def _answered(self, result: object) -> None:
        self._leave("")

    async def failed(self, message: str) -> None:
        """Tell what went wrong."""
        self._leave(message)

    def _leave(self, problem: str) -> None:
        if self._prompt is not None:
            self._prompt.dismiss(None)
        self.dismiss(problem)

    def on_key(self, event: events.Key) -> None:
        """Nothing but a supervisor's word ends this."""
        event.stop()
        if event.key.lower() == "a" and self._give_up is not None:
            self._ask_to_give_up(self._give_up)

    def _ask_to_give_up(self, give_up: GiveUp) -> None:
        text = ["Só abandone a espera se o TEF parou de vez: o pagamento fica incerto até ser consultado."]

        async def allowed(values: dict[str, Value], warrant: Warrant) -> None:
            give_up(warrant)

        question = WarrantQuestion(Action.RULE_PAYMENT, "", "Abandonar a espera", text)
        self._prompt = ask_warrant(self.app, self._till, question, "", allowed)


def ask_warrant(
    app: "App[Any]", till: Till, question: WarrantQuestion, who: str, then: Warranted
) -> Dialog[Any]:
    """Ask what is chosen and on whose word, and return the dialog on show.

    Whoever is here and may do it gives the reason, and a name where nobody logs in; otherwise a supervisor
    comes with number and PIN.
    """
    alone = till.guard.may(question.action)
    here = till.guard.operator if till.guard.enabled else None
    asked = reason_fields()[1:] if here else reason_fields()
    fields: list[Field] = [*question.choices, *(asked if alone else ())]

    def override(values: dict[str, Value]) -> Dialog[Any]:
        from pos_tui.screens.approving import Override

        async def approved(approval: Approval | None) -> None:
            if approval is not None:
                await then(values, Warrant(who, approval.by, approval.reason, approval))

        dialog = Override(till, NeedsApproval(question.action, question.subject), who, question.text)
        app.push_screen(dialog, approved)
        return dialog

    async def answered(values: dict[str, Value] | None) -> None:
        if values is None:
            return
        if alone:
            name = here.name if here else str(values["supervisor"])
            await then(values, Warrant(who, name, str(values["reason"])))
        else:
            override(values)

    if not fields:
        return override({})
    dialog = PromptDialog(question.title, fields, question.text)
    for field in question.choices:
        if alone and len(field.options) == 1:
            # Nothing to choose: the cursor begins behind it.
            dialog.form.set(field.name, field.options[0].key)
            dialog.form.go(asked[0].name)
    app.push_screen(dialog, answered)
    return dialog


def rulings_choice(rulings: "Sequence[PaymentState]") -> ChoiceField:
    """Return the field in which a supervisor says what became of a payment."""
    options = [Option(then, RULING_WORDS[then]) for then in rulings]
    return ChoiceField("verdict", "Decisão", options, required=True)


def reason_fields() -> list[TextField]:
    """Return the fields in which a supervisor gives name and reason."""
    return [
        TextField("supervisor", "Supervisor", max_length=60, required=True, check=_check_name),
        TextField("reason", "Motivo", max_length=140, required=True, check=why_not_reason),
    ]


def _check_name(text: str) -> str | None:
    return None if len(text.strip()) >= 2 else "Informe o nome do supervisor."
