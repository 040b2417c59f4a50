"""The harness finds faults that are planted in the till: that it finds none in ours says something."""

import pytest

from tests.crash.flows import FLOWS
from tests.crash.runner import Harness

PLANTED = [
    ("decision_after_the_call", "top-up", "I1"),
    ("drawer_before_commit", "print", "I2"),
    ("receipt_in_a_commit_of_its_own", "print", "I2"),
]


@pytest.mark.parametrize(("plant", "flow", "invariant"), PLANTED)
def test_it_finds_a_planted_fault(plant: str, flow: str, invariant: str, harness: Harness) -> None:
    walk = harness.walk(FLOWS[flow], plant=plant)
    found = next((run.broken for run in walk if run.broken), "")
    assert invariant in found
