"""Reading and writing INTPOS files: `AAA-BBB = content` lines, CR LF, closed by `999-999 = 0`.

Source: facts/payments.md §2.1. Pure: bytes in, fields out, and back.
"""

import re
from collections.abc import Mapping, Sequence, Set

from msgspec import Struct

from pos_tui.domain.text import clean, clean_line, to_ascii
from pos_tui.providers.tef import fields as f
from pos_tui.providers.tef.fields import Command

_LINE = re.compile(r"([0-9]{3})-([0-9]{3}) ?= ?(.*)")
_END = "999-999"
MAX_BYTES = 1_000_000
"""More than any manager writes; a bigger file is read up to here and found incomplete."""


class IntposError(ValueError):
    """An INTPOS file that cannot be used; the message is Portuguese."""


class Truncated(IntposError):
    """The closing line is not there yet: read again."""


class Malformed(IntposError):
    """The file is whole and one of its fields makes no sense."""


class IntposFile(Struct, frozen=True):
    """The fields of one file by their whole identifier (`009-000`), as sent by the other side."""

    values: Mapping[str, str]

    def has(self, field: str) -> bool:
        """Whether the field (three digits) is there with anything in it."""
        return bool(self.values.get(f"{field}-000", "").strip())

    def text(self, field: str, index: int = 0) -> str:
        """A field's content, sanitised; empty when absent."""
        return clean(self.values.get(f"{field}-{index:03d}", ""))

    def number(self, field: str) -> int | None:
        """A field's content as a whole number, None when absent. Raises Malformed."""
        text = self.text(field)
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,12}", text):
            raise Malformed(f"Inconsistência no campo {field}-000 do arquivo intpos.001.")
        return int(text)

    def money(self, field: str) -> int | None:
        """A field's content as centavos, None when absent. Raises Malformed.

        The specification says centavos; some managers punctuate them (`1.260,70`).
        """
        text = self.text(field).replace(".", "").replace(",", "")
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,12}", text):
            raise Malformed(f"Inconsistência no campo {field}-000 do arquivo intpos.001.")
        return int(text)

    def lines(self, field: str) -> tuple[str, ...]:
        """The numbered lines of a text, verbatim but for control characters, without their quotes."""
        numbered = {
            int(name[4:]): content for name, content in self.values.items() if name.startswith(f"{field}-")
        }
        numbered.pop(0, None)
        # Some managers leave blank lines out; their place is kept.
        return tuple(_unquote(numbered.get(place, "")) for place in range(1, max(numbered, default=0) + 1))

    @property
    def command(self) -> str:
        """The echoed command."""
        return self.text(f.COMMAND)

    @property
    def operation(self) -> int | None:
        """The echoed number of the operation, None when it is none."""
        text = self.text(f.NUMBER)
        return int(text) if re.fullmatch(r"[0-9]{1,10}", text) else None


def _unquote(content: str) -> str:
    line = clean_line(content)
    return line[1:-1] if len(line) >= 2 and line[0] == line[-1] == '"' else line


def decode(data: bytes) -> IntposFile:
    """Read a whole file.

    Raises:
        Truncated: when the closing line is missing.
        Malformed: when a line is no field, or a field comes twice with two contents.
    """
    values: dict[str, str] = {}
    # The format is ASCII; Latin-1 reads whatever a manager writes beyond it without failing.
    for line in data.decode("latin-1").replace("\r\n", "\n").split("\n"):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.rstrip("\r"))
        if match is None:
            if _END in values:
                break
            raise _unreadable(data, line)
        name = f"{match[1]}-{match[2]}"
        if values.setdefault(name, match[3]) != match[3]:
            raise Malformed(f"Inconsistência no campo {name} do arquivo: veio duas vezes, diferente.")
    if _END not in values:
        raise Truncated("O arquivo de resposta do TEF está incompleto.")
    return IntposFile(values)


def _unreadable(data: bytes, line: str) -> IntposError:
    """A bad line in a file without its closing line is a file still being written."""
    if not re.search(rb"(?m)^999-999 ?=", data):
        return Truncated("O arquivo de resposta do TEF está incompleto.")
    return Malformed(f"Inconsistência no arquivo de resposta do TEF: {clean(line, 30)}")


def encode(values: Mapping[str, str | Sequence[str]], echoed: Set[str] = frozenset()) -> bytes:
    """Write a file from fields by their three digits; a list becomes numbered, quoted lines.

    Texts lose their accents, but for the `echoed` ones, which go verbatim. The fields are put in order and
    the closing line is added.

    Raises:
        ValueError: for a field the table does not know, or a content its format forbids.
    """
    lines: list[str] = []
    for field in sorted(values):
        content = values[field]
        if isinstance(content, str):
            written = _verbatim(field, content) if field in echoed else _checked(field, to_ascii(content))
            lines.append(f"{field}-000 = {written}")
            continue
        for place, text in enumerate(content, start=1):
            lines.append(f'{field}-{place:03d} = "{_checked(field, _ascii_line(text))}"')
    return "".join(f"{line}\r\n" for line in [*lines, f"{_END} = 0"]).encode("latin-1")


def _ascii_line(text: str) -> str:
    folded = "".join(to_ascii(char) or " " for char in clean_line(text))
    return folded or " "


def _checked(field: str, content: str) -> str:
    spec = f.FIELDS.get(field)
    if spec is None or not spec.pattern.fullmatch(content):
        name = "desconhecido" if spec is None else spec.name
        raise ValueError(f"campo {field} ({name}) não aceita {content!r}")
    return content


def _verbatim(field: str, content: str) -> str:
    if not content or not content.isprintable():
        raise ValueError(f"campo {field} não pode ser devolvido como veio")
    return content


def encode_request(command: Command, values: Mapping[str, str]) -> bytes:
    """Write a request, held to the command's table.

    Raises:
        ValueError: for a missing, foreign or ill-formed field: a fault of ours, not of the user's.
    """
    given = {f.COMMAND, *values}
    missing = f.MANDATORY[command] - given
    foreign = given - f.MANDATORY[command] - f.OPTIONAL[command]
    if command in f.NETWORK_NAMED and not given & {f.NETWORK, f.NETWORK_INDEX}:
        missing |= {f.NETWORK}
    if missing or foreign:
        raise ValueError(f"{command}: faltam {sorted(missing)}, não cabem {sorted(foreign)}")
    return encode({f.COMMAND: command.value, **values}, f.ECHOED.get(command, frozenset()))
