"""Secrets: never in the config, found by their dotted names, and never shown."""

import os
import stat
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from pos_tui.domain.errors import ConfigError

if TYPE_CHECKING:
    from pos_tui.config import Config


class MissingSecret(ConfigError):
    """A secret is in none of its places."""


_KNOWN: set[str] = set()


def known() -> frozenset[str]:
    """Return every secret read so far, for the one place that keeps them out of the log."""
    return frozenset(_KNOWN)


class Secret:
    """A secret that never shows itself: print it and you see `***`."""

    def __init__(self, value: str) -> None:
        self._value = value
        _KNOWN.add(value)

    def reveal(self) -> str:
        """Return the secret, for the one place that must send it."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__


def secret(name: str, config: "Config") -> Secret:
    """Find a secret by its dotted name: credentials folder, `secrets.toml` beside the config, environment.

    An empty one is none: what is compared with nothing lets everybody in.

    Raises:
        MissingSecret: it is nowhere.
        ConfigError: the file is open to others.
    """
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if folder and (found := Path(folder) / name).is_file() and (value := found.read_text("utf-8").strip()):
        return Secret(value)
    if config.source is not None and (beside := config.source.with_name("secrets.toml")).is_file():
        value = _from_file(beside, name) or ""
        if value:
            return Secret(value)
    variable = "POS_TUI_" + name.replace(".", "_").upper()
    if value := os.environ.get(variable, ""):
        return Secret(value)
    raise MissingSecret(f"Falta o segredo «{name}»: ponha-o em secrets.toml (0600) ao lado da configuração.")


def _from_file(path: Path, name: str) -> str | None:
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigError(f"{path} está aberto a outros usuários: use chmod 600.")
    try:
        tree: object = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # Not the parser's own words: they may quote what stands there.
        raise ConfigError(f"{path}: não é TOML válido.") from None
    for part in name.split("."):
        tree = tree.get(part) if isinstance(tree, dict) else None
    return tree if isinstance(tree, str) else None
