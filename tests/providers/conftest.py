"""Fixtures for everything that speaks to the outside."""

from collections.abc import Iterator

import pytest

from tests.providers.canned import CannedServer
from tests.sandbox import sandbox, sandbox_process

__all__ = ["canned", "sandbox", "sandbox_process"]


@pytest.fixture
def canned() -> Iterator[CannedServer]:
    """A server that answers what a test tells it, byte by byte."""
    server = CannedServer()
    yield server
    server.stop()
