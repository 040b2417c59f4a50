"""The Till wires config → store → journal → providers → services → printer. Screens, CLI and tests hold it.

Opening it is cheap: what is slow to import or to start (the provider's HTTP client, the printer's encoder,
the training world) begins when it is first needed, behind the first paint.
"""

import contextlib
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from pos_tui.config import Config, data_dir
from pos_tui.domain.errors import ConfigError, StoreError
from pos_tui.domain.item import ItemKind
from pos_tui.domain.payment import Method, PaymentState
from pos_tui.domain.sale import PaymentLine, Sale
from pos_tui.domain.values import replace
from pos_tui.domain.waiting import Patience
from pos_tui.foundation import Foundation
from pos_tui.providers.base import TopUpProvider
from pos_tui.services import alone
from pos_tui.services.closing import Closing
from pos_tui.services.context import Clock, wall_clock
from pos_tui.services.dealings import Connect
from pos_tui.services.drivers.base import Connect as ConnectPayments
from pos_tui.services.items import Items, Owners
from pos_tui.services.offers import NoOffers, Offers
from pos_tui.services.payments import Payments, Recovery
from pos_tui.services.refunds import Refunds
from pos_tui.services.sales import Sales
from pos_tui.services.settling import Rules
from pos_tui.services.sweeping import Rounds, Sweep, Sweeper
from pos_tui.services.topups import TopUps
from pos_tui.store.database import Transaction
from pos_tui.wiring import BOOK, TRAINING_PIX_KEY, connect_pix, connect_tef, practice_tef

if TYPE_CHECKING:
    from pos_tui.services.finalising import Finalising
    from pos_tui.services.late_payments import LatePayments
    from pos_tui.services.order_papers import OrderPapers
    from pos_tui.services.orders import Orders
    from pos_tui.services.practice import Practice
    from pos_tui.services.reconciliation import Reconciliation
    from pos_tui.services.recurring_desk import RecurringDesk
    from pos_tui.services.subscriber_centre import Centre
    from pos_tui.services.tef_desk import TefDesk
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


class Till(Foundation):
    """One terminal of one store: what it sells with, and its desks."""

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
            till._closing.close()
            raise
        return till

    @classmethod
    def beside(cls, config: Config, clock: Clock = wall_clock, folder: Path | None = None) -> "Till":
        """Open the database for reading and queueing papers, whether or not the till itself is open.

        Raises:
            StoreError: the database cannot be used.
        """
        return cls(config, folder or data_dir(), clock)

    @cached_property
    def orders(self) -> "Orders":
        """The online shop's orders; most tills have none, so its imports wait."""
        from pos_tui.services.orders_outside import build_orders

        orders = build_orders(self.config, self.context, lambda: self.sandbox.url)
        self._closing.callback(orders.stop)
        return orders

    @cached_property
    def order_papers(self) -> "OrderPapers":
        """What is printed of an order."""
        from pos_tui.services.order_papers import OrderPapers

        return OrderPapers(self.context, self.spool, self.letterhead, self.orders.book)

    @cached_property
    def sales(self) -> Sales:
        """The open sale and the list."""
        first = self.config.till.first_sale
        return Sales(self.context, first, self._on_save, self._on_discard, self.cash, self.payments.decide)

    @cached_property
    def finalising(self) -> "Finalising":
        """An OS whose payment comes later."""
        from pos_tui.services.finalising import Finalising

        first = self.config.till.first_sale
        return Finalising(
            self.context, first, self._on_save, self._on_discard, self.cash, self.papers.returned
        )

    @cached_property
    def items(self) -> Items:
        """What the open sale holds beside top-ups."""
        owners: Owners = {ItemKind.BILL: lambda: self.centre}
        return Items(self.context, owners)

    @cached_property
    def centre(self) -> "Centre":
        """The subscriber desk; most tills have none, so its imports wait."""
        from pos_tui.services.subscriber_centre import World, build

        world = World(
            config=self.config,
            context=self.context,
            items=lambda: self.items,
            guard=self.guard,
            spool=self.spool,
            letterhead=self.letterhead,
            folder=self.folder,
            sandbox=lambda: self.sandbox.url,
        )
        return build(world)

    def _settle_bills(self, sale_id: str, who: str) -> str:
        """Settle the bills of a saved sale at the subscribers' ERP; return what is to be told."""
        return self.centre.bills.words(self.centre.bills.settle_sale(sale_id, who))

    def _on_save(self, tx: Transaction, sale: Sale) -> Sale:
        """What belongs to the commit that saves a sale: its papers, its items, and what confirms itself."""
        self.papers.for_sale(tx, sale)
        items = self.items.sale_saved(tx, sale)
        topups = self.topups.decide_saved(tx, sale)
        if any(line.method is Method.CARD for line in sale.payments):
            self.reconciliation.receipts.of_sale(tx, sale)
        return replace(sale, items=items, topups=topups)

    def _on_payment(self, tx: Transaction, line: PaymentLine) -> None:
        """What belongs to the commit that settles a payment: its card receipt, and cash drawn with it."""
        self.reconciliation.receipts.settled(tx, line)
        if line.state is PaymentState.REFUNDED and line.cash_out:
            self.cash.cash_out_returned(tx, line)

    @cached_property
    def reconciliation(self) -> "Reconciliation":
        """Card receipts; a sale in cash pays for none of its imports."""
        from pos_tui.wiring import reconciliation

        return reconciliation(self)

    def _on_discard(self, tx: Transaction, sale: Sale) -> None:
        """What belongs to the commit that gives a sale up."""
        self.items.sale_discarded(tx, sale)

    @cached_property
    def payments(self) -> Payments:
        """TEF and dynamic Pix: charge, confirm, undo, ask."""
        methods = self.config.payment.methods
        connect: dict[Method, ConnectPayments] = {}
        if "tef" in methods:
            connect[Method.TEF] = lambda: connect_tef(self)
        if self.config.payment.asks_pix:
            connect[Method.PIX_DYNAMIC] = lambda: connect_pix(self)
        payments = Payments(
            self.context, connect, self.papers.for_card, self._on_payment,
            # In training a look would start the practice manager.
            looks=not self.config.training,
        )  # fmt: skip
        self._closing.callback(payments.stop)
        return payments

    @cached_property
    def tef(self) -> "TefDesk":
        """The TEF manager beside the sale."""
        from pos_tui.services.tef_desk import TefDesk

        return TefDesk(self.context, self.payments, self.papers.for_tef, self.guard)

    @cached_property
    def late(self) -> "LatePayments":
        """Pix that was paid after it was given up."""
        from pos_tui.services.late_payments import LatePayments

        return LatePayments(self.context, self.payments, self._on_payment)

    @cached_property
    def late_rounds(self) -> Rounds:
        """Asks about Pix that was given up, in the background."""
        return Rounds(self.context, self.late)

    @cached_property
    def refunds(self) -> Refunds:
        """Taking payments back."""
        return Refunds(self.context, self.payments, self._given_back, self.guard)

    def _given_back(self, tx: Transaction, line: PaymentLine, returned: int) -> None:
        """What belongs to the commit that gives money back by hand: drawer's book, card receipt, papers."""
        if line.method is Method.CASH:
            self.cash.payment_returned(tx, line, returned)
        elif line.method is Method.CARD:
            self.reconciliation.receipts.settled(tx, line)
        self.papers.for_refund(tx, line, returned)

    @cached_property
    def closing(self) -> Closing:
        """What follows by itself when a sale is saved."""
        return Closing(self.sales, self.payments, self.topups, self._settle_bills)

    @cached_property
    def topups(self) -> TopUps:
        """Reserve, confirm, cancel, ask."""
        topup = self.config.topup
        slowest = max(topup.deadline_seconds * 1000, Patience().provider_limit)
        patience = Patience(provider_limit=slowest, reserve_life=topup.reserve_seconds * 1000)
        rules = Rules(topup.pending_limit, topup.auto_confirm, patience, topup.contacts)
        papers = self.papers.for_topup
        return TopUps(self.context, topup.provider, self._connect, rules, papers, self.guard, self.spool.wake)

    @cached_property
    def sweeper(self) -> Sweeper:
        """Asks about what is left over."""
        return Sweeper(self.context, self.topups)

    @cached_property
    def rounds(self) -> Rounds:
        """Asks in the background."""
        return Rounds(self.context, self.sweeper)

    @cached_property
    def recurring(self) -> "RecurringDesk":
        """*Crédito recorrente*; stores without it never ask."""
        from pos_tui.wiring import recurring_desk

        return recurring_desk(self)

    @cached_property
    def recurring_rounds(self) -> Rounds:
        """Asks about recurring payments in the background."""
        return Rounds(self.context, self.recurring.watch)

    @cached_property
    def neighbours(self) -> Rounds:
        """Notices in the background what other tills did."""
        from pos_tui.services.neighbours import Neighbours

        return Rounds(self.context, Neighbours(self.context, here=self._is_till))

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
    def offers(self) -> Offers:
        """What the provider sells."""
        return Offers(self.context, self.config.topup.provider, self._connect)

    @cached_property
    def _connect(self) -> Connect:
        """Gives a provider by name, the same one each time, from any thread."""
        known: dict[str, TopUpProvider] = {}
        lock = threading.Lock()

        def connect(name: str) -> TopUpProvider:
            from pos_tui.services.outside import topup_provider

            with lock:
                if name not in known:
                    known[name] = topup_provider(name, self.config, lambda: self.sandbox.url)
                    self._closing.callback(known[name].close)
                return known[name]

        return connect

    @cached_property
    def upkeep(self) -> "Upkeep":
        """What this till does by itself every hour."""
        from pos_tui.upkeep import Rounds as Upkeep

        return Upkeep(self)

    @cached_property
    def practice(self) -> "Practice":
        """What goes wrong in training. Raises ConfigError outside of it."""
        if not self.config.training:
            raise ConfigError("Falhas só existem no treinamento.")
        from pos_tui.services.practice import Practice
        from pos_tui.services.practice_cards import control_of

        tef = (practice_tef(self.folder) / BOOK).with_suffix(".control")
        topup, erp = self.config.topup.provider, self.config.subscribers.provider
        return Practice(topup, erp, lambda: self.sandbox.url, tef, control_of(self.folder))

    def start(self, who: str) -> Started:
        """Do what must happen before the first sale, behind the screen: check, sweep, print what is owed."""
        found = Started(damage=self.context.store.quick_check())
        if found.damage is None:
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

    def pix_payload(self, sale: Sale, amount: int) -> str:
        """Return the BR Code of a static Pix. Raises FieldError when the store's key cannot be used."""
        return self.static_pix(sale.id, amount)

    def static_pix(self, reference: str, amount: int) -> str:
        """Return the BR Code of a static Pix about something of ours. Raises FieldError, as `pix_payload`."""
        from pos_tui.domain.pix import StaticPix, parse_key

        store, pix = self.config.store, self.config.payment.pix
        key = parse_key(pix.key or TRAINING_PIX_KEY)
        return StaticPix(
            key, pix.name or store.name, store.city, amount, txid=reference[-8:].upper()
        ).payload()

    def close(self) -> None:
        """End what runs in the background; what is in flight stays recorded for the next start's sweep."""
        if "upkeep" in self.__dict__:
            self.upkeep.stop()
        if "rounds" in self.__dict__:
            self.rounds.stop()
        if "recurring_rounds" in self.__dict__:
            self.recurring_rounds.stop()
        if "late_rounds" in self.__dict__:
            self.late_rounds.stop()
        if "neighbours" in self.__dict__:
            self.neighbours.stop()
        if "spool" in self.__dict__:
            self.spool.stop()
        self._closing.close()

    def _take_number(self) -> None:
        """Two programs as one till would share a journal chain and an open sale: the second is refused."""
        number = self.config.till.number
        lock = alone.take(self.folder / alone.name_of(number, training=self.config.training))
        if lock is None:
            raise TillOpen(f"O caixa {number} já está aberto em outra janela. Use a que está aberta.")
        self._closing.enter_context(lock)
        self._is_till = True
