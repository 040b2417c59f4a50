"""`pos-tui sandbox`: the training provider by itself."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from pos_tui.providers.sandbox import command


def options() -> argparse.ArgumentParser:
    """Return the parser of its options."""
    return command.parser()


def main(argv: Sequence[str], config: Path | None) -> int:
    """Serve until told to stop. It reads no config: no store of the real world is behind it."""
    return command.main(argv)
