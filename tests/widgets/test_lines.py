"""Lines: what is cut, what is kept from the terminal, what is painted again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events
from textual.app import App, ComposeResult
from textual.containers import Vertical

from pos_tui.widgets.line_list import LineList
from pos_tui.widgets.lines import Line, LineWidget, difference, fit, length, wrap
from pos_tui.widgets.theme import BOLD, CURSOR, PLAIN
from tests.widgets.pilot import Stage

texts = st.text(st.sampled_from("ab [/á山e\u0301"), max_size=8)
line_texts = st.lists(st.tuples(texts, st.sampled_from([PLAIN, BOLD, CURSOR])), max_size=5).map(tuple)


@given(st.text(max_size=30), st.integers(0, 20), st.sampled_from(["left", "right"]))
def test_a_text_takes_exactly_its_width(text: str, width: int, align: str) -> None:
    text = "".join(char for char in text if char.isprintable())
    assert cell_len(fit(text, width, "left" if align == "left" else "right")) == width


@pytest.mark.parametrize(
    ("text", "shown"), [("abc", "abc "), ("abcde", "abc>"), ("山田山", "山 >"), ("", "    ")]
)
def test_what_is_cut_says_so(text: str, shown: str) -> None:
    assert fit(text, 4) == shown


@given(st.text("ab 山", max_size=60), st.integers(2, 20))
def test_wrapped_lines_fit(text: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in wrap(text, width))


@given(line_texts, line_texts)
def test_painting_only_the_difference_is_painting_all(old: Line, new: Line) -> None:
    """Cells outside of the difference are the same in both lines."""
    cells_before, cells_after = cells(old), cells(new)
    change = difference(old, new)
    start, end = change or (0, 0)
    assert cells_before[:start] == cells_after[:start]
    assert cells_before[end:] == cells_after[end:]
    assert change is None or end <= max(length(old), length(new), start + 1)


def cells(line: Line) -> list[tuple[str, bool, bool]]:
    """Return what stands in each cell; an accent belongs to the cell before it."""
    found: list[tuple[str, bool, bool]] = []
    for text, style in line:
        for char in text:
            if cell_len(char) == 0 and found:
                found[-1] = (found[-1][0] + char, *found[-1][1:])
            found += [(char, bool(style.bold), bool(style.reverse))] * cell_len(char)
    return found + [(" ", False, False)] * (60 - len(found))


def test_a_typed_character_repaints_two_cells() -> None:
    old = (("> Código  ", BOLD), ("[", PLAIN), ("12", PLAIN), (" ", CURSOR), (" " * 20, PLAIN), ("]", PLAIN))
    new = (("> Código  ", BOLD), ("[", PLAIN), ("123", PLAIN), (" ", CURSOR), (" " * 19, PLAIN), ("]", PLAIN))
    assert difference(old, new) == (13, 15)


async def test_control_characters_never_reach_the_terminal() -> None:
    class Hostile(LineWidget):
        def lines(self, width: int, height: int) -> list[Line]:
            return [(("a\x1b]52;c;x\x07\x9b2J\u202eb\r\n\x00", PLAIN),)]

    widget = Hostile()
    async with Stage(widget).run_test():
        text = widget.render_line(0).text
        assert text.isprintable()
        assert cell_len(text) == widget.size.width


async def test_what_changed_while_hidden_is_shown_afterwards() -> None:
    class Name(LineWidget):
        text = "Rian"

        def lines(self, width: int, height: int) -> list[Line]:
            return [((self.text, PLAIN),)]

    widget = Name(height=1)
    async with Stage(widget).run_test() as pilot:
        widget.display = False
        await pilot.pause()
        widget.text = "Consumidor"
        widget.redraw()
        widget.display = True
        await pilot.pause()
        assert widget.render_line(0).text.rstrip() == "Consumidor"


class Board(App[None]):
    """A pane with a list in it."""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield LineList([], empty="")


async def test_a_late_word_of_being_hidden_takes_no_focus() -> None:
    async with Board().run_test() as pilot:
        shown, pane = pilot.app.query_one(LineList), pilot.app.query_one(Vertical)
        shown.focus()
        await pilot.pause()
        shown.post_message(events.Hide())
        await pilot.pause()
        assert pilot.app.focused is shown
        pane.display = False
        await pilot.pause()
        assert pilot.app.focused is None
