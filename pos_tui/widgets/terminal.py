"""The terminal, guarded against what counters do to it.

Textual 8.2.8 as it stands:

- one byte that is not UTF-8 ends the program (https://github.com/Textualize/textual/issues/6456);
- after a hang-up it reads end-of-file for ever, at 100 % of a core (#6690), and an error while writing
  leaves the app blocked on a full queue;
- SIGTERM and SIGHUP kill it with the terminal still raw;
- each character of a burst becomes a task of its own: 20 000 cost seconds.
"""

import codecs
import os
import re
import selectors
import signal
import threading
from collections.abc import Iterator
from io import TextIOWrapper
from typing import IO, Any, Final, cast

from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from pos_tui.widgets.keyboard import Typed

_READ_BYTES: Final = 4_096
_TICK_SECONDS: Final = 0.1
_SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
_RUNS: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f]{2,}|[\s\S]")


def _as_latin1(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are not UTF-8 as Latin-1, which is what a terminal that sends them means."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("pos_tui.latin1", _as_latin1)


class InputReader:
    """Turns the bytes of a terminal into messages; holds no file, so it can be tested without one."""

    def __init__(self, debug: bool = False) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("pos_tui.latin1")
        self._parser = XTermParser(debug)
        self._tail = ""
        self._pasting = False

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield what the bytes mean. Runs of printable characters come as one `Typed`."""
        yield from self._parse(self._decoder.decode(data))
        yield from self._parser.tick()

    def tick(self) -> Iterator[Message]:
        """Yield what silence means: a lone Esc, a byte that no other byte completed."""
        yield from self._parse(self._decoder.decode(b"", final=True))
        yield from self._parser.tick()

    def _parse(self, text: str) -> Iterator[Message]:
        if not text:
            return  # to the parser an empty text is the end of all input
        plain = "\x1b" not in text and not self._pasting and self._parser._awaiting.timeout is None
        if not plain:
            self._note_paste(text)
            yield from self._parser.feed(text)
            return
        for run in _RUNS.findall(text):
            if len(run) > 1:
                yield Typed(run)
            else:
                yield from self._parser.feed(run)

    def _note_paste(self, text: str) -> None:
        """Keep in mind whether the parser is inside a bracketed paste, whose text is not typing."""
        window = self._tail + text
        begin, end = window.rfind(BRACKETED_PASTE_START), window.rfind(BRACKETED_PASTE_END)
        if begin != end:
            self._pasting = begin > end
        self._tail = window[-(len(BRACKETED_PASTE_START) - 1) :]


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

    def start_application_mode(self) -> None:
        """Take the terminal, and give it back when a signal ends the program."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                self._loop.add_signal_handler(number, self._end, number)

    def run_input_thread(self) -> None:
        """Read the terminal until the app ends or the terminal goes away."""
        reader = InputReader(self._debug)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_TICK_SECONDS):
                    data = self._read()
                    if not data:
                        self._loop.call_soon_threadsafe(self._end, signal.SIGHUP)
                        return
                    messages = reader.feed(data)
                else:
                    messages = reader.tick()
                for message in messages:
                    self.process_message(message)

    def _read(self) -> bytes:
        """Return what was typed; nothing means that the terminal is gone."""
        try:
            return os.read(self.fileno, _READ_BYTES)
        except OSError:
            return b""

    def _end(self, number: int) -> None:
        """End the app in order, with the exit code that shells use for a signal."""
        self._app.exit(return_code=128 + number)
