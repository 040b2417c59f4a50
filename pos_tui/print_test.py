"""`pos-tui print-test`: the printer's setup as plain questions, for any terminal or screen reader."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from pos_tui.arguments import parser
from pos_tui.config import Config, default_path, load
from pos_tui.domain.errors import PosError
from pos_tui.domain.text import clean
from pos_tui.domain.values import replace
from pos_tui.printing.profiles import PROFILES
from pos_tui.services.printer_setup import (
    HEXADECIMAL,
    KEY_HINTS,
    KEY_LABELS,
    TRANSPORT_LABELS,
    YES_NO,
    Interview,
    print_test_page,
    read_key,
    save,
    why_not_printed,
)
from pos_tui.settings.printer import KEYS, PrinterSettings, problem

INTRO = (
    "Teste de impressora. Feche o caixa antes, para que só este programa fale com ela.\n"
    "Nada é gravado antes do fim; Ctrl+C interrompe.\n"
)


class Console:
    """Asks on one stream, listens on another."""

    def __init__(self, listen: TextIO, tell: TextIO) -> None:
        self._listen = listen
        self._tell = tell

    def say(self, text: str) -> None:
        """Tell a line."""
        self._tell.write(f"{text}\n")
        self._tell.flush()

    def line(self, prompt: str, default: str = "") -> str:
        """Ask for a line; an empty one means `default`. Raises PosError when nobody answers any more."""
        self._tell.write(f"{prompt}{f' [{default}]' if default else ''}: ")
        self._tell.flush()
        typed = self._listen.readline()
        if not typed:
            raise PosError("As respostas acabaram antes do fim do teste: nada foi gravado.")
        return clean(typed) or default

    def choose(self, text: str, answers: tuple[tuple[str, str], ...], default: str = "") -> str:
        """Ask until one of the keys is typed."""
        self.say(f"\n{text}")
        for key, label in answers:
            self.say(f"  {key}  {label}")
        keys = [key for key, _ in answers]
        while (typed := self.line("Resposta", default).upper()) not in keys:
            self.say(f"Responda com {', '.join(keys)}.")
        return typed

    def yes(self, text: str) -> bool:
        """Ask for S or N."""
        return self.choose(text, YES_NO) == "S"


def options() -> argparse.ArgumentParser:
    """Return the parser of its options."""
    return parser("print-test", "Encontra a impressora com você e grava a configuração dela.")


def main(argv: Sequence[str], path: Path | None) -> int:
    """Find the printer with the person and write it into the config.

    Raises:
        PosError: it was given up; nothing was written.
        ConfigError: the config is not valid.
    """
    options().parse_args(argv)
    config = load(path) if path is None or path.exists() else Config()
    target = path or config.source or default_path()
    settings = run(Console(sys.stdin, sys.stdout), config.printer)
    save(target, settings)
    sys.stdout.write(f"\nGravado em {target}. Vale a partir da próxima abertura do caixa.\n")
    return 0


def run(console: Console, known: PrinterSettings) -> PrinterSettings:
    """Ask, print and ask again until a page is right.

    Raises:
        PosError: it was given up.
    """
    console.say(INTRO)
    settings = _profile(console, _way(console, known))
    drawer = console.yes("Há uma gaveta ligada na impressora? (S: o teste a abre)")
    tried: tuple[str, ...] = ()
    while True:
        interview = _page(console, settings, tried, drawer=drawer)
        settings, tried = interview.settings, interview.tried
        if interview.usable and not interview.again:
            return settings
        if not interview.usable:
            if not console.yes("Escolher outra ligação ou outro perfil e tentar de novo?"):
                raise PosError("Teste encerrado: nada foi gravado.")
            settings, tried = _profile(console, _way(console, settings)), ()


def _page(console: Console, settings: PrinterSettings, tried: tuple[str, ...], *, drawer: bool) -> Interview:
    console.say(f"\nImprimindo a página de teste ({PROFILES[settings.profile].label})…")
    with tempfile.TemporaryDirectory() as folder:
        outcome = print_test_page(settings, Path(folder), drawer=drawer)
    if why := why_not_printed(outcome):
        console.say(why)
        if tried:
            console.say("Com o modelo anterior ela respondia: este não é o dela.")
    interview = Interview(settings, outcome, drawer=drawer, tried=tried)
    while (ask := interview.ask()) is not None:
        interview.answer(console.choose(ask.text, ask.answers))
    return interview


def _way(console: Console, known: PrinterSettings) -> PrinterSettings:
    names = list(TRANSPORT_LABELS)
    options = tuple((str(n), label) for n, label in enumerate(TRANSPORT_LABELS.values(), 1))
    default = str(names.index(known.transport) + 1) if known.transport in names else ""
    settings = replace(known, transport=names[int(console.choose("Ligação:", options, default)) - 1])
    while True:
        for key in KEYS[settings.transport]:
            settings = _key(console, settings, key)
        found = problem(replace(settings, profile="generic-80", columns=48, code_page=""))
        if found is None:
            return settings
        console.say(f"{KEY_LABELS[found[0]]}: {found[1]}")


def _key(console: Console, settings: PrinterSettings, key: str) -> PrinterSettings:
    now = getattr(settings, key)
    shown = f"{now:04x}" if key in HEXADECIMAL and now else str(now or "")
    while True:
        typed = console.line(f"{KEY_LABELS[key]} ({KEY_HINTS[key]})", shown)
        try:
            values: dict[str, Any] = {key: read_key(key, typed)}
            return replace(settings, **values)
        except ValueError:
            console.say("Isto não é um número. Tente de novo.")


def _profile(console: Console, settings: PrinterSettings) -> PrinterSettings:
    names = list(PROFILES)
    options = tuple((str(n), PROFILES[name].label) for n, name in enumerate(names, 1))
    default = str(names.index(settings.profile) + 1)
    chosen = names[int(console.choose("Impressora:", options, default)) - 1]
    return replace(settings, profile=chosen, columns=PROFILES[chosen].columns, code_page="")
