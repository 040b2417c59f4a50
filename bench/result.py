"""What a measure gives: a figure of ours beside a baseline of the same run."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    unit: str
    ours: float
    base: float | None
    """The baseline's figure; None where the goal is not a ratio."""
    goal: float | None
    """The greatest ratio, or with no baseline the greatest figure, that is good enough."""
    base_name: str = "blank Textual"

    @property
    def ratio(self) -> float | None:
        """How many times the baseline."""
        return None if self.base is None else self.ours / self.base

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        if self.goal is None:
            return None
        return (self.ours if self.base is None else self.ours / self.base) <= self.goal


def alternate(rounds: int, *programs: Callable[[], float]) -> list[float]:
    """Run the programs in turn, beginning with another one each round; return the median of each."""
    found: list[list[float]] = [[] for _ in programs]
    for turn in range(rounds):
        for step in range(len(programs)):
            index = (turn + step) % len(programs)
            found[index].append(programs[index]())
    return [statistics.median(values) for values in found]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
