"""Who is at the till: entering by number and PIN, and the first supervisor of a store."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.domain.errors import FieldError
from pos_tui.domain.people import MAX_PIN, PIN_DIGITS, Operator, Role
from pos_tui.screens.background import Background
from pos_tui.till import Till
from pos_tui.widgets.chrome import KeyHint, KeyLine, MessageLine, Title
from pos_tui.widgets.dialog import Dialog
from pos_tui.widgets.fields import DigitsField, TextField, Value
from pos_tui.widgets.form import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget


class Entrance(Background, Dialog[Operator | None]):
    """What both ways in share. Nothing but a right PIN leads past it; Ctrl+Q leaves the program."""

    BINDINGS: ClassVar[list[BindingType]] = [("ctrl+q", "quit_till")]
    HEADING: ClassVar[str] = ""

    def __init__(self, till: Till, notice: str, form: Form) -> None:
        super().__init__()
        self._till = till
        self._notice = notice
        self._busy = False
        self.message = MessageLine()
        self.form = form

    def compose(self) -> "Iterable[Widget]":
        """Title, form, notice, keys."""
        yield Title(f"{self.HEADING}: {self._till.config.store.name}", [self._notice])
        yield self.form
        yield self.message
        yield KeyLine([KeyHint("Enter", "Entrar"), KeyHint("Ctrl+Q", "Sair")], help_key=False)

    async def action_quit_till(self) -> None:
        """Leave the program."""
        await self.app.run_action("quit_till")

    def enter(self, values: dict[str, Value]) -> Operator | FieldError:
        """Find out who it is; in a worker."""
        raise NotImplementedError

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        if not self._busy:
            self._busy = True
            self.message.say("Conferindo…")
            self.background(partial(self.enter, dict(event.values)), self._entered)

    async def _entered(self, found: Operator | FieldError) -> None:
        self._busy = False
        self.message.clear()
        if isinstance(found, FieldError):
            self.form.error(found.field, found.message)
        else:
            self.dismiss(found)

    async def failed(self, message: str) -> None:
        """Wrong, locked or switched off: start again."""
        self._busy = False
        self.message.say(message, "error")
        self.form.reset()


class Login(Entrance):
    """Number and PIN."""

    HEADING = "Entrar no caixa"

    def __init__(self, till: Till, notice: str) -> None:
        form = Form(
            [
                DigitsField("number", "Operador nº", max_length=4, required=True),
                DigitsField("pin", "PIN", max_length=MAX_PIN, secret=True, required=True),
            ]
        )
        super().__init__(till, notice, form)

    def enter(self, values: dict[str, Value]) -> Operator:
        """By number and PIN."""
        return self._till.operators.enter(int(values["number"] or 0), str(values["pin"]))


class FirstSupervisor(Entrance):
    """A store that has nobody yet: whoever sets it up becomes supervisor number 1."""

    HEADING = "Primeiro supervisor"

    def __init__(self, till: Till) -> None:
        least = PIN_DIGITS[Role.SUPERVISOR]
        form = Form(
            [
                TextField("name", "Nome", max_length=40, required=True),
                DigitsField(
                    "pin",
                    "PIN",
                    max_length=MAX_PIN,
                    secret=True,
                    required=True,
                    hint=f"{least} dígitos ou mais.",
                ),
                DigitsField("again", "PIN de novo", max_length=MAX_PIN, secret=True, required=True),
            ]
        )
        super().__init__(till, "Ninguém está cadastrado. Você será o operador 1, supervisor.", form)

    def enter(self, values: dict[str, Value]) -> Operator | FieldError:
        """Register and come in."""
        pin = str(values["pin"])
        if pin != values["again"]:
            return FieldError("again", "Os dois PINs são diferentes.")
        try:
            operator = self._till.operators.create_first(str(values["name"]), pin)
        except FieldError as error:
            return error
        return self._till.operators.enter(operator.number, pin)
