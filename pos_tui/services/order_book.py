"""The store's own book of online orders: what the platform tells is taken over, the odd of it too."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from msgspec import Struct

from pos_tui.domain.errors import Conflict, RuleError
from pos_tui.domain.journal import SYSTEM
from pos_tui.domain.lease import is_held
from pos_tui.domain.order import Order, Source, Step, jumps
from pos_tui.domain.order_kept import KeptOrder, OrderFilter, merged
from pos_tui.domain.order_rules import ACTION_LABELS, DONE_WORDS, Demand, achieved, as_data
from pos_tui.services.context import Context
from pos_tui.services.journal import Event
from pos_tui.store import orders as rows
from pos_tui.store.database import Transaction
from pos_tui.store.models.orders import OrderRow

PAGE = 50
NOTHING_DOING: dict[str, object] = {"doing": "", "doing_by": "", "open_since": None}

Followed = Callable[[Transaction, str, Order, Demand], None]
"""What follows from a move that is proved, in the same commit: the e-mail to the customer."""


class Proof(Struct, frozen=True):
    """How an order stands after something was asked of it."""

    order: Order
    demand: Demand
    who: str


class OrderBook:
    """Reads and writes the rows; asks nobody outside."""

    def __init__(self, context: Context, provider: str, followed: Followed) -> None:
        self._context = context
        self._store = context.store
        self._provider = provider
        self._followed = followed
        self._busy: set[str] = set()

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """Keep an order to one thread of this till. Raises Conflict when another has it."""
        if key in self._busy:
            raise Conflict("Este pedido já está sendo tratado neste caixa: aguarde a resposta.")
        self._busy.add(key)
        try:
            yield
        finally:
            self._busy.discard(key)

    # Reading

    def get(self, key: str) -> KeptOrder:
        """Return an order as last read. Raises RuleError when there is none."""
        with self._store.reading() as tx:
            found = rows.get(tx, key)
        if found is None:
            raise RuleError("Pedido não encontrado: atualize a lista com F5.")
        return found

    def page(
        self, chosen: OrderFilter, edge: KeptOrder | None = None, newer: bool = False
    ) -> list[KeptOrder]:
        """Return a page of the list, newest first: older than `edge`, or `newer` than it."""
        at = (edge.told.created_at, edge.id) if edge is not None else None
        with self._store.reading() as tx:
            return rows.page(tx, self._provider, chosen, PAGE, at, newer)

    def history(self, kept: KeptOrder) -> list[Step]:
        """Return every step, of the platform and of this counter, the newest first."""
        with self._store.reading() as tx:
            return merged(rows.steps(tx, kept.id), kept.told.steps)

    def by_whom(self, kept: KeptOrder, demand: Demand) -> str:
        """Say who was first with a move, as far as the history here tells: ` por Ana`."""
        wanted = DONE_WORDS[demand.action]
        return next((f" por {step.who}" for step in self.history(kept) if step.what == wanted), "")

    def unsettled(self) -> list[KeptOrder]:
        """Return what was asked and not settled, and is in nobody's hands."""
        with self._store.reading() as tx:
            found = rows.unsettled(tx, self._provider)
        return [kept for kept in found if not self._in_hand(kept, self._context.now())]

    def overlooked(self, read_before: int, limit: int) -> list[KeptOrder]:
        """Return orders under way that no list brought since an instant."""
        with self._store.reading() as tx:
            return rows.unfinished_before(tx, self._provider, read_before, limit)

    # Taking over what the platform tells

    def absorb(self, orders: Iterable[Order]) -> list[str]:
        """Keep orders as told; return our key of each. What another till is at is left to it."""
        found = list(orders)
        return self._store.write(lambda tx: [self._absorb(tx, order) for order in found])

    def _absorb(self, tx: Transaction, order: Order) -> str:
        now = self._context.now()
        kept = rows.by_remote(tx, self._provider, order.remote_id)
        if kept is None:
            return rows.insert(tx, self._provider, order, now)
        if self._in_hand(kept, now):
            return kept.id
        if kept.doing is None and kept.told == order and not kept.why:
            rows.touch(tx, kept.id, now)
            return kept.id
        # What was said of an earlier attempt is over once the order is read anew.
        values = rows.columns(order, now) | {"why": ""}
        if odd := odd_words(kept, order, kept.doing):
            values["alert"] = odd
        if not tx.claim(OrderRow, kept.id, kept.version, **values | self._settling(kept, order)):
            return kept.id
        self.tell_odd(tx, kept.id, odd)
        if kept.doing is not None:
            self._resolve(tx, kept, kept.doing, order)
        return kept.id

    def _in_hand(self, kept: KeptOrder, now: int) -> bool:
        """Whether somebody asks for a move of it right now. A lease of ours that we forgot is of a crash."""
        if kept.id in self._busy:
            return True
        return kept.lease_till not in (None, self._context.till) and is_held(kept.lease_until, now)

    def _settling(self, kept: KeptOrder, order: Order) -> dict[str, object]:
        """What a row becomes whose demand is settled by the order as read again."""
        if kept.doing is None:
            return {}
        label = ACTION_LABELS[kept.doing.action]
        why = f"«{label}» não aconteceu: relido na loja virtual, o pedido não mudou. Pode ser feito de novo."
        done = achieved(kept.doing, order)
        return {**NOTHING_DOING, "lease_till": None, "lease_until": None, "why": "" if done else why}

    def _resolve(self, tx: Transaction, kept: KeptOrder, demand: Demand, order: Order) -> None:
        event = Event("order.resolve", kept.id, kept.doing_by, event_data(kept, demand))
        if achieved(demand, order):
            self._context.journal.note(tx, event, "proved")
            self.proved(tx, kept.id, Proof(order, demand, kept.doing_by))
        else:
            self._context.journal.note(tx, event, "disproved")
            words = f"{ACTION_LABELS[demand.action]}: não aconteceu"
            self.step(tx, kept.id, words, kept.doing_by, Source.SYSTEM)

    # Our own steps

    def tell_odd(self, tx: Transaction, key: str, odd: str) -> None:
        """Write down a jump that the tables forbid, where there was one."""
        if odd:
            self.step(tx, key, "Mudança inesperada na plataforma", SYSTEM, Source.SYSTEM, odd)

    def proved(self, tx: Transaction, key: str, proof: Proof) -> None:
        """Write down a move that the order itself proves, and what follows from it."""
        note = proof.demand.invoice.words or proof.demand.shipment.code
        self.step(tx, key, DONE_WORDS[proof.demand.action], proof.who, Source.OPERATOR, note)
        self._followed(tx, key, proof.order, proof.demand)

    def step(self, tx: Transaction, key: str, what: str, who: str, source: Source, note: str = "") -> None:
        """Write one line of the history."""
        rows.add_step(tx, key, Step(self._context.now(), what, who, source, note))


def odd_words(kept: KeptOrder, order: Order, ours: Demand | None) -> str:
    """Say which moves between two readings no table allows; empty when we asked for what happened."""
    if ours is not None and achieved(ours, order):
        return ""
    return " ".join(jumps(kept.told, order))


def event_data(kept: KeptOrder, demand: Demand) -> dict[str, str]:
    """What the journal keeps of a demand."""
    return {"order": kept.told.number, **as_data(demand)}


def written(demand: Demand) -> str:
    """Return a demand as its row holds it while it is not settled."""
    return json.dumps(as_data(demand), ensure_ascii=False, sort_keys=True)
