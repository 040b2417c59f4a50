"""How a place on the screen offers its commands: bindings, reasons, footer — all from the one registry."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget

from pos_tui.commands import Place, of_place, own
from pos_tui.domain.errors import FieldError, PosError
from pos_tui.widgets.chrome import KeyHint
from pos_tui.widgets.form import Form
from pos_tui.widgets.theme import Tone


def bindings(place: Place) -> list[Binding]:
    """Return the keys of a place as Textual wants them."""
    return [
        Binding(",".join(command.keys), f"command('{command.id}')", show=False, id=command.id)
        for command in own(place)
        if command.keys
    ]


class Commanded(Widget):
    """Mixed into whatever has commands of its own: `do_<id>` does it, `why_not` says why it is off."""

    PLACE: ClassVar[Place] = Place.ANYWHERE

    def why_not(self, command_id: str) -> str | None:
        """Say why a command is off now, as a whole sentence, or None when it is on."""
        return None

    def say(self, text: str, tone: Tone = "normal") -> None:
        """Tell the cashier something in the message line."""
        raise NotImplementedError

    async def _dispatch_message(self, message: Message) -> None:
        """As in `Dialog`. Forms, lists and timers come by here; `Locking.push_screen` sees to answers."""
        try:
            await super()._dispatch_message(message)
        except PosError as error:
            self.not_done(error)

    def not_done(self, error: PosError) -> None:
        """Tell what could not be done."""
        self.say(error.message, "error")

    async def action_command(self, command_id: str) -> None:
        """Carry a command out, or say why it is off."""
        reason = self.why_not(command_id)
        if reason is not None:
            self.say(reason)
            return
        with self.telling():
            await self.carry_out(command_id)

    async def carry_out(self, command_id: str) -> None:
        """Do it."""
        await getattr(self, f"do_{command_id}")()

    @contextmanager
    def telling(self, form: Form | None = None) -> Iterator[None]:
        """Tell errors where they belong: at the field concerned, else in the message line."""
        try:
            yield
        except FieldError as error:
            if form is not None and error.field in form.fields:
                form.error(error.field, error.message)
            else:
                self.say(error.message, "error")
        except PosError as error:
            self.say(error.message, "error")


def hints(
    place: Place, reasons: Callable[[str], str | None], label: Callable[[str], str] = lambda _: ""
) -> list[KeyHint]:
    """Return the footer of a place; `label` may name a command as it is meant now."""
    shown = sorted(
        (command for command in of_place(place) if command.footer), key=lambda command: command.footer
    )
    return [
        KeyHint(
            command.key_words[0],
            label(command.id) or command.label_at(place),
            reasons(command.id) is None,
            command.footer,
        )
        for command in shown
        if command.id != "help"
    ]
