"""Which reader a file is for, told by its first bytes."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from pos_tui.domain.statement import BadStatement, Item
from pos_tui.providers.statements.cielo import CieloReader
from pos_tui.providers.statements.cielo15 import Cielo15Reader
from pos_tui.providers.statements.getnet import GetnetReader
from pos_tui.providers.statements.rede import EefiReader, EevcReader, EevdReader
from pos_tui.providers.statements.stone import StoneReader
from pos_tui.providers.statements.teiacard import TeiacardReader

LAYOUTS = ("stone", "rede", "getnet", "cielo", "teiacard")
_LOOK = 512


class StatementReader(Protocol):
    """Any of them."""

    def items(self, file: BinaryIO) -> Iterator[Item]:
        """Yield what the file says."""


def reader_for(start: bytes) -> StatementReader:
    """Return a reader by the first bytes of a file. Raises BadStatement when they are nobody's."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in start:
        raise BadStatement("o arquivo está em UTF-16; o leiaute é ISO-8859-1", 1)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise BadStatement("o arquivo está vazio", 1)
    if text.startswith(b"<"):
        return StoneReader()
    if text.startswith(b"002") and b"Rede" in text[:64]:
        return EevcReader()
    if text.startswith(b"030") and b"Rede" in text[:64]:
        return EefiReader()
    if text.split(b",", 1)[0] in (b"00", b"0") and b"," in text:
        return EevdReader()
    if text[23:28] == b"CEADM":
        return GetnetReader()
    if text.startswith(b"0") and text[42:47].strip().upper() == b"CIELO":
        return Cielo15Reader() if text[70:73] >= b"015" else CieloReader()
    if text[3:8] == b"00000":
        return TeiacardReader()
    raise BadStatement("o começo do arquivo não é de nenhum leiaute conhecido", 1)


def read(path: Path) -> Iterator[Item]:
    """Yield what a file says, plain or gzipped.

    Raises:
        BadStatement: it cannot be taken; OSError: it cannot be read.
    """
    with closing(_opened(path)) as file:
        try:
            start = file.read(_LOOK)
            file.seek(0)
            yield from reader_for(start).items(file)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise BadStatement("o arquivo compactado veio cortado ou danificado") from error


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path, "rb")) if packed else path.open("rb")
