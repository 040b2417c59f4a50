"""Notas fiscais: list, read, save the XML."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.errors import PosError
from pos_tui.domain.fiscal import model_words, problem
from pos_tui.domain.money import format_money
from pos_tui.domain.subscriber import Note
from pos_tui.screens.commanded import bindings
from pos_tui.screens.subscriber_sheet import ASKING, Sheet
from pos_tui.services.subscriber_extracts import day, note_lines, save, view_of
from pos_tui.services.subscribers import Visit
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import TextPage
from pos_tui.widgets.line_list import LineList, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMNS = (
    Column("Emissão", 10),
    Column("Nota", 12),
    Column("Número", 8, "right", priority=1),
    Column("Situação", 10, flex=True, priority=2),
    Column("Valor", 9, "right"),
)


class NotesSheet(Sheet[tuple[Note, ...]]):
    """One line a note."""

    PLACE: ClassVar[Place] = Place.NOTES
    PURPOSE = (
        "As notas que o provedor gerou para o assinante. A chave de acesso é conferida; o XML é gravado byte "
        "a byte como o provedor o guarda, em arquivo fechado aos outros usuários."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in bindings(Place.NOTES) if binding.id != "note_view"
    ]

    def __init__(self, till: Till, who: str, visit: Visit) -> None:
        super().__init__(
            till, who, visit, COLUMNS, "Nenhuma nota gerada para este assinante. Esc volta aos menus."
        )
        self._notes: dict[str, Note] = {}

    def read(self) -> tuple[Note, ...]:
        """Ask."""
        return self.centre.questions.notes(self.visit)

    def show(self, found: tuple[Note, ...]) -> "Iterable[Row]":
        """What has a wrong key is marked."""
        self._notes = {note.id: note for note in found}
        return [_row(note) for note in found]

    def why_not(self, command_id: str) -> str | None:
        """Nothing to see on an empty list; some ERPs hand out no XML."""
        if self.list.row is None:
            return "Nenhuma nota está marcada."
        lacks = self.centre.questions.provider.lacks_xml
        return lacks or None if command_id == "note_save" else None

    @property
    def _marked(self) -> Note:
        assert self.list.row is not None, "why_not said so"
        return self._notes[self.list.row.key]

    @on(LineList.Selected)
    def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        if self.list.holds(event.key):
            self.say(ASKING)
            self.question(partial(self._view, self._notes[event.key]), self._show)

    def _view(self, note: Note) -> tuple[str, list[str]]:
        """The note with its XML where the ERP hands it out; without it what the list told."""
        title = f"{model_words(note.model)} {note.number}"
        try:
            view = view_of(self.centre.questions.note_file(self.visit, note))
        except PosError as error:
            return title, [*note_lines(note, None), "", error.message]
        lines = note_lines(note, view)
        return title, lines if view else [*lines, "", "O arquivo desta nota não é um XML que se possa ler."]

    async def _show(self, page: tuple[str, list[str]]) -> None:
        self.message.clear()
        self.app.push_screen(TextPage(*page))

    async def do_note_save(self) -> None:
        """F9."""
        self.say(ASKING)
        self.background(partial(self._save, self._marked), self._saved)

    def _save(self, note: Note) -> Path:
        file = self.centre.questions.note_file(self.visit, note)
        return save(self.centre.folder, file.name, file.content)

    async def _saved(self, path: Path) -> None:
        self.say(f"XML gravado em {path}.")


def _row(note: Note) -> Row:
    wrong = problem(note.key)
    words = "chave não confere" if wrong else note.status
    cells = (day(note.issued), model_words(note.model), note.number, words, format_money(note.amount))
    return Row(note.id, cells, "pending" if wrong else "normal")
