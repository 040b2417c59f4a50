"""What a till wrote, kept as statements, so that another database can be made to hold the same.

Every transaction has a key. It is played on the server once, whatever dies in between: the server's row of
the till's outbox holds the key of the last one played, and is changed in the same commit.
"""

import contextlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    Database,
    Model,
    Query,
    SqliteDatabase,
    TextField,
    fn,
)

from pos_tui.domain.errors import StoreError
from pos_tui.store.database import Transaction
from pos_tui.store.ids import made_at, new_key
from pos_tui.store.models.fields import Key
from pos_tui.store.sentences import Sentence
from pos_tui.store.telling import as_store_error

T = TypeVar("T")

_NEUTRAL = SqliteDatabase(None)
_TABLE = re.compile(r'(?:INSERT (?:OR IGNORE )?INTO|UPDATE|DELETE FROM) "?(\w+)"?')
_CLAIM = "WHERE id = ? AND version = ?"


class Made(NamedTuple):
    """One statement that changed something."""

    table: str
    text: str
    """With a `?` for each value."""
    values: list[Any]

    @property
    def is_claim(self) -> bool:
        """Whether it is a compare-and-set: it may have come too late elsewhere."""
        return self.text.endswith(_CLAIM)

    @property
    def key(self) -> str:
        """Of a compare-and-set: which row."""
        return str(self.values[-2])


class OutboxRow(Model):
    """A transaction that the server has not got, or of which nobody knows. In the till's own file only."""

    key = Key(primary_key=True)
    seq = BigIntegerField(unique=True)
    writer = CharField(max_length=32)
    """Under whose row a commit under way can be looked up; empty when it was never sent."""
    made = TextField()
    applied = BooleanField()
    """Whether the copy has it: whoever did it was told that it is done."""

    class Meta:
        table_name = "outbox"


class Recording(Transaction):
    """A transaction that remembers what it changed."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self.made: list[Made] = []

    def _execute(self, query: Query | Sentence) -> Any:
        cursor = super()._execute(query)
        text, values = query if isinstance(query, Sentence) else _neutral(query)
        self._remember(text, values, cursor.rowcount)
        return cursor

    def run_sentence(self, sentence: str, values: Sequence[object]) -> int:
        """Run a text of `sentence`, and remember it."""
        count = super().run_sentence(sentence, values)
        self._remember(sentence.replace("%s", "?"), values, count)
        return count

    def _remember(self, text: str, values: Sequence[Any], count: int) -> None:
        found = _TABLE.match(text)
        # What touched no row did nothing here, and must do nothing there.
        if found is not None and count:
            self.made.append(Made(found[1], text, list(values)))


class Kept(NamedTuple):
    """A transaction of the outbox."""

    key: str
    writer: str
    applied: bool
    made: list[Made]


def _neutral(query: Query) -> tuple[str, Sequence[Any]]:
    """A query of peewee's as text with a `?` for each value."""
    context: Any = _NEUTRAL.get_sql_context()
    text, values = context.sql(query).query()
    return str(text), values


def keep(tx: Transaction, key: str, writer: str, made: Sequence[Made]) -> None:
    """Put a transaction at the end: one that is under way, or without a writer one that is done."""
    last = tx.row(OutboxRow.select(fn.MAX(OutboxRow.seq)))
    seq = (last[0] or 0) + 1 if last else 1
    tx.insert(OutboxRow, key=key, seq=seq, writer=writer, made=json.dumps(made), applied=not writer)


def oldest(tx: Transaction, limit: int, *, applied: bool | None = None) -> list[Kept]:
    """Return the oldest transactions, or the oldest that the copy has, or has not."""
    query = OutboxRow.select(OutboxRow.key, OutboxRow.writer, OutboxRow.applied, OutboxRow.made)
    if applied is not None:
        query = query.where(OutboxRow.applied == applied)
    return [
        Kept(key, writer, bool(done), [Made(*one) for one in json.loads(made)])
        for key, writer, done, made in tx.rows(query.order_by(OutboxRow.seq).limit(limit))
    ]


def mark_applied(tx: Transaction, key: str) -> None:
    """Say that the copy has a transaction."""
    tx.run(OutboxRow.update(applied=True).where(OutboxRow.key == key))


def forget(tx: Transaction, key: str) -> None:
    """Take a transaction out."""
    tx.run(OutboxRow.delete().where(OutboxRow.key == key))


def forget_up_to(tx: Transaction, key: str) -> None:
    """Take a transaction out, with all before it; nothing where it is not there."""
    row = tx.row(OutboxRow.select(OutboxRow.seq).where(OutboxRow.key == key))
    if row is not None:
        tx.run(OutboxRow.delete().where(OutboxRow.seq <= row[0]))


def since(tx: Transaction) -> int | None:
    """Return the instant of the oldest, in UTC milliseconds: its key tells."""
    row = tx.row(OutboxRow.select(OutboxRow.key).order_by(OutboxRow.seq).limit(1))
    return made_at(row[0]) if row else None


def count(tx: Transaction) -> int:
    """Return how many transactions wait."""
    row = tx.row(OutboxRow.select(fn.COUNT(OutboxRow.key)))
    return int(row[0]) if row else 0


def play(
    tx: Transaction,
    made: Sequence[Made],
    keys: dict[str, str],
    wanted: Callable[[Made], bool] = lambda _: True,
    lost: Iterable[tuple[str, str]] = (),
) -> list[Made]:
    """Do the same again; return the claims that came too late.

    `keys` holds the columns of each table's key: a row that is there already is left as it is. Anything else
    that hinders an INSERT is an error: nothing may be left out in silence. A row whose claim came too late is
    `lost` from there on: its new owner may just have reached the version that the next claim asks for.
    """
    late, gone = [], set(lost)
    for one in made:
        if not wanted(one):
            continue
        row = (one.table, one.key) if one.is_claim else None
        if row in gone or (not tx.change(_kept_once(one, keys), *one.values) and row):
            late.append(one)
            gone.add((one.table, one.key))
    return late


def _kept_once(one: Made, keys: dict[str, str]) -> str:
    text = one.text.replace("INSERT OR IGNORE INTO", "INSERT INTO", 1)
    if not text.startswith("INSERT") or "ON CONFLICT" in text:
        return text
    target = f" ({keys[one.table]})" if text == one.text and one.table in keys else ""
    return f"{text} ON CONFLICT{target} DO NOTHING"


def made_by(tx: Transaction) -> list[Made]:
    """Return what a transaction that remembers has changed so far."""
    return tx.made if isinstance(tx, Recording) else []


def recorded(tx: Transaction, work: Callable[[Transaction], T]) -> T:
    """Run work on the copy, and keep what it did for the server, in one commit."""
    recording = Recording(tx.database)
    done = work(recording)
    if recording.made:
        keep(tx, new_key(), "", recording.made)
    return done


@contextlib.contextmanager
def alone_with(path: Path) -> Iterator[None]:
    """Be the only program of this till that plays its outbox. Raises StoreError when another one is at it."""
    file = Path(f"{path}.lock")
    file.touch(mode=0o600)
    lock = sqlite3.connect(file, timeout=30, isolation_level=None)
    try:
        with as_store_error():
            lock.execute("BEGIN EXCLUSIVE")
            yield
    except sqlite3.OperationalError as error:
        raise StoreError("Outro programa deste caixa está enviando o que ficou guardado.") from error
    finally:
        lock.close()
