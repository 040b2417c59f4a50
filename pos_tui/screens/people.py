"""Operadores: who may work here, new PINs, lock-outs ended."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.errors import FieldError
from pos_tui.domain.people import (
    MAX_PIN,
    PIN_DIGITS,
    ROLE_WORDS,
    Operator,
    Role,
    check_pin,
    why_not_name,
    why_not_try,
)
from pos_tui.domain.phone import Incomplete
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings
from pos_tui.services.guard import Approval
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import PromptDialog
from pos_tui.widgets.fields import ChoiceField, DigitsField, Field, Option, TextField, Value
from pos_tui.widgets.line_list import LineList, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

COLUMNS = (
    Column("Nº", 4, "right"),
    Column("Nome", 10, flex=True),
    Column("Papel", 17, priority=1),
    Column("Situação", 10),
)
EMPTY = "Ninguém cadastrado. F6 cadastra: o primeiro é supervisor, e a partir daí todos entram com PIN."
DIFFERENT = "Os dois PINs são diferentes."


class PeopleDesk(Board):
    """One line a person; what a cashier may not do, a supervisor approves in place."""

    PLACE: ClassVar[Place] = Place.PEOPLE
    PURPOSE = (
        "Quem trabalha no caixa, com número, PIN e papel. Operador de caixa vende; supervisor autoriza o que "
        "custa dinheiro. Ninguém se apaga: quem saiu é desativado, e o que fez fica na trilha."
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.PEOPLE)]
    AUTO_FOCUS = "LineList"

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        self.list = LineList(COLUMNS, empty=EMPTY)
        self._people: dict[str, Operator] = {}

    def compose(self) -> "Iterable[Widget]":
        """The list, notice, keys."""
        yield self.heading("Operadores")
        yield self.list
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """Read the list."""
        await self._read()

    async def _read(self) -> None:
        people = await asyncio.to_thread(self.till.operators.all)
        self._people = {one.id: one for one in people}
        now = self.till.context.now()
        self.list.set_rows([_row(one, now) for one in people])
        self.show_keys()

    def why_not(self, command_id: str) -> str | None:
        """Nothing to change on an empty list."""
        if command_id != "person_new" and self.list.row is None:
            return "Ninguém está marcado."
        return None

    @property
    def _marked(self) -> Operator:
        assert self.list.row is not None, "why_not said so"
        return self._people[self.list.row.key]

    # Commands

    async def do_person_new(self) -> None:
        """F6."""
        first = not self._people
        number = DigitsField(
            "number", "Número", max_length=4, suggested=True, required=True, enabled=not first,
            check=self._number_taken,
        )  # fmt: skip
        roles = [Option(role, words) for role, words in ROLE_WORDS.items()]
        role = ChoiceField("role", "Papel", roles, required=True, enabled=not first)
        name = TextField("name", "Nome", max_length=40, required=True, check=why_not_name)
        boss = _least(Role.SUPERVISOR)
        hint = boss if first else f"{_least(Role.CASHIER)} Supervisor: {boss}"
        pins = _pins(hint, lambda: Role(dialog.form.text("role")))
        dialog = PromptDialog("Novo operador", [name, number, role, *pins])
        dialog.form.set("number", str(max((one.number for one in self._people.values()), default=0) + 1))
        dialog.form.set("role", Role.SUPERVISOR if first else Role.CASHIER)
        self.app.push_screen(dialog, partial(self._create, first))

    async def _create(self, first: bool, values: dict[str, Value] | None) -> None:
        if values is None:
            return
        name, pin, operators = str(values["name"]), str(values["pin"]), self.till.operators

        def work(approval: Approval | None) -> object:
            if first:
                return operators.create_first(name, pin)
            number, role = int(values["number"] or 0), Role(str(values["role"]))
            return operators.create(number, name, role, pin, self._who, approval)

        told = " Agora todos entram com PIN: Esc pede o seu." if first else ""
        about = f"{name}: {ROLE_WORDS[Role(str(values['role']))]}, cadastro novo."
        await self._do(work, about, f"{name}: cadastro feito.{told}")

    async def do_person_pin(self) -> None:
        """F9."""
        one = self._marked
        dialog = PromptDialog(f"PIN novo de {one.name}", _pins(_least(one.role), lambda: one.role))
        self.app.push_screen(dialog, partial(self._set_pin, one))

    async def _set_pin(self, one: Operator, values: dict[str, Value] | None) -> None:
        if values is not None:
            work = partial(self.till.operators.set_pin, one.id, str(values["pin"]), self._who)
            await self._do(work, f"{one.name}: dar um PIN novo.", f"{one.name}: PIN novo.")

    async def do_person_switch(self) -> None:
        """F8."""
        one = self._marked
        work = partial(self.till.operators.set_active, one.id, not one.active, self._who)
        verb = "desativa" if one.active else "ativa"
        await self._do(work, f"{one.name}: {verb}r.", f"{one.name}: {verb}do.")

    async def do_person_release(self) -> None:
        """L."""
        one = self._marked
        work = partial(self.till.operators.release, one.id, self._who)
        await self._do(work, f"{one.name}: liberar.", f"{one.name}: liberado.")

    # Inside

    def _number_taken(self, text: str) -> str | None:
        taken = [one.name for one in self._people.values() if text and one.number == int(text)]
        return Incomplete(f"O número {text} já é de {taken[0]}.") if taken else None

    async def _do(self, work: Callable[[Approval | None], object], about: str, told: str) -> None:
        async def done(_: object) -> None:
            await self._read()
            self.say(told)

        self.attempt(work, done, about)


def _least(role: Role) -> str:
    return f"{PIN_DIGITS[role]} dígitos ou mais."


def _pins(hint: str, role: Callable[[], Role]) -> list[Field]:
    """A PIN and the same once more; a slip in it is told where it was made, and nothing else is lost."""

    def unfit(text: str) -> str | None:
        try:
            check_pin(text, role())
        except FieldError as error:
            return Incomplete(error.message)
        return None

    pin = DigitsField("pin", "PIN", max_length=MAX_PIN, secret=True, required=True, hint=hint, check=unfit)

    def differs(text: str) -> str | None:
        if text == pin.text:
            return None
        return Incomplete("Os mesmos dígitos.") if pin.text.startswith(text) else DIFFERENT

    again = DigitsField("again", "PIN de novo", max_length=MAX_PIN, secret=True, required=True, check=differs)
    return [pin, again]


def _row(one: Operator, now: int) -> Row:
    locked = why_not_try(one, now) is not None
    state = "desativado" if not one.active else "bloqueado" if locked else "ativo"
    cells = (str(one.number), one.name, ROLE_WORDS[one.role], state)
    return Row(one.id, cells, "pending" if locked else "normal")
