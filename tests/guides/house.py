"""A copy of the program on which a guide is followed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SAMPLES = Path(__file__).parent / "samples"
_PARTS = ("pos_tui", "tests", "docs", "pyproject.toml", "config.example.toml")
_LEFT = shutil.ignore_patterns("__pycache__", "guides", "medusa", "pictures", "__snapshots__")


class House:
    """A tree of its own: files are written and lines added as a guide says, and the result is run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in _PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, folder / part, ignore=_LEFT)
            else:
                shutil.copyfile(source, folder / part)

    def write(self, path: str, sample: str) -> None:
        """Write a new file."""
        target = self.folder / path
        assert not target.exists(), f"{path} is there already: the guide needs another sample"
        shutil.copyfile(SAMPLES / sample, target)

    def add(self, path: str, below: str, *lines: str) -> None:
        """Add lines below the first line that begins so, as the guide's reader would find the place."""
        target = self.folder / path
        old = target.read_text("utf-8").splitlines()
        at = next((at for at, line in enumerate(old) if line.startswith(below)), None)
        assert at is not None, f"the guide says to look for {below!r} in {path}: it is not there any more"
        target.write_text("\n".join([*old[: at + 1], *lines, *old[at + 1 :], ""]), "utf-8")

    def run(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy."""
        env = os.environ | self.env() | env
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, check=False)

    def env(self) -> dict[str, str]:
        """Where the copy looks for itself and for its data."""
        return {
            "PYTHONPATH": str(self.folder),
            "POS_TUI_DATA_DIR": str(self.folder / "data"),
            "XDG_CONFIG_HOME": str(self.folder / "xdg"),
        }
