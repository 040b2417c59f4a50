"""Each flow killed at a few of its points: the short form of `make crash`, which kills at every one."""

import pytest

from tests.crash.flows import FLOWS
from tests.crash.points import Kill
from tests.crash.runner import Harness

POINTS = 4


@pytest.mark.parametrize("name", FLOWS)
def test_a1_killed_at_a_few_points(name: str, harness: Harness) -> None:
    flow = FLOWS[name]
    unharmed = harness.run(flow, Kill())
    assert (unharmed.broken, unharmed.killed) == ("", False)
    assert unharmed.points > POINTS
    # Spread over the flow, and not the same part of each commit every time.
    for number in range(POINTS):
        run = harness.run(flow, Kill(1 + number * (unharmed.points - 1) // POINTS))
        assert (run.broken, run.killed) == ("", True), run.where


def test_a2_killed_by_the_clock(harness: Harness) -> None:
    flow = FLOWS["top-up"]
    # The faster of two: a tenth of a run that the machine held up may be longer than the next run.
    took = min(harness.run(flow, Kill()).seconds for _ in range(2))
    run = harness.run(flow, Kill(share=0.1), took=took)
    assert (run.broken, run.killed) == ("", True)
