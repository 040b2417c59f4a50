"""`pos-tui catalog import FILE`: fill the catalogue of services and products from a spreadsheet."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pos_tui import importing
from pos_tui.exits import Exit

ABOUT = "importa serviços e produtos de um arquivo CSV, inteiro ou nada"
EXAMPLE = """a primeira linha dá nome às colunas; barras e tipo (serviço ou produto) podem faltar:
  codigo;barras;nome;preco;tipo
  SH10;7891000100103;Xampu neutro 300 ml;23,90;produto
o que já tem o mesmo código é mudado"""
MOST = 5_000_000
"""Bytes of a file: more than any counter sells."""


def options() -> argparse.ArgumentParser:
    """Return the parser of its options."""
    return importing.options("catalog", ABOUT, EXAMPLE, "arquivo CSV, em UTF-8 ou Windows-1252")


def main(argv: Sequence[str], config: Path | None) -> int:
    """Import, and say how many were added and changed."""
    asked = options().parse_args(argv)

    from pos_tui.config import load
    from pos_tui.till import Till

    text = _text(importing.content(asked.file, MOST))
    till = Till.beside(load(config))
    try:
        done = till.products.import_csv(text, importing.WHO)
    finally:
        till.close()
    sys.stdout.write(f"Catálogo: {done.added} incluído(s), {done.changed} mudado(s).\n")
    return Exit.OK


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheets here save when nobody tells them otherwise.
        return content.decode("cp1252", "replace")
