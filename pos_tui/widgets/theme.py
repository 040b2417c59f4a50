"""How things look: one theme in four variants, chosen from the environment before the app exists.

`dark` and `light` paint their own background in 256 colours or more, `ansi` leaves the terminal's own
colours and uses the base eight, `mono` uses none. State is never told by colour alone, so all say the same.

Yellow is only for what is pending, red only for what went wrong (seed 1).
"""

from collections.abc import Mapping, MutableMapping
from dataclasses import replace  # noqa: TID251  a theme is Textual's
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from rich.style import Style
from rich.terminal_theme import TerminalTheme

if TYPE_CHECKING:
    from textual.theme import Theme

Variant: TypeAlias = Literal["dark", "light", "ansi", "mono"]
WISH: Final = "POS_TUI_LOOK"
"""The environment variable that asks for a variant; the config's wish counts where it is not set."""

PLAIN = Style.null()
BOLD = Style(bold=True)
DIM = Style(dim=True)
CURSOR = Style(reverse=True)
ACTIVE = Style(reverse=True, bold=True)
BAR = Style(color="white", bgcolor="blue")
"""The lines above and below the work; without colours they are plain, and stand apart by their place."""
PENDING = Style(color="black", bgcolor="yellow")
ERROR = Style(color="red", bold=True)

Tone: TypeAlias = Literal["normal", "pending", "error", "dim"]
"""What a row or a notice is, in a word."""

TONES: dict[Tone, Style] = {"normal": PLAIN, "pending": PENDING, "error": ERROR, "dim": DIM}
SIGNS: dict[Tone, str] = {"normal": " ", "pending": "*", "error": "!", "dim": "-"}
"""The sign that says the same as the colour, for screens without one."""

LIGHT_BACKGROUNDS: Final = (";7", ";15")
_COLOURLESS = ("dumb", "vt50", "vt52", "vt100", "vt102", "vt220", "vt320", "unknown")

DARK_PALETTE = TerminalTheme(
    (18, 18, 18),
    (228, 228, 228),
    [
        (0, 0, 0),
        (235, 110, 110),
        (95, 175, 95),
        (215, 175, 0),
        (40, 85, 130),
        (175, 95, 175),
        (95, 175, 175),
        (228, 228, 228),
    ],
)
"""What the eight colours are where we paint our own background; Textual's own yellow is an orange."""
LIGHT_PALETTE = TerminalTheme(
    (250, 250, 245),
    (20, 20, 20),
    [
        (0, 0, 0),
        (170, 0, 0),
        (0, 100, 0),
        (250, 205, 60),
        (30, 75, 125),
        (120, 0, 120),
        (0, 100, 100),
        (255, 255, 255),
    ],
)
"""The same on a light background. In both, text has a contrast of 4.5 to 1 or more (WCAG 2.2, 1.4.3)."""


def variant(environ: Mapping[str, str]) -> Variant:
    """Choose the variant: the one wished for, as far as this terminal can show it.

    `NO_COLOR` counts when present, even empty, as Textual reads it (https://no-color.org wants a value).
    `COLORFGBG`, which some terminals set, ends in the number of their background: 7 and 15 are light.
    """
    wish = environ.get(WISH, "")
    term = environ.get("TERM", "")
    if "NO_COLOR" in environ or not term or term in _COLOURLESS or term.endswith("-m") or wish == "mono":
        return "mono"
    if wish == "ansi" or not (
        environ.get("COLORTERM") in ("truecolor", "24bit") or term.endswith("256color")
    ):
        return "ansi"
    light = (
        wish == "light"
        if wish in ("light", "dark")
        else environ.get("COLORFGBG", "").endswith(LIGHT_BACKGROUNDS)
    )
    return "light" if light else "dark"


def prepare(environ: MutableMapping[str, str], wish: str = "") -> Variant:
    """Set what Textual reads while it is imported; call it with `os.environ` before that import.

    `wish` is the variant that the config asks for.

    - A colourless terminal gets `NO_COLOR`: TERM=dumb would otherwise be sent true colour.
    - Base colours only where we paint no background: the Linux console does not draw the bright codes
      (https://github.com/Textualize/textual/issues/5907).
    - No animations, and no kitty keyboard protocol, which turns every letter into an escape sequence.
    """
    if wish:
        environ.setdefault(WISH, wish)
    chosen = variant(environ)
    if chosen == "mono":
        environ["NO_COLOR"] = "1"
    if chosen in ("ansi", "mono"):
        environ["TEXTUAL_COLOR_SYSTEM"] = "standard"
    environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
    return chosen


def textual_theme(chosen: Variant) -> "Theme":
    """Build the Textual theme of a variant. `mono` is `ansi` whose colours Textual filters out."""
    from textual.theme import BUILTIN_THEMES, Theme

    if chosen in ("ansi", "mono"):
        return replace(BUILTIN_THEMES["ansi-dark"], name="pos-ansi")
    if chosen == "light":
        return Theme(
            name="pos-light",
            primary="#1e4b7d",
            warning="#facd3c",
            error="#aa0000",
            foreground="#141414",
            background="#fafaf5",
            surface="#fafaf5",
            panel="#eeeee8",
            dark=False,
        )
    return Theme(
        name="pos-dark",
        primary="#285582",
        warning="#d7af00",
        error="#eb6e6e",
        foreground="#e4e4e4",
        background="#121212",
        surface="#121212",
        panel="#1c1c1c",
    )
