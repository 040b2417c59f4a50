"""The Till: one program that sells, from its opening to its closing. Screens, CLI and tests hold it.

Opening it is cheap: what is slow begins when it is first needed, behind the first paint.
"""

import contextlib
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from pos_tui.config import Config, data_dir
from pos_tui.domain.errors import StoreError
from pos_tui.domain.values import replace
from pos_tui.selling import Selling
from pos_tui.services import alone
from pos_tui.services.context import Clock, wall_clock
from pos_tui.services.offers import NoOffers
from pos_tui.services.recovery import Recovery
from pos_tui.services.sweeping import Asks, Rounds, Sweep

if TYPE_CHECKING:
    from pos_tui.upkeep import Rounds as Upkeep


class TillOpen(StoreError):
    """Another program is this till."""


class Started(Struct):
    """What the till found when it started."""

    sweep: Sweep | None = None
    broken_chain: str = ""
    """What is wrong with the journal: altered, or its end up to the last seal cut off."""
    damage: str | None = None
    """What is damaged in the database file."""


class Till(Selling):
    """One terminal of one store."""

    _is_till = False
    """Whether this program is the till itself, and not one beside it."""

    @classmethod
    def open(cls, config: Config, clock: Clock = wall_clock, folder: Path | None = None) -> "Till":
        """Open the database and take the till's number.

        Raises:
            StoreError: the database cannot be used, or another program already is this till.
        """
        till = cls(config, folder or data_dir(), clock)
        try:
            till._take_number()
            # Opens the database and reads from it now, so that its faults are told before the screen.
            till.sales.current("", "")
        except BaseException:
            till.close()
            raise
        return till

    @classmethod
    def beside(cls, config: Config, clock: Clock = wall_clock, folder: Path | None = None) -> "Till":
        """Open the database for reading and queueing papers, whether or not the till itself is open.

        Raises:
            StoreError: the database cannot be used.
        """
        return cls(config, folder or data_dir(), clock)

    def start(self, who: str) -> Started:
        """Do what must happen before the first sale, behind the screen: check, sweep, print what is owed."""
        found = Started(damage=self.context.store.quick_check())
        if found.damage is not None:
            return found
        found.broken_chain = self.cash.broken_chain(whole=False)
        self.spool.start()
        found.sweep = self.sweeper.sweep(who)
        self.rounds.start()
        if self.context.store.shared:
            self.neighbours.start()
        self.upkeep.start()
        with contextlib.suppress(NoOffers):
            self.offers.catalogue()
        if self.config.orders.url and not self.config.training:
            self.orders.start()
        if self.config.charges_monthly:
            self.recurring.watch.sweep(who)
            self.recurring_rounds.start()
        if self.config.payment.asks_pix:
            self.late_rounds.start()
        return found

    def catch_up(self, who: str) -> Recovery:
        """Recover the payments left open. Behind the screen: TEF may take as long as its manager."""
        from pos_tui.store import subscriber_actions

        if "tef" in self.config.payment.methods:
            self.tef.recover(who)
        recovery = self.closing.catch_up(who, self.config.till.number)
        if "tef" in self.config.payment.methods:
            # What had to wait for a card that was cut off.
            self.tef.recover(who)
        if subscriber_actions.any_waiting(self.context.store):
            self.centre.actions.sweep(who)
        if self.config.payment.asks_pix:
            self.late.ask_due()
            recovery = replace(recovery, late=tuple(self.late.found()))
        return recovery

    def hear(self, heard: Callable[[], object]) -> None:
        """Have something called, from the background, whenever that settled anything, or another till did."""
        self.rounds.heard = heard
        if self.context.store.shared:
            self.neighbours.heard = heard
        if self.config.charges_monthly:
            self.recurring_rounds.heard = heard
        if self.config.payment.asks_pix:
            self.late_rounds.heard = heard

    @cached_property
    def rounds(self) -> Rounds:
        """Asks in the background."""
        return self._going_round(self.sweeper)

    @cached_property
    def recurring_rounds(self) -> Rounds:
        """Asks about recurring payments in the background."""
        return self._going_round(self.recurring.watch)

    @cached_property
    def late_rounds(self) -> Rounds:
        """Asks about Pix that was given up, in the background."""
        return self._going_round(self.late)

    @cached_property
    def neighbours(self) -> Rounds:
        """Notices in the background what other tills did."""
        from pos_tui.services.neighbours import Neighbours

        return self._going_round(Neighbours(self.context, here=self._is_till))

    @cached_property
    def upkeep(self) -> "Upkeep":
        """What this till does by itself every hour."""
        from pos_tui.upkeep import Rounds as Upkeep

        upkeep = Upkeep(self)
        self._running.add(upkeep.stop)
        return upkeep

    def _going_round(self, asks: Asks) -> Rounds:
        rounds = Rounds(self.context, asks)
        self._running.add(rounds.stop)
        return rounds

    def _take_number(self) -> None:
        """Two programs as one till would share a journal chain and an open sale: the second is refused."""
        number = self.config.till.number
        lock = alone.take(self.folder / alone.name_of(number, training=self.config.training))
        if lock is None:
            raise TillOpen(f"O caixa {number} já está aberto em outra janela. Use a que está aberta.")
        self._closing.add(lock.close)
        self._is_till = True
