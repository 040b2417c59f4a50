"""The worker: one thread owns the printer, tries again when it can, and tells its state."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos_tui.domain.errors import PosError
from pos_tui.domain.outcome import Done, NotSent, Outcome
from pos_tui.printing.answers import Condition, PrinterStatus
from pos_tui.printing.device import Printed
from pos_tui.printing.receipt import Kind, Receipt, Text
from pos_tui.services import print_worker
from pos_tui.services.spool import Spool
from pos_tui.settings.printer import PrinterSettings
from pos_tui.till import Till
from tests.tills import settings

PATIENCE = 20


class Bench:
    """A printer whose state is set by the test, and that counts what is asked of it."""

    def __init__(self, condition: Condition) -> None:
        self.condition = condition
        self.looks = 0
        self.tries = 0
        self.threads: set[int] = set()

    def status(self) -> PrinterStatus:
        self.threads.add(threading.get_ident())
        self.looks += 1
        return PrinterStatus(self.condition)

    def print(self, document: str) -> Outcome[Printed]:
        self.threads.add(threading.get_ident())
        self.tries += 1
        ready = PrinterStatus(self.condition).ready
        return Done(Printed("seen")) if ready else NotSent("Desligada.")


class Watch:
    """Waits until something holds, looking whenever the spool says that something changed."""

    def __init__(self, spool: Spool) -> None:
        self._news = threading.Condition()
        spool.watch(self._tell)

    def _tell(self) -> None:
        with self._news:
            self._news.notify_all()

    def until(self, holds: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(holds, PATIENCE)


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    opened = Till.open(settings(printer=PrinterSettings(transport="none")), folder=tmp_path / "till")
    yield opened
    opened.close()


@pytest.fixture
def bench(till: Till) -> Iterator[Bench]:
    """A worker on a printer that is off."""
    machine = Bench(Condition.OFF)
    till.__dict__["spool"] = Spool(till.context, lambda: machine)
    yield machine
    till.spool.stop()


def queue(till: Till) -> None:
    paper = Receipt(Kind.SALE, (Text("paper"),)).to_json()
    till.context.store.write(lambda tx: till.spool.enqueue(tx, "sale", paper, None, "subject"))
    till.spool.wake()


def test_a_printer_that_is_off_is_only_looked_at_until_it_is_on(
    till: Till, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_worker, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(print_worker, "RETRY_MOST", 0.01)
    watch = Watch(till.spool)
    queue(till)
    till.spool.start()
    watch.until(lambda: till.spool.printer == PrinterStatus(Condition.OFF))
    looks = bench.looks
    till.spool.wake()
    while bench.looks == looks:
        till.spool.errand(lambda: None)
    assert (bench.tries, till.spool.count_owed()) == (1, 1)
    bench.condition = Condition.OK
    till.spool.wake()
    watch.until(lambda: till.spool.count_owed() == 0)
    assert bench.tries == 2
    watch.until(lambda: till.spool.printer == PrinterStatus(Condition.OK))
    assert threading.get_ident() not in bench.threads and len(bench.threads) == 1


def test_a_resting_printer_is_not_asked_again_for_a_while(till: Till, bench: Bench) -> None:
    assert print_worker.STATUS_SECONDS >= 10
    bench.condition = Condition.PAPER_LOW
    till.spool.start()
    Watch(till.spool).until(lambda: till.spool.printer is not None)
    for _ in range(5):
        till.spool.errand(lambda: None)
        till.spool.wake()
    till.spool.errand(lambda: None)
    assert bench.looks == 1
    assert till.spool.printer == PrinterStatus(Condition.PAPER_LOW)


def test_errands_run_where_the_printer_is(till: Till, bench: Bench) -> None:
    till.spool.start()
    assert till.spool.errand(threading.get_ident) != threading.get_ident()
    with pytest.raises(ZeroDivisionError):
        till.spool.errand(lambda: 1 // 0)
    assert till.spool.errand(lambda: "still there") == "still there"
    till.spool.stop()
    with pytest.raises(PosError, match="fechando"):
        till.spool.errand(lambda: None)


def test_errands_run_without_a_printer(till: Till) -> None:
    till.spool.start()
    assert till.spool.errand(lambda: "done") == "done"
    assert till.spool.printer is None


def test_the_last_wake_up_is_not_slept_over(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """The till closes after the worker's look whether to go on, before it forgets older wake-ups."""
    worker = till.spool._worker
    wake, clear = worker._wake, worker._wake.clear

    def clear_late() -> None:
        worker._loop.over.set()
        wake.set()
        clear()

    monkeypatch.setattr(wake, "clear", clear_late)
    worker.start()
    thread = worker._loop._thread
    assert thread is not None
    thread.join(PATIENCE)
    assert not thread.is_alive()
