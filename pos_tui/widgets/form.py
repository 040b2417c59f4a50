"""A whole form as one widget: every key is handled inside it, at once and in order."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from textual import events
from textual.message import Message

from pos_tui.widgets.fields import ChoiceField, Effect, Field, MoneyField, Option, TextField, Value
from pos_tui.widgets.form_view import field_lines, label_width
from pos_tui.widgets.lines import Line, LineWidget, marked

_EDITS: Final[dict[str, Callable[[TextField], None]]] = {
    "left": lambda field: field.move(-1),
    "right": lambda field: field.move(1),
    "home": lambda field: field.jump(0),
    "end": lambda field: field.jump(len(field.text)),
    "backspace": lambda field: field.erase(-1),
    "delete": lambda field: field.erase(1),
    "ctrl+u": lambda field: field.set(None),
}
_STEPS: Final = {"tab": 1, "shift+tab": -1}
_MOVES: Final = {"down": 1, "up": -1}
_TURNS: Final = {"pagedown": 1, "pageup": -1}


class Form(LineWidget, can_focus=True):
    """Several labelled fields, one below the other.

    Enter, Tab and Down go on, Shift-Tab and Up go back, Enter on the last field submits. Enter does not
    leave a field that is wrong; the other keys do, and the error stays under it. Screens listen to the
    messages and change the form through the methods, always by the name of a field.
    """

    class Changed(Message):
        """The value of a field is another one. Several characters typed in one burst say so once."""

        def __init__(self, form: "Form", field: str, value: Value) -> None:
            super().__init__()
            self.form = form
            self.field = field
            self.value = value

    class Chosen(Changed):
        """An option was chosen, by its digit or by Enter; also when it was chosen before."""

    class Submitted(Message):
        """Enter on the last field, and nothing is wrong. `values` by field name, hidden fields left out."""

        def __init__(self, form: "Form", values: dict[str, Value]) -> None:
            super().__init__()
            self.form = form
            self.values = values

    def __init__(
        self,
        fields: Iterable[Field],
        *,
        height: int | str = "1fr",
        submit_on_choice: bool = False,
    ) -> None:
        """`submit_on_choice` submits when the last field is a choice and its digit is pressed."""
        super().__init__(height)
        self.fields: dict[str, Field] = {field.name: field for field in fields}
        self.submit_on_choice = submit_on_choice
        self._top = 0
        self._at = next((field.name for field in self.fields.values() if field.reachable), "")
        self._advanced = False

    # What screens use ------------------------------------------------------------------------------

    @property
    def current(self) -> Field | None:
        """The field with the cursor."""
        return self.fields.get(self._at)

    @property
    def hint(self) -> str:
        """What to type in the current field, for F1."""
        field = self.current
        return field.hint if field else ""

    def value(self, name: str) -> Value:
        """Return what a field holds."""
        return self.fields[name].value

    def text(self, name: str) -> str:
        """Return the value of a text, digits or choice field; empty when there is none."""
        value = self.fields[name].value
        return "" if value is None else str(value)

    def cents(self, name: str) -> int | None:
        """Return the amount of a money field in centavos, or None while there is none."""
        field = self.fields[name]
        return field.cents if isinstance(field, MoneyField) else None

    def values(self) -> dict[str, Value]:
        """Return the values of all editable fields that are not hidden."""
        return {f.name: f.value for f in self.fields.values() if f.editable and not f.hidden}

    def set(self, name: str, value: Value) -> None:
        """Put a value in, without a message."""
        self.fields[name].set(value)
        self.redraw()

    def set_options(self, name: str, options: Sequence[Option]) -> None:
        """Offer other options in a choice."""
        field = self.fields[name]
        assert isinstance(field, ChoiceField)
        field.set_options(options)
        self.redraw()

    def error(self, name: str, message: str) -> None:
        """Say what is wrong with a field, and put the cursor there."""
        self.fields[name].error = message
        self.go(name)

    def clear_errors(self) -> None:
        """Take all errors away."""
        for field in self.fields.values():
            field.error = ""
        self.redraw()

    def show(self, name: str, shown: bool = True) -> None:
        """Show or hide a field."""
        self.fields[name].hidden = not shown
        self._stay_reachable()

    def enable(self, name: str, enabled: bool = True) -> None:
        """Let the cursor into a field, or keep it out."""
        self.fields[name].enabled = enabled
        self._stay_reachable()

    def go(self, name: str) -> None:
        """Put the cursor into a field."""
        if self.fields[name].reachable:
            self._at = name
        self._advanced = False
        self.redraw()

    def reset(self, *names: str) -> None:
        """Empty the named fields, or all, and put the cursor into the first."""
        for name in names or [f.name for f in self.fields.values() if f.editable]:
            self.fields[name].set(None)
            self.fields[name].error = ""
        if order := self._order():
            self._at = order[0].name
        self.redraw()

    def check(self) -> bool:
        """Look at every field; the first that is wrong gets the cursor and its error."""
        wrong = ""
        for field in self._order():
            field.error = field.problem() or ""
            wrong = wrong or (field.name if field.error else "")
        if wrong:
            self.go(wrong)
        return not wrong

    # Keys ------------------------------------------------------------------------------------------

    def take_text(self, text: str) -> int:
        """Take typed characters; see `keyboard.TakesText`."""
        field = self.current
        if field is None:
            return 0
        before = field.value
        effects: list[Effect] = []
        for char in text:
            effect = field.take(char)
            if effect is Effect.REFUSED:
                break
            effects.append(effect)
            if effect is Effect.FINISHED:
                break
        if not effects:
            return 0
        self._advanced = False
        if Effect.NO_ROOM in effects:
            self.app.bell()
        else:
            field.error = ""
        self._tell(field, before)
        if effects[-1] is Effect.FINISHED:
            self._finish(field)
        self.redraw()
        return len(effects)

    def on_key(self, event: events.Key) -> None:
        """Handle a key here and now; what the form has no use for goes on to the bindings."""
        field = self.current
        if event.is_printable and event.character:
            handled = self.take_text(event.character) > 0
        elif event.key in _EDITS and isinstance(field, TextField):
            handled = self._edit(field, _EDITS[event.key])
        elif event.key in _STEPS:
            handled = self._step(_STEPS[event.key])
        elif event.key in _MOVES:
            handled = self._move(_MOVES[event.key])
        elif event.key in _TURNS and isinstance(field, ChoiceField):
            handled = field.turn(_TURNS[event.key]) is Effect.TAKEN
        else:
            handled = event.key == "enter" and self._enter()
        if handled:
            event.stop()
            event.prevent_default()
            self.redraw()

    def on_paste(self, event: events.Paste) -> None:
        """Insert what fits of a pasted text."""
        event.stop()
        field = self.current
        if isinstance(field, TextField):
            self._edit(field, lambda field: self._pasted(field, event.text))
            self.redraw()

    def _pasted(self, field: TextField, text: str) -> None:
        if field.paste(text) is Effect.NO_ROOM:
            self.app.bell()

    def _edit(self, field: TextField, change: Callable[[TextField], None]) -> bool:
        before = field.value
        change(field)
        if field.value != before:
            field.error = ""
            self._tell(field, before)
        self._advanced = False
        return True

    def _enter(self) -> bool:
        field = self.current
        advanced, self._advanced = self._advanced, False
        if field is None:
            return False
        if isinstance(field, ChoiceField) and field.highlight >= 0:
            if field.choose(field.highlight) is Effect.FINISHED:
                self.post_message(self.Chosen(self, field.name, field.value))
                self._go_on(field)
            return True
        problem = field.problem()
        if problem is None:
            self._go_on(field)
        elif not advanced:
            # Right after a field filled itself, an Enter out of habit belongs to that field.
            field.error = problem
            self.app.bell()
        return True

    def _finish(self, field: Field) -> None:
        """A field is complete: the cursor goes on by itself."""
        if isinstance(field, ChoiceField):
            self.post_message(self.Chosen(self, field.name, field.value))
        if field is not self._order()[-1]:
            self._step(1)
            self._advanced = isinstance(field, TextField)
        elif isinstance(field, ChoiceField) and self.submit_on_choice:
            self._go_on(field)

    def _go_on(self, field: Field) -> None:
        if field is not self._order()[-1]:
            self._step(1)
        elif self.check():
            self.post_message(self.Submitted(self, self.values()))

    def _move(self, step: int) -> bool:
        """An arrow moves within a choice first, then between the fields."""
        field = self.current
        return (isinstance(field, ChoiceField) and field.step(step)) or self._step(step)

    def _step(self, step: int) -> bool:
        """Move the cursor to the next or previous field; False when there is none."""
        order = self._order()
        field = self.current
        if field is None or field not in order:
            return False
        field.leave()
        self._advanced = False
        index = order.index(field) + step
        if not 0 <= index < len(order):
            return False
        self._at = order[index].name
        return True

    def _tell(self, field: Field, before: Value) -> None:
        if isinstance(field, TextField) and field.value != before:
            self.post_message(self.Changed(self, field.name, field.value))

    # Drawing ---------------------------------------------------------------------------------------

    def lines(self, width: int, height: int) -> list[Line]:
        """Draw the fields from the first that fits together with the current one."""
        shown = [field for field in self.fields.values() if not field.hidden]
        labels = label_width(shown, width)
        current = self.current if self.has_focus else None
        lines: list[Line] = []
        first, last = 0, 0
        for field in shown:
            if isinstance(field, ChoiceField):
                # Its own line and one for the page and for an error must fit beside the options.
                field.resize(max(2, min(ChoiceField.PAGE, height - 3)))
            block = field_lines(field, field is current, labels, width)
            if field is self.current:
                first, last = len(lines), len(lines) + len(block)
            lines += block
        self._top = min(max(self._top, last - height), first, max(0, len(lines) - height))
        above, below = self._top > 0, len(lines) - self._top > height
        lines = lines[self._top : self._top + height]
        if above:
            lines[0] = marked(lines[0], width, "^")
        if below:
            lines[-1] = marked(lines[-1], width, "v")
        return lines

    def _order(self) -> list[Field]:
        return [field for field in self.fields.values() if field.reachable]

    def _stay_reachable(self) -> None:
        """When the current field went away, the cursor goes to the next one that is there."""
        field = self.current
        if field is None or not field.reachable:
            names = list(self.fields)
            start = names.index(self._at) if self._at else 0
            order = [name for name in (*names[start:], *names[:start]) if self.fields[name].reachable]
            self._at = order[0] if order else ""
        self.redraw()
