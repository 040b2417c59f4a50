"""One setting of the Configuração desk: how it is asked for, shown and read."""

from collections.abc import Iterable
from enum import Enum, auto

from msgspec import Struct

from pos_tui.config import Config
from pos_tui.domain.documents import format_document, parse_document
from pos_tui.services.config_file import Setting
from pos_tui.widgets.fields import ChoiceField, DigitsField, Field, Option, TextField

YES, NO = "sim", "não"
ANYTHING = "*"
"""Stands for whatever was typed."""
_YES_NO = ((YES, "Sim"), (NO, "Não"))


class Kind(Enum):
    """How a setting is typed."""

    TEXT = auto()
    NUMBER = auto()
    YES_NO = auto()
    LIST = auto()
    """Several texts, with `;` between them."""
    MEMBER = auto()
    """Whether a list has a value: the part of the name after the last dot."""
    CHOICE = auto()
    DOCUMENT = auto()
    SECRET = auto()
    """Typed and kept, never shown."""


class Entry(Struct, frozen=True):
    """One setting."""

    name: str
    """Its dotted name in the config, or of the secret."""
    label: str
    kind: Kind = Kind.TEXT
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    when: tuple[str, str] | None = None
    """Asked only while another entry, itself asked, holds a value."""


class Group(Struct, frozen=True):
    """Settings that stand on one screen."""

    key: str
    label: str
    entries: tuple[Entry, ...]
    tests: tuple[str, ...] = ()
    """What its connection test asks: names of `connection.TESTS`."""

    @property
    def short(self) -> str:
        """Its label for narrow windows and titles."""
        return self.label.partition(":")[0]


def field_of(entry: Entry, kept: bool) -> Field:
    """Return the field that asks for a setting; `kept` says of a secret that there is one."""
    match entry.kind:
        case Kind.NUMBER:
            return DigitsField(entry.name, entry.label, max_length=9, required=True, hint=entry.hint)
        case Kind.YES_NO | Kind.MEMBER:
            return ChoiceField(entry.name, entry.label, _options(_YES_NO), required=True, hint=entry.hint)
        case Kind.CHOICE:
            options = _options(entry.options)
            return ChoiceField(entry.name, entry.label, options, required=True, hint=entry.hint)
        case Kind.DOCUMENT:
            return TextField(
                entry.name, entry.label, max_length=18, codes=True, check=_check_document, hint=entry.hint
            )
        case Kind.SECRET:
            hint = "Guardado(a) e nunca mostrado(a). Em branco fica o de agora." if kept else "Ainda não há."
            return TextField(entry.name, entry.label, max_length=200, secret=True, hint=hint)
        case _:
            return TextField(entry.name, entry.label, max_length=200, codes=True, hint=entry.hint)


def shown(entry: Entry, config: Config) -> str:
    """Return what a setting is now, as its field holds it; never a secret."""
    match entry.kind:
        case Kind.SECRET:
            return ""
        case Kind.MEMBER:
            name, _, member = entry.name.rpartition(".")
            return YES if member in _value(config, name) else NO  # type: ignore[operator]
    value = _value(config, entry.name)
    if isinstance(value, bool):
        return YES if value else NO
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def read(entries: Iterable[Entry], texts: dict[str, str], config: Config) -> dict[str, Setting]:
    """Return the settings that are not as they are now, by dotted name, from what was typed.

    What was not asked for is not in `texts`, and stays.
    """
    found: dict[str, Setting] = {}
    members: dict[str, list[str]] = {}
    for entry in entries:
        if entry.name not in texts or entry.kind is Kind.SECRET:
            continue
        if entry.kind is Kind.MEMBER:
            name, _, member = entry.name.rpartition(".")
            members.setdefault(name, []).extend([member] if texts[entry.name] == YES else [])
        elif (value := _typed(entry, texts[entry.name])) != _value(config, entry.name):
            found[entry.name] = value
    for name, names in members.items():
        now = _value(config, name)
        assert isinstance(now, tuple)
        # The order on the payment tab is the store's own: what stays keeps its place.
        wanted = tuple([one for one in now if one in names] + [one for one in names if one not in now])
        if wanted != now:
            found[name] = wanted
    return found


def secrets(entries: Iterable[Entry], texts: dict[str, str]) -> dict[str, str]:
    """Return the secrets that were typed."""
    return {one.name: texts[one.name] for one in entries if one.kind is Kind.SECRET and texts.get(one.name)}


def _typed(entry: Entry, text: str) -> Setting:
    match entry.kind:
        case Kind.NUMBER:
            return int(text or "0")
        case Kind.YES_NO:
            return text == YES
        case Kind.LIST:
            return tuple(part.strip() for part in text.split(";") if part.strip())
        case Kind.DOCUMENT:
            return format_document(parse_document(text)) if text else ""
        case _:
            return text


def _value(config: Config, name: str) -> object:
    value: object = config
    for part in name.split("."):
        value = getattr(value, part)
    return value


def _options(pairs: Iterable[tuple[str, str]]) -> list[Option]:
    return [Option(key, label) for key, label in pairs]


def _check_document(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        parse_document(text)
    except ValueError as error:
        return str(error)
    return None
