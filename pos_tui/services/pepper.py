"""The pepper of the PINs: a secret that is never in the database, and so never in a backup."""

import os
import secrets
from pathlib import Path

from pos_tui.config import Config
from pos_tui.domain.errors import ConfigError
from pos_tui.settings.secrets import MissingSecret, secret

NAME = "operators.pepper"


class Pepper:
    """Given as a secret of that name, or kept in a file beside the data that this program makes itself."""

    def __init__(self, config: Config, folder: Path) -> None:
        self._config = config
        self.path = folder / NAME

    @property
    def known(self) -> bool:
        """Whether there is one, so that PINs can be right here at all."""
        return self._given() is not None or self.path.exists()

    def read(self, *, people: bool) -> str:
        """Return it; made on first use.

        Raises:
            ConfigError: it is gone though `people` are registered: none of their PINs can be right.
        """
        given = self._given()
        if given is not None:
            return given
        if not self.path.exists():
            if people:
                raise ConfigError(
                    f"Falta o segredo «{NAME}» ({self.path}): sem ele nenhum PIN confere. "
                    "Restaure-o da cópia, ou recomece os PINs: pos-tui restore --new-pins."
                )
            self.make()
        return self.path.read_text("ascii").strip()

    def make(self) -> None:
        """Make one where there is none, for the till's user only: no PIN of before is right any more."""
        if self.known:
            return
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())

    def _given(self) -> str | None:
        try:
            return secret(NAME, self._config).reveal()
        except MissingSecret:
            return None
