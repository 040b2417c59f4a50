"""How the columns of a list share the window."""

from collections.abc import Sequence

from msgspec import Struct

from pos_tui.widgets.lines import Align

GAP = 1


class Column(Struct, frozen=True):
    """One column of a list."""

    title: str
    width: int
    """Cells it takes; the least it takes when it is flexible. 0 leaves it out."""
    align: Align = "left"
    flex: bool = False
    """Shares the cells that are left over."""
    priority: int = 0
    """0 is always shown; the highest number goes first when the window is narrow."""


def widths(columns: Sequence[Column], width: int) -> list[int]:
    """Return the cells of each column in a window; 0 means that the column is left out."""
    shown = [column for column in columns if column.width]
    while _needed(shown) > width and any(column.priority for column in shown):
        shown.remove(max(reversed(shown), key=lambda column: column.priority))
    spare = max(0, width - _needed(shown))
    flexible = [column for column in shown if column.flex]
    share, rest = divmod(spare, len(flexible)) if flexible else (0, 0)
    sizes: list[int] = []
    for column in columns:
        size = column.width if column in shown else 0
        if size and column.flex:
            size += share + (rest > 0)
            rest -= 1
        sizes.append(size)
    return sizes


def _needed(columns: Sequence[Column]) -> int:
    return sum(column.width for column in columns) + GAP * max(0, len(columns) - 1)
