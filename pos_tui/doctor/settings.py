"""The configuration, its secrets, and who else may read them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pos_tui.config import Config
from pos_tui.doctor import Check, Finding, failure, mode_of, ok, warning
from pos_tui.settings.secrets import MissingSecret, secret

if TYPE_CHECKING:
    from pos_tui.till import Till

SECRETS: tuple[tuple[str, Callable[[Config], bool]], ...] = (
    ("topup.rv.password", lambda config: config.topup.provider == "rv"),
    ("topup.celcoin.client_secret", lambda config: config.topup.provider == "celcoin"),
    ("topup.dtone.secret", lambda config: config.topup.provider == "dtone"),
    ("payment.pix.client_secret", lambda config: bool(config.payment.pix.url)),
    ("recurring.asaas.access_token", lambda config: bool(config.recurring.asaas.url)),
    ("orders.token", lambda config: bool(config.orders.url)),
    ("orders.mail.password", lambda config: bool(config.orders.mail.host)),
    ("subscribers.rbx.key", lambda config: bool(config.subscribers.rbx.url)),
    ("subscribers.sgp.token", lambda config: bool(config.subscribers.sgp.url)),
)
"""Every secret that a configuration may need. A capability that has one adds its row."""


def checks(till: "Till") -> list[tuple[str, str, Check]]:
    """Return the checks of the configuration."""
    return [
        ("config", "Configuração", lambda: _config(till.config)),
        ("config.secrets", "Segredos", lambda: _secrets(till)),
        ("files", "Arquivos", lambda: _files(till)),
    ]


def _config(config: Config) -> Iterator[Finding]:
    if config.source is None:
        yield ok("config", "Configuração", "nenhuma: o caixa abre em treinamento.")
        return
    kind = "treinamento" if config.training else "loja de verdade"
    yield ok("config", "Configuração", f"{config.source}, {kind}, caixa {config.till.number}.")
    if os.name == "posix":
        yield _config_mode(config.source)


def _config_mode(path: Path) -> Finding:
    """Others may not write to it: it says where the money goes. That they read it is only untidy."""
    bits = path.stat().st_mode & 0o777
    if bits & 0o022:
        words = f"{path} pode ser mudado por outros usuários ({bits:o}): use chmod 600."
        return failure("config.mode", "Permissões", words)
    if bits & 0o044:
        words = f"{path} pode ser lido por outros usuários ({bits:o}): use chmod 600."
        return warning("config.mode", "Permissões", words)
    return ok("config.mode", "Permissões", f"{path} ({bits:o})")


def _secrets(till: "Till") -> Iterator[Finding]:
    config = till.config
    there: list[str] = []
    missing: list[str] = []
    if not config.training:
        for name, wanted in SECRETS:
            if wanted(config):
                (there if _has(name, config) else missing).append(name)
    if till.pepper.known or till.operators.any():
        (there if till.pepper.known else missing).append("operators.pepper")
    if missing:
        words = f"falta {', '.join(missing)}: ponha em secrets.toml (0600) ao lado da configuração."
        yield failure("config.secrets", "Segredos", words)
    if there:
        yield ok("config.secrets", "Segredos", f"presente(s), sem mostrar: {', '.join(there)}.")
    beside = config.source.with_name("secrets.toml") if config.source else None
    if beside is not None and beside.exists() and os.name == "posix":
        yield mode_of(beside, "config.secrets.mode", "Permissões dos segredos")


def _has(name: str, config: Config) -> bool:
    try:
        secret(name, config)
    except MissingSecret:
        return False
    return True


def _files(till: "Till") -> Iterator[Finding]:
    if os.name != "posix":
        return
    yield mode_of(till.folder, "files.folder", "Pasta de dados", directory=True)
    files = [till.database_file, till.pepper.path, till.folder / "pos-tui.log"]
    opened = [path for path in files if path is not None and path.exists()]
    wrong = [found for path in opened if (found := mode_of(path, "files.mode", "Arquivos")).level != "ok"]
    yield from wrong
    if not wrong:
        yield ok("files.mode", "Arquivos", f"{len(opened)} arquivo(s) só deste usuário.")
