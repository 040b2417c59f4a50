"""Presets: other places for the function keys, for hands that learned them on another program.

A preset is a permutation of the twelve keys, so no two commands can ever meet on one key. It works at the
edges alone: what is pressed is read as the key of `padrao`, and a sentence that names a key names the one
to press. What a preset follows stands in the facts on points of sale (§3, keys by program); F5 and F8 keep
their meaning wherever it allows, since one must never charge and the other cancels.
"""

import re
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Final

PRESETS: Final[dict[str, dict[str, str]]] = {
    "padrao": {},
    # F3 finishes, F4 cancels an item, F6 prints again, F11 is the customer.
    "automafour": {
        "f3": "f10",
        "f4": "f8",
        "f6": "f9",
        "f8": "f4",
        "f9": "f11",
        "f10": "f3",
        "f11": "f6",
    },
    # F2 is the menu, F4 the drawer and its closing, F7 the product, F9 gives the sale up, F11 is paid.
    "farmacia": {
        "f2": "f12",
        "f4": "f7",
        "f7": "f9",
        "f9": "f2",
        "f10": "f4",
        "f11": "f10",
        "f12": "f11",
    },
}
"""Preset → key that is pressed → key of `padrao` whose commands it gives. What is not named stays."""

LABELS: Final = {"padrao": "Padrão", "automafour": "Automafour", "farmacia": "Farmácia"}
"""Preset → its name on the screen."""

_NAMED = re.compile(r"\bF(?:1[0-2]|[1-9])\b")


class Keymap:
    """One preset in use."""

    def __init__(self, preset: Mapping[str, str]) -> None:
        self._logical = dict(preset)
        self._pressed = {logical.upper(): pressed.upper() for pressed, logical in preset.items()}

    def logical(self, key: str) -> str:
        """Return the key of `padrao` that a pressed one stands for."""
        return self._logical.get(key, key)

    def words(self, text: str) -> str:
        """Return a sentence with the keys that are to be pressed where it names keys of `padrao`."""
        if not self._pressed:
            return text
        return _NAMED.sub(lambda named: self._pressed.get(named[0], named[0]), text)


KEYMAP: ContextVar[Keymap] = ContextVar("KEYMAP", default=Keymap(PRESETS["padrao"]))  # noqa: B039 - never changed
"""The preset of the app that runs in this context."""


def use(preset: str) -> None:
    """Take a preset for the app that is about to run in this context."""
    KEYMAP.set(Keymap(PRESETS[preset]))
