"""Medusa v2, a shop's server of its own (facts/orders.md §4; every call was run against 2.21.2).

It has neither a note's state nor e-mails to customers: the note stands in the order's metadata, and the till
writes the e-mail. It lets anything be done in any order, so the guards are ours.
"""

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from pos_tui.domain.order import Order
from pos_tui.domain.order_rules import Demand, OrderAction
from pos_tui.domain.outcome import Done, NotSent, Outcome, Refused, Uncertain
from pos_tui.providers.http import Limits
from pos_tui.providers.orders.base import Abilities, OrderPage
from pos_tui.providers.orders.calls import NOT_UNDERSTOOD, Answer, Calls
from pos_tui.providers.orders.medusa_reading import FIELDS, STOCK_FIELDS, read_order, read_stock
from pos_tui.providers.orders.reading import Unreadable, count, text
from pos_tui.providers.safe_json import Json, json_child, json_list

LIMIT = 50
Failure = Refused | NotSent | Uncertain


class MedusaOrders:
    """A shop. `url` is the server's base address; `token` a secret API key, asked for at each call."""

    name = "medusa"
    abilities = Abilities(notifies_customer=False, tells_stock=True)

    def __init__(
        self, url: str, token: Callable[[], str], *, location: str = "", limits: Limits | None = None
    ) -> None:
        """`location` is the stock location goods leave from; empty takes the only one there is."""
        self._calls = Calls(url, lambda: _basic(token()), limits)
        self._location = location

    def page(self, since: datetime, after: str = "") -> Outcome[OrderPage]:
        """A page of the orders placed since an instant, the newest first.

        Filters by payment or delivery are ignored by the server without a word, so none is sent; and a
        payment does not touch `updated_at`, so nothing is asked by it.
        """
        offset = int(after or "0")
        query = {
            "limit": str(LIMIT),
            "offset": str(offset),
            "order": "-created_at",
            "created_at[$gte]": f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z",
            "fields": FIELDS,
        }
        answer = self._calls.get("/admin/orders", query)
        return answer if isinstance(answer, Failure) else _page(answer, offset)

    def order(self, remote_id: str) -> Outcome[Order]:
        """One order. Its two states are computed: they come because they are asked for."""
        answer = self._calls.get(f"/admin/orders/{_part(remote_id)}", {"fields": FIELDS})
        if isinstance(answer, Failure):
            return answer
        try:
            order = read_order(json_child(answer, "order"))
        except Unreadable as error:
            return Uncertain(f"O pedido não pôde ser lido: {error}.")
        if order.remote_id != remote_id:
            return Uncertain("A loja virtual respondeu sobre outro pedido. Atualize com F5.")
        return Done(order)

    def perform(self, order: Order, demand: Demand) -> Outcome[None]:
        """Ask for a move."""
        path = f"/admin/orders/{_part(order.remote_id)}"
        match demand.action:
            case OrderAction.APPROVE:
                return self._approve(order)
            case OrderAction.CANCEL:
                return self._send(f"{path}/cancel", {})
            case OrderAction.RELEASE:
                return self._release(order, path)
            case OrderAction.UNRELEASE:
                return self._of_parcel(order, path, "cancel", {})
            case OrderAction.INVOICE:
                note = demand.invoice
                told = {"nfe_number": note.number, "nfe_series": note.series, "nfe_token": note.key}
                return self._send(path, {"metadata": told})
            case OrderAction.SHIP:
                parcel = demand.shipment
                # All three of a label are demanded, empty where there is no address, and no later call
                # corrects them.
                label = {"tracking_number": parcel.code, "tracking_url": parcel.url, "label_url": parcel.url}
                return self._of_parcel(order, path, "shipments", {"items": _lines(order), "labels": [label]})
            case OrderAction.DELIVER:
                return self._of_parcel(order, path, "mark-as-delivered", {})

    def stock(self, order: Order) -> Outcome[Mapping[str, int]]:
        """What lies in the stock of each item, with what is reserved for this very order."""
        answer = self._calls.get(f"/admin/orders/{_part(order.remote_id)}", {"fields": STOCK_FIELDS})
        if isinstance(answer, Failure):
            return answer
        try:
            return Done(read_stock(json_child(answer, "order")))
        except Unreadable:
            return NOT_UNDERSTOOD

    def close(self) -> None:
        """Send nothing more."""
        self._calls.close()

    def _approve(self, order: Order) -> Outcome[None]:
        """Two calls: the first makes what is to be paid, unless an attempt left it; it moves nothing."""
        collection = order.handle
        if not collection:
            body = {"order_id": order.remote_id, "amount": order.total / 100}
            answer = self._calls.send("POST", "/admin/payment-collections", body)
            if isinstance(answer, Failure):
                return answer
            collection = text(json_child(answer, "payment_collection"), "id")
            if not collection:
                return NOT_UNDERSTOOD
        path = f"/admin/payment-collections/{_part(collection)}/mark-as-paid"
        return self._send(path, {"order_id": order.remote_id})

    def _release(self, order: Order, path: str) -> Outcome[None]:
        location = self._location or self._only_location()
        if isinstance(location, Failure):
            return location if isinstance(location, Refused) else NotSent(location.why)
        return self._send(f"{path}/fulfillments", {"items": _lines(order), "location_id": location})

    def _only_location(self) -> str | Failure:
        answer = self._calls.get("/admin/stock-locations", {"limit": "2", "fields": "id"})
        if isinstance(answer, Failure):
            return answer
        found = json_list(answer, "stock_locations") or []
        if len(found) != 1:
            return NotSent("A loja tem vários estoques: diga qual em «orders.medusa.location».")
        return text(found[0], "id")

    def _of_parcel(self, order: Order, path: str, what: str, body: Mapping[str, object]) -> Outcome[None]:
        if not order.handle:
            return NotSent("O pedido não tem remessa na loja virtual. Atualize com F5.")
        return self._send(f"{path}/fulfillments/{_part(order.handle)}/{what}", body)

    def _send(self, path: str, body: Mapping[str, object]) -> Outcome[None]:
        answer: Answer = self._calls.send("POST", path, body)
        return answer if isinstance(answer, Failure) else Done(None)


def _page(answer: Json, offset: int) -> Outcome[OrderPage]:
    rows = json_list(answer, "orders")
    try:
        total = count(answer, "count")
    except Unreadable:
        return NOT_UNDERSTOOD
    if rows is None:
        return NOT_UNDERSTOOD
    orders, unread = [], []
    for row in rows:
        try:
            orders.append(read_order(row))
        except Unreadable as error:
            unread.append(f"O pedido {text(row, 'display_id', 'id')} não pôde ser lido: {error}.")
    reached = offset + len(rows)
    after = str(reached) if rows and reached < total else ""
    return Done(OrderPage(tuple(orders), after, total, tuple(unread)))


def _lines(order: Order) -> list[dict[str, object]]:
    return [{"id": item.id, "quantity": item.quantity} for item in order.items]


def _basic(token: str) -> str:
    return "Basic " + base64.b64encode(f"{token}:".encode()).decode("ascii")


def _part(text: str) -> str:
    return quote(text, safe="")
