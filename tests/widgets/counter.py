"""A small app to type at: two tabs, a scan field, dialogs. Run as a module; tests drive it over a pty."""

import os
import sys

from pos_tui.widgets.theme import prepare

if __name__ == "__main__":
    prepare(os.environ)  # before Textual is imported

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from pos_tui.widgets.chrome import KeyHint, KeyLine, MessageLine, StatusLine, TabBar
from pos_tui.widgets.dialog import Answer, PromptDialog, Question
from pos_tui.widgets.fields import (
    ChoiceField,
    DigitsField,
    MoneyField,
    Option,
    TextField,
    Value,
    grouped,
)
from pos_tui.widgets.form import Form
from pos_tui.widgets.keyboard import SerialKeyboard

PHONE = grouped("## #####-####")


class Counter(SerialKeyboard[None]):
    """Tab 1 scans, tab 2 takes a top-up, tab 3 an amount; F5 asks for a reason, F8 asks to cancel."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("f2", "tab(0)", "Leitura"),
        ("f3", "tab(1)", "Recarga"),
        ("f10", "tab(2)", "Pagamento"),
        ("f5", "reason", "Motivo"),
        ("f8", "cancel", "Cancelar"),
        ("f12", "quit", "Sair"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.tabs = TabBar(["Leitura", "Recarga", "Pagamento"])
        self.status = StatusLine()
        self.message = MessageLine()
        self.scans: list[str] = []
        operators = [Option(name, name) for name in ("Vivo", "Claro", "TIM")]
        self.forms = [
            Form([TextField("code", "Código", max_length=40, required=True)]),
            Form(
                [
                    ChoiceField("operator", "Operadora", operators),
                    DigitsField("line", "Número da linha", max_length=11, mask=PHONE, auto_advance=True),
                    DigitsField("again", "Confirmar número", max_length=11, mask=PHONE),
                ],
            ),
            Form([MoneyField("amount", "Valor", required=True)]),
        ]

    def compose(self) -> ComposeResult:
        yield self.tabs
        yield from self.forms
        yield self.message
        yield self.status
        yield KeyLine([KeyHint("F2", "Leitura"), KeyHint("F3", "Recarga"), KeyHint("F10", "Pagamento")])

    def on_mount(self) -> None:
        self.status.set("till", "PDV 01")
        self.action_tab(0)

    def action_tab(self, index: int) -> None:
        self.tabs.active = index
        for place, form in enumerate(self.forms):
            form.display = place == index
        self.set_focus(self.forms[index])

    def action_reason(self) -> None:
        def given(values: dict[str, Value] | None) -> None:
            self.message.say(f"Motivo: {values['reason'] if values else 'nenhum'}")

        self.push_screen(PromptDialog("Motivo", [TextField("reason", "Motivo", required=True)]), given)

    def action_cancel(self) -> None:
        question = Question("Cancelar?", ["A recarga volta."], [Answer("S", "Sim", dangerous=True)])
        self.push_screen(question, lambda key: self.message.say(f"Resposta: {key}"))

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        if event.form is self.forms[0]:
            self.scans.append(event.form.text("code"))
            event.form.reset()
            self.message.say(f"Lidos {len(self.scans)}: {' '.join(self.scans[-3:])}")
        else:
            self.message.say(" ".join(f"{name}={value}" for name, value in event.values.items()))


if __name__ == "__main__":
    app = Counter()
    app.run(mouse=False)
    sys.exit(app.return_code)
