"""Celcoin v5 as the sandbox speaks it (facts/topup.md §4)."""

import json
import re
from collections.abc import Callable
from datetime import datetime

from pos_tui.domain.phone import DDDS, uf_of, why_not_mobile
from pos_tui.providers.sandbox import KEY, USER
from pos_tui.providers.sandbox.catalogue import (
    OPERATORS,
    Operator,
    Product,
    cost_of,
    error_number,
    sold_in,
)
from pos_tui.providers.sandbox.dialect import BRASILIA, CREDIT, Desk, Reply, Request
from pos_tui.providers.sandbox.ledger import Purchase, Reason, Refusal, Row, State

_LIFE = 2400
"""Seconds a token lives."""
_DECISION = re.compile(r"/v5/transactions/topups/([0-9]+)/(capture|void)")
_ROUTES = {
    ("POST", "/v5/token"): "token",
    ("GET", "/v5/transactions/topups/providers"): "offers",
    ("GET", "/v5/transactions/topups/provider-values"): "offers",
    ("POST", "/v5/transactions/topups"): "reserve",
    ("GET", "/v5/transactions/status-consult"): "status",
    ("GET", "/v5/transactions/pendency"): "pendings",
    ("GET", "/v5/merchant/balance"): "balance",
}
_ERRORS = {
    1: "264",
    2: "050",
    3: "044",
    4: "599",
    7: "598",
    8: "146",
    10: "35",
    11: "171",
    13: "024",
    14: "024",
}
"""What a line 99 99999-00NN provokes here; any other NN is a failure of communication."""
_STATUS = {
    State.RESERVED: ("4", "000", "PENDENTE"),
    State.PROCESSING: ("4", "000", "PENDENTE"),
    State.CREDITED: ("0", "000", "SUCESSO"),
    State.CANCELLED: ("1", "999", "Transacao cancelada"),
    State.EXPIRED: ("1", "999", "Transacao expirada"),
    State.DECLINED: ("1", "620", "Falha de comunicacao"),
}


class _Error(Exception):
    """The request is answered with this code."""

    def __init__(self, code: str, message: str = "Erro", http: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.http = http


class CelcoinDialect:
    """Celcoin v5 over the ledger."""

    name = "celcoin"

    def operation(self, request: Request) -> str | None:
        """Read method and path."""
        decision = _DECISION.fullmatch(request.path)
        if decision and (request.method, decision[2]) in (("PUT", "capture"), ("DELETE", "void")):
            return "confirm" if decision[2] == "capture" else "cancel"
        return _ROUTES.get((request.method, request.path))

    def answer(self, operation: str, request: Request, desk: Desk) -> Reply:
        """Do the operation; a refusal is 400 with its code in the envelope."""
        try:
            if operation != "token":
                _check_token(request, desk.now)
            return _reply(200, _ACTIONS[operation](request, desk))
        except Refusal as refusal:
            code = "050" if refusal.reason is Reason.PENDING_LIMIT else "024"
            return _reply(400, _envelope(code, "Transacao nao encontrada", "1"))
        except _Error as error:
            return _reply(error.http, _envelope(error.code, error.message, "1"))
        except (ValueError, KeyError, TypeError):
            return _reply(400, _envelope("001", "Campo obrigatorio", "1"))


def _check_token(request: Request, now: float) -> None:
    scheme, _, ends = request.headers.get("authorization", "").partition(" treino-")
    if scheme != "Bearer" or not ends.isdecimal() or int(ends) < now:
        raise _Error("401", "Token invalido", 401)


def _token(request: Request, desk: Desk) -> dict[str, object]:
    form = request.form()
    if (form.get("client_id"), form.get("client_secret")) != (USER, KEY):
        raise _Error("401", "Credenciais invalidas", 401)
    ends = int(desk.now) + _LIFE
    return {"access_token": f"treino-{ends}", "expires_in": _LIFE, "token_type": "bearer"}


def _offers(request: Request, desk: Desk) -> dict[str, object]:
    ddd = request.query.get("stateCode", "")
    if ddd not in DDDS:
        raise _Error("089", "Codigo de area nao habilitado")
    selling = [(one, products) for one in OPERATORS if (products := _sold(one, uf_of(ddd)))]
    if request.path.endswith("/providers"):
        return {"providers": [_operator(operator) for operator, _ in selling]}
    wanted = request.query.get("providerId")
    values = [_value(product) for one, products in selling if one.code == wanted for product in products]
    return {"value": values, "externalNsuQuery": None, **_envelope("000", "SUCESSO", "0")}


def _sold(operator: Operator, uf: str) -> list[Product]:
    return [product for product in operator.products if not product.pin and sold_in(operator, product, uf)]


def _operator(operator: Operator) -> dict[str, object]:
    return {
        "category": 1,
        "name": operator.name,
        "providerId": int(operator.code),
        "RegionaisnameProvider": [],
        "TipoRecarganameProvider": 2,
        "maxValue": 0,
        "minValue": 0,
    }


def _value(product: Product) -> dict[str, object]:
    return {
        "code": 0,
        "cost": 0 if product.variable else cost_of(product.face) / 100,
        "productName": product.name,
        "dueProduct": product.validity,
        "valueBonus": 0,
        "minValue": (product.minimum if product.variable else product.face) / 100,
        "maxValue": (product.maximum if product.variable else product.face) / 100,
    }


def _reserve(request: Request, desk: Desk) -> dict[str, object]:
    asked = json.loads(request.body, parse_float=str)
    phone, key = asked["phone"], str(int(asked["externalNsu"]))
    line = f"{int(phone['stateCode'])}{phone['number']}"
    if why_not_mobile(line):
        raise _Error("264", "Telefone invalido")
    number = error_number(line)
    if number:
        raise _Error(_ERRORS.get(number, "620"), "Erro de treinamento")
    if not asked["cpfCnpj"] or not asked["externalTerminal"]:
        raise _Error("658", "CPF/CNPJ invalido")
    face = _centavos(str(asked["topupData"]["value"]))
    operator = next((one for one in OPERATORS if one.code == str(asked["providerId"])), None)
    found = [one for one in _sold(operator, uf_of(line[:2])) if one.takes(face)] if operator else []
    if operator is None or not found:
        raise _Error("472", "Valor nao permitido")
    if desk.knows(key):
        raise _Error("900", "externalNsu ja utilizado")
    product = found[0].code
    terminal = str(asked["externalTerminal"])
    row, _ = desk.reserve(Purchase(key, line, operator.code, product, face, cost_of(face), terminal))
    return {
        "NSUnameProvider": int(row.nsu),
        "authentication": 6003,
        "receipt": {"receiptData": "", "receiptformatted": "PROTOCOLO DE TREINAMENTO"},
        "createDate": _day(row).isoformat(),
        "transactionId": int(row.ref),
        **_envelope("000", "SUCESSO", "0"),
    }


def _centavos(text: str) -> int:
    whole, _, cents = text.partition(".")
    if not (whole + cents).isdecimal() or len(cents) > 2:
        raise _Error("35", "Valor nao permitido")
    return int(whole + cents.ljust(2, "0"))


def _decided(request: Request, desk: Desk, decide: Callable[[str], Row]) -> dict[str, object]:
    """Path and body must name the same transaction."""
    found = _DECISION.fullmatch(request.path)
    asked = json.loads(request.body)
    key = desk.key_of(found[1] if found else "")
    if str(asked["externalNSU"]) != key:
        raise _Error("024", "Transacao nao encontrada")
    row = decide(key)
    return _envelope("000", "SUCESSO", "7" if row.word else "0")


def _confirm(request: Request, desk: Desk) -> dict[str, object]:
    def capture(key: str) -> Row:
        row = desk.find(key)
        return row if row.state is State.CREDITED else desk.confirm(key)

    return _decided(request, desk, capture)


def _cancel(request: Request, desk: Desk) -> dict[str, object]:
    return _decided(request, desk, desk.cancel)


def _status(request: Request, desk: Desk) -> dict[str, object]:
    query = request.query
    try:
        if query.get("transactionId"):
            row = desk.find(desk.key_of(query["transactionId"]))
        else:
            row = desk.find(query["externalNSU"])
            asked = (query.get("externalTerminal"), query.get("operationDate"))
            if asked != (row.purchase.terminal, f"{_day(row):%Y-%m-%d}"):
                raise Refusal(Reason.ABSENT)
    except Refusal:
        key = query.get("externalNSU", "0")
        return _transaction("1", "061", "Transacao nao encontrada", key, "1", None)
    status, code, message = (row.word, "000", "") if row.word else _STATUS[row.state]
    return _transaction(status, code, message, row.purchase.key, row.ref, row)


def _transaction(
    status: str, code: str, message: str, key: str, ref: str, row: Row | None
) -> dict[str, object]:
    transaction = {
        "authentication": 0,
        "errorCode": code,
        "createDate": _day(row).isoformat() if row else "0001-01-01T00:00:00",
        "message": message,
        "externalNSU": int(key) if key.isdecimal() else 0,
        "transactionId": int(ref),
        "status": int(status) if status.isdecimal() else status,
        "externalTerminal": row.purchase.terminal if row else None,
    }
    return {"transaction": transaction, **_envelope("000", "SUCESSO", "0")}


def _pendings(request: Request, desk: Desk) -> dict[str, object]:
    rows = [
        {
            "authentication": 3470,
            "createDate": _day(row).isoformat(),
            "externalNSU": int(row.purchase.key),
            "transactionId": int(row.ref),
            "status": 4,
            "externalTerminal": row.purchase.terminal,
        }
        for row in desk.pendings()
    ]
    return {"pendings": {"transactions": rows}, **_envelope("000", "SUCESSO", "0")}


def _balance(request: Request, desk: Desk) -> dict[str, object]:
    used = desk.used()
    return {
        "anticipated": 0,
        "reconcileExecuting": "N",
        "consumed": used / 100,
        "credit": CREDIT / 100,
        "balance": max(0, CREDIT - used) / 100,
    }


def _day(row: Row) -> datetime:
    return datetime.fromtimestamp(row.reserved_at, BRASILIA).replace(tzinfo=None)


def _envelope(code: str, message: str, status: str) -> dict[str, object]:
    return {"errorCode": code, "message": message, "status": int(status)}


def _reply(http: int, content: dict[str, object]) -> Reply:
    return Reply(http, json.dumps(content).encode(), "application/json; charset=utf-8")


_ACTIONS: dict[str, Callable[[Request, Desk], dict[str, object]]] = {
    "token": _token,
    "offers": _offers,
    "reserve": _reserve,
    "confirm": _confirm,
    "cancel": _cancel,
    "status": _status,
    "pendings": _pendings,
    "balance": _balance,
}
