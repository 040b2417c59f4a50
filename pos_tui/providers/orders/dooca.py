"""Dooca, later Bagy: the manual's platform (facts/orders.md §1.1). Bearer token, pages, Laravel's envelope.

How sure each call is stands in docs/providers.md. Two of them are told differently by every source, so their
form is configured.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from urllib.parse import quote

from pos_tui.domain.order import Order
from pos_tui.domain.order_rules import Demand, OrderAction
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.providers.http import Limits
from pos_tui.providers.orders.base import Abilities, OrderPage
from pos_tui.providers.orders.calls import NOT_UNDERSTOOD, Answer, Calls
from pos_tui.providers.orders.dooca_reading import read_order
from pos_tui.providers.orders.reading import Unreadable, count
from pos_tui.providers.safe_json import Json, json_child, json_list, json_text

LIMIT = 100
"""Orders a page; the platform's own limit is about 150."""

CANCELS: Mapping[str, tuple[str, str, Mapping[str, object] | None]] = {
    "cancel": ("PUT", "/orders/{id}/cancel", None),
    "status": ("PUT", "/orders/{id}", {"status": "canceled"}),
    "canceled": ("PUT", "/order/{id}/canceled", None),
}
UNRELEASES: Mapping[str, tuple[str, str, Mapping[str, object] | None]] = {
    "delete": ("DELETE", "/orders/{id}/fulfillment", None),
    "unfulfilled": ("PUT", "/orders/{id}/fulfillment/unfulfilled", None),
}
"""Forms of the two calls on which the sources disagree, by the name that the configuration gives them."""


class DoocaOrders:
    """A shop. `url` is the API's base address; `token` is asked for at each call."""

    name = "dooca"
    abilities = Abilities(notifies_customer=True, tells_stock=True)

    def __init__(
        self,
        url: str,
        token: Callable[[], str],
        zone: tzinfo,
        *,
        cancel: str = "cancel",
        unrelease: str = "delete",
        limits: Limits | None = None,
    ) -> None:
        """`zone` is that of the platform's times, which tell none."""
        self._calls = Calls(url, lambda: f"Bearer {token()}", limits)
        self._zone = zone
        self._cancel = CANCELS[cancel]
        self._unrelease = UNRELEASES[unrelease]

    def page(self, since: datetime, after: str = "") -> Outcome[OrderPage]:
        """A page of the orders placed since an instant, the newest first."""
        first = since.astimezone(self._zone)
        last = datetime.now(UTC).astimezone(self._zone) + timedelta(days=1)
        number = after or "1"
        query = {
            "page": number,
            "limit": str(LIMIT),
            "sort": "-created_at",
            "created_at": f"{first:%Y-%m-%dT%H:%M:%S}--{last:%Y-%m-%dT%H:%M:%S}",
        }
        answer = self._calls.get("/orders", query)
        if isinstance(answer, Refused | NotSent | Uncertain):
            return answer
        return self._page(answer, int(number))

    def order(self, remote_id: str) -> Outcome[Order]:
        """One order."""
        answer = self._calls.get(f"/orders/{quote(remote_id, safe='')}")
        if isinstance(answer, Refused | NotSent | Uncertain):
            return answer
        try:
            order = read_order(json_child(answer, "data") or answer, self._zone)
        except Unreadable as error:
            return Uncertain(f"O pedido não pôde ser lido: {error}.")
        if order.remote_id != remote_id:
            return Uncertain("A loja virtual respondeu sobre outro pedido. Atualize com F5.")
        return Done(order)

    def perform(self, order: Order, demand: Demand) -> Outcome[None]:
        """Ask for a move."""
        method, path, body = self._request(demand)
        answer: Answer = self._calls.send(method, path.format(id=quote(order.remote_id, safe="")), body)
        return answer if isinstance(answer, Refused | NotSent | Uncertain) else Done(None)

    def stock(self, order: Order) -> Outcome[Mapping[str, int]]:
        """The balance of each item's variation."""
        found: dict[str, int] = {}
        for item in order.items:
            if not item.variation_id:
                continue
            answer = self._calls.get(f"/variations/{quote(item.variation_id, safe='')}")
            if isinstance(answer, Refused) and answer.reason in (RefusalClass.NOT_FOUND, RefusalClass.STATE):
                continue
            if isinstance(answer, Refused | NotSent | Uncertain):
                return answer
            try:
                found[item.id] = count(json_child(answer, "data") or answer, "balance")
            except Unreadable:
                continue
        return Done(found)

    def close(self) -> None:
        """Send nothing more."""
        self._calls.close()

    def _page(self, answer: Json, number: int) -> Outcome[OrderPage]:
        rows, meta = json_list(answer, "data"), json_child(answer, "meta")
        if rows is None:
            return NOT_UNDERSTOOD
        orders, unread = [], []
        for row in rows:
            try:
                orders.append(read_order(row, self._zone))
            except Unreadable as error:
                name = json_text(row, "code") or json_text(row, "id") or "sem número"
                unread.append(f"O pedido {name[:20]} não pôde ser lido: {error}.")
        try:
            last, total = count(meta, "last_page"), count(meta, "total")
        except Unreadable:
            return NOT_UNDERSTOOD
        after = str(number + 1) if number < last and rows else ""
        return Done(OrderPage(tuple(orders), after, total, tuple(unread)))

    def _request(self, demand: Demand) -> tuple[str, str, Mapping[str, object] | None]:
        note, parcel = demand.invoice, demand.shipment
        match demand.action:
            case OrderAction.APPROVE:
                return "PUT", "/orders/{id}/payment/approved", None
            case OrderAction.CANCEL:
                return self._cancel
            case OrderAction.RELEASE:
                return "POST", "/orders/{id}/fulfillment", {}
            case OrderAction.UNRELEASE:
                return self._unrelease
            case OrderAction.INVOICE:
                told = {"nfe_number": note.number, "nfe_series": note.series, "nfe_token": note.key}
                return "PUT", "/orders/{id}/fulfillment/invoiced", told
            case OrderAction.SHIP:
                told = {"shipping_code": parcel.code, "shipping_carrier": parcel.carrier}
                if parcel.url:
                    told["shipping_track_url"] = parcel.url
                return "PUT", "/orders/{id}/fulfillment/shipped", told
            case OrderAction.DELIVER:
                return "PUT", "/orders/{id}/fulfillment/delivered", None
