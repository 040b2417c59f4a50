"""A program on a pty, with the instant of every byte it writes.

The reader thread stamps the bytes as they come; the screen is emulated behind it, so that the cost of the
emulation is not inside a measured interval. Times are seconds of the monotonic clock.
"""

import fcntl
import os
import queue
import re
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

ROOT = Path(__file__).resolve().parent.parent
COUNTER = ROOT / "bench" / "counter"
"""What a counter has not, hidden."""
DEADLINE = 120.0
QUIET = 0.15
"""Nothing written for so long: the program has painted what it had to paint."""

LOOK, BUSY = 2.0, 0.01
"""A program rests once it used less than so much of a processor for so many seconds, three times."""

sys.setswitchinterval(0.0005)


class Program:
    """One run of a program."""

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str] | None = None,
        *,
        typed: bytes = b"",
        bytes_per_second: int = 0,
    ) -> None:
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        if typed:
            os.write(self._master, typed)
        base = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        base |= {
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "PYTHONPATH": f"{ROOT}:{COUNTER}",
            **(env or {}),
        }
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        self._chunks: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        self._rate = bytes_per_second
        self.written = 0
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            argv, stdin=slave, stdout=slave, stderr=slave, env=base, cwd=ROOT, start_new_session=True
        )
        os.close(slave)
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait(20)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 96 if self._rate else 65536)
            except OSError:
                return
            if not data:
                return
            if self._rate:
                time.sleep(len(data) / self._rate)
            self._chunks.put((time.monotonic(), data))

    def send(self, data: str) -> float:
        """Type, all in one write as far as the buffer takes it; return when it began."""
        at = time.monotonic()
        rest = data.encode()
        while rest:
            rest = rest[os.write(self._master, rest[:4000]) :]
        return at

    def until(self, pattern: str) -> float:
        """Wait until a regular expression is on the screen; return when its bytes came."""
        seen = time.monotonic()
        end = seen + DEADLINE
        wanted = re.compile(pattern)
        while not wanted.search(self.screen()):
            try:
                seen, data = self._chunks.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"waited in vain for {pattern!r}:\n{self.screen()}") from None
            self._feed(data)
        return seen

    def first_change(self) -> float:
        """Wait for the next bytes; return when they came."""
        seen, data = self._chunks.get(timeout=DEADLINE)
        self._feed(data)
        return seen

    def last_change(self, seconds: float = 0.5) -> float:
        """Wait until nothing more is written; return when the last bytes came, or now when none did."""
        seen = time.monotonic()
        while True:
            try:
                seen, data = self._chunks.get(timeout=seconds)
            except queue.Empty:
                return seen
            self._feed(data)

    def quiet(self, seconds: float = QUIET) -> None:
        """Wait until nothing more is written."""
        while True:
            try:
                self._feed(self._chunks.get(timeout=seconds)[1])
            except queue.Empty:
                return

    def screen(self) -> str:
        """Return the screen's text."""
        return "\n".join(self._screen.display)

    def _feed(self, data: bytes) -> None:
        self.written += len(data)
        self._stream.feed(data)

    def cpu(self) -> float:
        """Seconds of processor that the program has used, its children left out."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        return sum(map(_used, tasks.iterdir())) / 1e9

    def rest(self) -> None:
        """Wait until the program has done what it does behind its start, such as checking the whole file."""
        end = time.monotonic() + DEADLINE
        before, calm = self.cpu(), 0
        while calm < 3 and time.monotonic() < end:
            time.sleep(LOOK)
            used, before = self.cpu() - before, self.cpu()
            calm = calm + 1 if used < BUSY * LOOK else 0
        self.quiet()

    def age(self, seconds: float) -> None:
        """Wait until the program is so old."""
        time.sleep(max(0.0, self.started + seconds - time.monotonic()))

    def memory(self) -> float:
        """Proportional set size in MiB, children left out."""
        text = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
        assert found is not None
        return int(found[1]) / 1024


def _used(task: Path) -> int:
    """Nanoseconds of processor that a thread has used; one may end while they are looked at."""
    try:
        return int((task / "schedstat").read_text().split()[0])
    except FileNotFoundError:
        return 0
