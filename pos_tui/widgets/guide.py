"""F1's page about a place: what it is for, its keys in two columns, what is off and why, whom to call."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from msgspec import Struct
from rich.cells import cell_len

from pos_tui.widgets.dialog import TextPage
from pos_tui.widgets.dialog_body import Body
from pos_tui.widgets.lines import Line, fit, wrap
from pos_tui.widgets.theme import BOLD, PLAIN

_INDENT = "  "
_GAP = "  "


class Entry(Struct, frozen=True):
    """One line of a table: what stands at the left, and what it means."""

    key: str
    """A key, or several; nothing where a line has no left column."""
    text: str


class Section(Struct, frozen=True):
    """A heading, and the lines below it."""

    heading: str
    entries: tuple[Entry, ...]


class Guide(Struct, frozen=True):
    """All that F1 says about a place. Sections without lines are left out."""

    title: str
    about: tuple[str, ...]
    """Paragraphs: what the place is for, and what to type where the cursor stands."""
    sections: tuple[Section, ...]


class GuidePage(TextPage):
    """A guide to read."""

    def __init__(self, guide: Guide) -> None:
        super().__init__(guide.title, ())
        self._body = GuideBody(guide)


class GuideBody(Body):
    """Draws a guide; the left column is as wide as its widest line, but leaves most of a small window."""

    def __init__(self, guide: Guide) -> None:
        super().__init__(guide.title, guide.about, [("Esc", "Voltar")], wrapped=True, alarm=False)
        self._sections = tuple(section for section in guide.sections if section.entries)

    def flow(self, width: int) -> list[Line]:
        """The paragraphs, then each section under its heading."""
        lines = super().flow(width)
        column = _column([entry for section in self._sections for entry in section.entries], width)
        for section in self._sections:
            lines += [(), ((section.heading, BOLD),)]
            for entry in section.entries:
                lines += _entry(entry, column, width)
        return lines


def _column(entries: Sequence[Entry], width: int) -> int:
    longest = max((cell_len(entry.key) for entry in entries), default=0)
    return min(longest, width * 35 // 100)


def _entry(entry: Entry, column: int, width: int) -> Iterator[Line]:
    if not entry.key:
        for text in wrap(entry.text, width - len(_INDENT)):
            yield ((_INDENT + text, PLAIN),)
        return
    keys, texts = wrap(entry.key, column), wrap(entry.text, width - len(_INDENT + _GAP) - column)
    for key, text in zip_longest(keys, texts, fillvalue=""):
        yield ((_INDENT, PLAIN), (fit(key, column), BOLD), (_GAP + text, PLAIN))
