"""Writing the config file: some keys change, every other word and comment of it stays as it is.

What would not be valid is never written, and the file is replaced whole or not at all. Secrets go into a file
of their own beside it, closed to others (design §10).
"""

import shutil
import tomllib
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_tui.config import Config, parse
from pos_tui.domain.errors import ConfigError
from pos_tui.services.files import appearing
from pos_tui.settings import Section

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Setting = str | int | bool | tuple[str, ...]

SECRETS = "secrets.toml"
NEW_FILE = """\
# Configuração do pos-tui, escrita pelo programa. Todas as chaves e o que valem: config.example.toml.
# Enquanto training for true, nada sai para o mundo de verdade. Senhas não ficam aqui: secrets.toml.
[till]
training = true

"""
NEW_SECRETS = """\
# Senhas do caixa. Só o usuário do caixa lê este arquivo; guarde cópia dele à parte, em lugar seguro.

"""


def changed(path: Path, values: Mapping[str, Setting]) -> str:
    """Return what the file would hold once these keys, by their dotted names, had these values.

    Raises:
        ConfigError: it would not be valid.
        OSError: the present file cannot be read.
    """
    text = _with(path.read_text("utf-8") if path.exists() else NEW_FILE, values, path)
    parse(text, path)
    return text


def write(path: Path, values: Mapping[str, Setting]) -> Config:
    """Change keys of the config file, which is made when there is none; return what it says then.

    Raises:
        ConfigError: it would not be valid, or cannot be written; the file is left alone.
    """
    path = path.resolve()
    try:
        text = changed(path, values)
        _replace(path, text)
    except OSError as error:
        raise ConfigError(f"{path} não pôde ser gravado ({error.strerror}). Nada mudou.") from error
    return parse(text, path)


def write_secrets(config: Path, values: Mapping[str, str]) -> None:
    """Keep secrets, by their dotted names, in the file beside the config that only its owner reads.

    Raises:
        ConfigError: it cannot be written, or what stands there is not valid.
    """
    path = config.resolve().with_name(SECRETS)
    try:
        text = _with(path.read_text("utf-8") if path.exists() else NEW_SECRETS, values, path)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with appearing(path) as part:
            part.write_text(text, "utf-8")
    except OSError as error:
        raise ConfigError(f"{path} não pôde ser gravado ({error.strerror}). Nada mudou.") from error


def differing(one: Config, other: Config) -> list[str]:
    """Return the dotted names of what two configs say differently."""
    return sorted(_differences(one, other, ""))


def _differences(one: Section, other: Section, prefix: str) -> Iterator[str]:
    for name in one.__struct_fields__:
        mine, theirs = getattr(one, name), getattr(other, name)
        if isinstance(mine, Section):
            yield from _differences(mine, theirs, f"{prefix}{name}.")
        elif mine != theirs and f"{prefix}{name}" != "source":
            yield f"{prefix}{name}"


def _with(text: str, values: Mapping[str, Setting], path: Path) -> str:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        for name, value in values.items():
            *sections, key = name.split(".")
            _section(document, sections)[key] = list(value) if isinstance(value, tuple) else value
        written = tomlkit.dumps(document)
        tree = tomllib.loads(written)
    except (TOMLKitError, tomllib.TOMLDecodeError):
        # Not the parser's own words: they may quote a secret.
        raise ConfigError(f"{path} não é TOML válido: corrija-o à mão antes.") from None
    for name, value in values.items():
        found = _found(tree, name)
        if found != (list(value) if isinstance(value, tuple) else value):
            raise ConfigError(f"{path}: «{name}» não pôde ser mudada aqui: mude-a à mão.")
    return written


def _section(document: "TOMLDocument", names: list[str]) -> MutableMapping[str, Any]:
    import tomlkit

    section: MutableMapping[str, Any] = document
    for name in names:
        if name not in section:
            section[name] = tomlkit.table()
        section = section[name]
    return section


def _found(tree: object, name: str) -> object:
    for part in name.split("."):
        tree = tree.get(part) if isinstance(tree, dict) else None
    return tree


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with appearing(path) as part:
        part.write_text(text, "utf-8")
        if path.exists():
            shutil.copymode(path, part)
