"""Writes what one statement file lists: sales with their parts, and later events."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from msgspec import Struct, field
from peewee import Field, Insert

from pos_tui.domain.reconciliation import Acquirer, Life, State, owner_of
from pos_tui.domain.statement import BadStatement, Head, SaleEvent, SalePart
from pos_tui.domain.text import clean_line
from pos_tui.store import acquirer_sales
from pos_tui.store.bulk import BATCH, batches, insert_rows
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models.reconciliation import (
    AcquirerEventRow,
    AcquirerPartRow,
    AcquirerSaleRow,
    StatementDayRow,
)
from pos_tui.store.sentences import marks

_NEW_SALE: "list[Field[Any]]" = [*acquirer_sales.COLUMNS, AcquirerSaleRow.last_file]
_PART = AcquirerPartRow
_NEW_PART = [
    *(_PART.sale_id, _PART.part, _PART.amount, _PART.fee, _PART.file_id, _PART.line, _PART.offset),
    *(_PART.record, _PART.last_file, _PART.times, _PART.copies),
]
_RECORD = 4_096
_LABELS = {
    "establishment": "Estabelecimento",
    "nsu": "NSU",
    "authorisation": "Autorização",
    "terminal": "Terminal",
    "summary": "Resumo de vendas",
}
_SIZES = {name: getattr(AcquirerSaleRow, name).max_length for name in _LABELS}


def sale_key(acquirer: Acquirer, part: SalePart) -> str:
    """Return what a sale is known by in every file: instalments share it, two sales never do."""
    whole = 0 if part.parts > 1 and part.part else part.amount
    values = (acquirer, part.establishment, part.nsu, part.authorisation, part.day, part.parts, whole)
    return _digest(values, part.names)


def _digest(values: Iterable[object], *more: object) -> str:
    text = "\x1f".join(map(str, (*values, *more)))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def fits(item: Head | SalePart | SaleEvent, line: int) -> None:
    """Raises BadStatement for a text that no column holds: a cut NSU is another NSU."""
    for name, label in _LABELS.items():
        size = len(getattr(item, name, ""))
        if size > _SIZES[name]:
            raise BadStatement(f"o campo tem {size} letras e cabem {_SIZES[name]}", line, label)


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


class Writer(Struct):
    """Writes one file's items in pieces; holds one piece at a time."""

    tx: Transaction
    file: str
    acquirer: Acquirer
    feed: str
    first: int = 0
    last: int = 0
    """Days of the sales and events that were touched."""
    split: bool = False
    """Whether any sale came as instalments."""
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
        chosen = "SELECT sale_id, part, last_file, times, copies FROM acquirer_part"
        found = self.tx.read(f"{chosen} WHERE sale_id IN ({marks(len(keys))})", *keys)
        held = {(row[0], row[1]): row[2:] for row in found}
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
        fits(part, part.origin.line)
        self._touch(part.day.toordinal())
        split = part.parts > 1 and part.part > 0
        self.split |= split
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
            fits(one, one.origin.line)
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
