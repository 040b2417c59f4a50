"""Who first held a block of mobile numbers: a hint, never a decision (facts/topup.md §13).

A line keeps its number when it changes operator, so only the customer knows whose it is today.
"""

from bisect import bisect
from functools import lru_cache
from importlib.resources import files

from pos_tui.domain.phone import Mobile


@lru_cache(1)
def _blocks() -> list[tuple[str, str, str]]:
    text = files("pos_tui.services").joinpath("carriers.txt").read_text("utf-8")
    rows = (line.split(" ", 2) for line in text.splitlines() if not line.startswith("#"))
    return [(first, last, name) for first, last, name in rows]


def first_holder(mobile: Mobile) -> str:
    """Return the operator that a number was first given to, empty when nobody knows."""
    block = mobile.digits[:7]
    blocks = _blocks()
    at = bisect(blocks, (block, "~")) - 1
    first, last, name = blocks[at] if at >= 0 else ("", "", "")
    return name if first <= block <= last else ""
