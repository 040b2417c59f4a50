"""Eco as the sandbox speaks it. Goes to `providers/sandbox/eco.py`."""

import json

from pos_tui.providers.sandbox import KEY
from pos_tui.providers.sandbox.catalogue import OPERATORS, cost_of
from pos_tui.providers.sandbox.dialect import CREDIT, Desk, Reply, Request
from pos_tui.providers.sandbox.ledger import Purchase, Refusal, Row, State

OPERATIONS = ("offers", "reserve", "confirm", "cancel", "status", "pendings", "balance")


class EcoDialect:
    """Eco over the ledger."""

    name = "eco"

    def operation(self, request: Request) -> str | None:
        """The last part of the path."""
        what = request.path.removeprefix("/eco/")
        return what if request.path.startswith("/eco/") and what in OPERATIONS else None

    def answer(self, operation: str, request: Request, desk: Desk) -> Reply:
        """Do it."""
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return _reply({"error": "password"}, 401)
        try:
            return _reply(_act(operation, json.loads(request.body or b"{}"), desk))
        except Refusal as refusal:
            return _reply({"error": refusal.reason.value}, 409)


def _act(operation: str, asked: dict[str, object], desk: Desk) -> dict[str, object]:
    key = str(asked.get("key", ""))
    match operation:
        case "offers":
            return {
                "rows": [
                    {
                        "operator": operator.code,
                        "operator_name": operator.name,
                        "product": product.code,
                        "name": product.name,
                        "face": str(product.face),
                    }
                    for operator in OPERATORS
                    for product in operator.products
                    if product.face
                ]
            }
        case "reserve":
            face = int(str(asked["face"]))
            line, operator, product = (str(asked[name]) for name in ("line", "operator", "product"))
            row, _ = desk.reserve(Purchase(key, line, operator, product, face, cost_of(face)))
            return _row(row)
        case "confirm":
            row = desk.find(key)
            return _row(row if row.state in (State.PROCESSING, State.CREDITED) else desk.confirm(key))
        case "cancel":
            return _row(desk.cancel(key))
        case "status":
            return _row(desk.find(key)) if desk.knows(key) else {"key": key, "state": "absent"}
        case "pendings":
            return {"rows": [_row(row) for row in desk.pendings()]}
        case _:
            return {"limit": str(CREDIT), "available": str(CREDIT - desk.used())}


def _row(row: Row) -> dict[str, object]:
    bought = row.purchase
    state = row.word or row.state.value
    return {
        "key": bought.key,
        "ref": row.ref,
        "state": state,
        "line": bought.line,
        "face": str(bought.face),
    }


def _reply(content: dict[str, object], status: int = 200) -> Reply:
    return Reply(status, json.dumps(content).encode())
