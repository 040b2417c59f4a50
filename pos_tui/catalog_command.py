"""`pos-tui catalog import FILE`: fill the catalogue of services and products from a spreadsheet."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pos_tui import arguments
from pos_tui.domain.errors import PosError
from pos_tui.exits import Exit

WHO = "importação"
ABOUT = "importa serviços e produtos de um arquivo CSV, inteiro ou nada"
EXAMPLE = """a primeira linha dá nome às colunas; barras e tipo (serviço ou produto) podem faltar:
  codigo;barras;nome;preco;tipo
  SH10;7891000100103;Xampu neutro 300 ml;23,90;produto
o que já tem o mesmo código é mudado"""
MOST = 5_000_000
"""Bytes of a file: more than any counter sells."""


def options() -> argparse.ArgumentParser:
    """Return the parser of its options."""
    asked = arguments.parser("catalog", ABOUT, EXAMPLE)
    asked.add_argument("action", choices=("import",), metavar="import", help="importar")
    asked.add_argument("file", type=Path, metavar="ARQUIVO", help="arquivo CSV, em UTF-8 ou Windows-1252")
    return asked


def main(argv: Sequence[str], config: Path | None) -> int:
    """Import, and say how many were added and changed."""
    asked = options().parse_args(argv)

    from pos_tui.config import load
    from pos_tui.till import Till

    text = _read(asked.file)
    till = Till.beside(load(config))
    try:
        done = till.products.import_csv(text, WHO)
    finally:
        till.close()
    sys.stdout.write(f"Catálogo: {done.added} incluído(s), {done.changed} mudado(s).\n")
    return Exit.OK


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MOST:
            raise PosError(f"{path} tem mais de {MOST // 1_000_000} MB: divida o arquivo.")
        content = path.read_bytes()
    except OSError as error:
        raise PosError(f"{path}: não pôde ser lido ({error.strerror}).") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheets here save when nobody tells them otherwise.
        return content.decode("cp1252", "replace")
