"""The one mechanism for whatever can cost somebody money (design §2).

`ask` is the only road to an outside effect. It commits the intent and the claim of the subject's row, lets
the request go, and commits the answer together with everything that follows from it. A crash between any two
of these leaves a row that says exactly what may have happened.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec import Struct, field
from peewee import Field as PeeweeField
from peewee import Model

from pos_tui.domain.errors import Conflict
from pos_tui.domain.journal import GENESIS, Field, canonical
from pos_tui.domain.lease import LEASE_MS
from pos_tui.domain.outcome import Done, NotSent, Outcome, Refused, Uncertain
from pos_tui.store import chain, database
from pos_tui.store.database import Row, Store, Transaction
from pos_tui.store.models import JournalRow

A = TypeVar("A")

CHECKED_AT_ONCE = 2_000
"""Rows of the chain held in memory while it is checked."""


class Change(Struct, frozen=True):
    """What a row becomes, and what else belongs to the same commit."""

    values: Mapping[str, object] = field(default_factory=dict)
    then: Callable[[Transaction], None] | None = None
    told: Mapping[str, Field] = field(default_factory=dict)
    """What the journal's line of the outcome says besides: the evidence."""


class Claim(Struct, frozen=True):
    """A row of `model`, as last read, and what we want it to become."""

    model: type[Model]
    key: str
    version: int
    change: Change = Change()


class Event(Struct, frozen=True):
    """One line of the journal."""

    kind: str
    """What is asked: `topup.reserve`, `topup.confirm`, `print`…"""
    subject: str
    who: str
    data: Mapping[str, Field] = field(default_factory=dict)


class Journal:
    """Writes and checks one till's chain."""

    def __init__(self, store: Store, till: int, now: Callable[[], int]) -> None:
        self._store = store
        self._till = till
        self._now = now

    def note(self, tx: Transaction, event: Event, name: str) -> None:
        """Append one event to the chain inside an open transaction."""
        line = (event.who, event.kind, event.subject, name, canonical(event.data).decode())
        chain.append(tx, self._till, self._now(), line)

    def ask(
        self,
        claim: Claim,
        event: Event,
        request: Callable[[], Outcome[A]],
        settle: Callable[[Outcome[A]], Change],
    ) -> Outcome[A]:
        """Ask the outside for one effect, once.

        `settle` says what the claimed row becomes by the outcome, and what else belongs to that commit; it
        runs inside the transaction and may run twice. Should the row have been taken over meanwhile (the
        lease ran out), the outcome is journaled and the row is left to its new owner.

        Raises:
            Conflict: another till or person was first; nothing was sent.
            StoreError: the intent could not be committed; nothing was sent. After the request: the answer
                could not be committed, and the sweep will ask again.
        """
        self._store.write(lambda tx: self._intend(tx, claim, event))
        outcome = _guarded(request)
        database.step("after-answer")
        self._store.write(lambda tx: self._settle(tx, claim, event, outcome, settle(outcome)))
        return outcome

    def change(self, claim: Claim, event: Event, name: str) -> None:
        """Change a row without asking the outside: one commit of the change and its journal line.

        Raises:
            Conflict: another till or person was first.
        """

        def work(tx: Transaction) -> None:
            if not _apply(tx, claim, claim.version, claim.change):
                raise Conflict("Outra pessoa já mudou este item: confira como ele está e decida de novo.")
            self.note(tx, event, name)

        self._store.write(work)

    def last_at(self) -> int | None:
        """Return the instant of this till's last line in UTC milliseconds, None before its first."""
        row = self._last(JournalRow.at)
        return int(row[0]) if row else None

    def length(self) -> int:
        """Return how many lines this till has."""
        row = self._last(JournalRow.seq)
        return int(row[0]) if row else 0

    def _last(self, column: PeeweeField) -> Row | None:
        query = JournalRow.select(column).where(JournalRow.till == self._till)
        with self._store.reading() as tx:
            return tx.row(query.order_by(JournalRow.seq.desc()).limit(1))

    def verify(self, whole: bool = False) -> int | None:
        """Return the seq of the first broken row of this till's chain, or None.

        The start checks what was added since the last check, and remembers how far it came; `whole` checks
        from the first row, which takes seconds for each 100 000 rows.
        """
        checked = 0 if whole else self._checked()
        previous, at = self._hash_at(checked), checked
        if previous is None:
            return checked
        while page := self._page(at):
            broken = chain.first_broken(page, previous, at)
            if broken is not None:
                return broken
            previous, at = chain.end(page)
        self._store.write(lambda tx: tx.keep_number(f"checked/{self._till}", at))
        return None

    def _checked(self) -> int:
        with self._store.reading() as tx:
            return tx.number(f"checked/{self._till}")

    def _hash_at(self, seq: int) -> str | None:
        """The hash of a row known to have been there; None when it is gone."""
        if seq == 0:
            return GENESIS
        query = JournalRow.select(JournalRow.hash)
        with self._store.reading() as tx:
            row = tx.row(query.where((JournalRow.till == self._till) & (JournalRow.seq == seq)))
        return str(row[0]) if row else None

    def _page(self, after: int) -> list[Row]:
        query = JournalRow.select(*(getattr(JournalRow, name) for name in (*chain.CHAINED, "hash")))
        query = query.where((JournalRow.till == self._till) & (JournalRow.seq > after))
        with self._store.reading() as tx:
            return tx.rows(query.order_by(JournalRow.seq).limit(CHECKED_AT_ONCE))

    def _intend(self, tx: Transaction, claim: Claim, event: Event) -> None:
        lease = {"lease_till": self._till, "lease_until": self._now() + LEASE_MS}
        if not _apply(tx, claim, claim.version, claim.change, **lease):
            raise Conflict("Outra pessoa ou outro caixa já está cuidando deste item. Nada foi enviado daqui.")
        self.note(tx, event, "intent")

    def _settle(
        self, tx: Transaction, claim: Claim, event: Event, outcome: Outcome[A], change: Change
    ) -> None:
        ours = _apply(tx, claim, claim.version + 1, change, lease_till=None, lease_until=None)
        data = {**event.data, **_describe(outcome), **change.told}
        self.note(tx, Event(event.kind, event.subject, event.who, data), "outcome" if ours else "late")


def _apply(tx: Transaction, claim: Claim, version: int, change: Change, **lease: object) -> bool:
    if not tx.claim(claim.model, claim.key, version, **change.values, **lease):
        return False
    if change.then is not None:
        change.then(tx)
    return True


def _guarded(request: Callable[[], Outcome[A]]) -> Outcome[A]:
    """An adapter never raises; should one do so all the same, what it did is unknown."""
    try:
        return request()
    except Exception as error:
        import logging

        logging.getLogger(__name__).exception("adapter raised")
        return Uncertain(f"Falha interna ao falar com o provedor ({type(error).__name__}).")


def _describe(outcome: Outcome[A]) -> dict[str, Field]:
    match outcome:
        case Done():
            return {"outcome": "done"}
        case Refused(reason, code, text):
            return {"outcome": "refused", "reason": reason.value, "code": code, "text": text}
        case NotSent(why):
            return {"outcome": "not_sent", "why": why}
        case Uncertain(why):
            return {"outcome": "uncertain", "why": why}
