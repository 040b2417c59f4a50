"""Printers that are a file of the system: a device such as `/dev/usb/lp0`, or a serial line.

Opened without blocking and watched by poll: a printer that is off would hold a plain write for ever.
"""

import contextlib
import os
import select
import stat
import sys
import time

from msgspec import Struct

from pos_tui.printing.transports import Broken, Connection, Patience

_PIECE = 4096
_IDLE = 0.05
"""Seconds between looks at a line that cannot be waited for."""


class DeviceFile(Struct, frozen=True):
    """A character device. A path that is no device is refused: writing there would only make a file."""

    path: str

    @property
    def name(self) -> str:
        """The path."""
        return self.path

    @property
    def two_way(self) -> bool:
        """Printers answer here as a rule."""
        return True

    def open(self, seconds: float) -> Connection:
        """Open it at once, or not at all."""
        return _Descriptor(_opened(self.path))


class Serial(Struct, frozen=True):
    """A serial line: eight bits, no parity, one stop bit. `flow` is `rtscts`, `xonxoff` or `none`."""

    path: str
    baud: int = 9600
    flow: str = "rtscts"

    @property
    def name(self) -> str:
        """The path and speed."""
        return f"{self.path} ({self.baud})"

    @property
    def two_way(self) -> bool:
        """Always."""
        return True

    def open(self, seconds: float) -> Connection:
        """Open the line and set its speed. Raises OSError where there are no such lines."""
        descriptor = _opened(self.path)
        try:
            _configure(descriptor, self.baud, self.flow)
        except OSError:
            os.close(descriptor)
            raise
        return _Descriptor(descriptor)


def _opened(path: str) -> int:
    if sys.platform == "win32":
        raise OSError("no Windows use a impressora do sistema (transport = 'windows')")
    descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
    if not stat.S_ISCHR(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{path} não é um dispositivo")
    return descriptor


def _configure(descriptor: int, baud: int, flow: str) -> None:
    """Set a serial line to raw bytes. Raises OSError for a speed the system does not know."""
    import termios  # late: not on Windows
    import tty

    speed = getattr(termios, f"B{baud}", None)
    if speed is None:
        raise OSError(f"velocidade serial desconhecida: {baud}")
    try:
        tty.setraw(descriptor, termios.TCSANOW)
        mode = termios.tcgetattr(descriptor)
        mode[0] &= ~(termios.IXON | termios.IXOFF | termios.IXANY)
        mode[2] |= termios.CLOCAL | termios.CREAD
        mode[2] &= ~termios.CRTSCTS
        if flow == "xonxoff":
            mode[0] |= termios.IXON
        elif flow == "rtscts":
            mode[2] |= termios.CRTSCTS
        mode[4] = mode[5] = speed
        termios.tcsetattr(descriptor, termios.TCSANOW, mode)
    except termios.error as error:
        raise OSError(str(error)) from error


class _Descriptor:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def send(self, data: bytes, seconds: float) -> None:
        """Write as the printer takes it. Raises Broken when it stops taking."""
        patience = Patience(len(data), seconds)
        sent = 0
        while sent < len(data):
            piece = data[sent : sent + _PIECE]
            try:
                if self._ready(select.POLLOUT, patience.left()):
                    sent += os.write(self._descriptor, piece)
                    patience.progressed()
            except BlockingIOError:
                time.sleep(_IDLE)
            except TimeoutError as error:
                raise Broken(sent, str(error)) from error
            except OSError as error:  # how much of the piece had reached the printer is not told
                raise Broken(sent + len(piece), str(error)) from error

    def receive(self, seconds: float) -> bytes:
        """Return what came. Some devices answer a read with nothing instead of waiting."""
        if not self._ready(select.POLLIN, seconds):
            return b""
        try:
            data = os.read(self._descriptor, 256)
        except BlockingIOError:
            data = b""
        if not data:
            time.sleep(min(_IDLE, seconds))
        return data

    def close(self, seconds: float) -> None:
        """Wait for what the system still holds, as long as allowed, and close."""
        until = time.monotonic() + seconds
        while _waiting(self._descriptor) and time.monotonic() < until:
            time.sleep(_IDLE)
        with contextlib.suppress(OSError):
            os.close(self._descriptor)

    def _ready(self, event: int, seconds: float) -> bool:
        """Wait for an event. A hang-up counts as ready: the read or write after it says what is wrong."""
        poll = select.poll()
        poll.register(self._descriptor, event)
        return bool(poll.poll(max(seconds, 0) * 1000))


def _waiting(descriptor: int) -> int:
    """Return how many bytes a serial line still has to send; 0 where that cannot be asked."""
    import fcntl
    import termios

    try:
        answer = fcntl.ioctl(descriptor, termios.TIOCOUTQ, bytes(4))
    except OSError:
        return 0
    return int.from_bytes(answer, sys.byteorder)
