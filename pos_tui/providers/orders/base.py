"""What every adapter of a shop's platform offers to the services.

An adapter translates; whether an order may move is decided in `domain/order_rules.py`, and whether it moved
is told by reading it again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from pos_tui.domain.order import Order
from pos_tui.domain.order_rules import Demand
from pos_tui.domain.outcome import Outcome


class Abilities(Struct, frozen=True):
    """What a platform does by itself."""

    notifies_customer: bool
    """Whether it e-mails the customer the tracking link; where it does not, the till does."""
    tells_stock: bool


class OrderPage(Struct, frozen=True):
    """A page of orders, the newest first."""

    orders: tuple[Order, ...]
    after: str
    """What to ask the next page with; empty after the last."""
    total: int
    """How many there are in all: another number on the next page says that the pages have shifted."""
    unread: tuple[str, ...] = ()
    """What of the page could not be understood, a sentence each."""


class OrdersProvider(Protocol):
    """Lists, reads and moves orders."""

    name: str
    abilities: Abilities

    def page(self, since: datetime, after: str = "") -> Outcome[OrderPage]:
        """Orders placed since an aware instant."""

    def order(self, remote_id: str) -> Outcome[Order]:
        """One order as it stands now."""

    def perform(self, order: Order, demand: Demand) -> Outcome[None]:
        """Ask for one move. Done only says that the platform took the request."""

    def stock(self, order: Order) -> Outcome[Mapping[str, int]]:
        """How many the platform has of each item, by the item's id; what it does not tell is left out."""

    def close(self) -> None:
        """Let connections go."""
