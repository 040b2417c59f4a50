"""DT One DVS v1 as the sandbox speaks it (facts/topup.md §8).

A reserve past its date stays CREATED and holds the balance until it is cancelled. A confirmation is final
`SETTLES` seconds later. A line 99 99998-00NN is declined by its operator then, for the reason that DT One's
own test numbers give to NN (02 to 06).
"""

import base64
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

from pos_tui.domain.phone import uf_of, why_not_mobile
from pos_tui.providers.sandbox import KEY, USER
from pos_tui.providers.sandbox.catalogue import (
    OPERATORS,
    Operator,
    Product,
    cost_of,
    error_number,
    sold_in,
)
from pos_tui.providers.sandbox.dialect import CREDIT, Desk, Reply, Request
from pos_tui.providers.sandbox.ledger import Purchase, Reason, Refusal, Row, State

SETTLES = 3.0
"""Seconds from confirmation to the operator's word."""
TTL = 3600.0
"""Seconds until a reserve can no longer be confirmed."""

_ITEM = re.compile(r"/v1(?:/async)?/transactions/([0-9]+)(?:/(confirm|cancel))?")
_ROUTES = {
    ("GET", "/v1/products"): "offers",
    ("POST", "/v1/async/transactions"): "reserve",
    ("GET", "/v1/balances"): "balance",
}
_CLASSES = {
    State.RESERVED: (1, "CREATED"),
    State.EXPIRED: (1, "CREATED"),
    State.PROCESSING: (2, "CONFIRMED"),
    State.CANCELLED: (4, "CANCELLED"),
    State.CREDITED: (7, "COMPLETED"),
    State.DECLINED: (9, "DECLINED"),
}
_DECLINES = {
    "02": "INVALID-CREDIT-PARTY",
    "03": "BARRED-CREDIT-PARTY",
    "04": "OPERATOR-CURRENTLY-UNAVAILABLE",
    "05": "DUPLICATED-TRANSACTION",
    "06": "UNSPECIFIED",
}
_DECLINING = "999999800"
_ERRORS = {1: 1005003, 2: 1006001, 3: 1003001, 5: 1000401, 7: 1009503, 8: 1003001, 10: 1003002, 14: 1008004}
"""What a line 99 99999-00NN provokes here; any other NN is an unexpected error."""
_CONFIRM_REFUSED = {
    Reason.CONFIRMED: 1007002,
    Reason.DECLINED: 1007002,
    Reason.EXPIRED: 1007004,
    Reason.CANCELLED: 1007005,
    Reason.ABSENT: 1008004,
}
_CANCEL_REFUSED = _CONFIRM_REFUSED | {Reason.CONFIRMED: 1007007, Reason.DECLINED: 1007007}


class _Error(Exception):
    """The request is answered with this code."""

    def __init__(self, code: int, http: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.http = http


class DtOneDialect:
    """DVS v1 over the ledger."""

    name = "dtone"

    def operation(self, request: Request) -> str | None:
        """Read method and path."""
        item = _ITEM.fullmatch(request.path)
        if item:
            verb = item[2] or "status"
            return verb if request.method == ("GET" if verb == "status" else "POST") else None
        if (request.method, request.path) == ("GET", "/v1/transactions"):
            return "pendings" if "status_id" in request.query else "status"
        return _ROUTES.get((request.method, request.path))

    def answer(self, operation: str, request: Request, desk: Desk) -> Reply:
        """Do the operation; a refusal is an `errors` list."""
        try:
            _check(request)
            return _ACTIONS[operation](request, desk)
        except Refusal:
            return _error(1008004, 404)
        except _Error as error:
            return _error(error.code, error.http)
        except (ValueError, KeyError, TypeError):
            return _error(1000400, 400)


def _check(request: Request) -> None:
    expected = base64.b64encode(f"{USER}:{KEY}".encode()).decode("ascii")
    if request.headers.get("authorization") != f"Basic {expected}":
        raise _Error(1000401, 401)


def _reserve(request: Request, desk: Desk) -> Reply:
    asked = json.loads(request.body)
    line = str(asked["credit_party_identifier"]["mobile_number"]).removeprefix("+55")
    key = str(asked["external_id"])
    if why_not_mobile(line):
        raise _Error(1005003)
    number = error_number(line)
    if number:
        raise _Error(_ERRORS.get(number, 1009001))
    if not 0 < len(key) <= 40 or asked.get("auto_confirm"):
        raise _Error(1000400)
    if desk.knows(key):
        raise _Error(1007001)
    operator, product = _find(int(asked["product_id"]), line)
    face = round(float(asked["destination"]["amount"]) * 100) if product.variable else product.face
    if not product.takes(face):
        raise _Error(1003002)
    try:
        purchase = Purchase(key, line, operator.code, product.code, face, cost_of(face))
        row, _ = desk.reserve(purchase, TTL, holds=True)
    except Refusal as refusal:
        raise _Error(1006001) from refusal
    return _reply(201, _transaction(row))


def _catalogue() -> list[tuple[int, Operator, Product]]:
    """Number the online products as DT One does; the order of the catalogue gives the number."""
    online = [(one, product) for one in OPERATORS for product in one.products if not product.pin]
    return [(7001 + index, operator, product) for index, (operator, product) in enumerate(online)]


def _find(number: int, line: str) -> tuple[Operator, Product]:
    for code, operator, product in _catalogue():
        if code == number and sold_in(operator, product, uf_of(line[:2])):
            return operator, product
    raise _Error(1003001)


def _ref(request: Request) -> str:
    found = _ITEM.fullmatch(request.path)
    return found[1] if found else ""


def _confirm(request: Request, desk: Desk) -> Reply:
    key = desk.key_of(_ref(request))
    line = desk.find(key).purchase.line
    declined = line.startswith(_DECLINING) and line[-2:] in _DECLINES
    due_state = State.DECLINED if declined else State.CREDITED
    try:
        return _reply(202, _transaction(desk.confirm(key, SETTLES, due_state)))
    except Refusal as refusal:
        raise _Error(_CONFIRM_REFUSED[refusal.reason]) from refusal


def _cancel(request: Request, desk: Desk) -> Reply:
    try:
        return _reply(202, _transaction(desk.cancel(desk.key_of(_ref(request)))))
    except Refusal as refusal:
        raise _Error(_CANCEL_REFUSED[refusal.reason]) from refusal


def _status(request: Request, desk: Desk) -> Reply:
    if _ref(request):
        return _reply(200, _transaction(desk.find(desk.key_of(_ref(request)))))
    try:
        return _listing([_transaction(desk.find(request.query["external_id"]))], request)
    except Refusal:
        return _listing([], request)


def _pendings(request: Request, desk: Desk) -> Reply:
    return _listing([_transaction(row) for row in desk.pendings()], request)


def _offers(request: Request, desk: Desk) -> Reply:
    return _listing([_product(*entry) for entry in _catalogue()], request)


def _balance(request: Request, desk: Desk) -> Reply:
    used = desk.used()
    account = {
        "id": 1,
        "unit_type": "CURRENCY",
        "unit": "BRL",
        "available": max(0, CREDIT - used) / 100,
        "holding": used / 100,
        "credit_limit": CREDIT / 100,
    }
    return _listing([account], request)


def _listing(entries: list[dict[str, object]], request: Request) -> Reply:
    size = max(1, int(request.query.get("per_page", "50")))
    page = max(1, int(request.query.get("page", "1")))
    pages = max(1, -(-len(entries) // size))
    headers = {"X-Total": str(len(entries)), "X-Page": str(page), "X-Total-Pages": str(pages)}
    body = json.dumps(entries[(page - 1) * size : page * size]).encode()
    return Reply(200, body, headers=headers)


def _product(number: int, operator: Operator, product: Product) -> dict[str, object]:
    amount: object = product.face / 100
    if product.variable:
        amount = {"min": product.minimum / 100, "max": product.maximum / 100}
    return {
        "id": number,
        "name": product.name,
        "type": "RANGED_VALUE_RECHARGE" if product.variable else "FIXED_VALUE_RECHARGE",
        "operator": {"id": int(operator.code), "name": operator.name},
        "destination": {"unit_type": "CURRENCY", "unit": "BRL", "amount": amount},
        "prices": {"wholesale": _money(cost_of(product.face))},
        "validity": {"unit": "DAY", "quantity": product.validity} if product.validity else None,
    }


def _transaction(row: Row) -> dict[str, object]:
    number, name = _CLASSES[row.state]
    message = name
    if row.state is State.DECLINED:
        message = f"{name}-{_DECLINES[row.purchase.line[-2:]]}"
    if row.word:
        number, name, message = 99, row.word, row.word
    bought = row.purchase
    code = next((one for one, _, product in _catalogue() if product.code == bought.product), 0)
    return {
        "id": int(row.ref),
        "external_id": bought.key,
        "creation_date": _instant(row.reserved_at),
        "confirmation_expiration_date": _instant(row.expires_at),
        "status": {"id": number * 10000, "message": message, "class": {"id": number, "message": name}},
        "operator_reference": row.nsu,
        "credit_party_identifier": {"mobile_number": f"+55{bought.line}"},
        "product": {"id": code},
        "prices": {"wholesale": _money(bought.cost), "retail": _money(bought.face)},
        "benefits": [
            {"type": "CREDITS", "unit_type": "CURRENCY", "unit": "BRL", "amount": {"base": bought.face / 100}}
        ],
    }


def _money(amount: int) -> dict[str, object]:
    return {"unit_type": "CURRENCY", "unit": "BRL", "amount": amount / 100}


def _instant(seconds: float | None) -> str | None:
    return None if seconds is None else f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%dT%H:%M:%SZ}"


def _reply(http: int, content: dict[str, object]) -> Reply:
    return Reply(http, json.dumps(content).encode())


def _error(code: int, http: int) -> Reply:
    return _reply(http, {"errors": [{"code": code, "message": f"Error {code}"}]})


_ACTIONS: dict[str, Callable[[Request, Desk], Reply]] = {
    "offers": _offers,
    "reserve": _reserve,
    "confirm": _confirm,
    "cancel": _cancel,
    "status": _status,
    "pendings": _pendings,
    "balance": _balance,
}
