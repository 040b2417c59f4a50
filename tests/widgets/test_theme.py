"""The look is chosen by what the terminal can show."""

import pytest

from pos_tui.widgets.theme import Variant, prepare, variant


@pytest.mark.parametrize(
    ("environ", "chosen"),
    [
        ({"TERM": "xterm-256color"}, "dark"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "dark"),
        ({"TERM": "linux"}, "ansi"),
        ({"TERM": "xterm"}, "ansi"),
        ({"TERM": "screen"}, "ansi"),
        ({"TERM": "dumb"}, "mono"),
        ({"TERM": "vt100", "COLORTERM": "truecolor"}, "mono"),
        ({"TERM": "linux-m"}, "mono"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "mono"),
        ({}, "mono"),
    ],
)
def test_the_variant(environ: dict[str, str], chosen: Variant) -> None:
    assert variant(environ) == chosen


def test_a_terminal_without_colours_is_told_to_textual() -> None:
    environ = {"TERM": "dumb"}
    assert prepare(environ) == "mono"
    assert environ["NO_COLOR"] == "1"
    assert environ["TEXTUAL_COLOR_SYSTEM"] == "standard"


def test_what_the_shop_set_is_kept() -> None:
    environ = {"TERM": "xterm-256color", "TEXTUAL_ANIMATIONS": "full"}
    prepare(environ)
    assert environ["TEXTUAL_ANIMATIONS"] == "full"
    assert "NO_COLOR" not in environ
