"""One top-up sale from start to paper, killed at step k: `python -m tests.crash.flow FOLDER URL K`.

Exits 0 when the flow ended before step k was reached.
"""

import itertools
import os
import signal
import sys
from pathlib import Path

from pos_tui.providers.sandbox.process import SandboxProcess
from pos_tui.services.printer import CapturePrinter
from pos_tui.settings.printer import PrinterSettings
from pos_tui.store import database
from tests.tills import SELLER, add, new_sale, open_till, pay_and_save, settings


def play(folder: Path, url: str) -> None:
    """Sell two top-ups, cancel one, confirm the other, print."""
    world = SandboxProcess(url, None)  # type: ignore[arg-type]
    # No worker of its own: the steps come in the same order every time.
    till = open_till(folder, world, settings(printer=PrinterSettings(transport="none")))
    till.start("sistema")
    sale = new_sale(till)
    kept = add(till, sale, 1500, "67999991234")
    dropped = add(till, sale, 6000, "67999995678")
    till.topups.cancel(dropped.id, "número errado", SELLER)
    pay_and_save(till, sale)
    till.topups.confirm(kept.id, SELLER)
    printer = CapturePrinter(folder / "by-hand", "epson-tm-t20", 48)
    while till.spool.print_next(printer):
        pass
    till.close()


def main() -> None:
    """Arm the killer and play."""
    folder, url, kill_at = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    count = itertools.count(1)

    def killer(name: str) -> None:
        if next(count) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    database.step = killer
    play(folder, url)


if __name__ == "__main__":
    main()
