"""A program under test in a pseudo-terminal: what is on the screen is what a cashier would see."""

import fcntl
import os
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

import pyte

from tests.server_databases import for_programs

ROOT = Path(__file__).resolve().parent.parent
DEADLINE_SECONDS = 30.0
"""How long a test waits for what must come; reached only when it fails."""

_POLL_SECONDS = 0.02


class Terminal:
    """Starts a program on its own controlling terminal and emulates the screen it draws.

    `start` is followed by `send` and `wait_for`; leaving the `with` block kills what still runs.
    """

    PYTHON: ClassVar = (sys.executable,)

    def __init__(
        self, process: subprocess.Popen[bytes], master: int, slave: int, size: tuple[int, int]
    ) -> None:
        self.process = process
        self._master: int | None = master
        self._slave: int | None = slave
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self.output = bytearray()
        """Every byte the program wrote."""

    @classmethod
    def start(
        cls,
        argv: Sequence[str],
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str] | None = None,
        *,
        typed: bytes = b"",
        controlling: bool = True,
    ) -> Self:
        """Run `argv` on a terminal of `size` columns and lines.

        `env` is added to a small clean environment. `typed` is in the terminal before the program starts.
        Without a `controlling` terminal a hang-up sends no SIGHUP.
        """
        master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        if typed:
            os.write(master, typed)
        base = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        base |= {
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            **for_programs(),
            **(env or {}),
        }
        process = subprocess.Popen(
            argv,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=base,
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=(lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0)) if controlling else None,
        )
        os.set_blocking(master, False)
        return cls(process, master, slave, size)

    @classmethod
    def python(
        cls, module: str, *args: str, size: tuple[int, int] = (80, 24), env: Mapping[str, str] | None = None
    ) -> Self:
        """Run a module with the Python of the tests."""
        return cls.start([*cls.PYTHON, "-m", module, *args], size, env)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, data: str | bytes) -> None:
        """Type: all in one write as far as the terminal's buffer takes it, reading the screen meanwhile."""
        rest = memoryview(data.encode() if isinstance(data, str) else data)
        deadline = time.monotonic() + DEADLINE_SECONDS
        while rest:
            if time.monotonic() > deadline:
                raise AssertionError("the program stopped reading its terminal")
            _, writable, _ = select.select([], [self._fd], [], _POLL_SECONDS)
            if writable:
                rest = rest[os.write(self._fd, rest) :]
            self._read(0)

    def wait_for(self, text: str) -> None:
        """Wait until a text stands on one line of the screen."""
        self.wait_until(lambda: any(text in line for line in self.screen()), f"{text!r} on the screen")

    def wait_gone(self, text: str) -> None:
        """Wait until a text is on no line of the screen."""
        self.wait_until(lambda: all(text not in line for line in self.screen()), f"{text!r} gone")

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until a condition holds, reading the screen meanwhile."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                shown = "\n".join(self.screen())
                raise AssertionError(
                    f"waited in vain for {what}; exit code {self.process.poll()}; screen:\n{shown}"
                )
            self._read(_POLL_SECONDS)

    def wait_exit(self) -> int:
        """Wait until the program has ended; return its exit code."""
        self.wait_until(lambda: self.process.poll() is not None, "the end of the program")
        self._read(0)
        return self.process.wait()

    def screen(self) -> list[str]:
        """Return the lines on the screen, without the blanks at their ends."""
        return [line.rstrip() for line in self._screen.display]

    def cell(self, column: int, line: int) -> "pyte.screens.Char":
        """Return one character of the screen with its colours."""
        return self._screen.buffer[line][column]

    def resize(self, size: tuple[int, int]) -> None:
        """Give the window another size and tell the program."""
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self._screen.resize(lines=size[1], columns=size[0])

    def is_raw(self) -> bool:
        """Say whether the program holds the terminal: no echo, no line editing."""
        return not termios.tcgetattr(self._fd)[3] & (termios.ICANON | termios.ECHO)

    def hang_up(self) -> None:
        """Take the terminal away, as a lost connection does."""
        for fd in (self._master, self._slave):
            if fd is not None:
                os.close(fd)
        self._master = self._slave = None

    def close(self) -> None:
        """End the program, by force if need be, and give everything back."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()

    @property
    def _fd(self) -> int:
        assert self._master is not None, "the terminal was hung up"
        return self._master

    def _read(self, timeout: float) -> None:
        """Take what the program wrote."""
        if self._master is None:
            time.sleep(timeout)
            return
        while select.select([self._master], [], [], timeout)[0]:
            try:
                data = os.read(self._master, 65_536)
            except OSError:
                return
            if not data:
                return
            self.output += data
            self._stream.feed(data)
            timeout = 0
