"""`pos-tui oversight [--browser]`: what waits in every till, here or in this machine's browser."""

import argparse
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from pos_tui.arguments import parser
from pos_tui.config import data_dir, load
from pos_tui.domain.errors import ConfigError
from pos_tui.exits import Exit
from pos_tui.till import Till
from pos_tui.widgets.theme import prepare

ABOUT = """Mostra as pendências de todos os caixas a quem entra com o número e o PIN de um supervisor, ao lado
do caixa aberto. Com --browser atende um navegador desta máquina, e só desta; para ver de outra, use um túnel
ssh."""
EXAMPLES = """exemplos:
  pos-tui oversight
  pos-tui oversight --browser --port 8790    e abra http://127.0.0.1:8790"""


def options() -> argparse.ArgumentParser:
    """Return the parser of its options."""
    told = parser("oversight", ABOUT, EXAMPLES)
    told.add_argument("--browser", action="store_true", help="atende um navegador desta máquina")
    told.add_argument("--port", type=int, default=8790, metavar="PORTA", help="porta do navegador (8790)")
    return told


def main(argv: Sequence[str], config: Path | None) -> int:
    """Show it, or serve it until told to stop.

    Raises:
        ConfigError: the browser was asked for, and what serves it is not installed.
        StoreError: the database cannot be used.
    """
    asked = options().parse_args(argv)
    return _serve(asked.port, config) if asked.browser else _show(config)


def _show(path: Path | None) -> int:
    config = load(path)
    if "TEXTUAL_DRIVER" not in os.environ and not (sys.stdin.isatty() and sys.stdout.isatty()):
        sys.stderr.write("A supervisão precisa de um terminal, ou de --browser.\n")
        return Exit.USAGE
    prepare(os.environ, config.screen.look)
    till = Till.beside(config)
    try:
        from pos_tui.logs import logging_to
        from pos_tui.oversight_app import run

        # Not the open till's file: two programs must not turn one log over.
        with logging_to(data_dir() / "oversight.log"):
            return run(till)
    finally:
        till.close()


def _serve(port: int, path: Path | None) -> int:
    try:
        from pos_tui.browser import serve
    except ImportError as error:
        raise ConfigError("O navegador precisa do extra web: pip install 'pos-tui[web]'.") from error
    load(path)
    config = ["--config", str(path.resolve())] if path else []
    command = [sys.executable, "-m", "pos_tui", *config, "oversight"]
    sys.stdout.write(f"Supervisão em http://127.0.0.1:{port} (Ctrl+C encerra)\n")
    sys.stdout.flush()
    serve(shlex.join(command), port)
    return Exit.OK
