"""The printer's setup on the screen: the same questions as `pos-tui print-test`."""

import asyncio
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.config import default_path
from pos_tui.domain.errors import PosError
from pos_tui.domain.outcome import Outcome
from pos_tui.domain.values import replace
from pos_tui.printing.device import Printed
from pos_tui.printing.profiles import PROFILES
from pos_tui.screens.background import Background
from pos_tui.services.printer_setup import (
    HEXADECIMAL,
    KEY_HINTS,
    KEY_LABELS,
    TRANSPORT_LABELS,
    Ask,
    Interview,
    print_test_page,
    read_key,
    save,
    why_not_printed,
)
from pos_tui.settings.printer import KEYS, PrinterSettings, problem
from pos_tui.till import Till
from pos_tui.widgets.chrome import KeyHint, KeyLine, MessageLine, Title
from pos_tui.widgets.dialog import Answer, Dialog, Question
from pos_tui.widgets.fields import ChoiceField, Option, TextField
from pos_tui.widgets.form import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

TITLE = "Impressora"
PURPOSE = (
    "Diga como a impressora está ligada e qual é; a página de teste sai na hora, e as perguntas vêm depois."
)
STOPPED = "Teste interrompido: nada foi gravado. Enter imprime de novo."


class PrinterSetup(Background, Dialog[None]):
    """Asks, has the print worker print the test page, asks what is on it, writes the config."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave")]

    def __init__(self, till: Till) -> None:
        super().__init__()
        self._till = till
        self._busy = False
        self._tried: tuple[str, ...] = ()
        self._interview: Interview | None = None
        self.message = MessageLine()
        self.form = Form(_fields(), submit_on_choice=True)
        self._fill(till.config.printer)

    def compose(self) -> "Iterable[Widget]":
        """Title, form, notice, keys."""
        yield Title(TITLE, [PURPOSE])
        yield self.form
        yield self.message
        yield KeyLine([KeyHint("Enter", "Próximo / Testar"), KeyHint("Esc", "Voltar")], help_key=False)

    async def failed(self, message: str) -> None:
        """The worker could not."""
        self._busy = False
        self.message.say(message, "error")

    def action_leave(self) -> None:
        """Back to the sale; nothing more is written."""
        self.dismiss(None)

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        event.stop()
        if event.field == "transport":
            self._show_keys()

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        settings = self._read()
        if settings is not None and not self._busy:
            self._tried = ()
            self._print(settings)

    # The form

    def _fill(self, known: PrinterSettings) -> None:
        self.form.set("transport", known.transport if known.transport in TRANSPORT_LABELS else None)
        for key in KEY_LABELS:
            value = getattr(known, key)
            self.form.set(key, f"{value:04x}" if key in HEXADECIMAL and value else str(value or ""))
        self.form.set("profile", known.profile)
        self._show_keys()

    def _show_keys(self) -> None:
        wanted = KEYS.get(self.form.text("transport"), ())
        for key in KEY_LABELS:
            self.form.show(key, key in wanted)

    def _read(self) -> PrinterSettings | None:
        """Return the settings typed, or None with the fault told at its field."""
        profile = self.form.text("profile")
        values: dict[str, Any] = {
            "transport": self.form.text("transport"),
            "profile": profile,
            "columns": PROFILES[profile].columns,
            "code_page": "",
        }
        for key in KEYS[values["transport"]]:
            try:
                values[key] = read_key(key, self.form.text(key))
            except ValueError:
                self.form.error(key, "Isto não é um número.")
                return None
        settings = replace(self._till.config.printer, **values)
        if (found := problem(settings)) is not None:
            key, why = found
            self.form.error(key if key in self.form.fields else "profile", why)
            return None
        return settings

    # The page

    def _print(self, settings: PrinterSettings) -> None:
        self._busy = True
        self.message.say(f"Imprimindo a página de teste ({PROFILES[settings.profile].label})…")
        drawer = self.form.text("drawer") == "yes"

        def errand() -> Outcome[Printed]:
            with tempfile.TemporaryDirectory() as folder:
                return print_test_page(settings, Path(folder), drawer=drawer)

        self.background(partial(self._till.spool.errand, errand), partial(self._printed, settings, drawer))

    async def _printed(self, settings: PrinterSettings, drawer: bool, outcome: Outcome[Printed]) -> None:
        self._busy = False
        why = why_not_printed(outcome)
        if why is not None:
            hint = " Com o modelo anterior ela respondia: este não é o dela." if self._tried else ""
            self.message.say(f"{why}{hint}", "error")
            return
        self.message.clear()
        self._interview = Interview(settings, outcome, drawer=drawer, tried=self._tried)
        await self._next()

    async def _next(self) -> None:
        assert self._interview is not None
        ask = self._interview.ask()
        if ask is not None:
            self.app.push_screen(_question(ask), self._answered)
        elif self._interview.again:
            self._tried = self._interview.tried
            self.form.set("profile", self._interview.settings.profile)
            self._print(self._interview.settings)
        elif self._interview.usable:
            await self._save(self._interview.settings)
        else:
            self.message.say("Nada foi gravado. Confira a ligação e o perfil; Enter imprime de novo.")

    async def _answered(self, key: str | None) -> None:
        assert self._interview is not None
        if key is None:
            self.message.say(STOPPED)
            return
        self._interview.answer(key)
        await self._next()

    async def _save(self, settings: PrinterSettings) -> None:
        target = self._till.config.source or default_path()
        try:
            await asyncio.to_thread(save, target, settings)
        except PosError as error:
            self.message.say(error.message, "error")
        else:
            self.message.say(f"Gravado em {target}. Vale quando o caixa abrir de novo. Esc volta.")


def _fields() -> "list[ChoiceField | TextField]":
    ways = [Option(name, label) for name, label in TRANSPORT_LABELS.items()]
    models = [Option(row.name, row.label) for row in PROFILES.values()]
    drawer = [Option("no", "Não"), Option("yes", "Sim: o teste a abre")]
    return [
        ChoiceField("transport", "Ligação", ways, required=True),
        *(
            TextField(key, label, max_length=120, codes=True, required=True, hint=_sentence(KEY_HINTS[key]))
            for key, label in KEY_LABELS.items()
        ),
        ChoiceField("profile", "Modelo", models, required=True),
        ChoiceField("drawer", "Gaveta", drawer, required=True, hint="Há uma gaveta ligada nela?"),
    ]


def _sentence(hint: str) -> str:
    return f"{hint[0].upper()}{hint[1:]}."


def _question(ask: Ask) -> Question:
    return Question(TITLE, [ask.text], [Answer(key, label) for key, label in ask.answers])
