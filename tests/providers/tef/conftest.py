"""A till and the sandbox's TEF manager, a real process, on two real folders."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from pos_tui.domain.outcome import Done, Outcome
from pos_tui.providers.sandbox.tef_ledger import Entry, TefLedger
from pos_tui.providers.sandbox.tef_process import TefProcess, start_tef
from pos_tui.providers.tef import folders
from pos_tui.providers.tef.codec import IntposFile
from pos_tui.providers.tef.fields import Command
from pos_tui.providers.tef.intpos import IntposTef
from pos_tui.providers.tef.reply import TefReply
from pos_tui.providers.tef.requests import Automation, ChargeRequest

FAST = 0.01


class Bench:
    """The two folders, the manager's process, and the till's adapter."""

    def __init__(self, folder: Path) -> None:
        self.req, self.resp = folder / "Req", folder / "Resp"
        self.req.mkdir()
        self.resp.mkdir()
        self.book = folder / "ledger.json"
        self.control = folder / "ledger.control"
        self.stop = Event()
        self._manager: TefProcess | None = None
        self.number = 100
        self.kept: list[IntposFile] = []
        """Answers to other operations than the one awaited."""

    def tef(self, window: float = 30.0) -> IntposTef:
        """A till that has just started. `window` is how long it waits for a sign of the manager."""
        return IntposTef(self.req, self.resp, Automation(), self.kept.append, window, FAST)

    def start(self) -> None:
        """Start the manager, again after a crash, and return once it looks at the folder."""
        self._manager = start_tef(self.req, self.resp, self.book, FAST)

    def crashed(self) -> int:
        """Wait for the manager to die of a scenario; its exit code."""
        assert self._manager is not None
        code = self._manager.process.wait(timeout=60)
        self._manager.stop()
        return code

    def end(self) -> int:
        """Close the manager's standard input and wait for it; its exit code."""
        if self._manager is None:
            return 0
        self._manager.stop()
        return self._manager.process.returncode

    def await_taken(self) -> None:
        """Return once the manager has said that it took a request."""
        while folders.find(self.resp, folders.STATUS) is None:
            Event().wait(FAST)

    def play(self, *scenarios: str) -> None:
        """Choose what happens to the next requests: `CRT deny`."""
        self.control.write_text("".join(f"{line}\n" for line in scenarios))

    def next(self) -> int:
        """A fresh number of an operation."""
        self.number += 1
        return self.number

    @property
    def ledger(self) -> TefLedger:
        """The manager's book as it stands on the disk."""
        return TefLedger(self.book)

    @property
    def entry(self) -> Entry:
        """The last operation in the book."""
        return self.ledger.entries[-1]

    def charge(self, amount: int, window: float = 30.0) -> Outcome[TefReply]:
        """Charge a card under a fresh number."""
        return self.tef(window).charge(ChargeRequest(self.next(), amount), self.stop)

    def approved(self, amount: int) -> TefReply:
        """Charge a card, expecting a yes, and commit the reply."""
        outcome = self.charge(amount)
        assert isinstance(outcome, Done), outcome
        self.tef().acknowledge(outcome.answer.number)
        return outcome.answer

    def recover(self, number: int, window: float = 30.0) -> Outcome[TefReply]:
        """What a till that has just started finds out about its last charge."""
        return self.tef(window).recover(Command.CRT, number, self.next(), self.stop)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.stop.set()
    bench.end()


@pytest.fixture
def running(bench: Bench) -> Bench:
    bench.start()
    return bench
