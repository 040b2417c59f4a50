"""The command line. Every subcommand imports what it needs itself: opening the till pays for nothing else."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from pos_tui import __version__
from pos_tui.domain.errors import ConfigError, PosError, StoreError
from pos_tui.exits import Exit

if TYPE_CHECKING:
    import argparse

SUBCOMMANDS = {
    "backup": (
        "pos_tui.backup_command",
        "grava uma cópia de segurança, conferida, com o caixa aberto ou não",
    ),
    "doctor": (
        "pos_tui.doctor_command",
        "confere o caixa inteiro e diz o que não está bem",
    ),
    "restore": ("pos_tui.restore_command", "põe uma cópia de segurança no lugar do banco de dados"),
    "oversight": ("pos_tui.oversight_command", "mostra as pendências de todos os caixas a um supervisor"),
    "sync": ("pos_tui.sync_command", "faz uma vez, sem tela, o que o caixa faz sozinho (para o cron)"),
    "catalog": ("pos_tui.catalog_command", "importa serviços e produtos de um arquivo CSV"),
    "subscribers": ("pos_tui.subscribers_command", "importa o livro de assinantes de um arquivo JSON"),
    "demo": ("pos_tui.demo", "faz uma venda inteira pelas telas de verdade, em treinamento"),
    "print-test": ("pos_tui.print_test", "encontra a impressora com você e grava a configuração dela"),
    "report": ("pos_tui.report_command", "mostra, grava ou imprime um relatório"),
    "receive": ("pos_tui.receive_command", "recebe as notificações do Crédito recorrente"),
    "completion": ("pos_tui.completion_command", "escreve o que faz o shell completar com Tab"),
    "sandbox": ("pos_tui.sandbox_command", "abre só o provedor de treinamento"),
}
"""Name → module with `main(arguments, config_path) -> exit code`, and what it is for."""

EXAMPLES = """exemplos:
  pos-tui                          abre o caixa (treinamento, se não houver configuração)
  pos-tui --config loja.toml       abre o caixa da loja
  pos-tui demo                     faz uma venda inteira de demonstração
  pos-tui print-test               encontra a impressora e grava a configuração
  pos-tui report recargas --from 01/05/2021 --to 18/05/2021 --csv maio.csv
  pos-tui catalog import itens.csv inclui serviços e produtos no catálogo
  pos-tui sandbox --port 8700      abre só o provedor de treinamento

códigos de saída: 0 certo, 1 falha, 2 uso errado, 3 configuração, 4 banco de dados"""


def parser() -> "argparse.ArgumentParser":
    """Return the parser of `pos-tui` itself; what follows a subcommand's name is read by its own."""
    top, commands = top_level()
    for name, (_, about) in SUBCOMMANDS.items():
        commands.add_parser(name, help=about, add_help=False)
    return top


def top_level() -> "tuple[argparse.ArgumentParser, argparse._SubParsersAction[argparse.ArgumentParser]]":
    """Return the parser of `pos-tui` without any subcommand, and what they are added to."""
    from pos_tui import arguments

    top = arguments.parser(
        "", "Caixa de teclado para balcões: recargas, pagamentos e comprovantes no terminal.", EXAMPLES
    )
    top.add_argument("--config", type=Path, metavar="ARQUIVO", help="configuração TOML")
    about = "abre em treinamento, qualquer que seja a configuração"
    top.add_argument("--training", action="store_true", help=about)
    version = f"pos-tui {__version__}"
    top.add_argument("--version", action="version", version=version, help="mostra a versão e sai")
    commands = top.add_subparsers(dest="command", metavar="comando", title="comandos")
    return top, commands


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    os.umask(0o077)
    argv = sys.argv[1:] if argv is None else argv
    try:
        if not argv:  # the commonest start does not pay for reading arguments
            return _open(None)
        top = parser()
        options, rest = top.parse_known_args(argv)
        if options.command is not None:
            module = import_module(SUBCOMMANDS[options.command][0])
            return int(module.main(rest, options.config))
        if rest:
            top.error(f"argumentos não reconhecidos: {' '.join(rest)}")
        return _open(options.config, training=options.training)
    except SystemExit as ended:  # argparse has told what it had to tell
        return Exit.USAGE if ended.code else Exit.OK
    except ConfigError as error:
        return _fail(error, Exit.CONFIG)
    except StoreError as error:
        return _fail(error, Exit.STORE)
    except PosError as error:
        return _fail(error, Exit.FAILED)


def _open(path: Path | None, *, training: bool = False) -> int:
    from pos_tui import heap
    from pos_tui.config import load, practising
    from pos_tui.opening import Opening
    from pos_tui.widgets.theme import prepare

    config = practising(load(path)) if training else load(path)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        sys.stderr.write("O caixa precisa de um terminal. Para ver uma venda sem ele: pos-tui demo.\n")
        return Exit.USAGE
    heap.share()
    prepare(os.environ, config.screen.look)
    opening = Opening(config)
    try:
        from pos_tui.app import run

        return run(opening)
    finally:
        opening.close()


def _fail(error: PosError, code: Exit) -> int:
    sys.stderr.write(f"{error.title}: {error.message}\n")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
