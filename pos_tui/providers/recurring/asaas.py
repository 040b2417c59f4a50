"""Asaas API v3: subscriptions paid by card through a hosted page (facts/payments.md §1.2).

There is no idempotency header and a time-out proves nothing: whoever sends looks for the reference first.
Amounts are decimal numbers in reais; they pass no float here.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.recurring import Absent, Agreement, Charge, Reading
from pos_tui.domain.text import clean
from pos_tui.providers.amounts import reais
from pos_tui.providers.http import Exchange, Limits, Response
from pos_tui.providers.recurring.asaas_reading import BROKEN, agreement_in, charge_in, gone
from pos_tui.providers.safe_json import Json, JsonObject, json_list, json_text, parse_json

MOST = "100"
"""Rows of a list that are asked for: more charges than a recurrence has."""
_USER_AGENT = "pos-tui"
_NEW_CHARGE = "PAYMENT_CREATED"
_FAILED = Uncertain("A plataforma falhou antes de dizer o resultado. Consulte com F5.")
_CUT = Uncertain("A plataforma mandou só uma parte da lista. Consulte com F5.")

Answer = JsonObject | Refused | NotSent | Uncertain


class Person(Struct, frozen=True):
    """Who pays. `document` bare; `phone` eleven digits or empty."""

    reference: str
    name: str
    document: str
    phone: str = ""
    email: str = ""


class Plan(Struct, frozen=True):
    """A subscription to be made; `value` is each month's, in centavos."""

    reference: str
    customer: str
    value: int
    count: int
    first_due: str
    description: str


class Asaas:
    """One account. `url` ends in `/v3`; `token` is asked for at each request."""

    name = "asaas"

    def __init__(
        self,
        url: str,
        token: Callable[[], str],
        *,
        limits: Limits | None = None,
    ) -> None:
        self._exchange = Exchange(url, limits)
        self._token = token
        self._lock = threading.Lock()
        self._rests_until = 0.0

    def __repr__(self) -> str:
        return f"Asaas({self._exchange!r})"

    def rest(self) -> float:
        """Seconds for which the account's quota asks to be left alone; 0 when it does not."""
        with self._lock:
            return max(0.0, self._rests_until - time.monotonic())

    def close(self) -> None:
        """Send nothing more."""
        self._exchange.close()

    # Who pays

    def find_customer(self, document: str) -> Outcome[str]:
        """Return the key of a customer by CPF or CNPJ; empty when there is none."""
        found = self._list("/customers", {"cpfCnpj": document})
        if not isinstance(found, list):
            return found
        keys = [json_text(one, "id") for one in found if not gone(one)]
        return Done(clean(keys[0], 60) if keys else "")

    def create_customer(self, person: Person) -> Outcome[str]:
        """Register who pays; the platform tells them by SMS and e-mail."""
        body = {
            "name": person.name,
            "cpfCnpj": person.document,
            "mobilePhone": person.phone,
            "email": person.email,
            "externalReference": person.reference,
        }
        answer = self._call("POST", "/customers", {name: text for name, text in body.items() if text})
        if not isinstance(answer, dict):
            return answer
        key = clean(json_text(answer, "id"), 60)
        return Done(key) if key else BROKEN

    def tell_by_sms(self, customer: str) -> Outcome[None]:
        """Have the platform send a customer each new charge's link by SMS."""
        found = self._list(f"/customers/{customer}/notifications", {})
        if not isinstance(found, list):
            return found
        for one in found:
            if json_text(one, "event") != _NEW_CHARGE:
                continue
            key = clean(json_text(one, "id"), 60)
            body = {"enabled": True, "smsEnabledForCustomer": True}
            answer = self._call("PUT", f"/notifications/{key}", body)
            if not isinstance(answer, dict):
                return answer
        return Done(None)

    # The subscription

    def create(self, plan: Plan) -> Outcome[Agreement]:
        """Make a subscription, without its charges. Sending it again would make a second one."""
        body: dict[str, object] = {
            "customer": plan.customer,
            "billingType": "CREDIT_CARD",
            "cycle": "MONTHLY",
            "value": _Reais(plan.value),
            "nextDueDate": plan.first_due,
            "maxPayments": plan.count,
            "externalReference": plan.reference,
            "description": clean(plan.description, 500),
        }
        answer = self._call("POST", "/subscriptions", body)
        if not isinstance(answer, dict):
            return answer
        return agreement_in(answer, plan.reference)

    def find(self, reference: str) -> Outcome[Reading]:
        """Look for a subscription by our reference; Absent when there is none."""
        found = self._list("/subscriptions", {"externalReference": reference, "includeDeleted": "true"})
        if not isinstance(found, list):
            return found
        ours = [one for one in found if json_text(one, "externalReference") == reference]
        if not ours:
            return Done(Absent())
        return agreement_in(ours[0], reference)

    def read(self, ref: str, reference: str) -> Outcome[Agreement]:
        """Read a subscription by the platform's key, without its charges."""
        answer = self._call("GET", f"/subscriptions/{ref}")
        return agreement_in(answer, reference) if isinstance(answer, dict) else answer

    def charges(self, ref: str) -> Outcome[tuple[Charge, ...]]:
        """Return the charges made so far of a subscription, the first due first."""
        found = self._list(f"/subscriptions/{ref}/payments", {})
        if not isinstance(found, list):
            return found
        charges = [charge_in(one, ref) for one in found]
        good = [charge for charge in charges if charge is not None]
        if len(good) != len(charges):
            return BROKEN
        return Done(tuple(sorted(good, key=lambda charge: (charge.due, charge.ref))))

    def charge(self, payment: str, subscription: str) -> Outcome[Charge]:
        """Read one charge; also one whose subscription was removed."""
        return self._one("GET", f"/payments/{payment}", subscription)

    def set_value(self, charge: Charge, value: int, subscription: str) -> Outcome[Charge]:
        """Give one unpaid charge another value; repeating it changes nothing."""
        body: dict[str, object] = {
            "billingType": "CREDIT_CARD",
            "value": _Reais(value),
            "dueDate": charge.due,
        }
        return self._one("PUT", f"/payments/{charge.ref}", subscription, body)

    def remove(self, ref: str) -> Outcome[None]:
        """Remove a subscription with its unpaid charges. It may lose the race with the customer."""
        answer = self._call("DELETE", f"/subscriptions/{ref}")
        if not isinstance(answer, dict):
            return answer
        return Done(None) if answer.get("deleted") is True else BROKEN

    def refund(self, payment: str, value: int, reason: str, subscription: str) -> Outcome[Charge]:
        """Ask for a charge's money to go back. It goes once: a refunded charge refuses a second one."""
        body: dict[str, object] = {"value": _Reais(value), "description": clean(reason, 140)}
        return self._one("POST", f"/payments/{payment}/refund", subscription, body)

    # Inside

    def _one(
        self, method: str, path: str, subscription: str, body: dict[str, object] | None = None
    ) -> Outcome[Charge]:
        answer = self._call(method, path, body)
        if not isinstance(answer, dict):
            return answer
        charge = charge_in(answer, subscription)
        return Done(charge) if charge is not None else BROKEN

    def _list(self, path: str, query: Mapping[str, str]) -> list[Json] | Refused | NotSent | Uncertain:
        answer = self._call("GET", path, query={**query, "limit": MOST})
        if not isinstance(answer, dict):
            return answer
        found = json_list(answer, "data")
        if found is None:
            return BROKEN
        return _CUT if answer.get("hasMore") is not False else found

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        headers = {"access_token": self._token(), "Accept": "application/json", "User-Agent": _USER_AGENT}
        if body is not None:
            headers["Content-Type"] = "application/json"
        raw = _written(body) if body is not None else b""
        ending = self._exchange.send(method, path, query=query, headers=headers, body=raw)
        if not isinstance(ending, Response):
            return ending
        self._heed(ending)
        return _read(ending)

    def _heed(self, response: Response) -> None:
        """Note what the answer says of the account's quota."""
        left, reset = (response.headers.get(f"ratelimit-{name}", "") for name in ("remaining", "reset"))
        if not reset.isdecimal() or not (response.status == 429 or left == "0"):
            return
        with self._lock:
            self._rests_until = time.monotonic() + int(reset)


class _Reais(int):
    """Centavos to be written as a decimal number of reais."""


def _written(body: Mapping[str, object]) -> bytes:
    """Write JSON with amounts as exact decimals."""

    def parts() -> Iterator[str]:
        for name, value in body.items():
            written = reais(value) if isinstance(value, _Reais) else json.dumps(value, ensure_ascii=False)
            yield f"{json.dumps(name)}: {written}"

    return ("{" + ", ".join(parts()) + "}").encode()


def _read(response: Response) -> Answer:
    if response.status >= 500:
        return _FAILED
    said = parse_json(response.body)
    if not isinstance(said, dict):
        return BROKEN
    return said if response.status == 200 else _problem(response.status, said)


_PROBLEMS = {
    400: RefusalClass.DATA,
    401: RefusalClass.STORE_ACCOUNT,
    403: RefusalClass.STORE_ACCOUNT,
    404: RefusalClass.NOT_FOUND,
    429: RefusalClass.TRANSIENT,
}


def _problem(status: int, said: JsonObject) -> Refused | Uncertain:
    """Read the platform's list of errors; without one it is not the platform that speaks."""
    reason = _PROBLEMS.get(status)
    errors = json_list(said, "errors")
    if reason is None or not errors:
        return BROKEN
    code = clean(json_text(errors[0], "code"), 60)
    text = clean(json_text(errors[0], "description"), 200)
    return Refused(reason, code, text or "A plataforma não disse o motivo.")
