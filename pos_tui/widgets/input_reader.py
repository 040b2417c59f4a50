"""Bytes of a terminal become messages.

Textual's own parser (8.2.8) is used for what it knows, the escape sequences, one whole sequence at a time.
Left to itself it costs a counter money and time:

- a byte that is not UTF-8 ends the program (https://github.com/Textualize/textual/issues/6456);
- Esc typed right before another key is taken for Alt and lost: `Esc Enter` arrives as Enter alone;
- an Esc byte inside a bracketed paste turns what follows into typing, Enter included;
- a sequence that it does not know is typed out as text;
- each character becomes a message of its own, and a task: 20 000 in a burst cost seconds.
"""

import codecs
import re
from collections.abc import Generator, Iterator
from typing import Final

from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, XTermParser
from textual.message import Message

from pos_tui.widgets.keyboard import Typed

PASTE_LIMIT: Final = 100_000
"""Characters that are kept of one paste; no field takes more."""

_TOKENS: Final = re.compile(
    r"(?P<paste>\x1b\[200~)"
    # Not yet whole: more may come with the next read.
    r"|(?P<held>\x1b(?:\[M[\s\S]{0,2}|\[\[|\[[0-?]{0,64}[ -/]{0,4}|O)?\Z)"
    # Linux console F1–F5, X10 mouse, CSI, SS3, OSC.
    r"|(?P<sequence>\x1b(?:\[\[[A-E]|\[M[\s\S]{3}|\[[0-?]{0,64}[ -/]{0,4}[@-~]|O[ -~]"
    r"|\][^\x07\x1b]{0,999}(?:\x07|\x1b\\)))"
    r"|(?P<run>[^\x00-\x1f\x7f-\x9f]{2,})"
    r"|(?P<one>[\s\S])"
)
_KEYPAD_COMMA: Final = "\x1bOl"
"""The one key of the numeric keypad, in application mode, that Textual does not know."""

_TICKS_OF_A_LOST_END: Final = 20


def _as_latin1(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are not UTF-8 as Latin-1, which is what a terminal that sends them means."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("pos_tui.latin1", _as_latin1)


class InputReader:
    """Give it every read with `feed`; while it is `unfinished`, each silent tenth of a second with `tick`."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("pos_tui.latin1")
        self._parser = XTermParser()
        self._held = ""
        self._paste: list[str] | None = None
        self._paste_size = 0
        self._silent_ticks = 0

    @property
    def unfinished(self) -> bool:
        """Whether silence would mean something; else nobody need `tick`."""
        return bool(self._held or self._decoder.getstate()[0]) or self._paste is not None

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield what the bytes mean. Runs of printable characters come as one `Typed`."""
        self._silent_ticks = 0
        yield from self._read(self._decoder.decode(data))

    def tick(self) -> Iterator[Message]:
        """Yield what silence means: a lone Esc, a byte nothing completed, a paste whose end was lost."""
        yield from self._read(self._decoder.decode(b"", final=True))
        self._silent_ticks += 1
        if self._paste is not None:
            if self._silent_ticks >= _TICKS_OF_A_LOST_END:
                yield self._pasted()
        elif self._held:
            typed, self._held = self._held[1:], ""
            yield events.Key("escape", "\x1b")
            for char in typed:
                yield from self._parser.feed(char)

    def _read(self, text: str) -> Iterator[Message]:
        if not text:
            return
        text, self._held = self._held + text, ""
        while text:
            text = yield from (self._typing(text) if self._paste is None else self._pasting(text))

    def _typing(self, text: str) -> Generator[Message, None, str]:
        """Yield what was typed; return what follows the beginning of a paste."""
        for token in _TOKENS.finditer(text):
            match token.lastgroup:
                case "paste":
                    self._paste, self._paste_size = [], 0
                    return text[token.end() :]
                case "held":
                    self._held = token[0]
                case "run":
                    yield Typed(token[0])
                case "sequence":
                    yield from self._sequence(token[0])
                case _ if token[0] == "\x1b":
                    yield events.Key("escape", "\x1b")
                case _:
                    yield from self._parser.feed(token[0])
        return ""

    def _sequence(self, sequence: str) -> Iterator[Message]:
        """Yield what Textual knows a whole sequence for; drop one that it does not know."""
        if sequence == _KEYPAD_COMMA:
            yield Typed(",")
            return
        messages = list(self._parser.feed(sequence))
        if self._parser._awaiting.timeout is None:
            yield from messages
        else:
            self._parser = XTermParser()  # it would wait for more, and then type the sequence out

    def _pasting(self, text: str) -> Generator[Message, None, str]:
        """Keep what is pasted; yield it at its end and return what follows."""
        end = text.find(BRACKETED_PASTE_END)
        if end >= 0:
            self._keep(text[:end])
            yield self._pasted()
            return text[end + len(BRACKETED_PASTE_END) :]
        escape = text.rfind("\x1b", 1 - len(BRACKETED_PASTE_END))
        whole = escape if escape >= 0 else len(text)
        self._keep(text[:whole])
        self._held = text[whole:]
        return ""

    def _keep(self, text: str) -> None:
        assert self._paste is not None
        text = text[: PASTE_LIMIT - self._paste_size]
        self._paste.append(text)
        self._paste_size += len(text)

    def _pasted(self) -> events.Paste:
        text = "".join(self._paste or [])
        self._paste = None
        self._held = ""
        return events.Paste(text.replace("\x00", ""))
