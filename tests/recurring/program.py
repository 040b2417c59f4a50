"""The whole program with a clock that a file moves: `python -m tests.recurring.program CONFIG FILE`."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pos_tui.app import PosApp
from pos_tui.config import load
from pos_tui.services import recurring_watch
from pos_tui.till import Till
from pos_tui.widgets.theme import prepare


def main() -> int:
    """Open the till; the file holds by how many seconds its clock is ahead."""
    config, ahead = Path(sys.argv[1]), Path(sys.argv[2])

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(ahead.read_text()))

    # The watch sleeps by the machine's clock, which the file does not move.
    recurring_watch.LOOK_SECONDS = 0.5
    prepare(os.environ)
    till = Till.open(load(config), clock)
    try:
        return int(PosApp(till).run(mouse=False) or 0)
    finally:
        till.close()


if __name__ == "__main__":
    raise SystemExit(main())
