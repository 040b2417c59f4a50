"""The terminal, guarded against what counters do to it.

Textual 8.2.8 as it stands:

- after a hang-up it reads end-of-file for ever, at 100 % of a core
  (https://github.com/Textualize/textual/issues/6690), and an error while writing leaves the app blocked
  on a full queue;
- SIGTERM and SIGHUP kill it with the terminal still raw;
- a second change of the window's size interrupts the handler of the first, and the older size is told last;
- its parser loses and invents keys: see `input_reader.py`.
"""

import contextlib
import os
import selectors
import signal
import socket
import threading
from io import TextIOWrapper
from typing import IO, Any, Final, cast

from textual import events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size

from pos_tui.widgets.input_reader import InputReader

_READ_BYTES: Final = 4_096
_TICK_SECONDS: Final = 0.1
_SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class _ForgivingFile:
    """A terminal that may go away: then what is written is dropped, and the writer thread lives on."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        try:
            self._file.write(text)
        except OSError:
            self._drop()

    def flush(self) -> None:
        try:
            self._file.flush()
        except OSError:
            self._drop()

    def fileno(self) -> int:
        return self._file.fileno()

    def _drop(self) -> None:
        # What is still buffered has to go somewhere when Python ends, or its exit code becomes 120.
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, self.fileno())
        os.close(null)


class _Ending(threading.Event):
    """Set when no more is to be read, and heard by whoever sleeps until a key comes."""

    def __init__(self) -> None:
        super().__init__()
        self.heard, self._bell = socket.socketpair()
        self.heard.setblocking(False)

    def set(self) -> None:
        super().set()
        self._bell.send(b"!")

    def clear(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self.heard.recv(_READ_BYTES)
        super().clear()


class GuardedDriver(LinuxDriver):
    """Textual's driver with its holes closed."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._file = cast(TextIOWrapper, _ForgivingFile(cast(TextIOWrapper, self._file)))
        self.exit_event = self._ending = _Ending()

    def start_application_mode(self) -> None:
        """Take the terminal, and give it back when a signal ends the program."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                self._loop.add_signal_handler(number, self._end, number)
            self._loop.add_signal_handler(signal.SIGWINCH, self._tell_size)

    def run_input_thread(self) -> None:
        """Read the terminal until the app ends or the terminal goes away."""
        reader = InputReader()
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._ending.heard, selectors.EVENT_READ)
            while not self._ending.is_set():
                # To look ten times a second whether it ends would be most of what an idle till does.
                if selector.select(_TICK_SECONDS if reader.unfinished else None):
                    if self._ending.is_set():
                        return
                    data = self._read()
                    if not data:
                        self._loop.call_soon_threadsafe(self._end, signal.SIGHUP)
                        return
                    messages = reader.feed(data)
                else:
                    messages = reader.tick()
                for message in messages:
                    self.process_message(message)

    def _tell_size(self) -> None:
        """Tell the app how large the window is now. The event loop runs one handler after another."""
        if not self._in_band_window_resize:
            size = Size(*self._get_terminal_size())
            self.send_message(events.Resize(size, size))

    def _read(self) -> bytes:
        """Return what was typed; nothing means that the terminal is gone."""
        try:
            return os.read(self.fileno, _READ_BYTES)
        except OSError:
            return b""

    def _end(self, number: int) -> None:
        """End the app in order, with the exit code that shells use for a signal."""
        self._app.exit(return_code=128 + number)
