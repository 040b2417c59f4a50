"""`pos-tui subscribers import FILE`: fill the store's own book of subscribers from the provider's file."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pos_tui import arguments
from pos_tui.domain.errors import PosError
from pos_tui.exits import Exit

WHO = "importação"
ABOUT = "importa assinantes, contas, notas e atendimentos de um arquivo JSON, inteiro ou nada"
EXAMPLE = """o arquivo está descrito em docs/subscribers.md; quem já tem o mesmo id é trocado:
  {"subscribers": [{"id": "10", "name": "José da Silva", "document": "529.982.247-25"}]}"""
MOST = 200_000_000
"""Bytes of a file: the notes of some ten thousand subscribers."""


def options() -> argparse.ArgumentParser:
    """Return the parser of its options."""
    asked = arguments.parser("subscribers", ABOUT, EXAMPLE)
    asked.add_argument("action", choices=("import",), metavar="import", help="importar")
    asked.add_argument("file", type=Path, metavar="ARQUIVO", help="arquivo JSON, em UTF-8")
    return asked


def main(argv: Sequence[str], config: Path | None) -> int:
    """Import, and say how many."""
    asked = options().parse_args(argv)

    from pos_tui.config import load
    from pos_tui.services.subscriber_book import keep, read
    from pos_tui.till import Till

    content = _read(asked.file)
    till = Till.beside(load(config))
    try:
        count = keep(till.context, read(content, till.context.zone), WHO)
    finally:
        till.close()
    sys.stdout.write(f"Assinantes: {count} importado(s).\n")
    return Exit.OK


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST:
            raise PosError(f"{path} tem mais de {MOST // 1_000_000} MB: divida o arquivo.")
        return path.read_bytes()
    except OSError as error:
        raise PosError(f"{path}: não pôde ser lido ({error.strerror}).") from None
