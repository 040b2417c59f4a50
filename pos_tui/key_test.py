"""`pos-tui doctor --keys`: what this terminal really sends for a key, and which of our commands it reaches.

Terminals keep F1, F10 and F11 for themselves, and some send other codes: the counter sees here what arrives.
"""

import os
import select
import sys
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct, field
from textual import events

from pos_tui.commands import Command, Place, key_words, own
from pos_tui.commands.presets import KEYMAP
from pos_tui.exits import Exit
from pos_tui.widgets.input_reader import InputReader
from pos_tui.widgets.keyboard import Typed

SILENCE_SECONDS = 0.1
WANTED = tuple(f"f{number}" for number in range(1, 13))
INTRO = """Teste de teclas. Aperte F1 até F12 e as outras teclas que usa; cada uma aparece como chegou.
Para terminar, aperte Enter duas vezes seguidas (ou Ctrl+C).
"""


class KeyTest(Struct):
    """Reads bytes, tells keys, and remembers which function keys came."""

    reader: InputReader = field(default_factory=InputReader)
    seen: list[str] = field(default_factory=list)
    _raw: bytes = b""

    @property
    def ended(self) -> bool:
        """Whether Enter came twice in a row, or Ctrl+C."""
        return self.seen[-2:] == ["enter", "enter"] or self.seen[-1:] == ["ctrl+c"]

    def feed(self, data: bytes) -> Iterator[str]:
        """Tell what arrived, a line for each key; no bytes mean that nothing more came for a moment."""
        self._raw += data
        messages = list(self.reader.feed(data) if data else self.reader.tick())
        raw = " ".join(f"{byte:02x}" for byte in self._raw)
        if messages or (self._raw and not data):
            self._raw = b""
        for message in messages:
            yield f"{raw:<24} {self._words(message)}"
        if raw and not messages and not data:
            yield f"{raw:<24} nada que se conheça"

    def _words(self, message: object) -> str:
        if isinstance(message, Typed):
            self.seen.append(message.text)
            return f"texto «{message.text}»"
        if not isinstance(message, events.Key):
            return f"({type(message).__name__})"
        self.seen.append(message.key)
        letter = f" «{message.character}»" if message.is_printable else ""
        return f"{key_words(message.key)}{letter}: {reaches(KEYMAP.get().logical(message.key))}"

    def missing(self) -> Iterator[str]:
        """Tell the function keys that never came, with what does the same."""
        for key in WANTED:
            logical = KEYMAP.get().logical(key)
            if key not in self.seen and (commands := _of_key(logical)):
                keys = [other for _, one in commands for other in one.keys if other != logical]
                others = dict.fromkeys(KEYMAP.get().words(key_words(other)) for other in keys)
                yield f"{key.upper()} não chegou: use {', '.join(others)}"


def reaches(key: str) -> str:
    """Return the commands that a key gives, by place."""
    found = [f"{place.value}: {one.label_at(place)}" for place, one in _of_key(key)]
    return "; ".join(found) or "nenhum comando"


def _of_key(key: str) -> list[tuple[Place, Command]]:
    return [(place, one) for place in Place for one in own(place) if key in one.keys]


def main() -> int:
    """Read keys from the terminal until the person ends it."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        sys.stderr.write("O teste de teclas precisa de um terminal.\n")
        return Exit.USAGE
    try:
        import termios
        import tty
    except ImportError:  # Windows
        sys.stderr.write("O teste de teclas só funciona em terminais Unix.\n")
        return Exit.USAGE
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    sys.stdout.write(INTRO)
    sys.stdout.flush()
    try:
        tty.setraw(descriptor)
        run(_reads(descriptor), lambda line: _say(f"{line}\r\n"))
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
    return Exit.OK


def run(reads: Iterable[bytes], say: Callable[[str], None]) -> None:
    """Tell every key until the end, and then what never came."""
    test = KeyTest()
    for data in reads:
        for line in test.feed(data):
            say(line)
        if test.ended:
            break
    for line in test.missing():
        say(line)


def _reads(descriptor: int) -> Iterator[bytes]:
    """Yield what arrives together, and nothing for each silence after it; ends at hang-up."""
    quiet = True
    while True:
        ready, _, _ = select.select([descriptor], [], [], None if quiet else SILENCE_SECONDS)
        if not ready:
            quiet = True
            yield b""
            continue
        data = os.read(descriptor, 4_096)
        if not data:
            return
        quiet = False
        yield data


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
