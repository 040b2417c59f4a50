"""The settings of each capability: what can be set, and why a value cannot be worked with."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from pos_tui.config import Config


class Section(Struct, frozen=True):
    """A section of the config file: frozen values whose defaults serve training.

    `problem` and `missing` name the key; `config.py` puts the file's name before them.
    """

    def problem(self) -> str | None:
        """Say which value no till can work with, or None."""
        return None

    def missing(self, whole: "Config") -> str | None:
        """Say what production lacks, or None. Training may leave out nearly everything."""
        return None


def choice(name: str, value: object, allowed: Collection[object]) -> str | None:
    """Say that a value is none of those allowed, or None."""
    if value in allowed:
        return None
    return f"«{name}» é {value!r}. Valem: {', '.join(map(str, allowed))}."
