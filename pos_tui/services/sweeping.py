"""Asking about what is left over: before the first sale, by F5 in the list, and by itself while selling."""

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from msgspec import Struct

from pos_tui.domain.errors import PosError, StoreError
from pos_tui.domain.journal import SYSTEM
from pos_tui.domain.outcome import Done
from pos_tui.domain.topup import FINAL, IN_FLIGHT, UNSENT, Standing, TopUp, TopUpState
from pos_tui.services.context import Context
from pos_tui.services.running import Loop
from pos_tui.services.settling import contradicts
from pos_tui.services.topups import TopUps
from pos_tui.store import topups as rows

LONGEST_SLEEP = 10.0
"""Seconds after which the round looks again at what other tills left behind."""
ABANDONED = 5 * 60_000
"""A till that is this late to ask is taken to be closed."""
JUST_NOW = 2 * 60_000
"""A list read before a decision may still show what was decided meanwhile."""

log = logging.getLogger(__name__)


class Stranger(Struct, frozen=True):
    """A pending at the provider that does not fit what we have."""

    standing: Standing
    ours: TopUp | None
    """What we have under its number: over here, pending there. None without a local sale."""

    @property
    def words(self) -> str:
        """What it is, as the list says it."""
        return "Pendente sem venda local" if self.ours is None else f"{self.ours.words} aqui, pendente lá"

    @property
    def short_words(self) -> str:
        """The same for a row of the list."""
        return self.words if self.ours is None else f"{self.ours.words.split()[0]} aqui, pendente lá"


class Sweep(Struct, frozen=True):
    """What a sweep found."""

    resolved: int
    waiting: int
    strangers: tuple[Stranger, ...]
    compared: bool = True
    """Whether the provider's list could be read."""


class Sweeper:
    """Compares both sides' pendings and asks about what is open."""

    def __init__(self, context: Context, topups: TopUps) -> None:
        self._context = context
        self._topups = topups
        self.strangers: tuple[Stranger, ...] = ()
        """Those of the last list that could be read."""

    def sweep(self, who: str) -> Sweep:
        """Ask about everything left in flight, finish what was decided, and compare both sides' pendings.

        Run before the first sale (design §2.6). A decision that provably never arrived is sent again: it was
        made by a person and cannot be unmade.
        """
        outcome = self._topups.connect(self._topups.name).pendings()
        remote = outcome.answer if isinstance(outcome, Done) else None
        settled = [self._topups.resolve(topup, who) for topup in self._left_over()]
        if remote is not None:
            settled += self._compare(remote, who)
            self.strangers = self._strange(remote, who)
        waiting = sum(topup.state is TopUpState.UNCERTAIN or topup.state in IN_FLIGHT for topup in settled)
        return Sweep(len(settled) - waiting, waiting, self.strangers, remote is not None)

    def ask_due(self) -> int:
        """Ask about what is due by now; return how many."""
        now = self._context.now()
        with self._context.store.reading() as tx:
            found = rows.due(tx, self._context.till, now, now - ABANDONED)
        for topup in found:
            self._topups.resolve(topup, SYSTEM)
        return len(found)

    def sleep_seconds(self) -> float:
        """How long there is nothing to ask."""
        with self._context.store.reading() as tx:
            at = rows.next_ask(tx, self._context.till)
        if at is None:
            return LONGEST_SLEEP
        return min(LONGEST_SLEEP, max(1.0, (at - self._context.now()) / 1000))

    def _left_over(self) -> list[TopUp]:
        with self._context.store.reading() as tx:
            return rows.in_flight(tx, self._context.till, self._context.now())

    def _compare(self, remote: Sequence[Standing], who: str) -> list[TopUp]:
        """Ask about what only one side holds as pending, or both in different ways."""
        keys = [standing.key for standing in remote]
        with self._context.store.reading() as tx:
            only_here = rows.reserved_besides(tx, self._topups.name, keys)
            ours = rows.by_keys(tx, self._topups.name, keys)
        asked = [self._topups.resolve(topup, who) for topup in only_here]
        for standing in remote:
            topup = ours.get(standing.key)
            if topup is None:
                continue
            if topup.state in UNSENT:
                asked += self._doubted(topup, who)
            elif topup.state is TopUpState.RESERVED and contradicts(topup, standing):
                asked.append(self._topups.resolve(topup, who))
        return asked

    def _doubted(self, topup: TopUp, who: str) -> Iterable[TopUp]:
        if topup.state is not TopUpState.NOT_SENT:
            return
        try:
            yield self._topups.doubt(topup, who)
        except PosError:
            yield topup

    def _strange(self, remote: Sequence[Standing], who: str) -> tuple[Stranger, ...]:
        """What only the provider holds as pending, after it was asked to let go what is nobody's any more."""
        with self._context.store.reading() as tx:
            ours = rows.by_keys(tx, self._topups.name, [standing.key for standing in remote])
        found = (Stranger(standing, ours.get(standing.key)) for standing in remote)
        left = [one for one in found if one.ours is None or not self._let_go(one.ours, one.standing, who)]
        return tuple(one for one in left if one.ours is None or self._long_over(one.ours))

    def _let_go(self, ours: TopUp, theirs: Standing, who: str) -> bool:
        if contradicts(ours, theirs) or (ours.state is TopUpState.CANCELLED and not self._long_over(ours)):
            return False
        return self._topups.release(ours, who)

    def _long_over(self, ours: TopUp) -> bool:
        long_ago = (ours.settled_at or 0) < self._context.now() - JUST_NOW
        return ours.state in FINAL and long_ago


class Asks(Protocol):
    """What rounds do."""

    def ask_due(self) -> int:
        """Ask about what is due; 0 when there is nothing new to draw."""

    def sleep_seconds(self) -> float:
        """How long nothing is due."""


class Rounds:
    """Asks in the background, from `start` to `stop`; sleeps while nothing is due."""

    def __init__(self, context: Context, sweeper: Asks) -> None:
        self._store = context.store
        self._sweeper = sweeper
        self._loop = Loop("rounds", self._work)
        self.heard: Callable[[], object] = lambda: None
        """Called, in the background, after something was asked."""

    def start(self) -> None:
        """Begin."""
        self._loop.start()

    def stop(self, patience: float = 3.0) -> None:
        """Let the question under way end, up to `patience` seconds."""
        self._loop.stop(patience)

    def _work(self) -> None:
        while not self._loop.over.wait(self._pause()):
            try:
                if self._sweeper.ask_due():
                    self.heard()
            except PosError:
                log.exception("a round was cut short")
        self._store.close()

    def _pause(self) -> float:
        try:
            return self._sweeper.sleep_seconds()
        except StoreError:
            return LONGEST_SLEEP
