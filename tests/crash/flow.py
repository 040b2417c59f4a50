"""What a flow of money is to the harness: something to play in a process that dies, and what must hold after.

`play` runs in the process that is killed. `settle` runs in the harness: it opens the till again as a person
would, lets the sweep work, and compares the till with what really happened outside.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from pos_tui.providers.sandbox.process import SandboxProcess
from tests.sandbox import SandboxControl

Arm = Callable[[], None]


class Ground(Struct, frozen=True):
    """Where one run takes place; goes to the process that dies."""

    folder: Path
    url: str
    """The sandbox."""
    beside: Path
    """Where what stands beside the till keeps its own: not on the till's disk."""
    port: int = 0
    """The flow's own server: a printer, a post office."""

    @property
    def sandbox(self) -> SandboxControl:
        """What really happened, as the sandbox counts it."""
        return SandboxControl(self.url)

    @property
    def world(self) -> SandboxProcess:
        """The sandbox as a till wants it; it belongs to the harness."""
        return SandboxProcess(self.url, None)  # type: ignore[arg-type]


class Flow:
    """One flow of money."""

    name: str
    """As the matrix calls it."""
    about: str
    """What is done, in a line of the matrix."""

    @contextlib.contextmanager
    def beside(self, ground: Ground) -> Iterator[Any]:
        """Whatever stands beside the till during the run, as the harness sees it; a port if it has one."""
        yield None

    def play(self, ground: Ground, arm: Arm) -> None:
        """Prepare, call `arm` once, and do what the flow is about."""
        raise NotImplementedError

    def settle(self, ground: Ground, beside: Any) -> None:
        """Open the till again, let it recover, and go on as a person would.

        Raises:
            AssertionError: an invariant is broken; the message says which.
        """
        raise NotImplementedError
