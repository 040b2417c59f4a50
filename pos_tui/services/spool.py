"""The print spool: papers are rows of the commit they tell of; one worker owns the printer (design §6).

A job is asked of the printer through the journal like everything that leaves the till. What provably never
left stays queued and is tried again; what may have printed waits for evidence or for a person. The printer's
troubles end here: nothing of a sale waits for it, and nothing is undone by it.
"""

from collections.abc import Callable
from typing import TypeVar

from pos_tui.domain.errors import RuleError
from pos_tui.domain.journal import SYSTEM, Field
from pos_tui.domain.outcome import Done, NotSent, Outcome, Refused, Uncertain
from pos_tui.domain.spool import OPEN, JobState, PrintJob, Word, after_print, after_word, is_stale
from pos_tui.printing.answers import PrinterStatus
from pos_tui.printing.receipt import Receipt
from pos_tui.printing.slips.common import reprint_mark
from pos_tui.services.context import Context
from pos_tui.services.journal import Change, Claim, Event
from pos_tui.services.print_worker import Printer, PrintWorker
from pos_tui.store import spool
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models import PrintJobRow

T = TypeVar("T")

NO_PRINTER = "Este caixa não tem impressora: configure uma com Ctrl+X ou pos-tui print-test."
STALE = "Esperou demais para sair sem perguntar."
SWEPT = "O caixa parou durante a impressão."


class Spool:
    """One till's papers."""

    def __init__(
        self, context: Context, connect: Callable[[], Printer] | None, stale_minutes: int = 60
    ) -> None:
        """`connect` builds the printer in the worker, where its heavy imports belong; None prints nowhere."""
        self._context = context
        self._store = context.store
        self._stale_ms = stale_minutes * 60_000
        self._watchers: tuple[Callable[[], object], ...] = ()
        self._worker = PrintWorker(connect, self)
        self.prints = connect is not None
        """Whether there is a printer at all."""

    # Queueing and reading

    def enqueue(
        self,
        tx: Transaction,
        kind: str,
        document: str,
        sale_id: str | None,
        subject: str,
        *,
        who: str = SYSTEM,
        copy: int = 0,
        original: str | None = None,
    ) -> None:
        """Queue a paper inside an open transaction: it exists exactly when what it tells of does.

        Without a printer it is kept to be seen, and nothing is owed: a queue that nobody will ever print
        would only grow, and ask about every paper once a printer comes.
        """
        job = PrintJob(
            id=new_key(),
            till=self._context.till,
            sale_id=sale_id,
            subject=subject,
            kind=kind,
            copy=copy,
            original=original,
            document=document,
            state=JobState.QUEUED if self.prints else JobState.FAILED,
            version=0,
            queued_at=self._context.now(),
            released_at=None,
            attempts=0,
            why="" if self.prints else NO_PRINTER,
        )
        spool.insert(tx, job)
        self._context.journal.note(tx, _event(job, who), "queued" if self.prints else "unprinted")

    def enqueue_copy(self, tx: Transaction, job: PrintJob, who: str) -> Receipt:
        """Queue the next numbered copy of a paper, marked as such, with the drawer shut."""
        original = job.original or job.id
        copy = spool.last_copy(tx, original) + 1
        context = self._context
        mark = reprint_mark(copy + 1, context.clock(), who, context.zone)
        receipt = Receipt.from_json(job.document).reprinted(mark)
        self.enqueue(
            tx, job.kind, receipt.to_json(), job.sale_id, job.subject or job.id,
            who=who, copy=copy, original=original,
        )  # fmt: skip
        return receipt

    def owed(self) -> list[PrintJob]:
        """Return what this till has not proved to be on paper, oldest first; at most a page."""
        with self._store.reading() as tx:
            return spool.open_of(tx, self._context.till)

    def count_owed(self) -> int:
        """Return how many papers this till has not proved to be on paper."""
        with self._store.reading() as tx:
            return spool.count_open(tx, self._context.till)

    def outlook(self, paper: str = "O papel") -> str:
        """Say what becomes of a paper queued now, in a sentence for the cashier."""
        if not self.prints:
            return f"{paper} fica só na tela: este caixa não tem impressora."
        status = self.printer
        if status is not None and not status.ready:
            return f"Impressora: {status.word}. {paper} espera na fila (Ctrl+O)."
        return f"{paper} está sendo impresso."

    def paper_of(self, subject: str, kind: str) -> PrintJob | None:
        """Return the original paper of something, or None when it never had one."""
        with self._store.reading() as tx:
            return spool.original_of(tx, subject, kind)

    def papers_of_sale(self, sale_id: str) -> list[PrintJob]:
        """Return the original papers of a sale, in the order they came about."""
        with self._store.reading() as tx:
            return spool.originals_of_sale(tx, sale_id)

    # A person's word

    def decide(self, key: str, word: Word, who: str) -> None:
        """Write down a person's word on a paper, and queue the copy it may ask for in the same commit.

        Raises:
            Conflict: somebody said so before, or the printer has it now.
            RuleError: that cannot be said of it as it stands.
        """
        with self._store.reading() as tx:
            job = spool.get(tx, key)
        if job is None:
            raise RuleError("Este papel não existe mais.")
        values = self._standing(after_word(job, word), "")
        if word is Word.PRINT:
            values["released_at"] = self._context.now()

        def then(tx: Transaction) -> None:
            if word is Word.REPRINT:
                self.enqueue_copy(tx, job, who)

        claim = Claim(PrintJobRow, job.id, job.version, Change(values, then))
        self._context.journal.change(claim, _event(job, who), word)
        self.changed()
        self.wake()

    def give_up_held(self, who: str) -> int:
        """Write down that none of the papers that were stopped is wanted; return how many they were.

        Raises:
            Conflict: somebody answered for one of them meanwhile; those before it are settled.
        """
        count = 0
        while (job := self._oldest(JobState.HELD)) is not None:
            self.decide(job.id, Word.GIVE_UP, who)
            count += 1
        return count

    # The worker

    @property
    def printer(self) -> PrinterStatus | None:
        """The printer's state as last seen; None before the first look. Never waits."""
        return self._worker.status

    def start(self) -> None:
        """Sweep what a crash left in flight, then print in the background until `stop`."""
        self.sweep()
        if self.prints:
            self._worker.start()

    def wake(self) -> None:
        """Say that something was queued."""
        self._worker.wake()

    def stop(self, patience: float = 3.0) -> None:
        """Let the job under way end, up to `patience` seconds."""
        self._worker.stop(patience)

    def errand(self, job: Callable[[], T]) -> T:
        """Run something that needs the printer for itself, such as a test page, between two papers.

        Raises:
            PosError: the till is closing, and it was not run.
        """
        return self._worker.errand(job)

    def watch(self, callback: Callable[[], object]) -> Callable[[], None]:
        """Call back, from any thread, when papers or printer change; return what ends it."""
        self._watchers = (*self._watchers, callback)

        def unwatch() -> None:
            self._watchers = tuple(other for other in self._watchers if other is not callback)

        return unwatch

    def changed(self) -> None:
        """Tell those who watch."""
        for callback in self._watchers:
            callback()

    def rest(self) -> None:
        """Nothing is to be printed for a while."""
        self._store.rest()

    def release(self) -> None:
        """Close the worker's connection to the database."""
        self._store.close()

    def sweep(self) -> None:
        """What was being sent when the till died may be on paper: a person says."""
        while (job := self._oldest(JobState.SENDING)) is not None:
            self._settle(job, JobState.UNCONFIRMED, SWEPT, "swept")

    def print_next(self, printer: Printer) -> bool | None:
        """Print the oldest queued job; say whether it left the queue, None when there was none.

        Raises:
            Conflict: a person was first.
            StoreError: its state could not be written down.
        """
        job = self._next()
        if job is None:
            return None
        sending = {"state": JobState.SENDING, "attempts": job.attempts + 1}
        outcome = self._context.journal.ask(
            Claim(PrintJobRow, job.id, job.version, Change(sending)),
            _event(job, SYSTEM),
            lambda: printer.print(job.document),
            self._after,
        )
        self.changed()
        return after_print(outcome) is not JobState.QUEUED

    def _next(self) -> PrintJob | None:
        """The oldest job that may go out; what waited too long steps aside until a person says."""
        while (job := self._oldest(JobState.QUEUED)) is not None:
            if not is_stale(job, self._context.now(), self._stale_ms):
                return job
            self._settle(job, JobState.HELD, STALE, "held")
        return None

    def _oldest(self, state: JobState) -> PrintJob | None:
        with self._store.reading() as tx:
            return spool.oldest(tx, self._context.till, state)

    def _settle(self, job: PrintJob, state: JobState, why: str, name: str) -> None:
        claim = Claim(PrintJobRow, job.id, job.version, Change(self._standing(state, why)))
        self._context.journal.change(claim, _event(job, SYSTEM), name)
        self.changed()

    def _after(self, outcome: Outcome[object]) -> Change:
        told: dict[str, Field] = {}
        if isinstance(outcome, Done):
            told["evidence"] = str(getattr(outcome.answer, "evidence", ""))
            if lost := getattr(outcome.answer, "lost", 0):
                told["lost"] = int(lost)
        return Change(self._standing(after_print(outcome), _why(outcome)), told=told)

    def _standing(self, state: JobState, why: str) -> dict[str, object]:
        values: dict[str, object] = {"state": state, "why": why}
        if state not in OPEN:
            values |= {"open_since": None, "settled_at": self._context.now()}
        return values


def _event(job: PrintJob, who: str) -> Event:
    return Event("print", job.id, who, {"paper": job.kind, "copy": job.copy})


def _why(outcome: Outcome[object]) -> str:
    match outcome:
        case NotSent(why) | Uncertain(why):
            return why
        case Refused():
            return outcome.text
        case Done():
            return ""
