"""`pos-tui sandbox`: the training provider by itself."""

from collections.abc import Sequence
from pathlib import Path

from pos_tui.providers.sandbox import command


def main(argv: Sequence[str], config: Path | None) -> int:
    """Serve until told to stop. It reads no config: no store of the real world is behind it."""
    return command.main(argv)
