"""The 63 scenarios of facts/pos-and-faults.md §6: which test plays each, or why none can here."""

import tomllib
from pathlib import Path

from msgspec import Struct


class Scenario(Struct, frozen=True):
    """One thing that the till must survive."""

    name: str
    about: str
    tests: tuple[str, ...] = ()
    """Files and functions below `tests/`, as `crash/test_flows.py::test_a1_…`."""
    left: str = ""
    """What of it is not played, and why."""


def _read() -> tuple[Scenario, ...]:
    rows = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return tuple(
        Scenario(name, row["about"], tuple(row.get("tests", ())), row.get("left", ""))
        for name, row in rows.items()
    )


SCENARIOS = _read()


def page() -> str:
    """Return the part of docs/crash-matrix.md that tells of the scenarios."""
    lines = ["## The 63 scenarios", "", "| | scenario | played by | not played |", "|---|---|---|---|"]
    for one in SCENARIOS:
        tests = "<br>".join(f"`{test.replace('::', ' ')}`" for test in one.tests)
        lines.append(f"| {one.name} | {one.about} | {tests} | {one.left} |")
    return "\n".join(lines) + "\n"
