"""How a text is split for a QR code: every part in the mode that takes the fewest bits (ISO/IEC 18004 §7.4).

A Pix text is digits for the most part. Split, its code is one or two versions smaller, and fits 24 lines.
"""

from enum import StrEnum
from itertools import groupby


class Mode(StrEnum):
    """A mode of encoding."""

    NUMERIC = "n"
    ALPHANUMERIC = "a"
    BYTE = "b"


_ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
_SIXTHS = {Mode.NUMERIC: 20, Mode.ALPHANUMERIC: 33, Mode.BYTE: 48}
"""What a character costs, in sixths of a bit so that they are whole numbers."""
_OPENING = {Mode.NUMERIC: 6 * 14, Mode.ALPHANUMERIC: 6 * 13, Mode.BYTE: 6 * 12}
"""What the indicators of a part cost up to version 9, in sixths of a bit."""


def segments(text: str) -> list[tuple[str, Mode]]:
    """Split an ASCII text into parts with the least bits in all; joined they are the text."""
    ways: dict[Mode, tuple[int, str]] = {}
    for char in text:
        ways = {mode: _cheapest(mode, ways) for mode in _modes(char)}
    _, path = min(ways.values(), default=(0, ""))
    pairs = zip(text, path, strict=True)
    return [
        ("".join(char for char, _ in part), Mode(mode))
        for mode, part in groupby(pairs, key=lambda pair: pair[1])
    ]


def _cheapest(mode: Mode, ways: dict[Mode, tuple[int, str]]) -> tuple[int, str]:
    """Return the cost and the path of the cheapest way to have one more character in a mode."""
    before = [(cost + (0 if last is mode else _OPENING[mode]), path) for last, (cost, path) in ways.items()]
    cost, path = min(before, default=(_OPENING[mode], ""))
    return cost + _SIXTHS[mode], path + mode


def _modes(char: str) -> list[Mode]:
    modes = [Mode.BYTE]
    if char in _ALPHANUMERIC:
        modes.append(Mode.ALPHANUMERIC)
    if char in "0123456789":
        modes.append(Mode.NUMERIC)
    return modes
