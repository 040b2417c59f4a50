"""Ways to a printer, each wait with a deadline.

A connection lasts one job: many printers take one at a time, and a second counter may be waiting.
"""

import contextlib
import socket
import time
from typing import Protocol

from msgspec import Struct

SLOWEST = 100
"""Bytes a second of the slowest printer that is waited for: a serial line at 1200 baud, or paper of short
lines through a small buffer."""
LINES = 10
"""Lines of text a second that every printer prints: 40 mm of paper."""


class Deadlines(Struct, frozen=True):
    """Longest waits, in seconds."""

    connect: float = 3.0
    send: float = 15.0
    """Without the printer taking a single byte of a job; the whole job ends by `Patience`."""
    status: float = 1.5
    """For one answer to `DLE EOT`, which comes at once."""
    proof: float = 30.0
    """For the answer to `GS r 1`, which comes after the paper; a long paper is waited for longer."""
    fence: float = 5.0
    """For the answer to a `GS r 1` before a job, when an earlier one is in doubt."""
    quiet: float = 0.3
    """Silence after which nothing older is still to come."""
    close: float = 2.0

    def proof_of(self, payload: bytes) -> float:
        """How long the proof of this job may take: the printer may have taken all of it before it began."""
        return self.proof + payload.count(b"\n") / LINES


class Patience:
    """How long a printer that takes its bytes slowly is waited for.

    Paper is slower than any line, and a long report through a small buffer takes minutes without any fault:
    so it is silence that ends the waiting. There is an end to the whole too, so that a printer which takes a
    byte now and then cannot hold the worker for ever.
    """

    def __init__(self, size: int, seconds: float) -> None:
        """`size` bytes are to leave; `seconds` may pass without one of them being taken."""
        self._silence = seconds
        self._end = time.monotonic() + seconds + size / SLOWEST
        self.progressed()

    def progressed(self) -> None:
        """Some bytes were taken."""
        self._until = min(time.monotonic() + self._silence, self._end)

    def left(self) -> float:
        """Seconds that may still pass. Raises TimeoutError when it is over."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("a impressora parou de receber")
        return left


class Broken(OSError):
    """The way to the printer broke in the middle; `sent` bytes of this call may have left, none when 0."""

    def __init__(self, sent: int, why: str) -> None:
        super().__init__(why)
        self.sent = sent


class Connection(Protocol):
    """An open way to the printer."""

    def send(self, data: bytes, seconds: float) -> None:
        """Send everything; so many seconds may pass in silence (see `Patience`). Raises Broken."""

    def receive(self, seconds: float) -> bytes:
        """Return what came within so many seconds, as soon as something did; nothing when nothing did.

        Raises OSError when the other side is gone: waiting longer is no use.
        """

    def close(self, seconds: float) -> None:
        """Let what was sent get through, and close. Never raises."""


class Transport(Protocol):
    """A way to reach one printer."""

    def open(self, seconds: float) -> Connection:
        """Connect within so many seconds. Raises OSError."""

    @property
    def name(self) -> str:
        """Where it leads, for messages."""

    @property
    def two_way(self) -> bool:
        """Whether the printer's answers come back on it."""


class Tcp(Struct, frozen=True):
    """Raw TCP, port 9100 as a rule."""

    host: str
    port: int = 9100

    @property
    def name(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"

    @property
    def two_way(self) -> bool:
        """Always."""
        return True

    def open(self, seconds: float) -> Connection:
        """Connect. A name (not an address) is resolved by the system, which keeps its own time."""
        return _Socket(socket.create_connection((self.host, self.port), timeout=max(seconds, 0.001)))


class _Socket:
    def __init__(self, raw: socket.socket) -> None:
        self._raw = raw

    def send(self, data: bytes, seconds: float) -> None:
        """Send piece by piece, so that a failure tells how much had left."""
        patience = Patience(len(data), seconds)
        sent = 0
        while sent < len(data):
            try:
                self._raw.settimeout(patience.left())
                sent += self._raw.send(data[sent : sent + 4096])
            except OSError as error:
                raise Broken(sent, str(error)) from error
            patience.progressed()

    def receive(self, seconds: float) -> bytes:
        """Return the next piece. Raises ConnectionResetError at the end of the stream."""
        self._raw.settimeout(max(seconds, 0.001))
        try:
            data = self._raw.recv(256)
        except TimeoutError:
            return b""
        if not data:
            raise ConnectionResetError("the printer closed the connection")
        return data

    def close(self, seconds: float) -> None:
        """End our side and wait for the other's: closing over unread bytes would reset the connection,
        and a reset throws away what the printer had not read yet."""
        until = time.monotonic() + seconds
        with contextlib.suppress(OSError), self._raw:
            self._raw.shutdown(socket.SHUT_WR)
            while (left := until - time.monotonic()) > 0:
                self.receive(left)
