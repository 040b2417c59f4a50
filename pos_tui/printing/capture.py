"""The printer of training mode: a folder that keeps the exact bytes of every job."""

import os
from hashlib import sha256
from pathlib import Path

from pos_tui.domain.outcome import Done, NotSent, Outcome
from pos_tui.printing.answers import Condition, PrinterStatus
from pos_tui.printing.device import Printed


class Capture:
    """Writes each job to a file of its own, `000001.bin` and on: whole, or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def status(self) -> PrinterStatus:
        """Always ready."""
        return PrinterStatus(Condition.OK)

    def print(self, payload: bytes) -> Outcome[Printed]:
        """Write, fsync, rename; Done names the file and its hash. Never raises."""
        try:
            path = self._write(payload)
        except OSError as error:
            return NotSent(f"Não foi possível gravar a impressão em {self._folder}: {error}.")
        return Done(Printed(f"{path.name} sha256 {sha256(payload).hexdigest()[:16]}"))

    def _write(self, payload: bytes) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        taken = [int(path.stem) for path in self._folder.glob("*.bin") if path.stem.isdecimal()]
        path = self._folder / f"{max(taken, default=0) + 1:06d}.bin"
        part = path.with_suffix(".part")
        try:
            with part.open("wb") as file:
                file.write(payload)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return path
