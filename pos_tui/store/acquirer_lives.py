"""Queries for what became of an acquirer's sales."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from msgspec import Struct

from pos_tui.domain.reconciliation import Life
from pos_tui.store.bulk import BATCH, batches
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models.reconciliation import AcquirerEventRow, AcquirerSaleRow
from pos_tui.store.sentences import marks


def touched_sales(tx: Transaction, file: str, after: str) -> list[Row]:
    """Return id, acquirer, establishment, nsu and summary of a page of the sales a file listed."""
    row = AcquirerSaleRow
    query = row.select(row.id, row.acquirer, row.establishment, row.nsu, row.summary)
    return tx.rows(query.where((row.last_file == file) & (row.id > after)).order_by(row.id).limit(BATCH))


def touched_events(tx: Transaction, file: str, after: str) -> list[Row]:
    """Return id, acquirer, establishment, nsu and summary of a page of the events a file listed."""
    row = AcquirerEventRow
    query = row.select(row.id, row.acquirer, row.establishment, row.nsu, row.summary)
    return tx.rows(query.where((row.file_id == file) & (row.id > after)).order_by(row.id).limit(BATCH))


class Event(Struct, frozen=True):
    """An event as last read."""

    life: Life
    nsu: str
    summary: str
    part: int
    day: int
    amount: int


def events_of(tx: Transaction, acquirer: str, code: str, column: str, names: Sequence[str]) -> list[Event]:
    """Return the events of some NSUs, or summaries, of an establishment."""
    chosen = "SELECT life, nsu, summary, part, day, amount FROM acquirer_event"
    rows = tx.read(f"{chosen} {_of(column, names)} ORDER BY id", acquirer, code, *names)
    return [Event(Life(one[0]), *one[1:]) for one in rows]


class Living(Struct, frozen=True):
    """Of a sale, what its later life needs."""

    id: str
    nsu: str
    summary: str
    day: int
    parts: int
    amount: int
    fee: int | None
    life: Life
    version: int


def sales_of(tx: Transaction, acquirer: str, code: str, column: str, names: Sequence[str]) -> list[Living]:
    """Return the sales of some NSUs, or summaries, of an establishment."""
    chosen = "SELECT id, nsu, summary, day, parts, amount, fee, life, version FROM acquirer_sale"
    rows = tx.read(f"{chosen} {_of(column, names)}", acquirer, code, *names)
    return [Living(*[*one[:7], Life(one[7]), one[8]]) for one in rows]


def _of(column: str, names: Sequence[str]) -> str:
    """`column` is `nsu` or `summary`."""
    return f"WHERE acquirer = ? AND establishment = ? AND {column} IN ({marks(len(names))})"


def live(tx: Transaction, changes: Iterable[tuple[Living, Life]]) -> int:
    """Write what became of some sales; return how many changed."""
    new = sorted(
        ((life, one.version, one.id) for one, life in changes if one.life is not life),
        key=lambda change: change[:2],
    )
    moved = 0
    for (life, version), some in groupby(new, key=lambda change: change[:2]):
        for keys in batches([key for _, _, key in some]):
            here = AcquirerSaleRow.id.in_(keys) & (AcquirerSaleRow.version == version)
            moved += tx.run(AcquirerSaleRow.update(life=life, version=version + 1).where(here))
    return moved
