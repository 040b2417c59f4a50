"""`pos-tui doctor [--json]`: how the till is, a line for each thing; `--keys` tests the terminal's keys."""

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import to_builtins

from pos_tui import __version__, doctor
from pos_tui.arguments import parser
from pos_tui.commands.presets import use
from pos_tui.config import Config, data_dir, load
from pos_tui.doctor import Finding, Level, failure, look, machine
from pos_tui.domain.errors import PosError
from pos_tui.domain.masking import mask
from pos_tui.exits import Exit
from pos_tui.settings.secrets import known
from pos_tui.till import Till, TillOpen
from pos_tui.widgets.theme import variant

ABOUT = """Confere versões, terminal, configuração e permissões, segredos (sem mostrá-los), relógio, disco,
banco de dados, o diário inteiro, cópias, impressora e operadoras. Nunca cobra. CPF e segredos não aparecem: o
resultado pode ser mandado a quem ajuda. O código de saída é 1 quando algo está em falha."""


def options() -> argparse.ArgumentParser:
    """Return the parser of its options."""
    asked = parser("doctor", ABOUT)
    asked.add_argument("--json", action="store_true", help="para programas: um objeto JSON")
    asked.add_argument("--keys", action="store_true", help="mostra o que o terminal manda a cada tecla")
    return asked


def main(argv: Sequence[str], config: Path | None) -> int:
    """Look at everything and tell it; FAILED when anything is a failure."""
    asked = options().parse_args(argv)
    if asked.keys:
        from pos_tui.key_test import main as test_keys

        with contextlib.suppress(PosError):  # without a config that can be read, the usual keys
            use(load(config).keys.preset)
        return test_keys()
    found = list(_told(diagnose(config), quiet=asked.json))
    worst = doctor.worst(found)
    if asked.json:
        told = {"program": __version__, "worst": worst.value, "findings": [to_builtins(one) for one in found]}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        bad = sum(one.level is Level.FAILURE for one in found)
        sys.stdout.write(f"\n{len(found)} itens conferidos, {bad} em falha.\n")
    return Exit.FAILED if worst is Level.FAILURE else Exit.OK


def diagnose(path: Path | None) -> Iterator[Finding]:
    """Look at the machine, then at the till if it can be opened at all."""
    yield from look(machine.checks(variant(os.environ)))
    try:
        config = load(path)
        with _till(config) as (till, alone):
            yield from doctor.of_till(till, alone=alone)
    except PosError as error:
        yield failure("till", error.title, mask(error.message, known()))


@contextlib.contextmanager
def _till(config: Config) -> Iterator[tuple[Till, bool]]:
    data_dir()
    try:
        till, alone = Till.open(config), True
    except TillOpen:
        till, alone = Till.beside(config), False
    try:
        yield till, alone
    finally:
        till.close()


def _told(found: Iterator[Finding], *, quiet: bool) -> Iterator[Finding]:
    """Tell each as it is known: some take seconds."""
    for one in found:
        if not quiet:
            sys.stdout.write(f"{one.line}\n")
            sys.stdout.flush()
        yield one
