"""The sandbox as a child process: started by a till in training mode, gone when the till is gone."""

import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from pos_tui.domain.errors import PosError
from pos_tui.providers.sandbox import READY

START_SECONDS = 20.0
STOP_SECONDS = 5.0


class SandboxProcess(Struct, frozen=True):
    """A running sandbox. `url` has no trailing slash."""

    url: str
    process: "subprocess.Popen[str]"

    def stop(self) -> None:
        """Ask it to end, and end it when it does not."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        _end(self.process, STOP_SECONDS)


class SharedSandbox(Struct, frozen=True):
    """One that somebody else runs, for several programs."""

    url: str


def start_sandbox(ledger: Path, port: int = 0) -> SandboxProcess:
    """Start a sandbox over a ledger file and wait until it listens.

    Raises:
        PosError: when it does not start; the message holds its own words.
    """
    module = "pos_tui.providers.sandbox"
    process, said = launch(module, ("--port", str(port), "--ledger", str(ledger)), READY)
    return SandboxProcess(said.removeprefix(READY).strip(), process)


def launch(module: str, arguments: Sequence[str], ready: str) -> "tuple[subprocess.Popen[str], str]":
    """Start a module of ours that lives as long as we do; return it and its first line, once it is ready.

    Raises:
        PosError: when its first line does not begin with `ready`; the message holds that line.
    """
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", module, "--exit-with-parent", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # One pipe for both: what it says instead of being ready is the reason.
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        # Ctrl+C in the till's terminal is the till's affair.
        start_new_session=True,
    )
    listener = _Listener(process)
    listener.start()
    listener.spoke.wait(START_SECONDS)
    if not listener.first.startswith(ready):
        _end(process, 0)
        reason = listener.first.strip() or "Ele não respondeu a tempo."
        raise PosError(f"O servidor de treinamento não abriu. {reason}")
    return process, listener.first


class _Listener(threading.Thread):
    """Keeps the first line, and empties the pipe so that the child never waits for us."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        super().__init__(daemon=True, name="sandbox-output")
        assert process.stdout is not None
        self._output = process.stdout
        self.first = ""
        self.spoke = threading.Event()

    def run(self) -> None:
        with self._output as output:
            self.first = output.readline()
            self.spoke.set()
            for _ in output:
                pass


def _end(process: "subprocess.Popen[str]", patience: float) -> None:
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin is not None:
        process.stdin.close()
