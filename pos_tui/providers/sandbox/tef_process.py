"""The TEF manager of the sandbox as a child process: it is gone when the till is gone."""

import subprocess
from pathlib import Path

from msgspec import Struct

from pos_tui.providers.sandbox import TEF_READY
from pos_tui.providers.sandbox.process import launch

STOP_SECONDS = 5.0


class TefProcess(Struct, frozen=True):
    """A running manager."""

    process: "subprocess.Popen[str]"

    def stop(self) -> None:
        """Ask it to end, and end it when it does not."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_tef(requests: Path, responses: Path, ledger: Path, poll: float = 0.25) -> TefProcess:
    """Start a manager on a till's two folders and wait until it looks at them. `poll` in seconds.

    Raises:
        PosError: when it does not start; the message holds its own words.
    """
    arguments = (
        "--req",
        str(requests),
        "--resp",
        str(responses),
        "--ledger",
        str(ledger),
        "--poll",
        str(poll),
    )
    process, _ = launch("pos_tui.providers.sandbox.tef", arguments, TEF_READY)
    return TefProcess(process)
