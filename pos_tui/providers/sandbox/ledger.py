"""One ledger for every wire format: what is held, what was credited, and how often each happened.

Append-only: every effect is one line of JSON, on disk before it is answered. A line torn by a crash is
dropped at the next start. Times are seconds since 1970 by the clock that is handed in.
"""

import json
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct, to_builtins

from pos_tui.domain.values import replace

Clock: TypeAlias = Callable[[], float]
Event: TypeAlias = dict[str, object]


class State(StrEnum):
    """Where a purchase stands in the ledger."""

    RESERVED = "reserved"
    PROCESSING = "processing"
    """Confirmed; the operator credits the line a moment later."""
    CREDITED = "credited"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    DECLINED = "declined"
    """Confirmed, and the operator said no: nothing credited."""


class Reason(StrEnum):
    """Why the ledger refuses a move."""

    ABSENT = "absent"
    EXPIRED = "expired"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    PENDING_LIMIT = "pending_limit"


class Refusal(Exception):
    """The ledger does not make this move; nothing changed."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Purchase(Struct, frozen=True):
    """What is bought: `line` in eleven digits, `face` and `cost` in centavos."""

    key: str
    line: str
    operator: str
    product: str
    face: int
    cost: int
    terminal: str = ""


class Row(Struct, frozen=True):
    """One purchase in the ledger. `wire` names the dialect that asked for it."""

    wire: str
    ref: str
    nsu: str
    purchase: Purchase
    state: State
    reserved_at: float
    expires_at: float | None = None
    due: float | None = None
    """When the operator decides about a PROCESSING purchase."""
    due_state: State = State.CREDITED
    holds: bool = False
    """Past its time it can no longer be confirmed, and is held until it is cancelled, as at DT One."""
    word: str = ""
    """Set only by a fault: the state as no provider would say it."""

    @property
    def held(self) -> bool:
        """Whether it takes the store's credit and may be cancelled."""
        return self.state is State.RESERVED or (self.holds and self.state is State.EXPIRED)


class Settings(Struct):
    """Rules that may change while running."""

    cap: int | None = None
    """Most reserves held at once, per dialect; None for no limit."""
    ttl: float | None = None
    """Seconds a reserve lives; None for ever."""


_FIRST_REF = 1_000_000_000
_ENDING = {
    "credited": State.CREDITED,
    "cancelled": State.CANCELLED,
    "expired": State.EXPIRED,
    "declined": State.DECLINED,
}
_REFUSES = {
    State.EXPIRED: Reason.EXPIRED,
    State.CREDITED: Reason.CONFIRMED,
    State.PROCESSING: Reason.CONFIRMED,
    State.CANCELLED: Reason.CANCELLED,
    State.DECLINED: Reason.DECLINED,
}


class Ledger:
    """The purchases and the counts. Thread-safe. Without a path it lives in memory only.

    Raises:
        ValueError: at construction, when the file holds something else than a ledger.
    """

    def __init__(self, path: Path | None, clock: Clock, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self._clock = clock
        self._lock = threading.RLock()
        self._path = path
        self._clear()
        for event in _read(path) if path else ():
            self._apply(event)
        self._file = path.open("a", encoding="utf-8") if path else None

    def reserve(
        self,
        wire: str,
        purchase: Purchase,
        *,
        ttl: float | None = None,
        holds: bool = False,
        anew: bool = False,
    ) -> tuple[Row, bool]:
        """Hold a purchase; return its row and whether the key was known already.

        `holds` keeps it past its time, see `Row.holds`. `anew` breaks the promise of idempotency, as a
        provider's bug would.
        """
        with self._moment() as now:
            known = self._latest.get((wire, purchase.key))
            if known is not None and not anew:
                return self._rows[known], True
            if self.settings.cap is not None and len(self._held(wire)) >= self.settings.cap:
                raise Refusal(Reason.PENDING_LIMIT)
            life = self.settings.ttl if self.settings.ttl is not None else ttl
            number = len(self._rows) + 1
            row = Row(
                wire=wire,
                ref=str(_FIRST_REF + number),
                nsu=f"{number:06d}",
                purchase=purchase,
                state=State.RESERVED,
                reserved_at=now,
                expires_at=None if life is None else now + life,
                holds=holds,
            )
            self._record({"event": "reserved", "row": to_builtins(row)})
            return row, False

    def confirm(
        self,
        wire: str,
        key: str,
        *,
        delay: float | None = None,
        due_state: State = State.CREDITED,
        again: bool = False,
        given_up: bool = False,
    ) -> Row:
        """Credit a reserve, at once or `delay` seconds later. Raises Refusal.

        `again` credits even what is credited already, as a provider's bug would; `given_up` what was let go
        or has expired, as when a payment was on its way already.
        """
        with self._moment() as now:
            row = self._row(wire, key)
            all_the_same = again and row.state is State.CREDITED
            all_the_same |= given_up and row.state in (State.CANCELLED, State.EXPIRED)
            if row.state is not State.RESERVED and not all_the_same:
                raise Refusal(_REFUSES[row.state])
            if delay is None:
                self._record({"event": "credited", "ref": row.ref})
            else:
                due = {"due": now + delay, "due_state": due_state}
                self._record({"event": "processing", "ref": row.ref, **due})
            return self._rows[row.ref]

    def cancel(self, wire: str, key: str) -> Row:
        """Let a reserve go; a second time changes nothing. Raises Refusal."""
        with self._moment():
            row = self._row(wire, key)
            if row.state is State.CANCELLED:
                return row
            if not row.held:
                raise Refusal(_REFUSES[row.state])
            self._record({"event": "cancelled", "ref": row.ref})
            return self._rows[row.ref]

    def find(self, wire: str, key: str) -> Row:
        """Return the latest row of a key. Raises Refusal when there is none."""
        with self._moment():
            return self._row(wire, key)

    def by_ref(self, wire: str, ref: str) -> Row:
        """Return the row of a provider's own number. Raises Refusal when there is none."""
        with self._moment():
            row = self._rows.get(ref)
            if row is None or row.wire != wire:
                raise Refusal(Reason.ABSENT)
            return row

    def pendings(self, wire: str) -> list[Row]:
        """Every reserve that a dialect holds, oldest first."""
        with self._moment():
            return self._held(wire)

    def expire_all(self) -> None:
        """Let every reserve expire now."""
        with self._moment():
            for ref in sorted(self._open):
                if self._rows[ref].state is State.RESERVED:
                    self._record({"event": "expired", "ref": ref})

    def used(self) -> int:
        """Centavos of the store's credit that are held or spent."""
        with self._moment():
            spent = (State.PROCESSING, State.CREDITED)
            rows = (row for row in self._rows.values() if row.held or row.state in spent)
            return sum(row.purchase.cost for row in rows)

    def rows(self) -> list[Row]:
        """Every row, oldest first."""
        with self._moment():
            return list(self._rows.values())

    def counts(self) -> dict[str, int]:
        """How often each effect happened: reserved, processing, credited, cancelled, expired, declined."""
        with self._moment():
            return dict(self._counts)

    def credits(self) -> dict[str, tuple[int, int]]:
        """For each line, how many credits it got and their sum in centavos."""
        with self._moment():
            return dict(self._credits)

    def reset(self) -> None:
        """Forget everything, on disk too."""
        with self._lock:
            self._clear()
            if self._file is not None:
                self._file.truncate(0)

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            if self._file is not None:
                self._file.close()

    def _clear(self) -> None:
        self._rows: dict[str, Row] = {}
        self._latest: dict[tuple[str, str], str] = {}
        self._open: set[str] = set()
        self._counts: Counter[str] = Counter()
        self._credits: dict[str, tuple[int, int]] = {}

    @contextmanager
    def _moment(self) -> Iterator[float]:
        """Hold the lock, and let what is due by now happen first."""
        with self._lock:
            now = self._clock()
            for ref in sorted(self._open):
                row = self._rows[ref]
                if row.state is State.RESERVED and row.expires_at is not None and now >= row.expires_at:
                    self._record({"event": "expired", "ref": ref})
                elif row.state is State.PROCESSING and row.due is not None and now >= row.due:
                    self._record({"event": row.due_state.value, "ref": ref})
            yield now

    def _row(self, wire: str, key: str) -> Row:
        ref = self._latest.get((wire, key))
        if ref is None:
            raise Refusal(Reason.ABSENT)
        return self._rows[ref]

    def _held(self, wire: str) -> list[Row]:
        rows = (self._rows[ref] for ref in sorted(self._open))
        return [row for row in rows if row.wire == wire and row.held]

    def _record(self, event: Event) -> None:
        if self._file is not None:
            self._file.write(json.dumps(event, ensure_ascii=False) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        self._apply(event)

    def _apply(self, event: Event) -> None:
        kind = str(event["event"])
        if kind == "reserved":
            row = _row_from(event["row"])
            self._latest[row.wire, row.purchase.key] = row.ref
        elif kind == "processing":
            row = self._rows[str(event["ref"])]
            due_state = State(str(event["due_state"]))
            row = replace(row, state=State.PROCESSING, due=float(str(event["due"])), due_state=due_state)
        else:
            row = replace(self._rows[str(event["ref"])], state=_ENDING[kind])
        self._rows[row.ref] = row
        waits = row.held or row.state is State.PROCESSING
        (self._open.add if waits else self._open.discard)(row.ref)
        self._counts[kind] += 1
        if row.state is State.CREDITED:
            times, total = self._credits.get(row.purchase.line, (0, 0))
            self._credits[row.purchase.line] = (times + 1, total + row.purchase.face)


def _row_from(value: object) -> Row:
    if not isinstance(value, dict):
        raise ValueError(value)
    states = {"state": State(value["state"]), "due_state": State(value["due_state"])}
    return Row(**value | states | {"purchase": Purchase(**value["purchase"])})


def _read(path: Path) -> Iterator[Event]:
    """Read the events of a file, cutting off a last line that a crash has torn."""
    path.touch()
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if whole != content:
        with path.open("r+b") as file:
            file.truncate(len(whole))
    for line in whole.splitlines():
        event = json.loads(line)
        if not isinstance(event, dict):
            raise ValueError(line)
        yield event
