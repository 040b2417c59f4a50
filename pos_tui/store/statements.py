"""Queries for statement files: what was taken, what refused, and the days they prove."""

import json
from collections.abc import Sequence

from peewee import fn

from pos_tui.domain.statement import Head, Tail
from pos_tui.domain.text import clean
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models.reconciliation import (
    AcquirerPartRow,
    AcquirerSaleRow,
    StatementDayRow,
    StatementFileRow,
)


def known(tx: Transaction, sha: str) -> bool:
    """Tell whether a file of this very content was taken before."""
    where = (StatementFileRow.sha == sha) & StatementFileRow.taken
    return tx.row(StatementFileRow.select(StatementFileRow.id).where(where)) is not None


def same_sequence(tx: Transaction, head: Head) -> str | None:
    """Return the name of another file taken under the same number."""
    row = StatementFileRow
    where = (row.acquirer == head.acquirer) & (row.establishment == head.establishment)
    where &= (row.feed == head.feed) & (row.layout == head.layout)
    where &= (row.sequence == head.sequence) & row.taken & ~row.recovered
    found = tx.row(row.select(row.name).where(where))
    return str(found[0]) if found else None


def refuse(tx: Transaction, key: str, name: str, sha: str, why: str, now: int) -> None:
    """Note a file that was not taken; the same content is noted once."""
    tx.run(StatementFileRow.delete().where((StatementFileRow.sha == sha) & ~StatementFileRow.taken))
    tx.insert(
        StatementFileRow, id=key, name=clean(name, 200), sha=sha, read_at=now, taken=False, why=clean(why)
    )


def take(tx: Transaction, key: str, name: str, sha: str, head: Head, now: int) -> None:
    """Note a file that is being taken."""
    tx.run(StatementFileRow.delete().where((StatementFileRow.sha == sha) & ~StatementFileRow.taken))
    tx.insert(
        StatementFileRow,
        id=key,
        name=clean(name, 200),
        sha=sha,
        acquirer=head.acquirer,
        layout=head.layout,
        feed=head.feed,
        establishment=head.establishment,
        sequence=head.sequence,
        recovered=head.recovered,
        made_on=head.made_on.toordinal(),
        read_at=now,
        taken=True,
    )


def finish(tx: Transaction, key: str, tail: Tail, more_notes: Sequence[str] = ()) -> None:
    """Note what the end of a file told, and add its instalments up."""
    part = AcquirerPartRow
    sums = part.select(fn.SUM(part.amount)).where(part.sale_id == AcquirerSaleRow.id)
    fees = part.select(fn.SUM(part.fee)).where(part.sale_id == AcquirerSaleRow.id)
    seen = part.select(fn.COUNT(part.part)).where(part.sale_id == AcquirerSaleRow.id)
    touched = (AcquirerSaleRow.last_file == key) & (AcquirerSaleRow.parts > 1) & (AcquirerSaleRow.seen != 0)
    tx.run(AcquirerSaleRow.update(amount=sums, fee=fees, seen=seen).where(touched))
    told = {"records": tail.records, "skipped": json.dumps(tail.skipped, sort_keys=True)}
    notes = [clean(note) for note in (*tail.notes, *more_notes)]
    tx.run(
        StatementFileRow.update(**told, notes=json.dumps(notes, ensure_ascii=False)).where(
            StatementFileRow.id == key
        )
    )


def proved(
    tx: Transaction, acquirer: str, feed: str, codes: Sequence[str], first: int, last: int
) -> set[int]:
    """Return the days of a period of which a file came for any of these codes."""
    row = StatementDayRow
    where = (row.acquirer == acquirer) & (row.feed == feed) & row.establishment.in_(list(codes))
    query = row.select(row.day).where(where & row.day.between(first, last))
    return {int(one[0]) for one in tx.rows(query.distinct())}


def files(tx: Transaction, since: int) -> list[Row]:
    """Return acquirer, feed, establishment, sequence, recovered, name, made on and read at of files taken."""
    row = StatementFileRow
    chosen = (row.acquirer, row.feed, row.establishment, row.sequence, row.recovered, row.name)
    query = row.select(*chosen, row.made_on, row.read_at).where(row.taken & (row.read_at >= since))
    return tx.rows(query.order_by(row.read_at, row.id))


def refused(tx: Transaction, since: int, limit: int = 20) -> list[Row]:
    """Return name, why and when of the files not taken, the newest first."""
    row = StatementFileRow
    query = row.select(row.name, row.why, row.read_at).where(~row.taken & (row.read_at >= since))
    return tx.rows(query.order_by(row.read_at.desc()).limit(limit))
