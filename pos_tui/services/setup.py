"""Configuração: who may change what the till works with, and what waits for the next opening."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from pos_tui.config import Config, default_path, load, parse
from pos_tui.domain.errors import ConfigError
from pos_tui.domain.journal import Field
from pos_tui.domain.people import Action
from pos_tui.services import config_file
from pos_tui.services.config_file import SECRETS, Setting
from pos_tui.services.context import Context
from pos_tui.services.guard import Approval, Guard
from pos_tui.services.journal import Event
from pos_tui.settings.secrets import MissingSecret, secret


class Setup:
    """The config file of this till. Nothing of it is in force before the till is opened again."""

    def __init__(self, context: Context, guard: Guard, running: Config) -> None:
        self._context = context
        self._guard = guard
        self.running = running
        self.path = running.source or default_path()

    def begin(self, approval: Approval | None = None) -> "Editing":
        """Let the person here change it.

        Raises:
            NeedsApproval: neither they nor an approval may.
            ConfigError: the file does not read any more.
        """
        trace = self._guard.allow(Action.CONFIGURE, "config", approval)
        return Editing(self, self._context, trace)

    def on_disk(self) -> Config:
        """Return what the file says; without a file, what it may leave out. Raises ConfigError."""
        return load(self.path) if self.path.exists() else Config()

    def waiting(self) -> list[str]:
        """Return the dotted names of what changed since the till was opened."""
        return config_file.differing(self.running, self.on_disk()) if self.running.source else []


class Editing:
    """One person changing the config: made by `Setup.begin` only."""

    def __init__(self, setup: Setup, context: Context, trace: Mapping[str, Field]) -> None:
        self._setup = setup
        self._context = context
        self._trace = trace
        self.config = setup.on_disk()

    @property
    def path(self) -> Path:
        """The file that is written."""
        return self._setup.path

    def keeps(self, name: str) -> bool:
        """Say whether a secret is already known, without showing it."""
        try:
            secret(name, self.config)
        except MissingSecret:
            return False
        return True

    def save(self, values: Mapping[str, Setting], secrets: Mapping[str, str], who: str) -> Config:
        """Write what is new, secrets first, and leave a line in the trail that names the keys only.

        Raises:
            ConfigError: it would not be valid, or cannot be written; the config file is as it was.
        """
        if values:
            config_file.changed(self.path, values)
        if secrets:
            config_file.write_secrets(self.path, secrets)
        # Secrets are looked for beside a config: without one they would not be found.
        if values or not self.path.exists():
            self.config = config_file.write(self.path, values)
        names = ", ".join([*values, *(f"{name} (segredo)" for name in secrets)])
        event = Event("config", "config", who, {"keys": names, **self._trace})
        self._context.store.write(lambda tx: self._context.journal.note(tx, event, "changed"))
        return self.config

    @contextlib.contextmanager
    def candidate(self, values: Mapping[str, Setting], secrets: Mapping[str, str]) -> Iterator[Config]:
        """Give the config as it would be, with its secrets beside it, for a test; nothing of it stays.

        Raises:
            ConfigError: it would not be valid.
        """
        text = config_file.changed(self.path, values)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / self.path.name
            path.write_text(text, "utf-8")
            kept = self.path.with_name(SECRETS)
            if kept.is_file():
                with contextlib.suppress(OSError):
                    shutil.copy(kept, path.with_name(SECRETS))
            if secrets:
                config_file.write_secrets(path, secrets)
            yield parse(text, path)


def told(error: ConfigError) -> str:
    """Return what an error says, without the file's name before it; a missing key as a request."""
    text = error.message.partition(": ")[2] or error.message
    return (
        "Preencha este campo: fora do treinamento ele é necessário." if text.startswith("falta «") else text
    )


def key_of(error: ConfigError) -> str:
    """Return the dotted name of the key an error is about, empty when it names none."""
    _, _, rest = error.message.partition("«")
    return rest.partition("»")[0]
