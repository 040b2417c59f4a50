"""The registry of scenarios is whole, and what it names is there."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.crash.__main__ import PAGE
from tests.faults.scenarios import SCENARIOS, Scenario, page

TESTS = Path(__file__).parents[1]
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


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_each_is_played_or_says_why_not(scenario: Scenario) -> None:
    assert scenario.tests or scenario.left
    for test in scenario.tests:
        file, function = test.split("::")
        assert function in functions(file), test


def test_every_test_of_these_files_is_registered() -> None:
    registered = {test for one in SCENARIOS for test in one.tests}
    for path in sorted((TESTS / "faults").glob("test_[a-h]_*.py")):
        file = f"faults/{path.name}"
        for function in functions(file):
            assert not function.startswith("test_") or f"{file}::{function}" in registered


def test_the_page_tells_of_them_as_they_are() -> None:
    assert page() in PAGE.read_text("utf-8"), "run `python -m tests.crash --page`"
