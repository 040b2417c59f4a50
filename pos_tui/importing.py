"""What the commands that import a file share: options, in whose name it is done, reading the file."""

import argparse
from pathlib import Path

from pos_tui import arguments
from pos_tui.domain.errors import PosError

WHO = "importação"


def options(command: str, about: str, example: str, form: str) -> argparse.ArgumentParser:
    """Return the parser of `pos-tui COMMAND import FILE`; `form` says what the file is."""
    asked = arguments.parser(command, about, example)
    asked.add_argument("action", choices=("import",), metavar="import", help="importar")
    asked.add_argument("file", type=Path, metavar="ARQUIVO", help=form)
    return asked


def content(path: Path, most: int) -> bytes:
    """Return what a file holds. Raises PosError when it cannot be read or has more than `most` bytes."""
    try:
        if path.stat().st_size > most:
            raise PosError(f"{path} tem mais de {most // 1_000_000} MB: divida o arquivo.")
        return path.read_bytes()
    except OSError as error:
        raise PosError(f"{path}: não pôde ser lido ({error.strerror}).") from None
