"""A second person's word, in place: number, PIN and reason for one action, without leaving what one does."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import on
from textual.binding import BindingType

from pos_tui.domain.errors import FieldError, PosError, RuleError
from pos_tui.domain.people import ACTION_WORDS, MAX_PIN, NeedsApproval
from pos_tui.screens.background import Background
from pos_tui.services.guard import Approval
from pos_tui.till import Till
from pos_tui.widgets.chrome import KeyHint, KeyLine, MessageLine, Title
from pos_tui.widgets.dialog import READING, Dialog
from pos_tui.widgets.fields import DigitsField, TextField
from pos_tui.widgets.form import Form
from pos_tui.widgets.theme import Tone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

T = TypeVar("T")

ONE_AT_A_TIME = "Aguarde: o que foi pedido ainda está sendo feito."

Act = Callable[[Approval | None], T]
"""Does something, with or without an approval; raises NeedsApproval when it wants one."""


class Override(Background, Dialog[Approval | None]):
    """Returns the approval, or None after Esc. Who may do it alone gives only the reason.

    `about` says what it is for: nobody should approve what they cannot read.
    """

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave"), *READING]

    def __init__(self, till: Till, needs: NeedsApproval, who: str, about: Sequence[str] = ()) -> None:
        super().__init__()
        self._about = about
        self._till = till
        self._needs = needs
        self._who = who
        self._alone = till.guard.may(needs.action)
        self._busy = False
        self.message = MessageLine()
        person = [
            DigitsField("number", "Supervisor nº", max_length=4, required=True),
            DigitsField("pin", "PIN", max_length=MAX_PIN, secret=True, required=True),
        ]
        reason = TextField(
            "reason", "Motivo", max_length=80, required=True, hint="Fica na trilha com os nomes de ambos."
        )
        self.form = Form([*([] if self._alone else person), reason])

    def compose(self) -> "Iterable[Widget]":
        """Title, form, notice, keys."""
        words = ACTION_WORDS[self._needs.action]
        ask = "Diga o motivo." if self._alone else f"{self._who} pede; um supervisor autoriza só desta vez."
        yield Title(f"Autorizar: {words}", [*self._about, ask])
        yield self.form
        yield self.message
        yield KeyLine([KeyHint("Enter", "Autorizar"), KeyHint("Esc", "Voltar")], help_key=False)

    def action_leave(self) -> None:
        """Nothing was approved."""
        self.dismiss(None)

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        if self._busy:  # a key that bounces is not a second try of the PIN
            return
        self._busy = True
        self.message.say("Conferindo…")
        self.background(partial(self._approve, dict(event.values)), self._answered)

    def _approve(self, values: dict[str, str | int | None]) -> Approval | FieldError:
        needs, reason = self._needs, str(values["reason"] or "")
        try:
            if self._alone:
                return self._till.guard.by_oneself(needs.action, needs.subject, self._who, reason)
            number, pin = int(values["number"] or 0), str(values["pin"] or "")
            return self._till.operators.approve(needs.action, needs.subject, number, pin, reason, self._who)
        except FieldError as error:
            return error

    async def _answered(self, found: Approval | FieldError) -> None:
        self._busy = False
        if isinstance(found, FieldError):
            self.message.clear()
            self.form.error(found.field, found.message)
        else:
            self.dismiss(found)

    async def failed(self, message: str) -> None:
        """Wrong PIN, locked, or no supervisor: only the PIN is typed again."""
        self._busy = False
        self.message.say(message, "error")
        if not self._alone:
            self.form.set("pin", None)
            self.form.go("pin")


class Approving(Background):
    """Mixed into screens whose work may need a supervisor."""

    till: Till
    _attempting = False

    def who(self) -> str:
        """The name of who works here."""
        raise NotImplementedError

    def say(self, text: str, tone: Tone = "normal") -> None:
        """Tell the cashier something."""
        raise NotImplementedError

    async def wrong_field(self, error: FieldError) -> None:
        """Tell an error at its field; by default like any other."""
        await self.failed(error.message)

    def attempt(self, act: Act[T], then: Callable[[T], Awaitable[None]], *about: str) -> None:
        """Do it behind the screen; when it needs approval, ask for it and do it again, once.

        `about` tells who approves what it is for. One at a time: an Enter that bounces does nothing twice.
        """
        if self._attempting:
            self.say(ONE_AT_A_TIME)
            return
        self._carry_out(partial(_try, act), act, then, about)

    def _carry_out(
        self,
        job: Callable[[], T | PosError],
        act: Act[T],
        then: Callable[[T], Awaitable[None]],
        about: Sequence[str],
    ) -> None:
        self._attempting = True
        self.background(job, partial(self._tried, act, then, about), self._attempt_over)

    def _attempt_over(self) -> None:
        self._attempting = False

    async def act_first(self, act: Act[T], then: Callable[[T], Awaitable[None]], *about: str) -> None:
        """The same as `attempt`, done before the next key, for what only the database is asked.

        So is a door that only the guard keeps: a key typed ahead is meant for what is behind it.
        """
        await self._tried(act, then, about, await asyncio.to_thread(_try, act))

    async def _tried(
        self,
        act: Act[T],
        then: Callable[[T], Awaitable[None]],
        about: Sequence[str],
        found: T | PosError,
    ) -> None:
        if isinstance(found, FieldError):
            await self.wrong_field(found)
        elif isinstance(found, NeedsApproval):

            async def approved(approval: Approval | None) -> None:
                if approval is None:
                    await self.failed("Sem autorização: nada foi feito.")
                else:
                    self._carry_out(partial(_with, act, approval), act, then, about)

            self.app.push_screen(Override(self.till, found, self.who(), about), approved)
        elif isinstance(found, PosError):
            await self.failed(found.message)
        else:
            await then(found)


def _try(act: Act[T]) -> T | PosError:
    try:
        return act(None)
    except PosError as error:
        return error


def _with(act: Act[T], approval: Approval) -> T | PosError:
    try:
        return act(approval)
    except NeedsApproval as error:
        return RuleError(error.message)
    except PosError as error:
        return error
