"""The package that a counter installs: whole, without the tests, and able to sell."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from pos_tui.cli import SUBCOMMANDS

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree by its own build backend."""
    folder = tmp_path_factory.mktemp("dist")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)], check=True
    )
    (built,) = folder.glob("*.whl")
    return built


def test_it_holds_the_program_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "pos_tui"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert names == {name for name in tracked.stdout.split() if (ROOT / name).exists()}


def test_what_is_installed_sells(wheel: Path, tmp_path: Path) -> None:
    """From outside the tree, so that nothing of it is found by accident."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    script = (
        "import pos_tui, sys; from pos_tui.cli import main; print(pos_tui.__file__); sys.exit(main(['demo']))"
    )
    env = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    env |= {"PYTHONPATH": str(tmp_path / "site"), "XDG_DATA_HOME": str(tmp_path / "data"), "LANG": "C.UTF-8"}
    ended = subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith(str(tmp_path / "site"))
    assert "COMPROVANTE DE RECARGA" in ended.stdout


@pytest.mark.parametrize("name", ["run", "dev", "judges", "release"])
def test_every_lock_names_a_version_and_a_hash(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8").replace("\\\n", " ")
    packages = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert packages
    for line in packages:
        assert "==" in line and "--hash=sha256:" in line, line


def test_what_it_needs_is_what_the_lock_holds() -> None:
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {need.split("==")[0].split(">=")[0] for need in needs}
    locked = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    assert {name for name in names if f"\n{name}==" not in locked} == set()


def test_the_systemd_units_run_commands_that_there_are() -> None:
    units = sorted((ROOT / "packaging" / "systemd").glob("*.service"))
    assert units
    for unit in units:
        started = [line for line in unit.read_text("utf-8").splitlines() if line.startswith("ExecStart=")]
        (command,) = (line.split()[-1] for line in started)
        assert command in SUBCOMMANDS
