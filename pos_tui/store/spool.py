"""Queries for the print spool."""

from msgspec import structs
from peewee import Expression, fn

from pos_tui.domain.spool import OPEN, JobState, PrintJob
from pos_tui.store.database import Transaction
from pos_tui.store.models import PrintJobRow
from pos_tui.store.sentences import row_of

_NAMES = PrintJob.__struct_fields__
_COLUMNS = tuple(getattr(PrintJobRow, name) for name in _NAMES)
_STATE = _NAMES.index("state")
_INSERT = row_of("print_job", (*_NAMES, "open_since", "settled_at"))


def insert(tx: Transaction, job: PrintJob) -> None:
    """Write down a job, in the same commit as what it tells of."""
    owed = job.state in OPEN
    open_since, settled_at = (job.queued_at, None) if owed else (None, job.queued_at)
    tx.change(_INSERT, *structs.astuple(job), open_since, settled_at)


def get(tx: Transaction, key: str) -> PrintJob | None:
    """Return one job."""
    found = _select(tx, PrintJobRow.id == key, 1)
    return found[0] if found else None


def open_of(tx: Transaction, till: int, limit: int = 50) -> list[PrintJob]:
    """Return what this till still owes, oldest first."""
    return _select(tx, PrintJobRow.open_since.is_null(False) & (PrintJobRow.till == till), limit)


def count_open(tx: Transaction, till: int) -> int:
    """Return how many papers this till still owes."""
    row = tx.row(
        PrintJobRow.select(fn.COUNT(PrintJobRow.id)).where(
            PrintJobRow.open_since.is_null(False) & (PrintJobRow.till == till)
        )
    )
    return int(row[0]) if row else 0


def oldest(tx: Transaction, till: int, state: JobState) -> PrintJob | None:
    """Return the oldest job of this till that stands there."""
    still_open = PrintJobRow.open_since.is_null(False)
    found = _select(tx, still_open & (PrintJobRow.till == till) & (PrintJobRow.state == state), 1)
    return found[0] if found else None


def last_copy(tx: Transaction, original: str) -> int:
    """Return the highest copy number of a paper, 0 when it has none."""
    row = tx.row(PrintJobRow.select(fn.MAX(PrintJobRow.copy)).where(PrintJobRow.original == original))
    return int(row[0] or 0) if row else 0


def original_of(tx: Transaction, subject: str, kind: str) -> PrintJob | None:
    """Return the first paper of a kind for a subject: reprints are made from it."""
    same = (PrintJobRow.subject == subject) & (PrintJobRow.kind == kind)
    found = _select(tx, same & PrintJobRow.original.is_null(True), 1)
    return found[0] if found else None


def originals_of_sale(tx: Transaction, sale_id: str) -> list[PrintJob]:
    """Return the first papers of a sale, which reprints are made from, oldest first."""
    return _select(tx, (PrintJobRow.sale_id == sale_id) & PrintJobRow.original.is_null(True), 200)


def _select(tx: Transaction, where: Expression, limit: int) -> list[PrintJob]:
    query = (
        PrintJobRow.select(*_COLUMNS)
        .where(where)
        .order_by(PrintJobRow.queued_at, PrintJobRow.id)
        .limit(limit)
    )
    jobs = []
    for row in tx.rows(query):
        values = list(row)
        values[_STATE] = JobState(values[_STATE])
        jobs.append(PrintJob(*values))
    return jobs
