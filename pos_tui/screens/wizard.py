"""First-run wizard: from training without a config to a store that sells, one question after the other."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.errors import ConfigError
from pos_tui.screens.board import Board
from pos_tui.screens.settings import test_connection
from pos_tui.screens.settings_entry import Entry, Group
from pos_tui.screens.settings_form import SettingsForm
from pos_tui.screens.settings_table import KEYS, PAYMENT, STATEMENTS, STORE, TILL, TOPUP
from pos_tui.services.config_file import Setting
from pos_tui.services.setup import Editing
from pos_tui.till import Till
from pos_tui.widgets.chrome import KeyHint
from pos_tui.widgets.dialog import Answer, Question, TextPage
from pos_tui.widgets.form import Form
from pos_tui.widgets.text import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

_LATER = (
    *("till.training", "topup.label", "topup.auto_confirm", "topup.deadline_seconds", "topup.contacts"),
    *("statements.wallet", "statements.window_days", "statements.tolerance_cents", "statements.rates"),
)
"""What a store may leave as it is; the desk has it."""


def _only(group: Group) -> Group:
    kept: tuple[Entry, ...] = tuple(one for one in group.entries if one.name not in _LATER)
    return Group(group.key, group.label, kept, group.tests)


STEPS = (STORE, _only(TILL), _only(TOPUP), PAYMENT, _only(STATEMENTS), KEYS)
TESTS = tuple(name for step in STEPS for name in step.tests)
_ON_PAPER = "Preencha este campo: sai no papel da loja."
REQUIRED = {
    "store.name": _ON_PAPER,
    "store.cnpj": _ON_PAPER,
    "store.city": _ON_PAPER,
    "statements.establishment": "Peça o código à integradora antes de prosseguir: sem ele nada concilia.",
}
NEXT = (
    "Saia do programa (Ctrl+Q) e abra de novo: ele abre como loja de verdade e pede o primeiro supervisor.",
    "Para treinar depois, sem mexer na loja: pos-tui --training.",
    "Faça cópia à parte do secrets.toml e, depois do primeiro supervisor, do operators.pepper.",
)


class Wizard(Board):
    """Five forms; what is typed stays in memory until the last question writes it whole."""

    PLACE: ClassVar[Place] = Place.SETUP
    PURPOSE = (
        "Faz deste caixa uma loja de verdade: loja, caixa, operadora, formas de pagamento, extratos de "
        "cartão e teclas, um passo de cada vez. Enter no último campo segue; Esc volta um passo. Nada é "
        "gravado antes da última pergunta."
    )
    BINDINGS: ClassVar[list[BindingType]] = [("f10,ctrl+p", "forward")]

    def __init__(self, till: Till, who: str, editing: Editing) -> None:
        super().__init__(till, who)
        self._editing = editing
        self._step = 0
        self._values: dict[str, Setting] = {}
        self._secrets: dict[str, str] = {}
        self._forms = [SettingsForm(step, editing) for step in STEPS]
        if editing.config.source is None:
            # Training's own names are not the store's.
            for name in ("store.name", "store.city"):
                self._forms[0].set(name, "")
        self.head = Paragraphs([""])

    @property
    def form(self) -> SettingsForm:
        """The step on show."""
        return self._forms[self._step]

    def compose(self) -> "Iterable[Widget]":
        """Which step, its form, notice, keys."""
        yield self.heading("Assistente")
        yield self.head
        for form in self._forms:
            form.display = form is self.form
            yield form
        yield self.message
        yield self.keys

    def on_mount(self) -> None:
        """The first step."""
        self._show(0)

    def show_keys(self) -> None:
        """Forward and back."""
        self.keys.set_keys([KeyHint("Enter", "Próximo"), KeyHint("F10", "Seguir"), KeyHint("Esc", "Voltar")])

    def _show(self, step: int) -> None:
        self.form.display = False
        self._step = step
        self.form.display = True
        self.head.say([f"Passo {step + 1} de {len(STEPS)}. {STEPS[step].short}."])
        self.message.clear()
        self.show_keys()
        self.set_focus(self.form)

    def action_leave(self) -> None:
        """Esc: one step back; from the first, out, with nothing written."""
        if self._step:
            self._show(self._step - 1)
        else:
            self.dismiss(None)

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        event.stop()
        self.form.show_asked()

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        self.action_forward()

    def action_forward(self) -> None:
        """F10, or Enter on the last field: the next step, or the last question."""
        for name, why in REQUIRED.items():
            field = self.form.fields.get(name)
            if field is not None and not field.hidden and not self.form.text(name):
                self.form.error(name, why)
                return
        if not self.form.check() or not self._fits():
            return
        if self._step + 1 < len(STEPS):
            self._show(self._step + 1)
        else:
            self._ask("Tudo respondido. Teste as conexões antes de gravar.")

    def _fits(self) -> bool:
        """Say at once what of this step no till can work with; what later steps lack is not its matter."""
        self._gather()
        try:
            with self._editing.candidate(self._values, {}):
                return True
        except ConfigError as error:
            return not self.form.accept(error)

    def _gather(self) -> None:
        self._values, self._secrets = {"till.training": False}, {}
        for form in self._forms:
            self._values.update(form.changes)
            self._secrets.update(form.secrets)

    def _ask(self, *told: str) -> None:
        answers = [
            Answer("T", "Testar as conexões"),
            Answer("G", "Gravar: a loja de verdade", dangerous=True),
        ]
        text = [*told, "Gravar tira este caixa do treinamento na próxima abertura. Esc volta aos passos."]
        self.app.push_screen(Question("Gravar a configuração?", text, answers, default="T"), self._answered)

    async def _answered(self, answer: str | None) -> None:
        if answer == "t":
            self.say("Testando a conexão…")
            job = partial(test_connection, self.till, self._editing, self._values, self._secrets, TESTS)
            self.background(job, self._tested)
        elif answer == "g":
            await self._write()

    async def _tested(self, found: tuple[bool, str]) -> None:
        right, told = found
        self.message.clear()
        self._ask("Conexão certa." if right else "A conexão NÃO deu certo.", told)

    async def _write(self) -> None:
        try:
            await asyncio.to_thread(self._editing.save, self._values, self._secrets, self.who())
        except ConfigError as error:
            self._to_fault(error)
            return
        answers = [Answer("S", "Sim, encontrar a impressora"), Answer("N", "Não, depois (Ctrl+X)")]
        text = [f"Gravado em {self._editing.path}.", "Há uma impressora ligada a este caixa?"]
        self.app.push_screen(Question("Impressora", text, answers, default="S"), self._printer)

    def _to_fault(self, error: ConfigError) -> None:
        """Go to the step that asked for what is wrong."""
        for step, form in enumerate(self._forms):
            if form.accept(error):
                self._show(step)
                form.accept(error)
                return
        self.say(error.message, "error")

    async def _printer(self, answer: str | None) -> None:
        if answer == "s":
            from pos_tui.screens.printer_setup import PrinterSetup

            self.app.push_screen(PrinterSetup(self.till), self._done)
        else:
            await self._done(None)

    async def _done(self, _: None) -> None:
        self.app.push_screen(TextPage("Pronto", NEXT), self._read)

    async def _read(self, _: None) -> None:
        self.dismiss(None)
