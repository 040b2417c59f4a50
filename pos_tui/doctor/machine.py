"""What the machine and the terminal are, whether or not there is a till."""

import locale
import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from importlib import metadata

from pos_tui import __version__
from pos_tui.doctor import Check, Finding, failure, ok, warning

LIBRARIES = ("textual", "peewee", "httpcore", "python-escpos", "psycopg")
LOOKS = {"dark": "256 cores ou mais", "ansi": "8 cores", "mono": "sem cores: tudo também está em palavras"}
LEAST, DESIGN = (40, 12), (80, 24)


def checks(look: str, environ: Mapping[str, str] = os.environ) -> list[tuple[str, str, Check]]:
    """Return the checks of the machine; `look` is the theme that the terminal gets."""
    return [
        ("versions", "Versões", _versions),
        ("terminal", "Terminal", lambda: _terminal(look, environ)),
        ("terminal.utf8", "Acentos", _encoding),
    ]


def _versions() -> Iterator[Finding]:
    found = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    python = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    yield ok("versions", "Versões", f"pos-tui {__version__}, {python}, {', '.join(found)}, {system}.")


def _terminal(look: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    # The screen puts something of its own in sys.stdout.
    if sys.__stdout__ is None or not sys.__stdout__.isatty():
        yield ok("terminal", "Terminal", "esta saída não é um terminal; o caixa precisa de um.")
        return
    term = environ.get("TERM", "")
    inside = " dentro do tmux" if "TMUX" in environ else " dentro do screen" if "STY" in environ else ""
    over = ", por SSH" if "SSH_CONNECTION" in environ else ""
    told = f"TERM={term or 'vazio'}{inside}{over}, {LOOKS[look]}."
    if term in ("", "dumb", "unknown"):
        yield warning("terminal", "Terminal", f"{told} Defina TERM (linux, xterm-256color…).")
    else:
        yield ok("terminal", "Terminal", told)
    yield _size()


def _size() -> Finding:
    columns, lines = shutil.get_terminal_size()
    told = f"{columns} colunas por {lines} linhas"
    if columns < LEAST[0] or lines < LEAST[1]:
        return failure("terminal.size", "Tamanho", f"{told}: o mínimo é 40 por 12.")
    if columns < DESIGN[0] or lines < DESIGN[1]:
        return warning("terminal.size", "Tamanho", f"{told}: funciona; o tamanho de desenho é 80 por 24.")
    return ok("terminal.size", "Tamanho", f"{told}.")


def _encoding() -> Iterator[Finding]:
    output = sys.__stdout__
    found = (output.encoding if output is not None else "").lower().replace("-", "")
    named = locale.getlocale()[1] or "nenhuma"
    if found != "utf8":
        advice = "defina LANG=pt_BR.UTF-8 (ou C.UTF-8)"
        yield failure(
            "terminal.utf8", "Acentos", f"a saída é {found or 'desconhecida'}, e não UTF-8: {advice}."
        )
    else:
        yield ok("terminal.utf8", "Acentos", f"UTF-8 (localidade: {named}). Teste: ção ÁÉÍ R$ ª │ ─ █")
