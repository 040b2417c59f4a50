"""The manual's pictures show the program as it is: each desk once, pinned as it looks at 80x24."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server_databases import TAKEN, VARIABLE

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
pytestmark = pytest.mark.xdist_group("pictures")  # one of them takes a port that the picture shows

LOOK = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "POS_TUI_LOOK": "dark"}
"""What `make screenshots` sets."""


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pictures, taken anew."""
    folder = tmp_path_factory.mktemp("pictures")
    # The manual is about a till with a file, whatever server the run is for: the diagnosis shows where it is.
    unlike = ("NO_COLOR", "TEXTUAL_THEME", TAKEN, VARIABLE)
    env = {name: value for name, value in os.environ.items() if name not in unlike}
    command = [sys.executable, "-m", "docs.screenshots", str(folder)]
    ended = subprocess.run(command, cwd=ROOT, env=env | LOOK, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return folder


def test_every_picture_is_taken_by_the_script(taken: Path) -> None:
    assert {one.name for one in taken.iterdir()} == {one.name for one in PICTURES.glob("*.svg")}


@pytest.mark.parametrize("name", sorted(one.name for one in PICTURES.glob("*.svg")))
def test_a_picture_is_of_this_program(taken: Path, name: str) -> None:
    old, new = ((folder / name).read_text("utf-8") for folder in (PICTURES, taken))
    assert new == old, f"{name} shows another program: look at it, and run `make screenshots`"
