"""An amount in cash, typed or put together from the notes that are handed over."""

from collections.abc import Mapping
from typing import Unpack

from pos_tui.domain.money import MAX_CENTAVOS, format_brl
from pos_tui.widgets.fields.base import Common, Effect
from pos_tui.widgets.fields.text import MoneyField


class NotesField(MoneyField):
    """While `counting`, a letter adds its note to what stands there; digits are typed as in any amount."""

    def __init__(self, name: str, label: str, notes: Mapping[str, int], **common: Unpack[Common]) -> None:
        """`notes` are centavos by capital letter."""
        super().__init__(name, label, **common)
        self._notes = notes
        self.counting = False
        self.due: int | None = None
        """Centavos above which there is change; None where there is none to tell."""

    def take(self, char: str) -> Effect:
        note = self._notes.get(char.upper()) if self.counting else None
        if note is None:
            return super().take(char)
        if self.text and self.cents is None:
            return Effect.NO_ROOM
        total = (self.cents or 0) + note
        if total > MAX_CENTAVOS:
            return Effect.NO_ROOM
        self.set(total)
        return Effect.TAKEN

    def remark(self) -> str:
        cents = self.cents
        if not self.counting or self.due is None or cents is None or cents <= self.due:
            return super().remark()
        return f"{format_brl(cents)} · troco {format_brl(cents - self.due)}"
