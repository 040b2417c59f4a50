"""The command line. Every subcommand imports what it needs itself: opening the till pays for nothing else."""

import argparse
import logging
import logging.handlers
import os
import sys
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path

from pos_tui import __version__
from pos_tui.domain.errors import ConfigError, PosError, StoreError


class Exit(IntEnum):
    """Exit codes."""

    OK = 0
    FAILED = 1
    USAGE = 2
    CONFIG = 3
    STORE = 4


_ARGPARSE_WORDS = {
    "usage: ": "uso: ",
    "positional arguments": "argumentos",
    "options": "opções",
    "show this help message and exit": "mostra esta ajuda e sai",
    "show program's version number and exit": "mostra a versão e sai",
    "%(prog)s: error: %(message)s\n": "%(prog)s: erro: %(message)s\n",
    "unrecognized arguments: %s": "argumentos não reconhecidos: %s",
    "the following arguments are required: %s": "faltam os argumentos: %s",
    "expected one argument": "falta um valor",
    "argument %(argument_name)s: %(message)s": "argumento %(argument_name)s: %(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r não existe (valem: %(choices)s)",
    "invalid %(type)s value: %(value)r": "valor inválido: %(value)r",
}
"""What argparse says by itself, in Portuguese; it has no other door for that than its own gettext."""

EXAMPLES = """exemplos:
  pos-tui                          abre o caixa (treinamento, se não houver configuração)
  pos-tui --config loja.toml       abre o caixa da loja
  pos-tui demo                     faz uma venda inteira de demonstração
  pos-tui print-test               encontra a impressora e grava a configuração
  pos-tui sandbox --port 8700      abre só o provedor de treinamento

códigos de saída: 0 certo, 1 falha, 2 uso errado, 3 configuração, 4 banco de dados"""


def parser() -> argparse.ArgumentParser:
    """Return the parser, in Portuguese."""
    argparse._ = lambda text: _ARGPARSE_WORDS.get(text, text)  # type: ignore[attr-defined]
    top = argparse.ArgumentParser(
        prog="pos-tui",
        description="Caixa de teclado para balcões: recargas, pagamentos e comprovantes no terminal.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--config", type=Path, metavar="ARQUIVO", help="configuração TOML")
    version = f"pos-tui {__version__}"
    top.add_argument("--version", action="version", version=version, help="mostra a versão e sai")
    commands = top.add_subparsers(dest="command", metavar="comando", title="comandos")
    about = "faz uma venda inteira pelas telas de verdade, em treinamento"
    commands.add_parser("demo", help=about, description=about)
    about = "encontra a impressora com você e grava a configuração dela"
    commands.add_parser("print-test", help=about, description=about)
    # It has a parser of its own, imported with it.
    commands.add_parser("sandbox", help="abre o provedor de treinamento", add_help=False)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    os.umask(0o077)
    top = parser()
    options, rest = top.parse_known_args(argv)
    if rest and options.command != "sandbox":
        top.error(f"argumentos não reconhecidos: {' '.join(rest)}")
    try:
        match options.command:
            case None:
                return _open(options.config)
            case "demo":
                from pos_tui.demo import main as demo

                return demo()
            case "print-test":
                from pos_tui.print_test import main as print_test

                return print_test(options.config)
            case _:
                from pos_tui.providers.sandbox.command import main as sandbox

                return sandbox(rest)
    except ConfigError as error:
        return _fail(error, Exit.CONFIG)
    except StoreError as error:
        return _fail(error, Exit.STORE)
    except PosError as error:
        return _fail(error, Exit.FAILED)


def _open(path: Path | None) -> int:
    from pos_tui.config import load
    from pos_tui.till import Till
    from pos_tui.widgets.theme import prepare

    config = load(path)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        sys.stderr.write("O caixa precisa de um terminal. Para ver uma venda sem ele: pos-tui demo.\n")
        return Exit.USAGE
    prepare(os.environ)
    till = Till.open(config)
    _log_to(till.folder / "pos-tui.log")
    try:
        from pos_tui.app import run

        return int(run(till))
    finally:
        till.close()


def _log_to(path: Path) -> None:
    """Log to a file of limited size: nothing may write over the screen."""
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    # It logs every address it calls, and an address may carry what is nobody's business.
    logging.getLogger("httpx").setLevel(logging.WARNING)


def _fail(error: PosError, code: Exit) -> int:
    sys.stderr.write(f"{error.title}: {error.message}\n")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
