"""A store on a server that a till survives: while the server is away, it goes on with its own copy.

Each transaction is written down in the till's file before the server is asked to commit it, and applied to
the copy once it did. When the server is gone the same work runs on the copy alone and waits in the outbox; on
its return the outbox is played there, in order, each transaction once. See docs/scale.md.
"""

import contextlib
import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from peewee import Database, OperationalError, PeeweeException

from pos_tui.domain.errors import StoreError
from pos_tui.store import dialect, late_claims, local_copy, outbox
from pos_tui.store.database import Store, Transaction, migrate, open_store
from pos_tui.store.falling import Falling
from pos_tui.store.ids import new_key
from pos_tui.store.outbox import Made, OutboxRow, Recording
from pos_tui.store.server import ServerStore, UnknownCommit
from pos_tui.store.telling import as_store_error

T = TypeVar("T")

RETURN_SECONDS = 3.0
"""How often the server is looked for while it is away."""
REFRESH_SECONDS = 300.0
"""How often the copy is fetched again while the server is there."""
BATCH = 50
"""Transactions played in one commit."""
FEW = 100
"""Played while nobody may write."""
_KEYS = local_copy.keys()

log = logging.getLogger(__name__)


class Behind(OperationalError):
    """Another program of this till has something in the outbox: that goes first."""


class ShadowedStore(ServerStore):
    """One database on a server, and this till's copy."""

    looks = 2

    def __init__(self, db: Database, gate: str, path: Path, till: int) -> None:
        """`path` is where the copy is; it and the outbox in it outlive the program."""
        super().__init__(db, gate)
        self._path = path
        self.copy = open_store(f"sqlite:///{path}")
        self.copy.write(lambda tx: tx.make_tables([OutboxRow]))
        self.local = Store(local_copy.guarded(path))
        self.away = False
        self.hindrance = ""
        self._crippled = False
        """Whether the copy could not follow the server."""
        self._stale_at = 0.0
        self._unsure = True
        """Whether the server may have got what the outbox still holds."""
        self._till = till
        self._uploader = f"outbox/{till}"
        self._closing = threading.Event()
        self._lookout: threading.Thread | None = None

    def begin(self) -> None:
        """Bring the server's tables up to date, play the outbox, and fetch the copy; or begin without it.

        Raises:
            StoreError: the server is away or does not take the outbox, and there is no copy to go on with; or
                its tables are newer than we are.
        """
        try:
            with as_store_error(), self._connected():
                migrate(self.db)
        except StoreError as error:
            if not _is_away(error):
                raise
            self.leave(error)
            return
        try:
            self._catch_up()
        except StoreError as error:
            self._hindered(error)
            self.leave(error)

    # As Store

    @contextlib.contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Run queries that change nothing, on the server or on the copy."""
        with as_store_error(), contextlib.ExitStack() as held:
            if not self.away:
                try:
                    held.enter_context(self._connected())
                except OperationalError as error:
                    if not dialect.is_lost(error):
                        raise
                    self.leave(error)
            yield Falling(self)

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on the server, or on the copy and into the outbox (`Store.write`)."""
        with self._turn():
            if not self.away:
                try:
                    return super().write(work)
                except UnknownCommit as unknown:
                    # Kept in the outbox before it was sent: the server will say whether it has it.
                    self.leave(unknown)
                    return unknown.done  # type: ignore[return-value]
                except StoreError as error:
                    if not _is_away(error):
                        raise
                    self.leave(error)
            return self.local.write(lambda tx: outbox.recorded(tx, work))

    def changes(self) -> int:
        """Return a number that is another one whenever another program committed; the same while away."""
        if self.away:
            return -1
        if time.monotonic() > self._stale_at:
            self.refresh()
        return super().changes()

    def sign(self, till: int, at: int) -> None:
        """Say that a till is there, where there is somebody to say it to."""
        if not self.away:
            super().sign(till, at)

    def seen(self) -> dict[int, int]:
        """Return when each till last said so; nothing while the server is away."""
        return {} if self.away else super().seen()

    def refresh(self) -> None:
        """Fetch the copy again: what others changed, people and prices among it."""
        with self._turn():
            if not self.away:
                self._catch_up()

    def rest(self) -> None:
        """Keep neither file open."""
        super().rest()
        for store in (self.copy, self.local):
            store.rest()

    def close(self) -> None:
        """Close this thread's connections."""
        super().close()
        for store in (self.copy, self.local):
            store.close()

    def end(self) -> None:
        """Close for good, and stop looking for the server."""
        self._closing.set()
        if self._lookout is not None:
            self._lookout.join()
        super().end()

    # Going and coming back

    def waiting(self) -> int:
        """Return how many transactions the server has not got."""
        with self.copy.reading() as tx:
            return outbox.count(tx)

    def waiting_since(self) -> int | None:
        """Return since when the oldest of them waits, in UTC milliseconds."""
        with self.copy.reading() as tx:
            return outbox.since(tx)

    def leave(self, error: BaseException) -> None:
        """Go on without the server, and begin to look for it.

        Raises:
            StoreError: there is no copy to go on with.
        """
        with self._turn():
            if self.away:
                return
            if self._crippled or not self.copy.db.user_version:  # type: ignore[attr-defined]
                raise StoreError(
                    "O servidor da loja não responde, e este caixa não tem cópia inteira para seguir sem ele."
                ) from error
            log.warning("the server is away: %s", error)
            while self.copy.write(self._apply_one):
                pass
            self.away = True
            self._lookout = threading.Thread(target=self._look_out, name="lookout", daemon=True)
            self._lookout.start()

    def come_back(self) -> bool:
        """Play the outbox on the server and use it again; say whether it is there."""
        try:
            # Selling goes on meanwhile; what is left is played at a stop, when it is little or grows as fast.
            before = self.waiting() + 1
            while FEW < (left := self.waiting()) < before:
                before = left
                with outbox.alone_with(self._path):
                    for _ in range(0, left, BATCH):
                        self._upload_some()
            with self._turn():
                self._catch_up()
                self.away = False
        except StoreError as error:
            self._hindered(error)
            return False
        self.hindrance = ""
        return True

    def _hindered(self, error: StoreError) -> None:
        """Keep why what waits is not taken, and log it once."""
        before, self.hindrance = self.hindrance, "" if _is_away(error) else error.message
        if self.hindrance not in ("", before):
            log.error("the outbox cannot be played", exc_info=error)

    def _look_out(self) -> None:
        while not self._closing.wait(RETURN_SECONDS) and not self.come_back():
            pass
        self.close()

    def _catch_up(self) -> None:
        with outbox.alone_with(self._path):
            while self._upload_some():
                pass
        with as_store_error(), self._connected():
            server = Transaction(self.db)
            # Fetched while nobody changes the copy: what is committed meanwhile is applied after it.
            self.copy.write(lambda tx: local_copy.replace(tx, local_copy.fetch(server, self._till)))
        self.copy.db.user_version = 1  # type: ignore[attr-defined]
        self._end_absence()
        self._stale_at = time.monotonic() + REFRESH_SECONDS

    def _end_absence(self) -> None:
        """What another till was first with is in the copy now: what is done to it counts again.

        Said after the copy was fetched: a stop between leaves a row to the other till once more, at worst.
        """
        with as_store_error(), self._connected():
            if late_claims.any_lost(Transaction(self.db), self._till):
                self._commit_as(
                    self._uploader, new_key(), lambda tx: late_claims.copied(tx, self._till, _now())
                )

    def _upload_some(self) -> bool:
        """Play the oldest transactions that the server has not got; say whether there were any."""
        with self.copy.reading() as tx:
            oldest = outbox.oldest(tx, BATCH)
        if not oldest:
            return False
        # One that was under way when the server went is looked up by itself.
        batch = list(itertools.takewhile(lambda kept: not kept.writer, oldest)) or oldest[:1]
        with as_store_error(), self._connected():
            if self._unsure:
                played = self.last_of(self._uploader)
                self.copy.write(lambda tx: outbox.forget_up_to(tx, played))
                self._unsure = False
                return True
            if not self._is_there(batch[0]):
                self._play(batch)
        self.copy.write(lambda tx: outbox.forget_up_to(tx, batch[-1].key))
        return True

    def _is_there(self, kept: outbox.Kept) -> bool:
        if not kept.writer:
            return False
        # What was under way when the till died was told to nobody.
        return not kept.applied or self.was_committed(kept.writer, kept.key)

    def _play(self, batch: Sequence[outbox.Kept]) -> None:
        made = [one for kept in batch for one in kept.made]

        def work(tx: Transaction) -> list[Made]:
            late = outbox.play(tx, made, _KEYS, lost=late_claims.lost_of(tx, self._till))
            late_claims.keep(tx, self._till, _now(), late)
            return late

        self._unsure = True
        late = self._commit_as(self._uploader, batch[-1].key, work)
        self._unsure = False
        for claim in late:
            # Another till was first meanwhile: the row is its, and what happened here stands in the journal.
            log.warning("too late on the server: %s %s", claim.table, claim.key)

    # The commits of an open till

    def _may_repeat(self, error: PeeweeException, attempt: int, until: float) -> bool:
        # A connection that broke is made again once: then it is the server that is away.
        return super()._may_repeat(error, attempt, until) and not (attempt and dialect.is_lost(error))

    def _transaction(self) -> Transaction:
        return Recording(self.db)

    def _will_commit(self, tx: Transaction, writer: str, key: str) -> None:
        made = outbox.made_by(tx)
        if writer == self._uploader or not made:
            return

        def prepare(here: Transaction) -> None:
            if outbox.oldest(here, 1, applied=True):
                raise Behind
            outbox.keep(here, key, writer, made)

        self.copy.write(prepare)

    def _did_commit(self, tx: Transaction, writer: str, key: str) -> None:
        made = outbox.made_by(tx)
        if writer == self._uploader or not made:
            return

        def apply(here: Transaction) -> None:
            outbox.play(here, made, _KEYS, _is_held)
            outbox.forget(here, key)

        try:
            self.copy.write(apply)
        except StoreError:
            # It is done, whatever becomes of the copy; without a whole one this till stays with its server.
            log.exception("the copy could not follow")
            self._crippled = True

    def _did_not_commit(self, writer: str, key: str) -> None:
        # An upload that failed leaves the outbox as it is: nothing of it was only tried.
        if writer != self._uploader:
            self.copy.write(lambda tx: outbox.forget(tx, key))

    def _apply_one(self, tx: Transaction) -> bool:
        """Have the copy hold what was under way when the server went: whoever did it goes on from there."""
        for kept in outbox.oldest(tx, 1, applied=False):
            outbox.play(tx, kept.made, _KEYS, _is_held)
            outbox.mark_applied(tx, kept.key)
            return True
        return False


def open_shadowed(url: str, password: str, gate: str, path: Path, till: int) -> ShadowedStore:
    """Open the database on a server with a till's copy beside it.

    Raises:
        StoreError: neither the server nor a copy can be used.
    """
    store = ShadowedStore(dialect.database(url, password), gate, path, till)
    try:
        store.begin()
    except BaseException:
        store.end()
        raise
    return store


def _is_away(error: StoreError) -> bool:
    cause = error.__cause__
    return isinstance(error, UnknownCommit) or (
        cause is not None and (isinstance(cause, Behind) or dialect.is_lost(cause))
    )


def _now() -> int:
    return int(time.time() * 1000)


def _is_held(one: Made) -> bool:
    return one.table in local_copy.NAMES
