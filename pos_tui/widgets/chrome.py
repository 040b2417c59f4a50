"""The lines around the work: tabs, status, keys and the last notice. Each is one line and takes no focus."""

from collections.abc import Sequence

from msgspec import Struct

from pos_tui.commands.presets import KEYMAP
from pos_tui.domain.values import replace
from pos_tui.widgets.lines import Line, LineWidget, Span, fit, length, titled, wrap
from pos_tui.widgets.theme import ACTIVE, BAR, BOLD, DIM, PLAIN, SIGNS, TONES, Tone


class TabBar(LineWidget):
    """`[1 Início] 2 Recarga 3 Pagamento 4 Lista de vendas`: the active one in brackets and reversed."""

    def __init__(self, labels: Sequence[str], active: int = 0) -> None:
        super().__init__(height=1)
        self.labels = tuple(labels)
        self._active = active

    @property
    def active(self) -> int:
        """Index of the active tab, from 0."""
        return self._active

    @active.setter
    def active(self, index: int) -> None:
        self._active = index
        self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """Shorten the labels of the others, then leave only their numbers, until the tabs fit."""
        for letters in (None, 8, 4, 0):
            line = self._line(letters)
            if length(line) <= width:
                break
        return [(*line, (" " * (width - length(line)), BAR))]

    def _line(self, letters: int | None) -> Line:
        spans: list[Span] = []
        for index, label in enumerate(self.labels):
            if index == self._active:
                spans.append((f"[{index + 1} {label}]", ACTIVE))
            else:
                spans.append((f" {index + 1} {label[:letters].rstrip()}".rstrip() + " ", BAR))
        return tuple(spans)


class Status(Struct, frozen=True):
    """One part of the status line."""

    text: str
    priority: int = 0
    """0 is always shown; the highest number goes first when the line is too narrow."""
    tone: Tone = "normal"
    short: str = ""
    """Said instead where the line is too narrow for everything that is wrong."""


class StatusLine(LineWidget):
    """`Filial Centro | PDV 01 | Maria | 3 de 5 pendências | TREINAMENTO`."""

    def __init__(self) -> None:
        super().__init__(height=1)
        self._parts: dict[str, Status] = {}

    def set(self, name: str, text: str, *, priority: int = 0, tone: Tone = "normal", short: str = "") -> None:
        """Say or replace one part, in the order of first saying; an empty text takes it away."""
        self._parts[name] = Status(text, priority, tone, short)
        self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """Drop the least important parts until the rest fits; say all shorter before a fault is dropped."""
        parts = [part for part in self._parts.values() if part.text]
        line = _joined(parts)
        while length(line) > width and any(part.priority for part in parts):
            least = max(reversed(parts), key=lambda part: part.priority)
            if least.tone != "normal" and any(part.short for part in parts):
                parts = _shortened(parts)
            else:
                parts.remove(least)
            line = _joined(parts)
        if length(line) > width:
            line = _joined(_shortened(parts))
        return [(*line, (" " * (width - length(line)), BAR))]


def _shortened(parts: Sequence[Status]) -> list[Status]:
    return [replace(part, text=part.short or part.text, short="") for part in parts]


def _joined(parts: Sequence[Status]) -> Line:
    spans: list[Span] = []
    for part in parts:
        sign = "" if part.tone == "normal" else SIGNS[part.tone].strip()
        style = BAR if part.tone == "normal" else TONES[part.tone]
        spans += [(" | " if spans else " ", BAR), (f"{sign}{part.text}", style)]
    return tuple(spans)


class KeyHint(Struct, frozen=True):
    """A key and what it does now."""

    key: str
    """As drawn: `F3`, `Enter`, `+`."""
    label: str
    enabled: bool = True
    priority: int = 0
    """0 is always shown; the highest number goes first when the line is too narrow."""


HELP = KeyHint("F1", "ajuda")


class KeyLine(LineWidget):
    """The footer: `F3 Recarga  (F8 Cancelar)  F1 ajuda`. What is disabled stands dim and in parentheses."""

    def __init__(self, keys: Sequence[KeyHint] = (), *, help_key: bool = True) -> None:
        """`help_key` ends the line with F1, which is never left out."""
        super().__init__(height=1)
        self._keys = tuple(keys)
        self._last = (HELP,) if help_key else ()

    def set_keys(self, keys: Sequence[KeyHint]) -> None:
        """Show other keys."""
        self._keys = tuple(keys)
        self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """Leave out what is off, then the least important, the last of equals first, until the rest fits."""
        keys = list(self._keys)
        while keys and length(_hints([*keys, *self._last])) > width:
            keys.remove(max(reversed(keys), key=lambda key: (not key.enabled, key.priority)))
        return [_hints([*keys, *self._last])]


def _hints(keys: Sequence[KeyHint]) -> Line:
    spans: list[Span] = []
    words = KEYMAP.get().words
    for hint in keys:
        if spans:
            spans.append(("  ", PLAIN))
        if hint.enabled:
            spans += [(words(hint.key), BOLD), (f" {hint.label}", PLAIN)]
        else:
            spans.append((f"({words(hint.key)} {hint.label})", DIM))
    return tuple(spans)


class MessageLine(LineWidget):
    """The last notice, until another one or `clear`. Takes more lines when the sentence needs them."""

    LINES = 3

    def __init__(self) -> None:
        super().__init__(height=1)
        self.text = ""
        self.tone: Tone = "normal"

    def say(self, text: str, tone: Tone = "normal") -> None:
        """Show a whole sentence: what happened and what to do."""
        self.text, self.tone = text, tone
        wanted = min(self.LINES, len(self._wrapped(self.size.width))) if self.size.width else 1
        if self.styles.height is not None and self.styles.height.value != wanted:
            self.styles.height = wanted
        self.redraw()

    def clear(self) -> None:
        """Take the notice away."""
        self.say("")

    def on_resize(self) -> None:
        """A narrower window may need the second line."""
        self.say(self.text, self.tone)

    def lines(self, width: int, height: int) -> list[Line]:
        """Cut what does not fit, with a sign that there is more."""
        texts = self._wrapped(width)
        if len(texts) > height:
            texts[height - 1] = fit(" ".join(texts[height - 1 :]), width)
        return [((text, TONES[self.tone]),) for text in texts[:height]]

    def _wrapped(self, width: int) -> list[str]:
        sign = SIGNS[self.tone].strip()
        return wrap(f"{sign} {self.text}" if sign and self.text else self.text, width)


class Title(LineWidget):
    """A reversed heading with paragraphs below it, as high as they need, but never half of the window.

    What does not fit is read by `scroll_text`: the field and the keys below must stay in sight.
    """

    def __init__(self, title: str, text: Sequence[str] = ()) -> None:
        super().__init__(height=1 + len(text))
        self._title = title
        self._text = tuple(text)
        self._top = 0

    def on_resize(self) -> None:
        """Take as many lines as the paragraphs need at this width, as far as there are."""
        most = max(3, self.screen.size.height * 45 // 100)
        self.styles.height = min(1 + len(self._wrapped(self.size.width)), most)

    def scroll_text(self, pages: int) -> None:
        """Show what comes below or above."""
        texts, room = self._wrapped(self.size.width), max(1, self.size.height - 2)
        self._top = max(0, min(self._top + pages * room, len(texts) - room))
        self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """Heading, then the paragraphs, or as much of them as there is room for and the way to the rest."""
        heading = titled(self._title, self.app, width)
        texts = self._wrapped(width)
        if len(texts) < height:
            return [((heading, ACTIVE),), *(((text, PLAIN),) for text in texts)]
        room = max(1, height - 2)
        top = max(0, min(self._top, len(texts) - room))
        left = len(texts) - top - room
        way = f"PgDn mostra mais {left} linha(s)." if left else "PgUp volta ao começo do texto."
        shown = [((text, PLAIN),) for text in texts[top : top + room]]
        return [((heading, ACTIVE),), *shown, ((fit(way, width), DIM),)]

    def _wrapped(self, width: int) -> list[str]:
        return [line for paragraph in self._text for line in wrap(paragraph, width)]
