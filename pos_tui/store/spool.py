"""Queries for the print spool."""

from msgspec import structs
from peewee import fn

from pos_tui.domain.spool import OPEN, JobState, PrintJob
from pos_tui.store.database import Transaction
from pos_tui.store.models import PrintJobRow
from pos_tui.store.sentences import row_of

_NAMES = PrintJob.__struct_fields__
_STATE = _NAMES.index("state")
_JOBS = f"SELECT {', '.join(_NAMES)} FROM print_job"
_IN_ORDER = "ORDER BY queued_at, id LIMIT ?"
_COUNT_OPEN = "SELECT COUNT(*) FROM print_job WHERE open_since IS NOT NULL AND till = ?"
_INSERT = row_of("print_job", (*_NAMES, "open_since", "settled_at"))


def insert(tx: Transaction, job: PrintJob) -> None:
    """Write down a job, in the same commit as what it tells of."""
    owed = job.state in OPEN
    open_since, settled_at = (job.queued_at, None) if owed else (None, job.queued_at)
    tx.change(_INSERT, *structs.astuple(job), open_since, settled_at)


def get(tx: Transaction, key: str) -> PrintJob | None:
    """Return one job."""
    found = _select(tx, "id = ?", key, limit=1)
    return found[0] if found else None


def open_of(tx: Transaction, till: int, limit: int = 50) -> list[PrintJob]:
    """Return what this till still owes, oldest first."""
    return _select(tx, "open_since IS NOT NULL AND till = ?", till, limit=limit)


def count_open(tx: Transaction, till: int) -> int:
    """Return how many papers this till still owes."""
    ((count,),) = tx.read(_COUNT_OPEN, till)
    return int(count)


def oldest(tx: Transaction, till: int, state: JobState) -> PrintJob | None:
    """Return the oldest job of this till that stands there."""
    found = _select(tx, "open_since IS NOT NULL AND till = ? AND state = ?", till, state, limit=1)
    return found[0] if found else None


def last_copy(tx: Transaction, original: str) -> int:
    """Return the highest copy number of a paper, 0 when it has none."""
    row = tx.row(PrintJobRow.select(fn.MAX(PrintJobRow.copy)).where(PrintJobRow.original == original))
    return int(row[0] or 0) if row else 0


def original_of(tx: Transaction, subject: str, kind: str) -> PrintJob | None:
    """Return the first paper of a kind for a subject: reprints are made from it."""
    found = _select(tx, "subject = ? AND kind = ? AND original IS NULL", subject, kind, limit=1)
    return found[0] if found else None


def originals_of_sale(tx: Transaction, sale_id: str) -> list[PrintJob]:
    """Return the first papers of a sale, which reprints are made from, oldest first."""
    return _select(tx, "sale_id = ? AND original IS NULL", sale_id, limit=200)


def _select(tx: Transaction, where: str, *values: object, limit: int) -> list[PrintJob]:
    jobs = []
    for row in tx.read(f"{_JOBS} WHERE {where} {_IN_ORDER}", *values, limit):
        told = list(row)
        told[_STATE] = JobState(told[_STATE])
        jobs.append(PrintJob(*told))
    return jobs
