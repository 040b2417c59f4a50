"""libfaketime, which gives a program another clock. `.ci/judges` installs it."""

import os
from pathlib import Path

import pytest


def faketime() -> str:
    """Where the library is. Skips the test where it is missing, and fails it in CI."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        assert not os.environ.get("CI"), "libfaketime is missing: .ci/judges installs it"
        assert not os.environ.get("CI"), "libfaketime is missing: .ci/judges installs it"
        pytest.skip("libfaketime is missing: .ci/judges installs it")
    return str(found[0])
