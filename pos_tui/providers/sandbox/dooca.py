"""The practice shop speaking Dooca's wire format (facts/orders.md §1.1), traps included."""

import json
import re
from datetime import datetime

from pos_tui.providers.sandbox import KEY
from pos_tui.providers.sandbox.dialect import Desk, Reply, Request
from pos_tui.providers.sandbox.faults import Kind
from pos_tui.providers.sandbox.shop import OrderJson, Shop, Wrong

PATH = "/dooca"
_MOST = 150
_ORDER = re.compile(rf"{PATH}/orders/([^/]+)(/.*)?")
_VARIATION = re.compile(rf"{PATH}/variations/([^/]+)")


class DoocaDialect:
    """The shop's API."""

    name = "dooca"

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def operation(self, request: Request) -> str | None:
        """Tell list, order, stock and move apart."""
        if request.path == f"{PATH}/orders":
            return "orders"
        if _VARIATION.fullmatch(request.path):
            return "stock"
        if _ORDER.fullmatch(request.path):
            return "order" if request.method == "GET" else "move"
        return None

    def answer(self, operation: str, request: Request, desk: Desk) -> Reply:
        """Do it, spoiled as the fault says."""
        if request.headers.get("authorization") != f"Bearer {KEY}" or desk.kind is Kind.UNAUTHORIZED:
            return _json(401, {"message": "Unauthenticated."})
        if desk.kind is Kind.THROTTLED:
            reply = _json(429, {"message": "Too Many Attempts."})
            return Reply(reply.status, reply.body, headers={"Retry-After": str(int(desk.seconds))})
        try:
            return _json(200, self._answer(operation, request, desk))
        except Wrong as wrong:
            return _json(wrong.status, {"message": str(wrong)})

    def _answer(self, operation: str, request: Request, desk: Desk) -> object:
        if operation == "orders":
            return self._page(request, desk)
        if variation := _VARIATION.fullmatch(request.path):
            return {"id": int(variation[1]), "balance": self.shop.balance(variation[1])}
        named = _ORDER.fullmatch(request.path)
        assert named is not None
        if operation == "move" and desk.kind is not Kind.IGNORED:
            self._move(request.method, named[1], named[2] or "", _body(request))
        return _twisted(self.shop.order(named[1]), desk)

    def _page(self, request: Request, desk: Desk) -> object:
        query = request.query
        number, limit = int(query.get("page", "1")), min(int(query.get("limit", "20")), _MOST)
        if desk.kind is Kind.SHIFTED:
            self.shop.place()
        since, _, until = query.get("created_at", "").partition("--")
        found = [
            order
            for order in self.shop.orders()
            if (not since or order["created_at"] >= _time(since))
            and (not until or order["created_at"] <= _time(until))
        ]
        pages = max(1, -(-len(found) // limit))
        rows = [_twisted(order, desk) for order in found[(number - 1) * limit : number * limit]]
        meta = {"current_page": number, "last_page": pages, "total": len(found), "per_page": limit}
        return {"data": rows, "meta": meta, "links": {"next": None}}

    def _move(self, method: str, key: str, what: str, body: OrderJson) -> None:
        match method, what:
            case "PUT", "":
                # It takes anything and changes nothing: a trap the clients tell of.
                self.shop.order(key)
            case "PUT", "/cancel":
                self.shop.cancel(key)
            case "POST", "/fulfillment":
                self.shop.fulfill(key, "attended", {})
            case "DELETE", "/fulfillment":
                self.shop.fulfill(key, "unfulfilled", {})
            case "PUT", _ if what.startswith("/payment/"):
                self.shop.pay(key, what.removeprefix("/payment/"))
            case "PUT", _ if what.startswith("/fulfillment/"):
                self.shop.fulfill(key, what.removeprefix("/fulfillment/"), body)
            case _:
                raise Wrong(404, "Não encontrado.")


def _twisted(order: OrderJson, desk: Desk) -> OrderJson:
    match desk.kind:
        case Kind.UNKNOWN_WORD:
            return {**order, "payment_status": "em_analise", "fulfillment_status": "XPTO"}
        case Kind.NO_SKU:
            bare = [{name: item[name] for name in item if name != "sku"} for item in order["items"]]
            return {**order, "items": bare}
        case Kind.ODD_MONEY:
            return {**order, "total": "R$ " + str(order["total"]).replace(".", ",")}
        case Kind.WRONG_AMOUNT:
            return {**order, "total": "muito"}
        case Kind.WRONG_KEY:
            return {**order, "id": int(order["id"]) + 1}
        case _:
            return order


def _time(text: str) -> str:
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M:%S}"
    except ValueError:
        raise Wrong(422, "created_at inválido.") from None


def _body(request: Request) -> OrderJson:
    try:
        body = json.loads(request.body) if request.body else {}
    except ValueError:
        raise Wrong(422, "JSON inválido.") from None
    return body if isinstance(body, dict) else {}


def _json(status: int, value: object) -> Reply:
    return Reply(status, json.dumps(value).encode())
