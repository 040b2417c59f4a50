"""`pos-tui sync`: one background pass over what a till does by itself, for cron or a systemd timer."""

import sys
from collections.abc import Sequence
from pathlib import Path

from pos_tui import upkeep
from pos_tui.arguments import parser
from pos_tui.config import load
from pos_tui.exits import Exit
from pos_tui.till import Till, TillOpen

ABOUT = """Faz uma vez, sem tela, o que o caixa faz sozinho: consulta pendências e pagamentos, apaga dados
vencidos, grava a cópia do dia. Nunca cobra nem credita o que ninguém decidiu. Com o caixa aberto, deixa para
ele o que é dele."""


def main(argv: Sequence[str], config: Path | None) -> int:
    """Run the steps and print a line for each; FAILED when one failed.

    Raises:
        ConfigError: the configuration is not valid.
        StoreError: the database cannot be used.
    """
    parser("sync", ABOUT).parse_args(argv)
    settings = load(config)
    try:
        till, alone = Till.open(settings), True
    except TillOpen:
        till, alone = Till.beside(settings), False
    ended = Exit.OK
    try:
        for told in upkeep.run(till, alone=alone):
            sys.stdout.write(f"{told.step.label}: {told.words}\n")
            ended = Exit.FAILED if told.failed else ended
    finally:
        till.close()
    return ended
