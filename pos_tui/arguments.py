"""Argument parsers that speak Portuguese. Every subcommand makes its own."""

import argparse

_WORDS = {
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
"""What argparse says by itself; it has no other door for that than its own gettext."""


def parser(command: str, about: str, epilog: str = "") -> argparse.ArgumentParser:
    """Return an empty parser for `pos-tui COMMAND`, or for `pos-tui` itself."""
    argparse._ = lambda text: _WORDS.get(text, text)  # type: ignore[attr-defined]
    return argparse.ArgumentParser(
        prog=f"pos-tui {command}".rstrip(),
        description=about,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
