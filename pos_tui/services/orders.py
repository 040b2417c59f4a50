"""Online orders: one move at a time through the journal, proved by the order itself (facts/orders.md §2).

Every move is read before and after. Before: a till elsewhere, the ERP or the gateway may have been first.
After: the platform's 200 proves nothing, and an answer that never came proves nothing either.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial

from pos_tui.domain.errors import Conflict, PosError, RuleError
from pos_tui.domain.order import Order, Source
from pos_tui.domain.order_kept import Acted, KeptOrder
from pos_tui.domain.order_rules import ACTION_LABELS, DONE_WORDS, Demand, OrderAction, achieved, shortfalls
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.providers.orders.base import OrdersProvider
from pos_tui.services.context import Context
from pos_tui.services.journal import Change, Claim, Event
from pos_tui.services.order_book import NOTHING_DOING, OrderBook, Proof, event_data, odd_words, written
from pos_tui.services.order_mail import Outbox
from pos_tui.services.order_refresh import Refreshed, Refresher, problem_words
from pos_tui.services.patience import Patience
from pos_tui.store import database
from pos_tui.store import orders as rows
from pos_tui.store.database import Transaction
from pos_tui.store.models.orders import OrderRow

Connect = Callable[[], OrdersProvider]
"""Gives the platform, connecting it the first time. Raises ConfigError when it is not set up."""

LONGEST_PAUSE = 30
"""Seconds of a Retry-After that are waited out, well within a claim's lease; a longer one is told."""
IGNORED = "A loja virtual respondeu que sim e nada mudou. Confira no painel dela se este passo é possível."


class Orders:
    """The order desk of one till."""

    def __init__(self, context: Context, name: str, connect: Connect, outbox: Outbox, days: int = 30) -> None:
        """`days` is how far back a refresh reads when nothing else is asked."""
        self._context = context
        self._connect = connect
        self._days = days
        self.outbox = outbox
        self.book = OrderBook(context, name, self._followed)
        self._patience = Patience(LONGEST_PAUSE)
        self._refresher = Refresher(context, self.book, self._patience)
        self._starting = threading.Lock()
        self._started = False

    def start(self) -> None:
        """Settle what a stop left in flight, and send e-mails in the background; once."""
        with self._starting:
            if not self._started:
                self._started = True
                self.outbox.sweep()
                self.outbox.start()
                self.sweep()

    def once(self) -> str:
        """Do in one pass what an open desk does by and by; say what. Only while no window has the till open.

        Raises:
            ConfigError: no platform is set up. Conflict, StoreError: as the steps themselves.
        """
        self.outbox.sweep()
        waiting, found, sent = self.sweep(), self.refresh(), 0
        while self.outbox.send_next():
            sent += 1
        return f"{found.words} {sent} e-mail(s) tentado(s), {waiting} pedido(s) em [verificar]"

    # Reading

    def refresh(self, days: int | None = None) -> Refreshed:
        """Read the list anew. Raises ConfigError when no platform is set up."""
        since = self._context.clock() - timedelta(days=days or self._days)
        return self._refresher.refresh(self._connect(), since)

    def read(self, key: str) -> KeptOrder:
        """Read one order anew; what of it was in doubt is settled by that.

        Raises:
            RuleError: it could not be read; the last reading still stands.
        """
        kept = self.book.get(key)
        provider = self._connect()
        outcome = self._patience.ask(lambda: provider.order(kept.told.remote_id))
        if not isinstance(outcome, Done):
            raise RuleError(f"O pedido não pôde ser relido: {problem_words(outcome)}")
        self.book.absorb([outcome.answer])
        self.outbox.wake()
        return self.book.get(key)

    def stock(self, key: str) -> Mapping[str, int]:
        """Return how many of each item the platform has, by the item's id; empty where it does not tell."""
        provider = self._connect()
        if not provider.abilities.tells_stock:
            return {}
        told = self.book.get(key).told
        outcome = self._patience.ask(lambda: provider.stock(told))
        return outcome.answer if isinstance(outcome, Done) else {}

    def sweep(self) -> int:
        """Settle what was in flight when a till stopped; return how many still wait."""
        for kept in self.book.unsettled():
            try:
                self.read(kept.id)
            except PosError:
                break
        return len(self.book.unsettled())

    # Acting

    def act(self, key: str, demand: Demand, who: str, found: Mapping[str, int] | None = None) -> Acted:
        """Read the order, ask for one move, and read it again.

        Args:
            found: For a release, how many of each item were found in the stock, by the item's id.

        Raises:
            Conflict: somebody was first; nothing was sent.
            RuleError: the order forbids it, lines are short, or it is unreadable; nothing was sent.
        """
        kept = self._ready(key, demand, found)
        outcome = self._ask(kept, demand, who)
        if self._patience.waited(outcome):
            # Refused for coming too fast, so nothing moved: the order is read again, and asked anew.
            kept = self._ready(key, demand, found)
            outcome = self._ask(kept, demand, who)
        self.outbox.wake()
        return _told(kept, demand, outcome)

    def _ask(self, kept: KeptOrder, demand: Demand, who: str) -> Outcome[Order]:
        provider, seen = self._connect(), _Seen()
        with self.book.alone(kept.id):
            return self._context.journal.ask(
                Claim(OrderRow, kept.id, kept.version, Change(self._asked(demand, who))),
                Event(f"order.{demand.action.value}", kept.id, who, event_data(kept, demand)),
                partial(_perform, provider, kept.told, demand, seen, self._patience),
                lambda outcome: self._settled(kept, demand, who, outcome, seen),
            )

    def each(
        self, keys: Sequence[str], demands: Mapping[str, Demand], who: str, stock: bool = False
    ) -> list[Acted]:
        """Act on many, each by itself: one that fails leaves the others alone.

        With `stock`, lines of which the platform tells that there are too few keep their order back.
        """
        return [self._one_of(key, demands[key], who, stock) for key in keys]

    def _one_of(self, key: str, demand: Demand, who: str, stock: bool) -> Acted:
        number = self.book.get(key).told.number
        try:
            return self.act(key, demand, who, self._by_platform(key) if stock else None)
        except PosError as error:
            return Acted(number, False, f"Pedido {number}: {error.message}")

    def _by_platform(self, key: str) -> Mapping[str, int]:
        """What a person says to have looked at, less what the platform knows to be missing."""
        wanted = {item.id: item.quantity for item in self.book.get(key).told.items}
        return {**wanted, **{item: count for item, count in self.stock(key).items() if item in wanted}}

    def _ready(self, key: str, demand: Demand, found: Mapping[str, int] | None) -> KeptOrder:
        kept = self.read(key)
        if kept.doing is not None:
            raise Conflict(f"{kept.doing_by} está cuidando deste pedido agora. Nada foi enviado daqui.")
        order, label = kept.told, ACTION_LABELS[demand.action]
        if demand.action is not OrderAction.INVOICE and achieved(demand, order):
            first = self.book.by_whom(kept, demand)
            raise Conflict(f"«{label}» já foi feito{first}. Nada foi enviado daqui.")
        if reason := kept.why_not(demand.action):
            raise RuleError(f"{reason} Nada foi enviado.")
        if demand.action is OrderAction.INVOICE and achieved(demand, order):
            raise Conflict("Esta mesma nota já está no pedido. Nada foi enviado daqui.")
        if found is not None and (short := shortfalls(order, found)):
            raise RuleError(f"Falta no estoque: {' '.join(short)} O pedido não foi liberado.")
        return kept

    def _asked(self, demand: Demand, who: str) -> dict[str, object]:
        now = self._context.now()
        return {"doing": written(demand), "doing_by": who, "open_since": now, "why": ""}

    def _settled(
        self, kept: KeptOrder, demand: Demand, who: str, outcome: Outcome[Order], seen: "_Seen"
    ) -> Change:
        """The order as read again, whatever came of it; only what is uncertain stays open."""
        why = problem_words(outcome)
        values: dict[str, object] = {"why": why}
        if not isinstance(outcome, Uncertain):
            values |= NOTHING_DOING
        odd = odd_words(kept, seen.order, demand) if seen.order is not None else ""
        if seen.order is not None:
            values |= rows.columns(seen.order, self._context.now())
        if odd or isinstance(outcome, Done):
            values["alert"] = odd

        def then(tx: Transaction) -> None:
            self.book.tell_odd(tx, kept.id, odd)
            if isinstance(outcome, Done):
                self.book.proved(tx, kept.id, Proof(outcome.answer, demand, who))
            else:
                label = ACTION_LABELS[demand.action]
                words = "sem resposta certa" if isinstance(outcome, Uncertain) else "não foi feito"
                self.book.step(tx, kept.id, f"{label}: {words}", who, Source.OPERATOR, why)

        return Change(values, then)

    # What follows

    def _followed(self, tx: Transaction, key: str, order: Order, demand: Demand) -> None:
        """A parcel of Correios is told to the customer by us, where the platform does not do so."""
        if demand.action is OrderAction.SHIP and not self._connect().abilities.notifies_customer:
            self.outbox.queue(tx, key, order, demand.shipment)

    def stop(self) -> None:
        """Wait no longer for anything."""
        self._patience.stop()
        self.outbox.stop()


class _Seen:
    """What the second reading brought."""

    order: Order | None = None


def _perform(
    provider: OrdersProvider, order: Order, demand: Demand, seen: _Seen, patience: Patience
) -> Outcome[Order]:
    """Ask for the move and read the order again: the order decides what became of it."""
    written = provider.perform(order, demand)
    database.step("order-asked")
    if isinstance(written, NotSent):
        return written
    again = patience.ask(lambda: provider.order(order.remote_id))
    if not isinstance(again, Done):
        if isinstance(written, Refused):
            return written
        return Uncertain(f"O pedido não pôde ser relido: {problem_words(again)}")
    seen.order = again.answer
    if achieved(demand, again.answer):
        return Done(again.answer)
    if isinstance(written, Done):
        return Refused(RefusalClass.STATE, "200", IGNORED)
    return written


def _told(kept: KeptOrder, demand: Demand, outcome: Outcome[Order]) -> Acted:
    number = kept.told.number
    match outcome:
        case Done():
            return Acted(number, True, f"Pedido {number}: {DONE_WORDS[demand.action].lower()}.")
        case Uncertain(why):
            words = f"Pedido {number}: não se sabe se foi feito. {why} Atualize com F5 antes de repetir."
            return Acted(number, False, words)
        case _:
            return Acted(number, False, f"Pedido {number}: não foi feito. {problem_words(outcome)}")
