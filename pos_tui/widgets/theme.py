"""How things look: one theme in three variants, chosen from the environment before the app exists.

`dark` paints its own background in 256 colours or more, `ansi` leaves the terminal's own colours and uses
the base eight, `mono` uses none. State is never told by colour alone, so all three say the same.

Yellow is only for what is pending, red only for what went wrong (seed 1).
"""

from collections.abc import Mapping, MutableMapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from rich.style import Style
from rich.terminal_theme import TerminalTheme

if TYPE_CHECKING:
    from textual.theme import Theme

Variant: TypeAlias = Literal["dark", "ansi", "mono"]

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

_COLOURLESS = ("dumb", "vt50", "vt52", "vt100", "vt102", "vt220", "vt320", "unknown")

PALETTE = TerminalTheme(
    (18, 18, 18),
    (228, 228, 228),
    [
        (0, 0, 0),
        (215, 95, 95),
        (95, 175, 95),
        (215, 175, 0),
        (95, 135, 175),
        (175, 95, 175),
        (95, 175, 175),
        (228, 228, 228),
    ],
)
"""What the eight colours are where we paint our own background; Textual's own yellow is an orange."""


def variant(environ: Mapping[str, str]) -> Variant:
    """Choose the variant that this terminal can show.

    `NO_COLOR` counts when present, even empty, as Textual reads it (https://no-color.org wants a value).
    """
    term = environ.get("TERM", "")
    if "NO_COLOR" in environ or not term or term in _COLOURLESS or term.endswith("-m"):
        return "mono"
    if environ.get("COLORTERM") in ("truecolor", "24bit") or term.endswith("256color"):
        return "dark"
    return "ansi"


def prepare(environ: MutableMapping[str, str]) -> Variant:
    """Set what Textual reads while it is imported; call it with `os.environ` before that import.

    - A colourless terminal gets `NO_COLOR`: TERM=dumb would otherwise be sent true colour.
    - Base colours only outside `dark`: the Linux console does not draw the bright codes
      (https://github.com/Textualize/textual/issues/5907).
    - No animations, and no kitty keyboard protocol, which turns every letter into an escape sequence.
    """
    chosen = variant(environ)
    if chosen == "mono":
        environ["NO_COLOR"] = "1"
    if chosen != "dark":
        environ["TEXTUAL_COLOR_SYSTEM"] = "standard"
    environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
    return chosen


def textual_theme(chosen: Variant) -> "Theme":
    """Build the Textual theme of a variant. `mono` is `ansi` whose colours Textual filters out."""
    from textual.theme import BUILTIN_THEMES, Theme

    if chosen != "dark":
        return replace(BUILTIN_THEMES["ansi-dark"], name="pos-ansi")
    return Theme(
        name="pos-dark",
        primary="#5f87af",
        warning="#d7af00",
        error="#d75f5f",
        foreground="#e4e4e4",
        background="#121212",
        surface="#121212",
        panel="#1c1c1c",
    )
