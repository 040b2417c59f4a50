"""Fields that are typed: text, digits, money."""

import unicodedata
from collections.abc import Callable
from typing import Unpack

from rich.cells import cell_len

from pos_tui.domain.card import PAN_REFUSED, looks_like_pan
from pos_tui.domain.money import format_brl, format_money, parse_money
from pos_tui.domain.phone import Incomplete
from pos_tui.domain.text import clean
from pos_tui.widgets.fields.base import EMPTY, Check, Common, Effect, Field, Value


class TextField(Field):
    """A line of text with a cursor. What looks like a card's number is refused, unless it may hold codes."""

    free = True
    """Whether people write what they like here; a field of digits or money has a form of its own."""

    def __init__(
        self,
        name: str,
        label: str,
        *,
        max_length: int = 60,
        check: Check | None = None,
        secret: bool = False,
        codes: bool = False,
        suggested: bool = False,
        **common: Unpack[Common],
    ) -> None:
        """`secret` shows stars, for a PIN; `codes` takes long numbers: a bar code, what is only searched.

        What is put in is only `suggested` where the first key writes it anew.
        """
        super().__init__(name, label, **common)
        self._guarded = self.free and not secret and not codes
        self.max_length = max_length
        self.check = check
        self.secret = secret
        self._suggested = suggested
        self.text = ""
        self.cursor = 0
        """Index in `text` before which the next character goes."""
        self._given = False
        """Whether the text was put in and no key changed anything of it yet."""

    @property
    def value(self) -> Value:
        return " ".join(self.text.split())

    def set(self, value: Value) -> None:
        self.text = self.cleaned("" if value is None else str(value))
        self.cursor = len(self.text)
        self._given = True

    def shown(self) -> tuple[str, int]:
        """Return the text as drawn and the index of the cursor in it."""
        return ("*" * len(self.text), self.cursor) if self.secret else (self.text, self.cursor)

    def take(self, char: str) -> Effect:
        if not char.isprintable():
            return Effect.NO_ROOM
        return self.insert(char)

    def insert(self, text: str) -> Effect:
        """Put text in at the cursor as far as there is room.

        What was given and is untouched is written anew where it fills the field or was only suggested.
        """
        if self._given and text and (self._suggested or len(self.text) >= self.max_length):
            self.text, self.cursor = "", 0
        self._given = False
        room = self.max_length - len(self.text)
        if room <= 0 or not text:
            return Effect.NO_ROOM
        before = self.text[: self.cursor] + text[:room]
        if not before.isascii():
            before = unicodedata.normalize("NFC", before)
        self.text = before + self.text[self.cursor :]
        self.cursor = len(before)
        return Effect.TAKEN if len(text) <= room else Effect.NO_ROOM

    def paste(self, text: str) -> Effect:
        """Insert what was pasted, cleaned; a megabyte costs no more than what fits."""
        return self.insert(self.cleaned(text))

    def cleaned(self, text: str) -> str:
        """Return what of a foreign text may stand in this field."""
        return clean(text, self.max_length)

    def jump(self, index: int) -> None:
        """Put the cursor before a character."""
        self._given = False
        self.cursor = index

    def move(self, step: int) -> None:
        """Move the cursor by one character on the screen, accents included."""
        self._given = False
        self.cursor = self._next(step)

    def erase(self, step: int) -> None:
        """Delete the character before (-1) or under (+1) the cursor."""
        self._given = False
        first, last = sorted((self.cursor, self._next(step)))
        self.text = self.text[:first] + self.text[last:]
        self.cursor = first

    def _next(self, step: int) -> int:
        index = self.cursor + step
        while 0 < index < len(self.text) and cell_len(self.text[index]) == 0:
            index += step
        return max(0, min(index, len(self.text)))

    def problem(self) -> str | None:
        if not self.text.strip():
            return EMPTY if self.required else None
        if self._guarded and looks_like_pan(self.text):
            return PAN_REFUSED
        return self.check(self.text) if self.check else None

    def remark(self) -> str:
        return (self.text and self.check and self.check(self.text)) or self.hint

    def alarm(self) -> str:
        problem = self.check(self.text) if self.text and self.check else None
        return "" if problem is None or isinstance(problem, Incomplete) else problem

    def leave(self) -> None:
        self.error = (self.problem() if self.text else None) or ""


class DigitsField(TextField):
    """Digits, shown in groups by `mask` while the value stays bare (`67 99999-9999` → `67999999999`)."""

    free = False

    def __init__(
        self,
        name: str,
        label: str,
        *,
        max_length: int = 14,
        check: Check | None = None,
        secret: bool = False,
        suggested: bool = False,
        mask: Callable[[str], str] | None = None,
        letters: bool = False,
        auto_advance: bool = False,
        **common: Unpack[Common],
    ) -> None:
        """`letters` takes A–Z too, for the CNPJ of 2026; `auto_advance` goes on when full and right."""
        super().__init__(
            name, label, max_length=max_length, check=check, secret=secret, suggested=suggested, **common
        )
        self.mask = mask
        self.letters = letters
        self.auto_advance = auto_advance

    @property
    def value(self) -> Value:
        return self.text

    def shown(self) -> tuple[str, int]:
        if self.mask is None or self.secret:
            return super().shown()
        shown = self.mask(self.text)
        index = 0
        for char in self.text[: self.cursor]:
            index = shown.index(char, index) + 1
        if self.cursor < len(self.text):
            index = shown.index(self.text[self.cursor], index)
        return shown, index

    def take(self, char: str) -> Effect:
        char = char.upper()
        if char in " .-/()":
            return Effect.TAKEN  # people type the punctuation that the mask draws anyway
        if not self._fits(char):
            return Effect.REFUSED
        effect = self.insert(char)
        full = effect is Effect.TAKEN and len(self.text) == self.max_length
        return Effect.FINISHED if full and self.auto_advance and self.problem() is None else effect

    def cleaned(self, text: str) -> str:
        return "".join(char for char in text[: 4 * self.max_length + 40].upper() if self._fits(char))

    def _fits(self, char: str) -> bool:
        return char.isascii() and (char.isdigit() or (self.letters and char.isalpha()))


class MoneyField(TextField):
    """An amount as Brazilians type it: `12`, `12,5`, `12,50`, `1.234,56`; the value is centavos."""

    free = False

    def __init__(
        self,
        name: str,
        label: str,
        *,
        check_cents: Callable[[int], str | None] | None = None,
        **common: Unpack[Common],
    ) -> None:
        super().__init__(name, label, max_length=14, **common)
        self.check_cents = check_cents

    @property
    def value(self) -> Value:
        return self.cents

    @property
    def cents(self) -> int | None:
        """The amount in centavos, or None while there is none or it cannot be read."""
        try:
            return parse_money(self.text)
        except ValueError:
            return None

    def set(self, value: Value) -> None:
        super().set(format_money(value) if isinstance(value, int) else value)

    def take(self, char: str) -> Effect:
        if char not in "0123456789,.":
            return Effect.REFUSED
        if char == "," and self.cursor == 0:
            char = "0,"  # `,50` means fifty centavos; dropping the comma would make it fifty reais
        before, comma, after = (self.text[: self.cursor] + char + self.text[self.cursor :]).partition(",")
        if comma and (len(after) > 2 or (after and not after.isdigit()) or not before):
            return Effect.NO_ROOM
        return self.insert(char)

    def cleaned(self, text: str) -> str:
        return "".join(char for char in text[:100] if char in "0123456789,.")[: self.max_length]

    def problem(self) -> str | None:
        if not self.text:
            return EMPTY if self.required else None
        cents = self.cents
        if cents is not None:
            return self.check_cents(cents) if self.check_cents else None
        if sum(char.isdigit() for char in self.text.partition(",")[0]) > 6:
            return "Valor alto demais. Confira o que foi digitado."
        return "Digite o valor com vírgula nos centavos, como 12,50."

    def remark(self) -> str:
        if not self.text:
            return self.hint
        return self.problem() or format_brl(self.cents or 0)

    def leave(self) -> None:
        super().leave()
        if self.cents is not None:
            self.set(self.cents)


def grouped(pattern: str) -> Callable[[str], str]:
    """Return a mask that fills `#` from the left: `grouped("## #####-####")("6799")` is `67 99`."""

    def mask(text: str) -> str:
        shown: list[str] = []
        rest = iter(text)
        pending = ""
        for place in pattern:
            if place != "#":
                pending += place
                continue
            char = next(rest, None)
            if char is None:
                return "".join(shown)
            shown += [pending, char]
            pending = ""
        return "".join(shown) + "".join(rest)

    return mask
