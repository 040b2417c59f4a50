"""A till's own copy of what it needs to go on without the server: a SQLite file beside its other data.

It holds what this till has under way and sold lately, its numberings and the end of its journal, the people,
the goods and the catalogue. What is the whole store's may be read or written on the server only; SQLite's own
guard of statements keeps it so.
"""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from peewee import Expression, Model, SqliteDatabase

from pos_tui.store import dialect
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models import (
    CashMoveRow,
    CatalogueRow,
    CounterRow,
    CustomerRow,
    CustomerWordRow,
    JournalRow,
    OperatorRow,
    PaymentRow,
    PrintJobRow,
    SaleRow,
    ShiftRow,
    TopUpRow,
)
from pos_tui.store.models.items import ItemRow, ProductRow, ProductWordRow
from pos_tui.store.models.reconciliation import CardReceiptRow
from pos_tui.store.models.tef import TefOperationRow

RECENT_MS = 36 * 3_600_000
"""How far back this till's own sales are copied."""
LINES = 500
"""Of the journal's end."""
PIECE = 200
HELD: tuple[type[Model], ...] = (
    CounterRow, CustomerRow, CustomerWordRow, SaleRow, TopUpRow, PaymentRow, ItemRow, JournalRow,
    PrintJobRow, CatalogueRow, ShiftRow, CashMoveRow, OperatorRow, TefOperationRow, CardReceiptRow,
    ProductRow, ProductWordRow,
)  # fmt: skip
"""What the copy holds, in part or whole."""
_READ_ONLY = frozenset({"product", "product_word", "writer", "schema_migration"})
_NO_NEW_ROWS = frozenset({"operator"})
_SHARED = ("online_order", "acquirer", "statement", "establishment", "remessa", "card_edition", "card_link",
           "subscriber", "subscriber_")  # fmt: skip
"""Tables, or their beginnings, that would mislead where they stand empty."""
_SHOWN_EMPTY = frozenset({"subscriber_action", "subscriber_credit"})
"""Asked about at every start and at the end of every sale."""


def columns_of(model: type[Model]) -> list[Any]:
    """Every column, in order."""
    meta: Any = model._meta
    return list(meta.sorted_fields)


def keys() -> dict[str, str]:
    """The columns of each held table's key, as SQL writes them."""
    metas: list[Any] = [model._meta for model in HELD]
    return {
        meta.table_name: ", ".join(f'"{field.column_name}"' for field in meta.get_primary_keys())
        for meta in metas
    }


NAMES = frozenset(keys())


class Guarded(SqliteDatabase):
    """The copy while the server is away: only what is this till's can be read and written."""

    def _connect(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._connect()  # type: ignore[misc]
        connection.set_authorizer(_allowed)
        return connection


def guarded(path: Path) -> Guarded:
    """Return the guarded side of a copy."""
    return Guarded(str(path), pragmas=dialect.PRAGMAS, check_same_thread=True)


def _allowed(action: int, table: str | None, *_: object) -> int:
    name = table or ""
    if action == sqlite3.SQLITE_READ:
        return sqlite3.SQLITE_DENY if _is_shared(name) else sqlite3.SQLITE_OK
    if action in (sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE):
        return sqlite3.SQLITE_OK if _is_ours(action, name) else sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _is_shared(table: str) -> bool:
    return table.startswith(_SHARED) and table not in _SHOWN_EMPTY


def _is_ours(action: int, table: str) -> bool:
    if action == sqlite3.SQLITE_INSERT and table in _NO_NEW_ROWS:
        return False
    return (table in NAMES and table not in _READ_ONLY) or table == "outbox"


def fetch(tx: Transaction, till: int) -> dict[type[Model], list[Row]]:
    """Read from the server what the copy of a till is to hold."""
    found: dict[type[Model], list[Row]] = {}
    for model, where in _wanted(tx, till):
        query = model.select(*columns_of(model))
        found[model] = tx.rows(query if where is None else query.where(where))
    found[JournalRow] = _end_of_journal(tx, till)
    return found


def replace(tx: Transaction, held: dict[type[Model], list[Row]]) -> None:
    """Have the copy hold exactly that."""
    for model, rows in held.items():
        tx.run(model.delete())
        for at in range(0, len(rows), PIECE):
            tx.run(model.insert_many(rows[at : at + PIECE], fields=columns_of(model)))


def _wanted(tx: Transaction, till: int) -> Iterator[tuple[type[Model], Expression | None]]:
    for model in (CounterRow, OperatorRow, ProductRow, ProductWordRow, CatalogueRow):
        yield model, None
    since = int(time.time() * 1000) - RECENT_MS
    open_ = SaleRow.id.in_(TopUpRow.select(TopUpRow.sale_id).where(TopUpRow.open_since.is_null(False)))
    open_ |= SaleRow.id.in_(PaymentRow.select(PaymentRow.sale_id).where(PaymentRow.open_since.is_null(False)))
    ours = (SaleRow.till == till) & (SaleRow.saved_at.is_null() | (SaleRow.saved_at >= since) | open_)
    ids = [row[0] for row in tx.rows(SaleRow.select(SaleRow.id).where(ours))]
    yield SaleRow, SaleRow.id.in_(ids)
    yield TopUpRow, TopUpRow.sale_id.in_(ids)
    yield PaymentRow, PaymentRow.sale_id.in_(ids)
    yield ItemRow, ItemRow.sale_id.in_(ids)
    customers = SaleRow.select(SaleRow.customer_id).where(SaleRow.id.in_(ids))
    yield CustomerRow, CustomerRow.id.in_(customers)
    yield (
        PrintJobRow,
        (PrintJobRow.till == till) & (PrintJobRow.open_since.is_null(False) | PrintJobRow.sale_id.in_(ids)),
    )
    last = [row[0] for row in tx.rows(_shifts(till).limit(2))]
    yield ShiftRow, ShiftRow.id.in_(last)
    yield (
        CashMoveRow,
        (CashMoveRow.till == till) & (CashMoveRow.shift_id.in_(last) | CashMoveRow.shift_id.is_null()),
    )
    yield TefOperationRow, (TefOperationRow.till == till) & TefOperationRow.open_since.is_null(False)


def _shifts(till: int) -> Any:
    return ShiftRow.select(ShiftRow.id).where(ShiftRow.till == till).order_by(ShiftRow.number.desc())


def _end_of_journal(tx: Transaction, till: int) -> list[Row]:
    """The last lines, those that were not yet checked, and the one that seals the last closing."""
    seals = ShiftRow.select(ShiftRow.seal).where((ShiftRow.till == till) & (ShiftRow.seal != ""))
    newest = JournalRow.select(JournalRow.seq).order_by(JournalRow.seq.desc()).limit(1)
    sealed = tx.row(newest.where((JournalRow.till == till) & JournalRow.hash.in_(seals)))
    last = tx.row(newest.where(JournalRow.till == till))
    end = int(last[0]) if last else 0
    first = min(tx.number(f"checked/{till}"), end - LINES, int(sealed[0]) if sealed else end)
    mine = (JournalRow.till == till) & (JournalRow.seq >= first)
    return tx.rows(JournalRow.select(*columns_of(JournalRow)).where(mine))
