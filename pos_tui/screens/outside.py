"""Waiting for the outside, and the supervisor's word that some answers need."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual import events

from pos_tui.domain.payment import PaymentState
from pos_tui.screens.background import Background
from pos_tui.services.refunds import Warrant
from pos_tui.widgets.chrome import KeyHint, KeyLine, Title
from pos_tui.widgets.dialog import Dialog, PromptDialog
from pos_tui.widgets.fields import ChoiceField, Option, TextField, Value
from pos_tui.widgets.text import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

GiveUp = Callable[[Warrant], None]

PINPAD = [
    "Siga as instruções do pinpad: insira, aproxime ou passe o cartão.",
    "Aguarde; não feche o caixa nem desligue o terminal. A resposta vem sozinha.",
]
BANK = ["Falando com o banco. Aguarde."]
RULING_WORDS = {
    PaymentState.CONFIRMED: "O cliente foi cobrado: o pagamento vale",
    PaymentState.UNDONE: "A cobrança foi desfeita",
    PaymentState.CANCELLED: "O cliente não foi cobrado",
    PaymentState.REFUNDED: "O dinheiro voltou ao cliente",
}


class OutsideWait(Dialog[str], Background):  # Dialog first: styles follow the first base
    """Covers the till while a job asks the outside. Returns what went wrong, or nothing.

    Esc does nothing here: what the TEF manager has taken cannot be called back. With `give_up`, a supervisor
    may end the waiting, which leaves the payment uncertain.
    """

    AUTO_FOCUS = ""

    def __init__(
        self, title: str, text: "Sequence[str]", job: Callable[[], object], give_up: GiveUp | None = None
    ) -> None:
        super().__init__()
        self._heading = title
        self._text = list(text)
        self._job = job
        self._give_up = give_up
        self._prompt: PromptDialog | None = None

    def compose(self) -> "Iterable[Widget]":
        """What is waited for, and the one key that does something."""
        yield Title(self._heading)
        yield Paragraphs(["", *self._text])
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
            text = [
                "Só abandone a espera se o TEF parou de vez: o pagamento fica incerto até ser consultado."
            ]
            self._prompt = warrant_dialog("Abandonar a espera", text)
            self.app.push_screen(self._prompt, partial(self._given_up, self._give_up))

    async def _given_up(self, give_up: GiveUp, values: dict[str, Value] | None) -> None:
        self._prompt = None
        if values is not None:
            give_up(warrant_of(values, ""))


def warrant_dialog(title: str, text: "Sequence[str]", rulings: "Sequence[PaymentState]" = ()) -> PromptDialog:
    """Return the form in which a supervisor allows something, with the name and the reason."""
    verdict = [
        ChoiceField(
            "verdict", "Decisão", [Option(then, RULING_WORDS[then]) for then in rulings], required=True
        )
    ]
    return PromptDialog(
        title,
        [
            *(verdict if rulings else []),
            *reason_fields(),
        ],
        text,
    )


def reason_fields() -> list[TextField]:
    """Return the fields in which a supervisor gives name and reason."""
    return [
        TextField("supervisor", "Supervisor", max_length=60, required=True, check=_check_name),
        TextField("reason", "Motivo", max_length=140, required=True, check=_check_reason),
    ]


def warrant_of(values: dict[str, Value], who: str) -> Warrant:
    """Return what was typed in it."""
    return Warrant(who, str(values["supervisor"]), str(values["reason"]))


def _check_name(text: str) -> str | None:
    return None if len(text.strip()) >= 2 else "Informe o nome do supervisor."


def _check_reason(text: str) -> str | None:
    return None if len(text.strip()) >= 5 else "Escreva o motivo, com pelo menos cinco letras."
