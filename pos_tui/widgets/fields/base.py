"""What every field of a form is: a value, what typing does to it, what is wrong with it."""

from collections.abc import Callable
from enum import Enum, auto
from typing import TypeAlias, TypedDict, Unpack

Value: TypeAlias = str | int | None
"""Text and digits: str. Money: centavos, None while empty or wrong. Choice: the key, None while open."""

Check: TypeAlias = Callable[[str], str | None]
"""Says what is wrong with a text, in a Portuguese sentence, or None. Called with partial text too."""

EMPTY = "Preencha este campo."


class Effect(Enum):
    """What a typed character did to a field."""

    REFUSED = auto()
    """Not for this field; somebody else may want it."""
    TAKEN = auto()
    NO_ROOM = auto()
    """Meant for this field, but it is full or the character does not fit here."""
    FINISHED = auto()
    """Taken, and there is nothing more to type."""


class Common(TypedDict, total=False):
    """What any field can be given beside its name and label."""

    hint: str
    """What to type here, in a sentence; shown under the field and by F1."""
    required: bool
    enabled: bool
    """A disabled field is seen and passed over."""
    hidden: bool


class Field:
    """What all kinds share."""

    editable = True

    def __init__(self, name: str, label: str, **common: Unpack[Common]) -> None:
        self.name = name
        self.label = label
        self.hint = common.get("hint", "")
        self.required = common.get("required", False)
        self.enabled = common.get("enabled", True)
        self.hidden = common.get("hidden", False)
        self.error = ""
        """What is wrong, told when the field was left or by the screen; typing clears it."""

    @property
    def reachable(self) -> bool:
        """Whether the cursor can go here."""
        return self.editable and self.enabled and not self.hidden

    @property
    def value(self) -> Value:
        """What the field holds."""
        raise NotImplementedError

    def set(self, value: Value) -> None:
        """Put a value in."""
        raise NotImplementedError

    def take(self, char: str) -> Effect:
        """Type one printable character."""
        return Effect.REFUSED

    def problem(self) -> str | None:
        """Say what is wrong with the field as it stands."""
        return None

    def remark(self) -> str:
        """What to say under the field while it is being typed."""
        return self.hint

    def alarm(self) -> str:
        """Say what is already wrong while it is being typed; empty while it may still become right."""
        return ""

    def leave(self) -> None:
        """The cursor goes elsewhere: say what is wrong, unless nothing was typed yet."""


class NoteField(Field):
    """Text to read between the fields, such as what is still missing."""

    editable = False

    def __init__(self, name: str, label: str, text: str = "", **common: Unpack[Common]) -> None:
        super().__init__(name, label, **common)
        self.text = text

    @property
    def value(self) -> Value:
        return self.text

    def set(self, value: Value) -> None:
        self.text = "" if value is None else str(value)
