"""The print spool: papers are rows of the commit they tell of; one worker owns the printer (design §6).

A job is asked of the printer through the journal like everything that leaves the till. What provably never
left stays queued and is tried again; what may have printed waits for evidence or for a person.
"""

import threading
from collections.abc import Callable
from typing import Protocol

from pos_tui.domain.errors import Conflict, RuleError, StoreError
from pos_tui.domain.outcome import Outcome
from pos_tui.domain.spool import OPEN, JobState, PrintJob, after_print
from pos_tui.services.context import Context
from pos_tui.services.journal import Change, Claim, Event
from pos_tui.store import spool
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models import PrintJobRow

RETRY_SECONDS = 5.0
SYSTEM = "sistema"


class Printer(Protocol):
    """Where papers go: renders a document and prints it, once. Never raises."""

    def print(self, document: str) -> Outcome[object]:
        """Print one receipt given as JSON."""


class Spool:
    """One till's papers."""

    def __init__(self, context: Context, connect: Callable[[], Printer] | None) -> None:
        """`connect` builds the printer in the worker, where its heavy imports belong; None prints nowhere."""
        self._context = context
        self._store = context.store
        self._connect = connect
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def enqueue(
        self, tx: Transaction, kind: str, document: str, sale_id: str | None, subject: str, copy: int = 0
    ) -> None:
        """Queue a paper inside an open transaction: it exists exactly when what it tells of does."""
        job = PrintJob(
            id=new_key(),
            till=self._context.till,
            sale_id=sale_id,
            subject=subject,
            kind=kind,
            copy=copy,
            document=document,
            state=JobState.QUEUED,
            version=0,
            queued_at=self._context.now(),
            attempts=0,
            why="",
        )
        spool.insert(tx, job)
        self._context.journal.note(
            tx, Event("print", job.id, SYSTEM, {"paper": kind, "copy": copy}), "queued"
        )

    def owed(self) -> list[PrintJob]:
        """Return what this till has not proved to be on paper, oldest first."""
        with self._store.reading() as tx:
            return spool.open_of(tx, self._context.till)

    def paper_of(self, subject: str, kind: str) -> PrintJob | None:
        """Return the original paper of something, or None when it never had one."""
        with self._store.reading() as tx:
            return spool.original_of(tx, subject, kind)

    def count_copies(self, tx: Transaction, subject: str, kind: str) -> int:
        """Return how many papers of a kind were queued for something, the original included."""
        return spool.copies_of(tx, subject, kind)

    def decide(self, key: str, came_out: bool, who: str) -> None:
        """Write down a person's word on an unconfirmed paper: it came out, or it is given up.

        Raises:
            Conflict: somebody said so before.
            RuleError: the paper is not waiting for a word.
        """
        with self._store.reading() as tx:
            job = spool.get(tx, key)
        if job is None or job.state not in (JobState.UNCONFIRMED, JobState.QUEUED):
            raise RuleError("Este papel não espera resposta.")
        state = JobState.PRINTED if came_out else JobState.FAILED
        self._settle_by_hand(job, state, who, "came_out" if came_out else "given_up")

    def start(self) -> None:
        """Sweep what a crash left in flight, then print in the background until `stop`."""
        self._sweep()
        if self._connect is not None:
            self._thread = threading.Thread(target=self._work, name="print", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """Say that something was queued."""
        self._wake.set()

    def stop(self, patience: float = 3.0) -> None:
        """Let the job under way end, up to `patience` seconds."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(patience)

    def print_next(self, printer: Printer) -> bool | None:
        """Print the oldest queued job: True when bytes left, False still queued, None nothing to do."""
        job = next((job for job in self.owed() if job.state is JobState.QUEUED), None)
        if job is None:
            return None
        claim = Claim(
            PrintJobRow, job.id, job.version,
            Change({"state": JobState.SENDING, "attempts": job.attempts + 1}),
        )  # fmt: skip
        outcome = self._context.journal.ask(
            claim,
            Event("print", job.id, SYSTEM, {"paper": job.kind, "copy": job.copy}),
            lambda: printer.print(job.document),
            lambda outcome: self._change(after_print(outcome), str(getattr(outcome, "why", ""))),
        )
        return after_print(outcome) is not JobState.QUEUED

    def _work(self) -> None:
        assert self._connect is not None
        printer = self._connect()
        while not self._stop.is_set():
            self._wake.clear()
            try:
                printed = self.print_next(printer)
            except (StoreError, Conflict):
                printed = False
            if printed is None:
                self._wake.wait()
            elif not printed:
                self._stop.wait(RETRY_SECONDS)
        self._store.close()

    def _sweep(self) -> None:
        """What was being sent when the till died may be on paper: a person says."""
        for job in self.owed():
            if job.state is JobState.SENDING:
                self._settle_by_hand(job, JobState.UNCONFIRMED, SYSTEM, "swept")

    def _settle_by_hand(self, job: PrintJob, state: JobState, who: str, name: str) -> None:
        claim = Claim(
            PrintJobRow, job.id, job.version, self._change(state, "O caixa parou durante a impressão.")
        )
        self._context.journal.change(claim, Event("print", job.id, who, {"paper": job.kind}), name)

    def _change(self, state: JobState, why: str) -> Change:
        values: dict[str, object] = {"state": state, "why": why}
        if state not in OPEN:
            values |= {"open_since": None, "settled_at": self._context.now()}
        return Change(values)
