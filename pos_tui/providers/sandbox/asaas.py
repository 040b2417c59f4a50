"""The practice platform speaking Asaas v3 (facts/payments.md §1.2), and sending its notices."""

import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable

from pos_tui.providers.safe_json import parse_json
from pos_tui.providers.sandbox import ASAAS_PATH, KEY
from pos_tui.providers.sandbox.asaas_book import Book, NoSuch, Record, decimal
from pos_tui.providers.sandbox.dialect import Desk, Reply, Request
from pos_tui.providers.sandbox.faults import Kind

TOKEN_HEADER = "asaas-access-token"  # noqa: S105 - a header's name
_ONE = re.compile(rf"{ASAAS_PATH}/(subscriptions|payments)/([^/]+)")
_CHARGES = re.compile(rf"{ASAAS_PATH}/subscriptions/([^/]+)/payments")
_TOLD = re.compile(rf"{ASAAS_PATH}/customers/([^/]+)/notifications")
_TELL = re.compile(rf"{ASAAS_PATH}/notifications/([^/]+)")
_REFUND = re.compile(rf"{ASAAS_PATH}/payments/([^/]+)/refund")
_QUOTA = {"RateLimit-Limit": "100", "RateLimit-Remaining": "99", "RateLimit-Reset": "30"}
_OPERATIONS = {
    ("POST", "customers"): "customer",
    ("GET", "customers"): "customer",
    ("POST", "subscriptions"): "reserve",
    ("GET", "subscriptions"): "status",
}


class _No(Exception):
    """The request is answered with this error."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        self.status, self.code = status, code


class AsaasDialect:
    """The platform's API."""

    name = "asaas"

    def __init__(self, book: Book) -> None:
        self.book = book

    def operation(self, request: Request) -> str | None:
        """Tell customers, subscriptions, charges and refunds apart."""
        if not request.path.startswith(f"{ASAAS_PATH}/"):
            return None
        if _REFUND.fullmatch(request.path):
            return "refund"
        if _TOLD.fullmatch(request.path) or _TELL.fullmatch(request.path):
            return "customer"
        if _CHARGES.fullmatch(request.path):
            return "status"
        if one := _ONE.fullmatch(request.path):
            changes = "cancel" if one[1] == "subscriptions" else "move"
            return "status" if request.method == "GET" else changes
        return _OPERATIONS.get((request.method, request.path.removeprefix(f"{ASAAS_PATH}/")))

    def answer(self, operation: str, request: Request, desk: Desk) -> Reply:
        """Do it, spoiled as the fault says."""
        self.book.page = f"http://{request.headers.get('host', '127.0.0.1')}/asaas"
        if request.headers.get("access_token") != KEY or desk.kind is Kind.UNAUTHORIZED:
            return _error(401, "invalid_access_token", "A chave de API fornecida é inválida.")
        if desk.kind is Kind.THROTTLED:
            reply = _error(429, "too_many_requests", "Limite de requisições atingido.")
            quota = {"RateLimit-Remaining": "0", "RateLimit-Reset": str(int(desk.seconds))}
            return Reply(reply.status, reply.body, headers=_QUOTA | quota)
        try:
            return _json(_twisted(self._do(operation, request), desk))
        except NoSuch:
            return _error(404, "not_found", "Recurso não encontrado.")
        except _No as no:
            return _error(no.status, no.code, str(no))
        except ValueError as error:
            return _error(400, "invalid_action", str(error))

    def _do(self, operation: str, request: Request) -> Record:
        body, query = _body(request), request.query
        if told := _TOLD.fullmatch(request.path):
            return _page(self.book.notifications(told[1]))
        if tell := _TELL.fullmatch(request.path):
            return self.book.set_notification(tell[1], body)
        if operation == "customer":
            if request.method == "GET":
                return _page(self.book.customers(query.get("cpfCnpj", "")))
            return self.book.add_customer(_customer(body))
        if refund := _REFUND.fullmatch(request.path):
            return self.book.refund(refund[1])
        if charges := _CHARGES.fullmatch(request.path):
            return _page(self.book.charges(charges[1]))
        if one := _ONE.fullmatch(request.path):
            return self._one(operation, one[1], one[2], body)
        if operation == "reserve":
            return self.book.add_subscription(_subscription(body))
        return _page(self.book.subscriptions(query.get("externalReference", "")))

    def _one(self, operation: str, kind: str, key: str, body: Record) -> Record:
        if operation == "cancel":
            self.book.remove(key)
            return {"deleted": True, "id": key}
        if operation == "move":
            return self.book.set_value(key, body["value"])
        return self.book.get(kind, key)


class Notifier:
    """Sends the platform's notices to one address, in order, unless they are held back."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._lock = threading.Lock()
        self._url = ""
        self._token = ""
        self._hold = False
        self._held: list[Record] = []
        self._sent: list[Record] = []
        self.answers: list[int] = []
        """The status of each delivery; 0 when nobody answered."""
        book.told = self.tell

    def reset(self) -> None:
        """Forget everything; send nothing to anybody."""
        self._book.reset()
        with self._lock:
            self._url, self._hold, self._held, self._sent, self.answers = "", False, [], [], []

    def aim(self, url: str, token: str, hold: bool = False) -> None:
        """Choose where notices go, and whether they wait for `deliver`."""
        with self._lock:
            self._url, self._token, self._hold = url, token, hold

    def tell(self, notice: Record) -> None:
        """Send one, or hold it back."""
        with self._lock:
            if not self._url:
                return
            if self._hold:
                self._held.append(notice)
                return
        self._send(notice)

    def deliver(self, *, reverse: bool = False, again: bool = False) -> None:
        """Send what is held back, in order or against it; `again` sends all that was ever sent once more."""
        with self._lock:
            notices, self._held = (list(self._sent), self._held) if again else (self._held, [])
        for notice in notices[::-1] if reverse else notices:
            self._send(notice)

    def control(self, what: str, asked: Record) -> Record:
        """Do what customers, cards and time do; `what` is the last part of the control address."""
        book, reference = self._book, str(asked.get("reference", ""))
        reverse, again = bool(asked.get("reverse")), bool(asked.get("again"))
        acts: dict[str, Callable[[], object]] = {
            "pay": lambda: book.pay(reference, removed=bool(asked.get("removed"))),
            "refuse": lambda: book.refuse(reference),
            "analyse": lambda: book.analyse(reference),
            "card": lambda: book.card(reference, str(asked["word"])),
            "refund": lambda: book.refund(str(asked["payment"])),
            "refunds": lambda: book.slow_refunds(str(asked["word"])),
            "remove": lambda: book.remove(book.subscriptions(reference)[0]["id"]),
            "time": book.pass_time,
            "hook": lambda: self.aim(str(asked["url"]), str(asked["token"]), bool(asked.get("hold"))),
            "deliver": lambda: self.deliver(reverse=reverse, again=again),
            "view": lambda: None,
        }
        acts[what]()
        return {**book.view(), "answers": list(self.answers)}

    def _send(self, notice: Record) -> None:
        with self._lock:
            url, token = self._url, self._token
        headers = {"Content-Type": "application/json", TOKEN_HEADER: token}
        request = urllib.request.Request(url, _written(notice), headers, method="POST")  # noqa: S310 - loopback
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=20) as answer:
                status = int(answer.status)
        except urllib.error.HTTPError as error:
            status = error.code
        except OSError:
            status = 0
        with self._lock:
            self._sent = [one for one in self._sent if one["id"] != notice["id"]] + [notice]
            self.answers.append(status)


def _customer(body: Record) -> Record:
    if not body.get("name") or not body.get("cpfCnpj"):
        raise _No(400, "invalid_cpfCnpj", "O CPF/CNPJ informado é inválido.")
    return body


def _subscription(body: Record) -> Record:
    for name in ("customer", "billingType", "value", "nextDueDate", "cycle", "maxPayments"):
        if name not in body:
            raise _No(400, f"invalid_{name}", f"O campo {name} deve ser informado.")
    if float(body["value"]) < 1:
        raise _No(400, "invalid_value", "O valor da assinatura é menor que o mínimo.")
    return {**body, "maxPayments": int(body["maxPayments"])}


def _twisted(said: Record, desk: Desk) -> Record:
    twists = {
        Kind.UNKNOWN_WORD: {"status": "XPTO"},
        Kind.WRONG_KEY: {"externalReference": "0" * 32, "subscription": "sub_0"},
        Kind.ODD_MONEY: {"value": "R$ 1,00"},
    }
    twist = twists.get(desk.kind) if desk.kind is not None else None
    if twist is None:
        return said
    if "data" in said:
        return {**said, "data": [{**one, **twist} for one in said["data"]]}
    return {**said, **twist}


def _page(found: list[Record]) -> Record:
    return {
        "object": "list",
        "hasMore": False,
        "totalCount": len(found),
        "limit": 100,
        "offset": 0,
        "data": found,
    }


def _body(request: Request) -> Record:
    said = parse_json(request.body) if request.body else {}
    if not isinstance(said, dict):
        raise _No(400, "invalid_object", "O corpo não é JSON.")
    return dict(said)


def _error(status: int, code: str, words: str) -> Reply:
    body = json.dumps({"errors": [{"code": code, "description": words}]}, ensure_ascii=False).encode()
    return Reply(status, body, headers=dict(_QUOTA))


def _json(said: Record) -> Reply:
    return Reply(200, _written(said), headers=dict(_QUOTA))


def _written(said: Record) -> bytes:
    """Write JSON with amounts as the API's numbers: what is kept is their text."""
    text = json.dumps(said, ensure_ascii=False)
    return re.sub(r'"value": "([0-9.]+)"', lambda found: f'"value": {decimal(found[1])}', text).encode()
