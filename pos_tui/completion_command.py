"""`pos-tui completion SHELL`: what makes the shell complete commands, options and report names."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from pos_tui.arguments import parser
from pos_tui.exits import Exit

ABOUT = """Escreve na saída o que faz o shell completar comandos, opções e nomes de relatório com Tab."""
EXAMPLES = """exemplos:
  pos-tui completion bash > ~/.local/share/bash-completion/completions/pos-tui
  pos-tui completion zsh > ~/.zfunc/_pos-tui"""


def options() -> argparse.ArgumentParser:
    """Return the parser of its options."""
    told = parser("completion", ABOUT, EXAMPLES)
    told.add_argument("shell", choices=("bash", "zsh", "tcsh"), help="para qual shell")
    return told


def whole() -> argparse.ArgumentParser:
    """Return the parser of `pos-tui` with that of every subcommand in it."""
    from pos_tui.cli import SUBCOMMANDS, top_level

    top, commands = top_level()
    for name, (module, about) in SUBCOMMANDS.items():
        own: argparse.ArgumentParser = import_module(module).options()
        commands.add_parser(name, help=about, parents=[own], add_help=False)
    return top


def main(argv: Sequence[str], config: Path | None) -> int:
    """Write it. It reads no config: the same for every till."""
    asked = options().parse_args(argv)
    import shtab

    sys.stdout.write(shtab.complete(whole(), shell=asked.shell) + "\n")
    return Exit.OK
