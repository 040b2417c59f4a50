"""The one thread that owns the printer: it prints, asks for its state between jobs, and runs errands.

Nobody else may touch the printer: two threads on one printer mix their bytes (facts/printing.md §1.7).
"""

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar

from pos_tui.domain.errors import Conflict, PosError
from pos_tui.domain.outcome import Outcome
from pos_tui.printing.answers import Condition, PrinterStatus
from pos_tui.services.running import Loop

T = TypeVar("T")

log = logging.getLogger(__name__)

STATUS_SECONDS = 15.0
"""Between two looks at a printer that has nothing to do."""
RETRY_SECONDS = 5.0
"""Before the first new try; it doubles with each, up to `RETRY_MOST`."""
RETRY_MOST = 60.0


class Printer(Protocol):
    """Where papers go: renders a document and prints it, once. Never raises."""

    def status(self) -> PrinterStatus:
        """Ask for the printer's state."""

    def print(self, document: str) -> Outcome[object]:
        """Print one receipt given as JSON."""


class Jobs(Protocol):
    """What the worker works off."""

    def print_next(self, printer: Printer) -> bool | None:
        """Print the oldest job; say whether it left the queue, None when there was none."""

    def sweep(self) -> None:
        """Settle what was being sent by nobody knows whom."""

    def changed(self) -> None:
        """Papers or the printer's state are not as they were."""

    def rest(self) -> None:
        """Nothing is to be printed for a while."""

    def release(self) -> None:
        """Let go what this thread holds."""


class PrintWorker:
    """Works jobs off in a thread of its own until `stop`."""

    def __init__(self, connect: Callable[[], Printer] | None, jobs: Jobs) -> None:
        """`connect` is called in the thread; None prints nothing, and only errands are run."""
        self._connect = connect
        self._jobs = jobs
        self._wake = threading.Event()
        self._loop = Loop("print", self._work, self._wake.set)
        self._errands: deque[Callable[[], None]] = deque()
        self._status: PrinterStatus | None = None
        self._seen_at = 0.0
        self._failures = 0
        self._orphans = False

    @property
    def status(self) -> PrinterStatus | None:
        """The printer's state as last seen, None before the first look. Never waits."""
        return self._status  # replaced whole, so that a reader never sees half of it

    def start(self) -> None:
        """Begin; a second call changes nothing."""
        self._loop.start()

    def wake(self) -> None:
        """Say that there is something to do."""
        self._wake.set()

    def stop(self, patience: float) -> None:
        """Let the job under way end, up to `patience` seconds."""
        self._loop.stop(patience)

    def errand(self, job: Callable[[], T]) -> T:
        """Run something that needs the printer for itself between two jobs, and wait for its result.

        Raises:
            PosError: the till is closing, and it was not run.
        """
        future: Future[T] = Future()

        def run() -> None:
            if self._loop.over.is_set():
                future.set_exception(PosError("O caixa está fechando: nada foi impresso."))
                return
            try:
                future.set_result(job())
            except Exception as error:
                future.set_exception(error)

        self._errands.append(run)
        self.start()
        self._wake.set()
        if self._loop.over.is_set():
            self._run_errands()
        return future.result()

    def _work(self) -> None:
        printer = self._connect() if self._connect else None
        while not self._loop.over.is_set():
            self._wake.clear()
            self._run_errands()
            wait = None if printer is None else self._turn(printer)
            if wait is None:  # until there is a paper, which may take hours
                self._jobs.rest()
            # The last wake-up may have been the one just cleared.
            if (wait is None or wait > 0) and not self._loop.over.is_set():
                self._wake.wait(wait)
        self._run_errands()
        self._jobs.release()

    def _run_errands(self) -> None:
        with contextlib.suppress(IndexError):
            while True:
                self._errands.popleft()()

    def _turn(self, printer: Printer) -> float | None:
        """Do one thing; return the seconds to wait for the next, None when only a wake-up brings one."""
        if self._failures and not self._look(printer).ready:
            return min(self._back_off(), STATUS_SECONDS)  # looking is cheap, and somebody may be at it
        try:
            if self._orphans:
                self._jobs.sweep()
                self._orphans = False
            left = self._jobs.print_next(printer)
        except Conflict:
            return 0.0  # a person was first: the next reading shows it
        except Exception:
            # Printed or not, what became of it could not be written down: the sweep leaves it to a person.
            log.exception("print worker")
            self._orphans = True
            return self._back_off()
        if left is False:
            self._look(printer)
            return self._back_off()
        self._failures = 0
        if left:
            if self._status is not None and not self._status.ready:
                self._look(printer)
            return 0.0
        return self._idle(printer)

    def _idle(self, printer: Printer) -> float | None:
        """Look at a resting printer now and then, if looking tells anything."""
        age = time.monotonic() - self._seen_at
        if self._status is None or age >= STATUS_SECONDS:
            self._look(printer)
            age = 0.0
        return None if self.status and self.status.condition is Condition.SILENT else STATUS_SECONDS - age

    def _back_off(self) -> float:
        self._failures += 1
        return min(RETRY_SECONDS * 2.0 ** min(self._failures - 1, 10), RETRY_MOST)

    def _look(self, printer: Printer) -> PrinterStatus:
        before, self._status = self._status, printer.status()
        self._seen_at = time.monotonic()
        if before is None or before.condition is not self._status.condition:
            self._jobs.changed()
        return self._status
