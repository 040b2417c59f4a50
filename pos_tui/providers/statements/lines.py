"""A file as raw lines with their offsets: bounded, streamed, refused in another encoding than its layout's.

Layouts are ISO-8859-1 (facts F.6), in which any byte means something: what is in truth UTF-8 or UTF-16 is
found by its marks, before shifted columns turn into wrong money.
"""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from pos_tui.domain.statement import BadStatement

MAX_LINE = 8_192
"""Longer than any record; a file without line ends is not read into memory."""
_UTF8_MARK, _UTF16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
_CONTROL = bytes(range(32)) + b"\x7f"


class RawLine(NamedTuple):
    """One line without its end."""

    number: int
    offset: int
    text: str


def raw_lines(file: BinaryIO, notes: list[str]) -> Iterator[RawLine]:
    """Yield the lines that hold anything. What is odd but harmless is told in `notes`.

    Raises:
        BadStatement: another encoding, control characters, or a line beyond any layout.
    """
    offset = number = 0
    while data := file.readline(MAX_LINE + 1):
        number += 1
        if number == 1:
            if data[:2] in _UTF16_MARKS or b"\0" in data:
                raise BadStatement("o arquivo está em UTF-16; o leiaute é ISO-8859-1", 1)
            if data.startswith(_UTF8_MARK):
                notes.append("linha 1: havia uma marca de UTF-8 (BOM) antes do cabeçalho; foi ignorada.")
                data, offset = data[3:], offset + 3
        if len(data) > MAX_LINE:
            raise BadStatement(f"a linha passa de {MAX_LINE} bytes: não é um arquivo de extrato", number)
        text = data.rstrip(b"\r\n\x1a")
        if text and not text.isspace():
            if not text.isascii() or text.translate(None, _CONTROL) != text:
                _check(text, number)
            yield RawLine(number, offset, text.decode("latin-1"))
        offset += len(data)


def _check(text: bytes, number: int) -> None:
    """Raises BadStatement where bytes are not of the layout's encoding."""
    column = next((at for at, byte in enumerate(text, 1) if byte in _CONTROL), None)
    if column is not None:
        raise BadStatement(f"há um caractere de controle na coluna {column}", number)
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return
    raise BadStatement("a linha está em UTF-8 e o leiaute é ISO-8859-1: as colunas se deslocam", number)
