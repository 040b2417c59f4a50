"""Configuração: what this till works with, written into its config file."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.config import Config
from pos_tui.domain.errors import ConfigError
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings
from pos_tui.screens.settings_entry import Group
from pos_tui.screens.settings_form import SettingsForm
from pos_tui.screens.settings_table import GROUPS
from pos_tui.services.config_file import Setting
from pos_tui.services.setup import Editing, key_of, told
from pos_tui.till import Till
from pos_tui.widgets.fields import ChoiceField, Option
from pos_tui.widgets.form import Form
from pos_tui.widgets.text import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

WIZARD, PRINTER = "wizard", "printer"
NARROW = 72
"""Below this width only the names of the groups are listed."""
SAME = "Nada mudou: nada foi gravado."


class SettingsDesk(Board):
    """A list of the groups of settings; the wizard first, while the till only trains."""

    PLACE: ClassVar[Place] = Place.SETUP
    PURPOSE = (
        "O que este caixa é: loja, número, operadora, formas de pagamento, impressora. É do supervisor. O "
        "que muda é conferido antes de ser gravado, e vale quando o caixa abrir de novo. Senhas se escrevem "
        "e nunca aparecem."
    )

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        self._editing: Editing | None = None
        self.head = Paragraphs([""])
        self.form = Form([ChoiceField("group", "O que mudar", (), required=True)], submit_on_choice=True)

    def compose(self) -> "Iterable[Widget]":
        """Where it stands, the list, notice, keys."""
        yield self.heading("Configuração")
        yield self.head
        yield self.form
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """Only who may changes it."""
        self.show_keys()
        await self.act_first(self.till.setup.begin, self._begun)

    async def _begun(self, editing: Editing) -> None:
        self._editing = editing
        self._offer(self.size.width)
        await self._told()

    def on_resize(self, event: events.Resize) -> None:
        """Say what each group holds, where there is room for it."""
        self._offer(event.size.width)

    def _offer(self, width: int) -> None:
        if self._editing is not None:
            self.form.set_options("group", _choices(self.till.config, wide=width >= NARROW))

    async def _told(self) -> None:
        setup = self.till.setup
        told = [f"Arquivo: {setup.path}" if setup.path.exists() else "Este caixa ainda não tem configuração."]
        if waiting := await asyncio.to_thread(setup.waiting):
            told.append(f"Espera o caixa abrir de novo (Ctrl+Q e abrir): {', '.join(waiting)}.")
        self.head.say(told)

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        chosen = self.form.text("group")
        if self._editing is None:
            self.say("A configuração é do supervisor.", "error")
        elif chosen == PRINTER:
            from pos_tui.screens.printer_setup import PrinterSetup

            self.app.push_screen(PrinterSetup(self.till), self._back)
        elif chosen == WIZARD:
            from pos_tui.screens.wizard import Wizard

            self.app.push_screen(Wizard(self.till, self.who(), self._editing), self._back)
        else:
            group = next(one for one in GROUPS if one.key == chosen)
            self.app.push_screen(GroupDesk(self.till, self.who(), group, self._editing), self._back)

    async def _back(self, _: None) -> None:
        self.form.reset()
        with self.telling():
            await self._told()


def _choices(config: Config, *, wide: bool) -> list[Option]:
    labels = [
        *([(WIZARD, "Assistente: fazer deste caixa uma loja de verdade")] if config.training else []),
        *((group.key, group.label) for group in GROUPS[:4]),
        (PRINTER, "Impressora: página de teste"),
        *((group.key, group.label) for group in GROUPS[4:]),
    ]
    return [Option(key, label if wide else label.partition(":")[0]) for key, label in labels]


class GroupDesk(Board):
    """One group: F10 writes what changed, F5 tests the connection with what is typed."""

    PLACE: ClassVar[Place] = Place.SETTINGS
    PURPOSE = SettingsDesk.PURPOSE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.SETTINGS)]

    def __init__(self, till: Till, who: str, group: Group, editing: Editing) -> None:
        super().__init__(till, who)
        self._group = group
        self._editing = editing
        self.form = SettingsForm(group, editing)

    def compose(self) -> "Iterable[Widget]":
        """Form, notice, keys."""
        yield self.heading(f"Configuração: {self._group.short}")
        yield self.form
        yield self.message
        yield self.keys

    def on_mount(self) -> None:
        """Draw the keys."""
        self.show_keys()

    def why_not(self, command_id: str) -> str | None:
        """Only what has an outside can be tested."""
        if command_id == "settings_test" and not self._group.tests:
            return "Aqui não há conexão a testar."
        return None

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        event.stop()
        self.form.show_asked()

    @on(Form.Submitted)
    async def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        await self.action_command("settings_save")

    async def do_settings_save(self) -> None:
        """F10, or Enter on the last field."""
        if not self.form.check():
            return
        values, secrets = self.form.changes, self.form.secrets
        if not values and not secrets:
            self.say(SAME)
            return
        try:
            await asyncio.to_thread(self._editing.save, values, secrets, self.who())
        except ConfigError as error:
            if not self.form.accept(error):
                raise
            return
        self.form = await self._again()
        names = ", ".join([*values, *(f"{name} (segredo)" for name in secrets)])
        self.say(f"Gravado: {names}. Vale quando o caixa abrir de novo: Ctrl+Q e abrir.")

    async def _again(self) -> SettingsForm:
        """Ask anew, filled with what was written."""
        fresh = SettingsForm(self._group, self._editing)
        await self.form.remove()
        await self.mount(fresh, before=self.message)
        self.set_focus(fresh)
        return fresh

    async def do_settings_test(self) -> None:
        """F5."""
        self.say("Testando a conexão…")
        job = partial(test_connection, self.till, self._editing, self.form.changes, self.form.secrets)
        self.background(partial(job, self._group.tests), self._tested)

    async def _tested(self, found: tuple[bool, str]) -> None:
        right, told = found
        self.say(told, "normal" if right else "error")


def test_connection(
    till: Till, editing: Editing, values: dict[str, Setting], secrets: dict[str, str], names: tuple[str, ...]
) -> tuple[bool, str]:
    """Ask outsides as they would be asked with these settings: whether they answered, and a sentence."""
    from pos_tui.connection import check_all

    try:
        with editing.candidate(values, secrets) as config:
            return check_all(names, config, till)
    except ConfigError as error:
        name = key_of(error)
        return False, f"«{name}»: {told(error)}" if name else error.message
