"""An online shop to practise with: its orders, in the shape Dooca tells them, and every effect on them."""

import copy
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from pos_tui.providers.sandbox.shop_goods import BALANCES, seed_orders

ZONE = timezone(timedelta(hours=-3))
"""The platform's; its times do not say so."""

OrderJson = dict[str, Any]


class Wrong(Exception):
    """The platform says no: a status code and its words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Shop:
    """The orders, kept in a file where there is one. Thread-safe."""

    def __init__(self, path: Path | None, clock: Callable[[], float]) -> None:
        """Raises ValueError or OSError when the file cannot be read."""
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._orders: dict[str, OrderJson] = {}
        self.effects: list[tuple[str, str]] = []
        """What really moved: the order's id and the word of the move."""
        if path is not None and path.exists():
            kept = json.loads(path.read_text("utf-8"))
            self._orders = {str(order["id"]): order for order in kept["orders"]}
            self.effects = [(str(order), str(move)) for order, move in kept["effects"]]
        else:
            self.reset()

    def reset(self) -> None:
        """Forget everything and open anew."""
        with self._lock:
            now = datetime.fromtimestamp(self._clock(), UTC).astimezone(ZONE)
            self._orders = {str(order["id"]): order for order in seed_orders(now)}
            self.effects = []
            self._save()

    def orders(self) -> list[OrderJson]:
        """Every order, the newest first."""
        with self._lock:
            found = sorted(self._orders.values(), key=lambda each: (each["created_at"], each["id"]))
            return copy.deepcopy(found[::-1])

    def order(self, key: str) -> OrderJson:
        """One order. Raises Wrong."""
        with self._lock:
            return copy.deepcopy(self._found(key))

    def balance(self, variation: str) -> int:
        """How many there are of a variation. Raises Wrong."""
        if variation not in BALANCES:
            raise Wrong(404, "Variação não encontrada.")
        return BALANCES[variation]

    def place(self) -> OrderJson:
        """A customer places one more order."""
        with self._lock:
            number = max(map(int, self._orders)) + 1
            order = copy.deepcopy(self._orders[min(self._orders, key=int)])
            order |= {"id": number, "code": str(1000 + number), "created_at": self._now(), "histories": []}
            self._orders[str(number)] = order
            self._save()
            return copy.deepcopy(order)

    def change(self, key: str, fields: OrderJson, who: str = "api") -> None:
        """Somebody else changes an order: gateway, ERP, the panel. Raises Wrong."""
        with self._lock:
            order = self._found(key)
            for name, value in fields.items():
                if isinstance(value, dict) and isinstance(order.get(name), dict):
                    order[name] |= value
                else:
                    order[name] = value
                    _note(order, str(value), who, self._now())
            self._save()

    def pay(self, key: str, status: str) -> None:
        """Say of a payment that it was approved. Raises Wrong."""
        with self._lock:
            order = self._found(key)
            if order["payment_status"] == status:
                return
            if order["payment_status"] != "pending" or status not in ("approved", "denied"):
                raise Wrong(422, "O pagamento não está pendente.")
            self._move(order, status, payment_status=status)

    def cancel(self, key: str) -> None:
        """Cancel an order. Raises Wrong."""
        with self._lock:
            order = self._found(key)
            if order["status"] != "open" or order["fulfillment_status"] not in ("unfulfilled", "attended"):
                raise Wrong(422, "O pedido não pode ser cancelado.")
            self._move(order, "canceled", status="canceled", payment_status="canceled")

    def fulfill(self, key: str, then: str, fields: OrderJson) -> None:
        """Take the delivery one step on, or back to unfulfilled. Raises Wrong."""
        with self._lock:
            order = self._found(key)
            if order["fulfillment_status"] not in _BEFORE.get(then, ()):
                raise Wrong(422, f"O pedido está {order['fulfillment_status']}.")
            if missing := [name for name in _DEMANDED.get(then, ()) if not fields.get(name)]:
                raise Wrong(422, f"Faltam: {', '.join(missing)}.")
            sent = {"status": then, **fields} if then != "unfulfilled" else {"status": then}
            self._move(order, then, fulfillment_status=then, fulfillment={**order["fulfillment"], **sent})

    def view(self) -> dict[str, object]:
        """The orders and what moved, as JSON."""
        return {"orders": self.orders(), "effects": [list(effect) for effect in self.effects]}

    def _move(self, order: OrderJson, word: str, **fields: object) -> None:
        order |= fields
        order["updated_at"] = self._now()
        _note(order, word, "api", self._now())
        self.effects.append((str(order["id"]), word))
        self._save()

    def _found(self, key: str) -> OrderJson:
        if key not in self._orders:
            raise Wrong(404, "Pedido não encontrado.")
        return self._orders[key]

    def _now(self) -> str:
        return f"{datetime.fromtimestamp(self._clock(), UTC).astimezone(ZONE):%Y-%m-%d %H:%M:%S}"

    def _save(self) -> None:
        if self._path is None:
            return
        kept = {"orders": list(self._orders.values()), "effects": self.effects}
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
        fresh.replace(self._path)


_BEFORE = {
    "attended": ("unfulfilled",),
    "unfulfilled": ("attended",),
    "invoiced": ("attended", "invoiced"),
    "shipped": ("invoiced",),
    "delivered": ("shipped",),
}
_DEMANDED = {"invoiced": ("nfe_number", "nfe_series", "nfe_token"), "shipped": ("shipping_code",)}


def _note(order: OrderJson, status: str, who: str, at: str) -> None:
    name = {"api": "Integração", "erp": "ERP da loja"}.get(who, who)
    line = {"id": len(order["histories"]) + 1, "status": status, "note": "", "user_name": name}
    order["histories"].append({**line, "user_type": who, "created_at": at})
