"""`pos-tui restore FILE`: a backup takes the place of the database, here or on another machine."""

import argparse
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

from pos_tui.arguments import parser
from pos_tui.config import Config, data_dir, default_path, load
from pos_tui.domain.errors import ConfigError, RuleError
from pos_tui.domain.instants import show
from pos_tui.exits import Exit
from pos_tui.services import restore
from pos_tui.services.backup import NOT_HERE
from pos_tui.services.restore import Checked
from pos_tui.till import Till

ABOUT = """Põe uma cópia de segurança no lugar do banco de dados, nesta máquina ou em outra. O caixa tem de
estar fechado. A cópia é conferida inteira antes, o banco antigo fica guardado ao lado, e a configuração da
cópia é instalada só onde não houver uma. As numerações saltam, para que nada se numere duas vezes."""
RESTORER = "restauração"
NO_PEPPER = """
Os PINs não conferem nesta máquina: falta o segredo operators.pepper, que nunca vai na cópia.
  Se você o tem guardado, ponha-o (só seu, chmod 600) em {path}
  Se ele se perdeu: pos-tui restore --new-pins
  dá um PIN novo ao primeiro supervisor; ele dá os dos outros em F12, Operadores.
"""


def options() -> argparse.ArgumentParser:
    """Return the parser of its options."""
    asked = parser("restore", ABOUT)
    asked.add_argument(
        "file", type=Path, metavar="ARQUIVO", nargs="?", help="a cópia gravada por pos-tui backup"
    )
    help_pins = "recomeça os PINs quando operators.pepper se perdeu; sem ARQUIVO, só isso"
    asked.add_argument("--new-pins", action="store_true", help=help_pins)
    return asked


def main(argv: Sequence[str], config: Path | None) -> int:
    """Restore, or start the PINs over.

    Raises:
        StoreError: a till is open, the backup is not good, or the disk refused; the old database stands.
        ConfigError: the configuration is not valid on this machine.
        RuleError: training and the real store do not mix, or the database is not a file.
    """
    parser = options()
    asked = parser.parse_args(argv)
    if asked.file is None and not asked.new_pins:
        parser.error("faltam os argumentos: ARQUIVO")
    if asked.file is not None:
        with restore.opened(asked.file, data_dir()) as checked:
            _put(checked, config)
    _settle_pins(load(config), start_over=asked.new_pins)
    return Exit.OK


def _put(checked: Checked, path: Path | None) -> None:
    target = path or default_path()
    if restore.config_into(checked, target):
        _say(f"Configuração da cópia instalada em {target}. Os segredos (secrets.toml) não vêm nela.")
    settings = _here(path, target)
    database = Till.beside(settings).database_file
    if database is None:
        raise RuleError(NOT_HERE)
    manifest, number = checked.manifest, settings.till.number
    with restore.nobody_selling(data_dir(), number, training=settings.training):
        old = restore.put(checked, database, number, training=settings.training)
    _say(f"Restaurada em {database} a cópia de {manifest.store}, caixa {manifest.till}.")
    if old is not None:
        _say(f"O banco antigo está guardado em {old}.")
    _say(f"Venda, caixa e compras na operadora saltaram {restore.GAP} números: nada se numera duas vezes.")
    till = Till.beside(settings)
    try:
        last, zone = till.shifts.last(), till.context.zone
        _say(f"A cópia é de {show(manifest.made_at, zone)}. O que se fez depois dela não está aqui.")
        if last is not None:
            _say(f"Confira com o último Z no papel: caixa nº {last.number}, lacre {last.seal}.")
    finally:
        till.close()


def _here(path: Path | None, target: Path) -> Config:
    try:
        return load(path)
    except ConfigError as error:
        raise ConfigError(
            f"{error.message} Corrija {target} para esta máquina e restaure de novo; o banco não foi mudado."
        ) from error


def _settle_pins(settings: Config, *, start_over: bool) -> None:
    """Make the PINs work again, or say what to do about them."""
    till = Till.open(settings)
    try:
        if start_over:
            till.pepper.make()
            boss = till.operators.start_over(_new_pin(), RESTORER)
            _say(f"PIN novo de {boss.name} (nº {boss.number}). Os outros recebem o seu em F12, Operadores.")
        elif not till.pepper.known and till.operators.any():
            _say(NO_PEPPER.format(path=till.pepper.path).rstrip())
    finally:
        till.close()


def _new_pin() -> str:
    """Ask twice where there is somebody to ask; a script says it once."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    pin = getpass.getpass("PIN novo do supervisor: ")
    if getpass.getpass("PIN de novo: ") != pin:
        raise RuleError("Os dois PINs são diferentes: nada foi mudado.")
    return pin


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
