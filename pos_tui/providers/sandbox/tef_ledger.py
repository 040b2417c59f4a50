"""The book of the sandbox's TEF manager: every operation, its state, and every illegal request.

It outlives the manager's process: one JSON file, replaced whole, so that a manager that crashes finds what it
had done. Words as in facts/payments.md §2.10.
"""

import json
import os
from enum import StrEnum
from pathlib import Path

from msgspec import Struct, to_builtins

from pos_tui.domain.values import replace


class EntryState(StrEnum):
    """Where an operation stands at the manager."""

    AUTHORISED = "AUTORIZADA"
    CONFIRMED = "CONFIRMADA"
    UNDONE = "DESFEITA"
    CANCELLED = "CANCELADA"


class IllegalMove(ValueError):
    """The till asked for what the operation's state forbids."""


class Entry(Struct, frozen=True):
    """One operation."""

    nsu: str
    number: int
    """The till's own number of it."""
    centavos: int
    """What was debited, or given back by a cancelling."""
    control: str
    state: EntryState
    delivered: bool = False
    """Whether the reply was put into the till's folder."""
    cancels: str = ""
    """NSU of the sale that this operation gives back; empty for a sale."""
    date: str = ""
    time: str = ""


_MOVES = {
    EntryState.AUTHORISED: {EntryState.CONFIRMED, EntryState.UNDONE},
    EntryState.CONFIRMED: {EntryState.CANCELLED},
    EntryState.UNDONE: set[EntryState](),
    EntryState.CANCELLED: set[EntryState](),
}


class TefLedger:
    """The book, kept in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.entries: list[Entry] = []
        self.incidents: list[str] = []
        """What the till should not have asked, in words."""
        if path.exists():
            book = json.loads(path.read_text(encoding="utf-8"))
            self.entries = [Entry(**{**row, "state": EntryState(row["state"])}) for row in book["entries"]]
            self.incidents = list(book["incidents"])

    def authorise(
        self, number: int, centavos: int, date: str, time: str, final: bool, cancels: str = ""
    ) -> Entry:
        """Enter an operation. `final` ones are confirmed from the start (729 = 1)."""
        nsu = f"{len(self.entries) + 1:06d}"
        entry = Entry(nsu, number, centavos, f"CTRL.{nsu}.{number}", EntryState.AUTHORISED, False, cancels)
        entry = replace(entry, date=date, time=time)
        self.entries.append(entry)
        self._save()
        return self.settle(entry.control, EntryState.CONFIRMED) if final else entry

    def settle(self, control: str, state: EntryState) -> Entry:
        """Confirm or undo an operation; asking twice for the same is harmless.

        Raises:
            IllegalMove: for an unknown operation, or one already settled the other way.
        """
        entry = next((entry for entry in self.entries if entry.control == control), None)
        if entry is None:
            raise self.incident(f"controle desconhecido: {control}")
        if entry.state is state:
            return entry
        entry = self._move(entry, state)
        if entry.cancels and state is EntryState.CONFIRMED:
            self._move(self._by_nsu(entry.cancels), EntryState.CANCELLED)
        return entry

    def sale_to_cancel(self, nsu: str, centavos: int, date: str, time: str) -> Entry | None:
        """The confirmed sale these data name, or None."""
        entry = next((entry for entry in self.entries if entry.nsu == nsu and not entry.cancels), None)
        if entry is None or entry.state is not EntryState.CONFIRMED:
            return None
        return entry if (entry.centavos, entry.date, entry.time) == (centavos, date, time) else None

    def pending(self) -> Entry | None:
        """The operation that still waits to be confirmed or undone."""
        return next((entry for entry in self.entries if entry.state is EntryState.AUTHORISED), None)

    def deliver(self, nsu: str) -> None:
        """Note that the till has the reply."""
        self._replace(replace(self._by_nsu(nsu), delivered=True))

    def undo_undelivered(self) -> None:
        """Let go what was authorised and never answered, as real managers do when they start."""
        for entry in self.entries:
            if entry.state is EntryState.AUTHORISED and not entry.delivered:
                self._move(entry, EntryState.UNDONE)

    def incident(self, words: str) -> IllegalMove:
        """Write down what the till should not have asked."""
        self.incidents.append(words)
        self._save()
        return IllegalMove(words)

    @property
    def effect(self) -> int:
        """Centavos that customers really paid and did not get back."""
        sales = (entry for entry in self.entries if not entry.cancels)
        return sum(entry.centavos for entry in sales if entry.state is EntryState.CONFIRMED)

    def _by_nsu(self, nsu: str) -> Entry:
        return next(entry for entry in self.entries if entry.nsu == nsu)

    def _move(self, entry: Entry, state: EntryState) -> Entry:
        if state not in _MOVES[entry.state]:
            raise self.incident(f"NSU {entry.nsu}: {entry.state} não passa a {state}")
        moved = replace(entry, state=state)
        self._replace(moved)
        return moved

    def _replace(self, entry: Entry) -> None:
        self.entries = [entry if old.nsu == entry.nsu else old for old in self.entries]
        self._save()

    def _save(self) -> None:
        book = {"entries": [to_builtins(entry) for entry in self.entries], "incidents": self.incidents}
        writing = self._path.with_suffix(".writing")
        with writing.open("w", encoding="utf-8") as file:
            json.dump(book, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        writing.replace(self._path)
