"""A till that is opened behind the first paint, since its imports and database take as long as the paint."""

import logging
from typing import TYPE_CHECKING

from pos_tui.config import Config, data_dir

if TYPE_CHECKING:
    from pos_tui.till import Till


class Opening:
    """The till of a config, opened once, in whatever thread asks for it."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._till: Till | None = None

    def open(self) -> "Till":
        """Open it.

        Raises:
            PosError: it cannot be used.
        """
        from pos_tui.till import Till

        _log()
        self._till = Till.open(self.config)
        return self._till

    def close(self) -> None:
        """Close what was opened."""
        if self._till is not None:
            self._till.close()


def _log() -> None:
    """Log to a file of limited size: nothing may write over the screen."""
    from logging.handlers import RotatingFileHandler

    path = data_dir() / "pos-tui.log"
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    # It logs every address it calls, and an address may carry what is nobody's business.
    logging.getLogger("httpx").setLevel(logging.WARNING)
