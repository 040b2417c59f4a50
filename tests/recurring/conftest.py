"""Fixtures of recurring payments."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.till import Till
from tests.recurring.os import Clock, Platform, monthly
from tests.sandbox import SandboxControl
from tests.tills import open_till


@pytest.fixture
def clock() -> Clock:
    """The clock of `till`."""
    return Clock()


@pytest.fixture
def platform(sandbox: SandboxControl, clock: Clock) -> Platform:
    """The practice platform, at the same instant as the till."""
    platform = Platform(sandbox)
    platform.go_to(clock.now)
    return platform


@pytest.fixture
def till(tmp_path: Path, sandbox: SandboxControl, platform: Platform, clock: Clock) -> Iterator[Till]:
    """A till that charges every month."""
    opened = open_till(tmp_path / "till", sandbox, monthly(), clock)
    yield opened
    opened.close()
