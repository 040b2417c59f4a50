"""`pos-tui subscribers import FILE`: fill the store's own book of subscribers from the provider's file."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pos_tui import importing
from pos_tui.exits import Exit

ABOUT = "importa assinantes, contas, notas e atendimentos de um arquivo JSON, inteiro ou nada"
EXAMPLE = """o arquivo está descrito em docs/subscribers.md; quem já tem o mesmo id é trocado:
  {"subscribers": [{"id": "10", "name": "José da Silva", "document": "529.982.247-25"}]}"""
MOST = 200_000_000
"""Bytes of a file: the notes of some ten thousand subscribers."""


def options() -> argparse.ArgumentParser:
    """Return the parser of its options."""
    return importing.options("subscribers", ABOUT, EXAMPLE, "arquivo JSON, em UTF-8")


def main(argv: Sequence[str], config: Path | None) -> int:
    """Import, and say how many."""
    asked = options().parse_args(argv)

    from pos_tui.config import load
    from pos_tui.services.subscriber_book import keep, read
    from pos_tui.till import Till

    content = importing.content(asked.file, MOST)
    till = Till.beside(load(config))
    try:
        count = keep(till.context, read(content, till.context.zone), importing.WHO)
    finally:
        till.close()
    sys.stdout.write(f"Assinantes: {count} importado(s).\n")
    return Exit.OK
