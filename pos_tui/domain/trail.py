"""The audit trail in words: what a journal line says happened, and who approved it."""

import json

from msgspec import Struct

from pos_tui.domain.trail_words import EVENT_WORDS, KIND_WORDS, NAME_WORDS, value_words

PRINT = "print"
"""The kind of every step of a paper."""
_APART = frozenset({"approved_by", "asked_by"})
"""Told with the names."""


class TrailLine(Struct, frozen=True):
    """One line of the journal, of any till."""

    id: str
    """UUIDv7: orders the trail."""
    till: int
    seq: int
    at: int
    who: str
    kind: str
    subject: str
    event: str
    data: str
    """JSON."""
    hash: str

    @property
    def what(self) -> str:
        """What happened, in a few words."""
        kind = KIND_WORDS.get(self.kind, self.kind)
        return f"{kind}: {EVENT_WORDS.get(self.event, self.event)}"

    @property
    def people(self) -> str:
        """Who did it; both names when it was approved."""
        second = self._fields().get("approved_by") or self._fields().get("asked_by")
        return f"{self.who} + {second}" if second else self.who

    @property
    def details(self) -> list[str]:
        """What was written down with it, one thing a line."""
        return [
            f"{NAME_WORDS.get(name, name)}: {value_words(self.kind, name, value)}"
            for name, value in self._fields().items()
        ]

    @property
    def short(self) -> str:
        """What happened, with the first things written down with it: enough to know which."""
        pairs = zip(self._fields(), self.details, strict=True)
        told = [detail for name, detail in pairs if name not in _APART]
        return " · ".join([self.what, *told[:2]])

    def _fields(self) -> dict[str, object]:
        """What was written down; a first paper says no more by its number than by having none."""
        found = json.loads(self.data)
        told = found if isinstance(found, dict) else {}
        return {name: value for name, value in told.items() if value != "" and (name, value) != ("copy", 0)}


class TrailFilter(Struct, frozen=True):
    """Which lines are wanted. Instants are UTC milliseconds, the end excluded."""

    since: int
    until: int
    text: str = ""
    """Part of a name, of what happened, or of what was written down."""
    till: int | None = None
    printing: bool = True
    """With each step of each paper: what the program prints by itself, and what the printer answers."""
