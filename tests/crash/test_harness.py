"""The harness finds faults that are planted in the till: that it finds none in ours says something."""

import pytest

from tests.crash.flows import FLOWS
from tests.crash.plants import PLANTS
from tests.crash.runner import Harness

QUICK = {
    "decision_after_the_call": ("top-up", "I1"),
    "drawer_before_commit": ("print", "I2"),
    "receipt_in_a_commit_of_its_own": ("print", "I2"),
    "cash_in_a_commit_of_its_own": ("cash", "I4"),
    "number_before_commit": ("cash", "I4"),
    "cash_back_in_a_commit_of_its_own": ("cash", "I4"),
    "link_skipped": ("cash", "I6"),
    "charge_before_its_row": ("Pix", "I1"),
}
LONG = {
    "given_up_here_only": ("Pix", "I1"),
    "intent_untold": ("top-up", "I6"),
    "answer_before_its_papers": ("top-up", "I2"),
    "printed_before_sending": ("print", "I2"),
    "printed_again_at_start": ("print", "I2"),
    "copy_unmarked": ("print", "I2"),
    "confirmed_before_commit": ("TEF", "I1"),
    "refunded_again_at_start": ("Pix", "I1"),
    "mail_told_as_sent_first": ("order", "I1"),
    "mail_in_a_commit_of_its_own": ("order", "I1"),
}
"""Found only after many kills."""


def found(harness: Harness, plant: str, flow: str) -> str:
    """What is told of the first run that breaks an invariant, killed at one point after the other."""
    return next((run.broken for run in harness.walk(FLOWS[flow], plant=plant) if run.broken), "")


@pytest.mark.parametrize("plant", QUICK)
def test_it_finds_a_planted_fault(plant: str, harness: Harness) -> None:
    flow, invariant = QUICK[plant]
    assert invariant in found(harness, plant, flow)


@pytest.mark.crash
@pytest.mark.parametrize("plant", LONG)
def test_it_finds_a_planted_fault_far_in(plant: str, harness: Harness) -> None:
    flow, invariant = LONG[plant]
    assert invariant in found(harness, plant, flow)


def test_every_plant_is_looked_for() -> None:
    assert {*QUICK, *LONG} == set(PLANTS)
