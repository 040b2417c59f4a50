"""`pos-tui backup FILE`: a copy of the database, made while the till sells or not."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pos_tui.arguments import parser
from pos_tui.config import load
from pos_tui.domain.journal import SYSTEM
from pos_tui.exits import Exit
from pos_tui.till import Till

ABOUT = """Grava uma cópia de segurança do banco de dados e da configuração, com o caixa aberto ou fechado,
e só a deixa no lugar depois de abri-la e conferi-la inteira. Nenhum segredo vai nela: guarde à parte, em
lugar seguro, o secrets.toml e o operators.pepper, sem o qual nenhum PIN confere depois de restaurar."""


def options() -> argparse.ArgumentParser:
    """Return the parser of its options."""
    told = parser("backup", ABOUT)
    told.add_argument("file", type=Path, metavar="ARQUIVO", help="o arquivo, ou uma pasta de outro disco")
    return told


def main(argv: Sequence[str], config: Path | None) -> int:
    """Make the backup.

    Raises:
        PosError: it could not be made or did not read back right; nothing is left.
    """
    asked = options().parse_args(argv)
    till = Till.beside(load(config))
    try:
        made = till.backups.make(asked.file, SYSTEM)
    finally:
        till.close()
    sys.stdout.write(f"Cópia gravada e conferida: {made}\n")
    return Exit.OK
