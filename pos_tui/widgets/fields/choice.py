"""The field where one of several is chosen by its number."""

from collections.abc import Sequence
from typing import Unpack

from msgspec import Struct

from pos_tui.widgets.fields.base import Common, Effect, Field, Value

UNCHOSEN = "Escolha uma das opções pelo número."


class Option(Struct, frozen=True):
    """One line of a choice."""

    key: str
    """What the program knows it by."""
    label: str
    enabled: bool = True
    why_not: str = ""
    """Why it cannot be chosen now."""


class ChoiceField(Field):
    """A numbered list; the digit chooses at once. Lists longer than a page turn with 0 or PgDn."""

    PAGE = 9

    def __init__(
        self,
        name: str,
        label: str,
        options: Sequence[Option] = (),
        **common: Unpack[Common],
    ) -> None:
        super().__init__(name, label, **common)
        self.options: tuple[Option, ...] = tuple(options)
        self.picked: Option | None = None
        self.highlight = -1
        """Index of the option under the cursor; -1 before an arrow key was used."""
        self.page = 0
        self.page_size = self.PAGE
        """How many options the window shows at once; at most nine, for the digits."""

    @property
    def value(self) -> Value:
        return self.picked.key if self.picked else None

    def set(self, value: Value) -> None:
        keys = [option.key for option in self.options]
        index = keys.index(str(value)) if str(value) in keys else -1
        self.picked = self.options[index] if index >= 0 else None
        self._point_at(index)

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer other options; what was chosen stays chosen when it is still offered."""
        chosen = self.value
        self.options = tuple(options)
        self.set(chosen)

    @property
    def pages(self) -> int:
        """How many pages the options fill, at least 1."""
        return max(1, -(-len(self.options) // self.page_size))

    def resize(self, page_size: int) -> None:
        """Show that many options at once."""
        if page_size != self.page_size:
            first = self.page * self.page_size
            self.page_size = page_size
            self.page = min(first // page_size, self.pages - 1)

    def visible(self) -> Sequence[tuple[int, Option]]:
        """Return the options of this page with their index in `options`."""
        first = self.page * self.page_size
        return [*enumerate(self.options)][first : first + self.page_size]

    def take(self, char: str) -> Effect:
        if char not in "0123456789":
            return Effect.REFUSED
        if char == "0":
            return self.turn(1, wrap=True)
        index = self.page * self.page_size + int(char) - 1
        if int(char) > self.page_size or index >= len(self.options):
            self.error = f"Não há opção {char} nesta lista."
            return Effect.NO_ROOM
        return self.choose(index)

    def choose(self, index: int) -> Effect:
        """Choose an option, unless it is disabled."""
        option = self.options[index]
        self._point_at(index)
        if not option.enabled:
            self.error = option.why_not or f"{option.label} não está disponível agora."
            return Effect.NO_ROOM
        self.picked = option
        self.error = ""
        return Effect.FINISHED

    def turn(self, step: int, wrap: bool = False) -> Effect:
        """Turn the page; past the last comes the first when `wrap`."""
        page = self.page + step
        page = page % self.pages if wrap else max(0, min(page, self.pages - 1))
        if page == self.page:
            return Effect.NO_ROOM
        self.page, self.highlight = page, -1
        return Effect.TAKEN

    def step(self, step: int) -> bool:
        """Move the highlight; False at either end."""
        first = self.page * self.page_size
        index = first if self.highlight < 0 and step > 0 else self.highlight + step
        if not 0 <= index < len(self.options):
            return False
        self._point_at(index)
        return True

    def _point_at(self, index: int) -> None:
        self.highlight = index
        self.page = max(0, index) // self.page_size

    def problem(self) -> str | None:
        return UNCHOSEN if self.required and self.picked is None else None
