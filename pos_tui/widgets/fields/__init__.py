"""The fields of a form as data. Nothing here draws or knows Textual."""

from pos_tui.widgets.fields.base import Check, Effect, Field, NoteField, Value
from pos_tui.widgets.fields.choice import ChoiceField, Option
from pos_tui.widgets.fields.notes import NotesField
from pos_tui.widgets.fields.text import DigitsField, MoneyField, TextField, grouped

__all__ = [
    "Check",
    "ChoiceField",
    "DigitsField",
    "Effect",
    "Field",
    "MoneyField",
    "NoteField",
    "NotesField",
    "Option",
    "TextField",
    "Value",
    "grouped",
]
