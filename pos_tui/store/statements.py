"""Queries for what acquirers list: files, the days they prove, sales with their parts, and later events."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from peewee import Field, Insert, fn

from pos_tui.domain.card_receipt import AcquirerSale
from pos_tui.domain.matching import Slip
from pos_tui.domain.reconciliation import Acquirer, Life, Modality, Owner, State, owner_of
from pos_tui.domain.statement import Head, SaleEvent, SalePart, Tail
from pos_tui.domain.text import clean, clean_line
from pos_tui.store.bulk import insert_rows
from pos_tui.store.card_receipts import BATCH, batches
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models.reconciliation import (
    AcquirerEventRow,
    AcquirerPartRow,
    AcquirerSaleRow,
    CardLinkRow,
    StatementDayRow,
    StatementFileRow,
)

_SALE = (
    *("id", "acquirer", "establishment", "nsu", "authorisation", "day", "minute", "brand", "modality"),
    *("parts", "seen", "amount", "fee", "terminal", "last_four", "summary", "names", "copies", "life"),
    *("state", "owner", "version"),
)
_SALE_COLUMNS = tuple(getattr(AcquirerSaleRow, name) for name in _SALE)
_NEW_SALE: "list[Field[Any]]" = [*_SALE_COLUMNS, AcquirerSaleRow.last_file]
_PART = AcquirerPartRow
_NEW_PART = [
    *(_PART.sale_id, _PART.part, _PART.amount, _PART.fee, _PART.file_id, _PART.line, _PART.offset),
    *(_PART.record, _PART.last_file, _PART.times, _PART.copies),
]
_RECORD = 4_096


def sale_key(acquirer: Acquirer, part: SalePart) -> str:
    """Return what a sale is known by in every file: instalments share it, two sales never do."""
    whole = 0 if part.parts > 1 and part.part else part.amount
    values = (acquirer, part.establishment, part.nsu, part.authorisation, part.day, part.parts, whole)
    return _digest(values, part.names)


def _digest(values: Iterable[object], *more: object) -> str:
    text = "\x1f".join(map(str, (*values, *more)))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


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
    sums = _PART.select(fn.SUM(_PART.amount)).where(_PART.sale_id == AcquirerSaleRow.id)
    fees = _PART.select(fn.SUM(_PART.fee)).where(_PART.sale_id == AcquirerSaleRow.id)
    seen = _PART.select(fn.COUNT(_PART.part)).where(_PART.sale_id == AcquirerSaleRow.id)
    touched = (AcquirerSaleRow.last_file == key) & (AcquirerSaleRow.parts > 1) & (AcquirerSaleRow.seen != 0)
    tx.run(AcquirerSaleRow.update(amount=sums, fee=fees, seen=seen).where(touched))
    told = {"records": tail.records, "skipped": json.dumps(tail.skipped, sort_keys=True)}
    notes = [clean(note) for note in (*tail.notes, *more_notes)]
    tx.run(
        StatementFileRow.update(**told, notes=json.dumps(notes, ensure_ascii=False)).where(
            StatementFileRow.id == key
        )
    )


def _keep(query: Insert) -> Insert:
    """What is there stays."""
    return query.on_conflict_ignore()


def _touched(query: Insert) -> Insert:
    """A sale that is there was listed by this file too."""
    row = AcquirerSaleRow
    return query.on_conflict(conflict_target=[row.id], preserve=[row.last_file])


def _recount(query: Insert) -> Insert:
    """A part that is there was listed once more."""
    kept = [_PART.last_file, _PART.times, _PART.copies]
    return query.on_conflict(conflict_target=[_PART.sale_id, _PART.part], preserve=kept)


@dataclass(slots=True)
class Writer:
    """Writes one file's items in pieces; holds one piece at a time."""

    tx: Transaction
    file: str
    acquirer: Acquirer
    feed: str
    first: int = 0
    last: int = 0
    """Days of the sales and events that were touched."""
    _parts: list[tuple[str, SalePart]] = field(default_factory=list)
    _events: list[SaleEvent] = field(default_factory=list)
    _days: set[tuple[str, int]] = field(default_factory=set)

    def sale(self, part: SalePart) -> None:
        """Take a sale, or a part of one."""
        self._parts.append((sale_key(self.acquirer, part), part))
        self._days.add((part.establishment, part.day.toordinal()))
        if len(self._parts) >= BATCH:
            self.flush()

    def event(self, event: SaleEvent) -> None:
        """Take an event."""
        self._events.append(event)
        if len(self._events) >= BATCH:
            self.flush()

    def prove(self, establishment: str, days: Iterable[date]) -> None:
        """Take down that the file vouches for some days."""
        self._days |= {(establishment, day.toordinal()) for day in days}

    def flush(self) -> None:
        """Write the piece at hand."""
        if self._parts:
            self._write_parts()
        if self._events:
            self._write_events()
        self._parts, self._events = [], []

    def close(self) -> None:
        """Write what is left, and which days are proved."""
        self.flush()
        rows = [(self.acquirer, self.feed, code, day) for code, day in sorted(self._days)]
        row = StatementDayRow
        for some in batches(rows):
            named: list[Field[Any]] = [row.acquirer, row.feed, row.establishment, row.day]
            insert_rows(self.tx, row, named, some, _keep)

    def _write_parts(self) -> None:
        keys = sorted({key for key, _ in self._parts})
        held = {
            (row[0], row[1]): row[2:]
            for row in self.tx.rows(
                _PART.select(_PART.sale_id, _PART.part, _PART.last_file, _PART.times, _PART.copies).where(
                    _PART.sale_id.in_(keys)
                )
            )
        }
        rows: dict[tuple[str, int], Row] = {}
        for key, part in self._parts:
            at = (key, part.part)
            last, times, copies = rows[at][-3:] if at in rows else held.get(at, ("", 0, 0))
            times = times + 1 if last == self.file else 1
            rows[at] = self._part_row(key, part, times, max(copies, times))
        self._write_sales(rows)
        insert_rows(self.tx, _PART, _NEW_PART, list(rows.values()), _recount)

    def _part_row(self, key: str, part: SalePart, times: int, copies: int) -> Row:
        line, offset, raw = part.origin
        place = (self.file, line, offset, clean_line(raw, _RECORD), self.file)
        return (key, part.part, part.amount, part.fee, *place, times, copies)

    def _write_sales(self, parts: dict[tuple[str, int], Row]) -> None:
        twice = {at[0]: row[-1] for at, row in parts.items() if row[-1] > 1}
        rows = {key: self._sale_row(key, part) for key, part in self._parts}
        sale = AcquirerSaleRow
        insert_rows(self.tx, sale, _NEW_SALE, list(rows.values()), _touched)
        for key, copies in twice.items():
            self.tx.run(sale.update(copies=copies).where((sale.id == key) & (sale.copies < copies)))

    def _sale_row(self, key: str, part: SalePart) -> Row:
        self._touch(part.day.toordinal())
        split = part.parts > 1 and part.part > 0
        state = State.INCOMPLETE if split else State.ORPHAN
        return (
            *(key, self.acquirer, part.establishment, part.nsu, part.authorisation, part.day.toordinal()),
            *(part.minute, part.brand, part.modality, part.parts, 1 if split else 0),
            *(part.total if split and part.total else part.amount, part.fee, part.terminal, part.last_four),
            *(part.summary, part.names, 1, Life.NONE),
            *(state, owner_of(state), 0, self.file),
        )

    def _write_events(self) -> None:
        row = AcquirerEventRow
        names = (
            *("id", "acquirer", "establishment", "life", "nsu", "summary", "part", "day", "amount"),
            *("file_id", "line", "offset", "record"),
        )
        rows = []
        for one in self._events:
            day, place = one.day.toordinal(), one.origin
            told = (one.establishment, one.life, one.nsu, one.summary, one.part, day, one.amount)
            key = _digest((self.acquirer, *told))
            raw = clean_line(place.raw, _RECORD)
            rows.append((key, self.acquirer, *told, self.file, place.line, place.offset, raw))
        unique = list({event[0]: event for event in rows}.values())
        insert_rows(self.tx, row, [getattr(row, name) for name in names], unique, _keep)

    def _touch(self, day: int) -> None:
        self.first = min(self.first or day, day)
        self.last = max(self.last, day)


# What became of sales -------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Event:
    """An event as last read."""

    life: Life
    nsu: str
    summary: str
    part: int
    day: int
    amount: int


def events_of(tx: Transaction, acquirer: str, code: str, column: str, names: Sequence[str]) -> list[Event]:
    """Return the events of some NSUs, or summaries, of an establishment."""
    row = AcquirerEventRow
    where = (row.acquirer == acquirer) & (row.establishment == code) & getattr(row, column).in_(list(names))
    query = row.select(row.life, row.nsu, row.summary, row.part, row.day, row.amount).where(where)
    return [Event(Life(one[0]), *one[1:]) for one in tx.rows(query.order_by(row.id))]


@dataclass(frozen=True, slots=True)
class Living:
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
    row = AcquirerSaleRow
    where = (row.acquirer == acquirer) & (row.establishment == code) & getattr(row, column).in_(list(names))
    chosen = (row.id, row.nsu, row.summary, row.day, row.parts, row.amount, row.fee, row.life, row.version)
    rows = tx.rows(row.select(*chosen).where(where))
    return [Living(*[*one[:7], Life(one[7]), one[8]]) for one in rows]


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


# The other side of the matching ---------------------------------------------------------------------

_SLIP = (
    *("id", "day", "establishment", "nsu", "authorisation", "amount", "brand", "modality", "parts"),
    *("last_four", "terminal", "minute", "names", "copies", "seen", "state", "owner", "version"),
)


def day_slips(
    tx: Transaction, day: int, whole: bool = True
) -> tuple[list[Slip], dict[str, tuple[str, str, int]]]:
    """Return a day's sales to be matched, and how each stands: state, owner, version.

    Those linked by a person are left as they are; those of which instalments are missing wait for them. Not
    `whole`: only those that the day alone did not settle.
    """
    row = AcquirerSaleRow
    settled = CardLinkRow.stage == 5 if whole else CardLinkRow.stage.in_([1, 5])
    linked = CardLinkRow.select(CardLinkRow.sale_id).where((CardLinkRow.sale_id == row.id) & settled)
    where = (row.day == day) & ~fn.EXISTS(linked)
    if not whole:
        where &= row.state != State.DUPLICATE
    slips, standing = [], {}
    for one in tx.rows(row.select(*(getattr(row, name) for name in _SLIP)).where(where)):
        parts, seen = one[8], one[14]
        if seen in (0, parts):
            slips.append(Slip(one[0], date.fromordinal(day), *one[2:14]))
            standing[one[0]] = (one[15], one[16], one[17])
    return slips, standing


def get(tx: Transaction, key: str) -> AcquirerSale | None:
    """Return one sale."""
    found = tx.row(AcquirerSaleRow.select(*_SALE_COLUMNS).where(AcquirerSaleRow.id == key))
    return _sale(found) if found else None


def free_near(tx: Transaction, acquirer: str, first: int, last: int) -> list[Slip]:
    """Return the sales of some days that nobody has, for suggestions."""
    row = AcquirerSaleRow
    taken = CardLinkRow.select(CardLinkRow.sale_id)
    where = row.day.between(first, last) & (row.acquirer == acquirer) & row.id.not_in(taken)
    rows = tx.rows(row.select(*(getattr(row, name) for name in _SLIP[:14])).where(where))
    return [Slip(one[0], date.fromordinal(one[1]), *one[2:]) for one in rows]


def records_of(tx: Transaction, sale: str) -> list[Row]:
    """Return part, file's name, line, offset and record of everything that made a sale."""
    query = (
        _PART.select(_PART.part, StatementFileRow.name, _PART.line, _PART.offset, _PART.record)
        .join(StatementFileRow, on=(StatementFileRow.id == _PART.file_id))
        .where(_PART.sale_id == sale)
    )
    return tx.rows(query.order_by(_PART.part))


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


def _sale(row: Row) -> AcquirerSale:
    values = dict(zip(_SALE, row, strict=True))
    values["acquirer"] = Acquirer(values["acquirer"])
    values["day"] = date.fromordinal(values["day"])
    values["modality"] = Modality(values["modality"]) if values["modality"] else None
    values["life"] = Life(values["life"])
    values["state"] = State(values["state"])
    values["owner"] = Owner(values["owner"])
    return AcquirerSale(**values)
