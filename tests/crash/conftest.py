"""One harness for the tests of a process."""

import pytest

from pos_tui.providers.sandbox.process import SandboxProcess
from tests.crash.runner import Harness


@pytest.fixture(scope="session")
def harness(sandbox_process: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Harness:
    """Kills flows against the shared sandbox."""
    return Harness(tmp_path_factory.mktemp("crash"), sandbox_process.url)
