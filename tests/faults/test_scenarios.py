"""The registry of scenarios is whole, and what it names is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.crash.__main__ import PAGE
from tests.faults.scenarios import SCENARIOS, Scenario, page

TESTS = Path(__file__).parents[1]
PREFIX = re.compile(r"(test_(?:[a-h][0-9]+_)+)?")
GROUPS = {
    "A": (1, 10),
    "B": (11, 21),
    "C": (22, 25),
    "D": (26, 37),
    "E": (38, 42),
    "F": (43, 49),
    "G": (50, 57),
    "H": (58, 63),
}


@cache
def functions(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_all_63_are_there_in_order() -> None:
    names = [
        f"{group}{number}" for group, (first, last) in GROUPS.items() for number in range(first, last + 1)
    ]
    assert [one.name for one in SCENARIOS] == names
    assert len(names) == 63


def numbers(test: str) -> set[str]:
    """The scenarios that a test's name bears, as in `test_d29_d33_…`; F4 is a key."""
    borne = re.findall(r"[a-h][0-9]+(?=_)", PREFIX.match(test)[0])  # type: ignore[index]
    return {number.upper() for number in borne} & {one.name for one in SCENARIOS}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_each_is_played_or_says_why_not(scenario: Scenario) -> None:
    assert scenario.tests or scenario.left
    for test in scenario.tests:
        file, function = test.split("::")
        assert function in functions(file), test
        assert scenario.name in numbers(function), f"{test} does not bear its number"


def test_every_test_that_bears_a_number_is_told_under_it() -> None:
    told = {(one.name, test) for one in SCENARIOS for test in one.tests}
    for path in sorted(TESTS.rglob("test_*.py")):
        file = path.relative_to(TESTS).as_posix()
        for function in functions(file):
            for number in numbers(function):
                assert (number, f"{file}::{function}") in told


def test_every_test_beside_them_bears_a_number() -> None:
    for path in sorted((TESTS / "faults").glob("test_[a-h]_*.py")):
        for function in functions(f"faults/{path.name}"):
            assert not function.startswith("test_") or numbers(function), function


def test_the_page_tells_of_them_as_they_are() -> None:
    assert page() in PAGE.read_text("utf-8"), "run `python -m tests.crash --page`"
