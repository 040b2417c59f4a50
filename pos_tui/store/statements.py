"""Queries for statement files: what was taken, what refused, and the days they prove."""

import json
from collections.abc import Sequence

from peewee import fn

from pos_tui.domain.statement import Head, Tail
from pos_tui.domain.text import clean
from pos_tui.store.bulk import BATCH
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models.reconciliation import StatementDayRow, StatementFileRow
from pos_tui.store.sentences import marks


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


def finish(tx: Transaction, key: str, tail: Tail) -> None:
    """Note what the end of a file told."""
    told = {"records": tail.records, "skipped": json.dumps(tail.skipped, sort_keys=True)}
    notes = json.dumps([clean(note) for note in tail.notes], ensure_ascii=False)
    tx.run(StatementFileRow.update(**told, notes=notes).where(StatementFileRow.id == key))


def add_up(tx: Transaction, key: str) -> None:
    """Add up the instalments of every sale that a file lists, a page of them at a time."""
    after, page = "", "SELECT id, parts, seen FROM acquirer_sale WHERE last_file = ? AND id > ?"
    while rows := tx.read(f"{page} ORDER BY id LIMIT ?", key, after, BATCH):
        after = rows[-1][0]
        split = [sale for sale, parts, seen in rows if parts > 1 and seen]
        if split:
            tx.change(f"{_ADD_UP} WHERE id IN ({marks(len(split))})", *split)


_PARTS = "FROM acquirer_part AS part WHERE part.sale_id = acquirer_sale.id"
_ADD_UP = (
    f"UPDATE acquirer_sale SET amount = (SELECT SUM(part.amount) {_PARTS}), "
    f"fee = (SELECT SUM(part.fee) {_PARTS}), seen = (SELECT COUNT(*) {_PARTS})"
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
    """Return of files taken acquirer, feed, establishment, sequence, recovered, name, made on, read at,
    skipped records and notes.
    """
    row = StatementFileRow
    chosen = (row.acquirer, row.feed, row.establishment, row.sequence, row.recovered, row.name)
    query = row.select(*chosen, row.made_on, row.read_at, row.skipped, row.notes).where(
        row.taken & (row.read_at >= since)
    )
    return tx.rows(query.order_by(row.read_at, row.id))


def refused(tx: Transaction, since: int, limit: int = 20) -> list[Row]:
    """Return name, why and when of the files not taken, the newest first.

    One that came right afterwards, under the same name, is past.
    """
    row, later = StatementFileRow, StatementFileRow.alias()
    right = later.select(later.id).where(
        later.taken & (later.name == row.name) & (later.read_at >= row.read_at)
    )
    query = row.select(row.name, row.why, row.read_at)
    query = query.where(~row.taken & (row.read_at >= since) & ~fn.EXISTS(right))
    return tx.rows(query.order_by(row.read_at.desc()).limit(limit))
