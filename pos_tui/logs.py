"""The log: a file of limited size, closed to others, in which no CPF and no secret can stand."""

import contextlib
import logging
import logging.handlers
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from pos_tui.domain.masking import mask
from pos_tui.domain.text import visible
from pos_tui.settings.secrets import known


class Masked(logging.Formatter):
    """Masks the whole record, traceback and all, whatever wrote it.

    No control byte from outside gets in, and a line break begins no record: what follows one is indented.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        lines = mask(super().format(record), known()).split("\n")
        return "\n  ".join(visible(line, "?") for line in lines)


class Private(logging.handlers.RotatingFileHandler):
    """A log that only its owner reads, the one that begins after a full one too."""

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        path.touch(mode=0o600)
        path.chmod(0o600)  # one that stood there before may be open to others
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: the disk may be full, and what is said here would stand on the screen."""


@contextlib.contextmanager
def logging_to(path: Path) -> Iterator[None]:
    """Log to a file while the block runs: nothing may write over the screen."""
    handler = Private(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(Masked("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        with contextlib.suppress(OSError):  # what is left of it has no room on the disk
            handler.close()
