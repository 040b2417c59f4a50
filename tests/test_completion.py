"""What the shell completes, asked of the real bash."""

import subprocess
import sys
from pathlib import Path

import pytest

from pos_tui.cli import SUBCOMMANDS
from pos_tui.reports.registry import REPORTS

PRESS_TAB = """
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
function=$(complete -p pos-tui | sed -E 's/.*-F ([^ ]+).*/\\1/')
"$function" pos-tui "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script that the program writes."""
    told = subprocess.run(
        [sys.executable, "-m", "pos_tui", "completion", "bash"], capture_output=True, text=True, check=True
    )
    file = tmp_path_factory.mktemp("completion") / "pos-tui.bash"
    file.write_text(told.stdout, "utf-8")
    return file


def offered(script: Path, *words: str) -> set[str]:
    """Press Tab after the last of the words."""
    told = subprocess.run(
        ["bash", "-c", PRESS_TAB, "bash", str(script), "pos-tui", *words],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(told.stdout.split())


def test_commands(script: Path) -> None:
    assert set(SUBCOMMANDS) <= offered(script, "")
    assert offered(script, "re") == {"report", "receive", "restore"}


def test_names_of_reports(script: Path) -> None:
    assert {report.name for report in REPORTS} <= offered(script, "report", "")


def test_options_of_a_subcommand(script: Path) -> None:
    assert {"--from", "--to", "--csv"} <= offered(script, "report", "recargas", "--")
    assert "--json" in offered(script, "doctor", "--")
