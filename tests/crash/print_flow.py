"""Three jobs over TCP, killed on the way: `python -m tests.crash.print_flow FOLDER PORT STEP JOB PART`.

Killed at step STEP of the program, or in job JOB once that PART of its bytes has left; 0 for never. Exits 0
when the flow ended unharmed.
"""

import itertools
import os
import signal
import sys
from pathlib import Path

from pos_tui.printing import transports
from pos_tui.printing.receipt import Kind, Receipt, Text
from pos_tui.services.printer import DocumentPrinter, connect
from pos_tui.settings.printer import PrinterSettings
from pos_tui.store import database
from pos_tui.store.database import Transaction
from pos_tui.till import Till
from tests.tills import settings

PAPERS = ("Recarga um", "Recarga dois")
START = b"\x1b@"
"""How a job begins, unlike a question."""


def open_without_worker(folder: Path) -> Till:
    """Its worker is never started: the steps come in the same order every time."""
    return Till.open(settings(), folder=folder)


def printer_at(port: int) -> DocumentPrinter:
    """The printer as the worker would build it."""
    network = PrinterSettings(transport="network", host="127.0.0.1", port=port, profile="epson-tm-t20")
    return connect(network, Path())


def play(folder: Path, port: int) -> None:
    """A sale saved: its drawer; two top-ups confirmed: their papers. Print everything."""
    till = open_without_worker(folder)
    till.spool.sweep()

    def saved(tx: Transaction) -> None:
        kick = Receipt(Kind.DRAWER, (), drawer=True)
        till.spool.enqueue(tx, Kind.DRAWER, kick.to_json(), "sale", "sale")
        for words in PAPERS:
            paper = Receipt(Kind.TOP_UP, (Text(words), *(Text(f"linha {n}") for n in range(20))))
            till.spool.enqueue(tx, Kind.TOP_UP, paper.to_json(), "sale", words)

    till.context.store.write(saved)
    printer = printer_at(port)
    while till.spool.print_next(printer):
        pass
    till.close()


def die() -> None:
    """As a power cut would: nothing is tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_in_job(number: int, part: float) -> None:
    """Arrange that only a part of a job's bytes leaves."""
    jobs = itertools.count(1)
    send = transports._Socket.send

    def dying(self: transports._Socket, data: bytes, seconds: float) -> None:
        if data.startswith(START) and next(jobs) == number:
            send(self, data[: int(part * len(data))], seconds)
            die()
        send(self, data, seconds)

    transports._Socket.send = dying  # type: ignore[method-assign]


def main() -> None:
    """Arm the killers and play."""
    folder, port, step, job, part = sys.argv[1:]
    count = itertools.count(1)

    def killer(name: str) -> None:
        if next(count) == int(step):
            die()

    die_in_job(int(job), float(part))
    database.step = killer
    play(Path(folder), int(port))


if __name__ == "__main__":
    main()
