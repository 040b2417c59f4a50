"""`pos-tui sync`: one background pass over what a till does by itself, for cron or a systemd timer."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pos_tui import upkeep
from pos_tui.arguments import parser
from pos_tui.config import load
from pos_tui.exits import Exit
from pos_tui.logs import logging_to
from pos_tui.till import Till, TillOpen

ABOUT = """Faz uma vez, sem tela, o que o caixa faz sozinho: consulta pendências e pagamentos, apaga dados
vencidos, grava a cópia do dia. Nunca cobra nem credita o que ninguém decidiu. Com o caixa aberto, deixa para
ele o que é dele."""


def options() -> argparse.ArgumentParser:
    """Return the parser of its options."""
    return parser("sync", ABOUT)


def main(argv: Sequence[str], config: Path | None) -> int:
    """Run the steps and print a line for each; FAILED when one failed.

    Raises:
        ConfigError: the configuration is not valid.
        StoreError: the database cannot be used.
    """
    options().parse_args(argv)
    settings = load(config)
    try:
        till, alone = Till.open(settings), True
    except TillOpen:
        till, alone = Till.beside(settings), False
    # Not the open till's file: two programs must not turn one log over.
    with logging_to(till.folder / "sync.log"):
        try:
            ended = [_tell(told) for told in upkeep.run(till, alone=alone)]
        finally:
            till.close()
    return Exit.FAILED if any(ended) else Exit.OK


def _tell(told: upkeep.Told) -> bool:
    sys.stdout.write(f"{told.step.label}: {told.words}\n")
    return told.failed
