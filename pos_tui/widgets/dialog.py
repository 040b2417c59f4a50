"""Questions, errors and texts over the screen.

A dialog covers the whole screen: nothing shows through, nothing is drawn twice, and 40×12 is enough.
Enter never does anything dangerous. That needs a letter of its own, so a stuck Enter key cannot do it.
"""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final, TypeVar

from msgspec import Struct
from rich.console import RenderableType
from textual import on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.message import Message
from textual.screen import ModalScreen

from pos_tui.domain.errors import PosError
from pos_tui.widgets.chrome import KeyHint, KeyLine, Title
from pos_tui.widgets.dialog_body import Body
from pos_tui.widgets.fields import Field, Value
from pos_tui.widgets.form import Form

Result = TypeVar("Result")


READING: Final[tuple[BindingType, ...]] = (("pagedown", "read(1)"), ("pageup", "read(-1)"))
"""The keys that a dialog with a form reads the text above it by."""


class Answer(Struct, frozen=True):
    """One way to answer a question."""

    key: str
    """One letter or digit: what is pressed, and in lower case what the dialog returns."""
    label: str
    dangerous: bool = False
    """Costs money or cannot be undone: only its own key does it, never Enter."""
    twice: bool = False
    """Its key has to be pressed twice on end: where a name or a code may be typed by mistake, one letter of
    it must not do it."""


class Dialog(ModalScreen[Result], inherit_css=False):
    """What all dialogs share: they are opaque, and Esc leaves them."""

    DEFAULT_CSS = "Dialog { layout: vertical; background: $background; &:ansi { background: ansi_default; } }"
    AUTO_FOCUS = "*"

    _left_with: tuple[Result | None] | None = None
    """The result, while it was left and something lies over it."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leave with a result; what lies over this, such as the lock, goes first.

        An answer from behind the screen comes at any time, and Textual would take away whatever is on top.
        """
        if self.is_active:
            return super().dismiss(result)
        self._left_with = (result,)
        return AwaitComplete()

    def on_screen_resume(self) -> None:
        """Nothing lies over it any more."""
        if self._left_with is not None:
            self.dismiss(*self._left_with)

    async def _dispatch_message(self, message: Message) -> None:
        """Tell what a rule or an absent server forbids, and stay: Textual would end the program."""
        try:
            await super()._dispatch_message(message)
        except PosError as error:
            self.not_done(error)

    def not_done(self, error: PosError) -> None:
        """Tell what could not be done."""
        self.app.push_screen(ErrorBox(error.title, error.message))

    def action_read(self, pages: int) -> None:
        """PgUp and PgDn, where the form has no use for them: the text above it."""
        self.query_one(Title).scroll_text(pages)

    def render(self) -> RenderableType:
        """Blank, whatever lies below.

        The style above reaches no desk: Textual takes a class's CSS from its first base alone, which there is
        a mixin, and ModalScreen's own background lets through what lies below.
        """
        return self.app.render()  # type: ignore[return-value]


class Question(Dialog[str | None]):
    """Asks; returns the key of the answer in lower case, or None after Esc."""

    def __init__(
        self, title: str, text: Sequence[str], answers: Sequence[Answer], *, default: str | None = None
    ) -> None:
        """Show `text` as paragraphs. Enter gives `default`, which must not be dangerous.

        Raises:
            ValueError: when `default` is not one of the answers, or dangerous.
        """
        super().__init__()
        self._answers = {answer.key.lower(): answer for answer in answers}
        self._default = default.lower() if default else None
        self._pressed = ""
        if self._default is not None and (
            self._default not in self._answers or self._answers[self._default].dangerous
        ):
            raise ValueError(f"Enter cannot answer {default!r}")
        keys = [(self._drawn(answer), answer.label) for answer in answers] + [("Esc", "Voltar")]
        self._body = Body(title, text, keys, wrapped=True, alarm=False)

    def compose(self) -> ComposeResult:
        """One widget."""
        yield self._body

    def _drawn(self, answer: Answer) -> str:
        key = " ".join([answer.key.upper()] * (2 if answer.twice else 1))
        return f"Enter/{key}" if answer.key.lower() == self._default else key

    @on(Body.Answered)
    def _answered(self, event: Body.Answered) -> None:
        event.stop()
        key = self._default if event.key == "enter" else event.key
        pressed, self._pressed = self._pressed, event.key
        answer = self._answers.get(key) if key else None
        if event.key == "escape":
            self.dismiss(None)
        elif answer is None:
            self._body.say("Responda com uma das teclas abaixo.")
        elif answer.twice and pressed != key:
            self._body.say(f"{answer.key.upper()} de novo: {answer.label}.")
        else:
            self.dismiss(key)


class TextPage(Dialog[None]):
    """A text to read: help, or a receipt when `wrapped` is False."""

    ALARM: ClassVar[bool] = False

    def __init__(self, title: str, text: Sequence[str], *, wrapped: bool = True) -> None:
        super().__init__()
        self._body = Body(title, text, [("Esc", "Voltar")], wrapped=wrapped, alarm=self.ALARM)

    def compose(self) -> ComposeResult:
        """One widget."""
        yield self._body

    @on(Body.Answered)
    def _answered(self, event: Body.Answered) -> None:
        event.stop()
        if event.key in ("enter", "escape", "f1"):
            self.dismiss(None)


class ErrorBox(TextPage):
    """What went wrong and what to do, until Enter or Esc."""

    ALARM = True

    def __init__(self, title: str, message: str) -> None:
        super().__init__(title, [message])


class PromptDialog(Dialog[dict[str, Value] | None]):
    """A form of its own, such as for a reason; returns its values, or None after Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave"), *READING]

    def __init__(self, title: str, fields: Iterable[Field], text: Sequence[str] = ()) -> None:
        super().__init__()
        self._heading = Title(title, text)
        self.form = Form(fields)

    def compose(self) -> ComposeResult:
        """Title, form, keys."""
        yield self._heading
        yield self.form
        yield KeyLine([KeyHint("Enter", "Confirmar"), KeyHint("Esc", "Voltar")], help_key=False)

    def action_leave(self) -> None:
        """Nothing was decided."""
        self.dismiss(None)

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        self.dismiss(event.values)
