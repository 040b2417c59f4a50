"""Every target takes its own seeds, and what fuzzing once found in it."""

import pytest

from tests.fuzz.seeds import HOSTILE, seeds
from tests.fuzz.targets import TARGETS

FOUND = [
    # A zero-width joiner between a letter and its accent: cleaned twice it was another text.
    ("sanitiser", "e" + "\0" * 14 + "\u0301" * 5 + "\u200d\u0301"),
    ("paper", "e\u0301CCC\0\1" + "\u0301" * 5 + "\u200d\u0301"),
    ("log", "\u202egnirts \ud800"),
    ("screen", "\ufeff\u00ad\u061c\U000e0041"),
]


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_takes_its_seeds_and_whatever_is_hostile(name: str) -> None:
    for seed in seeds(name):
        TARGETS[name](seed)
        TARGETS[name](seed[: len(seed) // 2])
    for text in HOSTILE:
        TARGETS[name](text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(("name", "text"), FOUND)
def test_what_was_found_is_mended(name: str, text: str) -> None:
    TARGETS[name](text.encode("utf-8", "surrogatepass"))
