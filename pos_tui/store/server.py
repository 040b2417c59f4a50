"""The store on a server that many tills share: one writer at a time, and no commit whose end is not known.

Like SQLite's IMMEDIATE, a writing transaction sees nothing stale: it changes one row first, the gate, which
all writers of a store pass one by one. Serializable transactions were tried instead: ten tills selling flat
out made each other repeat more often than they passed. A commit without an answer is looked up by its key.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from peewee import Database, InterfaceError, OperationalError, PeeweeException, Query

from pos_tui.domain.errors import StoreError
from pos_tui.store import database, dialect
from pos_tui.store.database import RETRIES, Store, Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models.server import WriterRow
from pos_tui.store.sentences import Sentence
from pos_tui.store.telling import as_store_error

T = TypeVar("T")

NEVER = 1 << 60
FORGOTTEN_MS = 30 * 24 * 3_600_000
"""After so long a program that never said more is taken to be gone."""


class _Forgotten(OperationalError):
    """Our row on the server is gone: we were silent for too long."""

    sqlstate = "40001"


class UnknownCommit(StoreError):
    """The server went away in the middle of a commit, and does not come back to be asked."""

    done: object = None
    """What the work returned, for who can go on without knowing."""

    def __init__(self) -> None:
        super().__init__(
            "O servidor parou de responder enquanto gravava, e não se sabe se gravou. Quando ele voltar, "
            "confira antes de repetir."
        )


class Reading(Transaction):
    """Queries that change nothing: one that loses its connection is simply asked again."""

    def _execute(self, query: Query | Sentence) -> Any:
        try:
            return super()._execute(query)
        except (OperationalError, InterfaceError) as error:
            if self._db.transaction_depth() or not dialect.is_lost(error):
                raise
            dialect.drop(self._db)
            self._db.connect()
            return super()._execute(query)


class ServerStore(Store):
    """One database on a server."""

    shared = True
    looks = 8
    """How often a lost commit is looked up before nobody knows."""

    def __init__(self, db: Database, gate: str = "") -> None:
        """`gate` names what shares one gate: empty for all who use this database."""
        super().__init__(db)
        self._gate = f"gate/{gate}"[:32]
        self._signs = f"seen/{gate}"[:26] + "/"
        self._writer = new_key()
        """Our own row, which holds the key of our last commit."""
        self._registered: set[str] = set()
        self._one = threading.RLock()
        """One program's threads would only wait for each other at the gate."""
        self._deep = threading.local()
        self._ended = False

    @contextlib.contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Run queries that change nothing."""
        with as_store_error(), self._connected():
            yield Reading(self.db)

    def changes(self) -> int:
        """Return a number that is another one whenever another program committed: one cheap question."""
        both = WriterRow.id.in_((self._gate, self._writer))
        with self.reading() as tx:
            rows = tx.rows(WriterRow.select(WriterRow.id, WriterRow.changes).where(both))
        found = {str(key): int(count) for key, count in rows}
        return found.get(self._gate, 0) - found.get(self._writer, 0)

    def sign(self, till: int, at: int) -> None:
        """Say that a till is there. It is no change: nobody reads anything again because of it."""
        with as_store_error(), self._connected(), self.db.atomic():
            tx, key = Transaction(self.db), f"{self._signs}{till}"
            if not tx.change("UPDATE writer SET at = ? WHERE id = ?", at, key):
                tx.run(WriterRow.insert(id=key, at=at).on_conflict_ignore())

    def seen(self) -> dict[int, int]:
        """Return when each till last said so."""
        query = WriterRow.select(WriterRow.id, WriterRow.at).where(WriterRow.id.startswith(self._signs))
        with self.reading() as tx:
            return {int(key.removeprefix(self._signs)): int(at) for key, at in tx.rows(query)}

    def quick_check(self) -> str | None:
        """The server looks after its files itself."""
        return None

    def rest(self) -> None:
        """Each use has given its connection back to the pool, where the next one finds it open."""

    def close(self) -> None:
        """Close this thread's connection, and those that nobody uses now."""
        super().close()
        dialect.close_idle(self.db)

    def end(self) -> None:
        """Close this thread's connection for good; those that others still use close as they finish."""
        self._ended = True
        self.close()

    # Inside

    @contextlib.contextmanager
    def _connected(self) -> Iterator[None]:
        """Have a connection; the outermost of nested uses gives it back to the pool."""
        depth = getattr(self._deep, "depth", 0)
        self.db.connect(reuse_if_open=True)
        self._deep.depth = depth + 1
        try:
            yield
        finally:
            self._deep.depth = depth
            if not depth:
                dialect.release(self.db)
                if self._ended:
                    dialect.close_idle(self.db)

    def _may_repeat(self, error: PeeweeException, attempt: int, until: float) -> bool:
        again = dialect.asks_to_repeat(error, attempt) or self._gone(error)
        return again and attempt + 1 < RETRIES

    def _gone(self, error: BaseException) -> bool:
        """Whether the connection was lost with nothing written; throws it away."""
        if not dialect.is_lost(error):
            return False
        dialect.drop(self.db)
        return True

    def _commit(self, work: Callable[[Transaction], T]) -> T:
        with self._connected():
            return self._commit_as(self._writer, new_key(), work)

    def _commit_as(self, writer: str, key: str, work: Callable[[Transaction], T]) -> T:
        """Commit under a key that can be looked up in a writer's row."""
        self._register(writer)
        database.step("before-commit")
        sent = False
        try:
            with self.db.atomic():
                self._pass_gate(writer, key)
                tx = self._transaction()
                done = work(tx)
                database.step("in-transaction")
                self._will_commit(tx, writer, key)
                sent = True
        except PeeweeException as error:
            if not sent or not self._gone(error) or not self._looked_up(writer, key, done):
                self._did_not_commit(writer, key)
                raise
        self._did_commit(tx, writer, key)
        database.step("after-commit")
        return done

    def _looked_up(self, writer: str, key: str, done: object) -> bool:
        try:
            return self.was_committed(writer, key)
        except UnknownCommit as unknown:
            unknown.done = done
            raise

    def _transaction(self) -> Transaction:
        return Transaction(self.db)

    def _will_commit(self, tx: Transaction, writer: str, key: str) -> None:
        """What comes before the commit is asked for; a failure here rolls back."""

    def _did_commit(self, tx: Transaction, writer: str, key: str) -> None:
        """What follows a commit."""

    def _did_not_commit(self, writer: str, key: str) -> None:
        """What follows when it was rolled back after all."""

    def _register(self, writer: str) -> None:
        if writer in self._registered:
            return
        now = int(time.time() * 1000)
        with self.db.atomic():
            tx = Transaction(self.db)
            tx.run(WriterRow.delete().where(WriterRow.at < now - FORGOTTEN_MS))
            rows = [(self._gate, NEVER), (writer, now if writer == self._writer else NEVER)]
            tx.run(WriterRow.insert_many(rows, [WriterRow.id, WriterRow.at]).on_conflict_ignore())
        self._registered.add(writer)

    def _pass_gate(self, writer: str, key: str) -> None:
        """Be the only writer of the store from here to the commit, and leave the commit's key."""
        left = WriterRow.update(last=key, changes=WriterRow.changes + 1)
        if Transaction(self.db).run(left.where(WriterRow.id.in_((self._gate, writer)))) != 2:
            self._registered.discard(writer)
            raise _Forgotten

    def was_committed(self, writer: str, key: str) -> bool:
        """Look a writer's last commit up by its key. Raises UnknownCommit as `last_of`."""
        return self.last_of(writer) == key

    def last_of(self, writer: str) -> str:
        """Return the key of a writer's last commit. One under way holds its row: this waits for its end.

        Raises:
            UnknownCommit: the server does not come back.
        """
        for attempt in range(self.looks):
            try:
                self.db.connect(reuse_if_open=True)
                with self.db.atomic():
                    tx, mine = Transaction(self.db), WriterRow.id == writer
                    tx.run(WriterRow.update(changes=WriterRow.changes + 1).where(mine))
                    row = tx.row(WriterRow.select(WriterRow.last).where(mine))
                return str(row[0]) if row else ""
            except PeeweeException as error:
                if not self._gone(error) and not dialect.asks_to_repeat(error):
                    raise
            database.pause(attempt)
        raise UnknownCommit
