"""A small disk, and the harness of the crash matrix on it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.providers.sandbox.process import SandboxProcess
from tests.crash.conftest import harness
from tests.crash.hardships import mount_tmpfs, unmount
from tests.crash.runner import Harness

__all__ = ["harness"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of eight megabytes; only root may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mount_tmpfs(folder, "8m"):
        assert not os.environ.get("CI"), "this machine lets nobody mount a disk, and CI has to"
        pytest.skip("a small disk is mounted by root only")
    yield folder
    unmount(folder)


@pytest.fixture
def cramped(small_disk: Path, sandbox_process: SandboxProcess, tmp_path: Path) -> Harness:
    """A harness whose tills live on the small disk."""
    return Harness(small_disk, sandbox_process.url, tmp_path / "beside")
