"""What a till sells with: sales, payments, top-ups, and the desks beside them, wired to each other.

Each part is built when it is first asked for. What is slow to import or to start (the provider's HTTP client,
the training world) or seldom needed waits until then, behind the first paint.
"""

import threading
from functools import cached_property
from typing import TYPE_CHECKING

from pos_tui.domain.errors import ConfigError
from pos_tui.domain.item import ItemKind
from pos_tui.domain.payment import Method, PaymentState
from pos_tui.domain.sale import PaymentLine, Sale
from pos_tui.domain.values import replace
from pos_tui.domain.waiting import Patience
from pos_tui.foundation import Foundation
from pos_tui.providers.base import TopUpProvider
from pos_tui.services.closing import Closing
from pos_tui.services.dealings import Connect
from pos_tui.services.drivers.base import Connect as ConnectPayments
from pos_tui.services.items import Items, Owners
from pos_tui.services.offers import Offers
from pos_tui.services.payments import Payments
from pos_tui.services.refunds import Refunds
from pos_tui.services.sales import Sales
from pos_tui.services.settling import Rules
from pos_tui.services.sweeping import Sweeper
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


class Selling(Foundation):
    """A till's services. What is done with them from its opening to its closing is told in `Till`."""

    # The sale

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

    def _on_save(self, tx: Transaction, sale: Sale) -> Sale:
        """What belongs to the commit that saves a sale: its papers, its items, and what confirms itself."""
        self.papers.for_sale(tx, sale)
        items = self.items.sale_saved(tx, sale)
        topups = self.topups.decide_saved(tx, sale)
        if any(line.method is Method.CARD for line in sale.payments):
            self.reconciliation.receipts.of_sale(tx, sale)
        return replace(sale, items=items, topups=topups)

    def _on_discard(self, tx: Transaction, sale: Sale) -> None:
        """What belongs to the commit that gives a sale up."""
        self.items.sale_discarded(tx, sale)

    def _on_payment(self, tx: Transaction, line: PaymentLine) -> None:
        """What belongs to the commit that settles a payment: its card receipt, and cash drawn with it."""
        self.reconciliation.receipts.settled(tx, line)
        if line.state is PaymentState.REFUNDED and line.cash_out:
            self.cash.cash_out_returned(tx, line)

    # Top-ups

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
    def offers(self) -> Offers:
        """What the provider sells."""
        return Offers(self.context, self.config.topup.provider, self._connect)

    @cached_property
    def sweeper(self) -> Sweeper:
        """Asks about what is left over."""
        return Sweeper(self.context, self.topups)

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
                    self._closing.add(known[name].close)
                return known[name]

        return connect

    # Payments

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
        self._closing.add(payments.stop)
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

    def _settle_bills(self, sale_id: str, who: str) -> str:
        """Settle the bills of a saved sale at the subscribers' ERP; return what is to be told."""
        return self.centre.bills.words(self.centre.bills.settle_sale(sale_id, who))

    def static_pix(self, reference: str, amount: int) -> str:
        """Return the BR Code of a static Pix about something of ours, by its id, for `amount` centavos.

        Raises:
            FieldError: the store's key cannot be used.
        """
        from pos_tui.domain.pix import StaticPix, parse_key

        store, pix = self.config.store, self.config.payment.pix
        key = parse_key(pix.key or TRAINING_PIX_KEY)
        return StaticPix(
            key, pix.name or store.name, store.city, amount, txid=reference[-8:].upper()
        ).payload()

    # Desks

    @cached_property
    def recurring(self) -> "RecurringDesk":
        """*Crédito recorrente*; stores without it never ask."""
        from pos_tui.wiring import recurring_desk

        return recurring_desk(self)

    @cached_property
    def reconciliation(self) -> "Reconciliation":
        """Card receipts; a sale in cash pays for none of its imports."""
        from pos_tui.wiring import reconciliation

        return reconciliation(self)

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

    @cached_property
    def orders(self) -> "Orders":
        """The online shop's orders; most tills have none, so its imports wait."""
        from pos_tui.services.orders_outside import build_orders

        orders = build_orders(self.config, self.context, lambda: self.sandbox.url)
        self._closing.add(orders.stop)
        return orders

    @cached_property
    def order_papers(self) -> "OrderPapers":
        """What is printed of an order."""
        from pos_tui.services.order_papers import OrderPapers

        return OrderPapers(self.context, self.spool, self.letterhead, self.orders.book)

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
