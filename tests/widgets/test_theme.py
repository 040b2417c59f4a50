"""The look is chosen by what the terminal can show."""

import pytest
from rich.style import Style
from rich.terminal_theme import TerminalTheme

from pos_tui.widgets.theme import (
    BAR,
    DARK_PALETTE,
    ERROR,
    LIGHT_PALETTE,
    PENDING,
    WISH,
    Variant,
    prepare,
    variant,
)


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
        ({"TERM": "xterm-256color", "COLORFGBG": "0;15"}, "light"),
        ({"TERM": "xterm-256color", "COLORFGBG": "15;0"}, "dark"),
        ({"TERM": "xterm-256color", "COLORFGBG": "0;15", WISH: "dark"}, "dark"),
        ({"TERM": "xterm-256color", WISH: "light"}, "light"),
        ({"TERM": "xterm-256color", WISH: "ansi"}, "ansi"),
        ({"TERM": "xterm-256color", WISH: "mono"}, "mono"),
        ({"TERM": "linux", WISH: "light"}, "ansi"),
        ({"TERM": "vt100", WISH: "light"}, "mono"),
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


def test_the_wish_of_the_terminal_counts_before_that_of_the_config() -> None:
    assert prepare({"TERM": "xterm-256color", WISH: "dark"}, "light") == "dark"
    assert prepare({"TERM": "xterm-256color"}, "light") == "light"


def luminance(colour: tuple[int, int, int]) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [part / 255 for part in colour]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("palette", [DARK_PALETTE, LIGHT_PALETTE], ids=["dark", "light"])
@pytest.mark.parametrize("style", [Style(), BAR, PENDING, ERROR, ERROR + Style(reverse=True)], ids=str)
def test_what_is_written_can_be_read(palette: TerminalTheme, style: Style) -> None:
    front = style.color.get_truecolor(palette) if style.color else palette.foreground_color
    back = style.bgcolor.get_truecolor(palette) if style.bgcolor else palette.background_color
    lighter, darker = sorted((luminance(front), luminance(back)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
