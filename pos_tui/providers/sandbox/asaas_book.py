"""A platform of recurring charges to practise with: customers, subscriptions, their charges, its notices.

What customers really pay, and get back, is credited in the sandbox's one ledger under `asaas/CHARGE` and
`estorno/CHARGE`.
"""

import calendar
import copy
import json
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pos_tui.providers.amounts import centavos, reais
from pos_tui.providers.sandbox.dialect import BRASILIA
from pos_tui.providers.sandbox.ledger import Ledger, Purchase

Record = dict[str, Any]

AHEAD = timedelta(days=40)
"""How long before its day a charge is made."""
UNPAID = ("PENDING", "OVERDUE", "AWAITING_RISK_ANALYSIS")


class NoSuch(Exception):
    """The platform knows nothing by this key."""


class Book:
    """Everything of one account, kept in a file where there is one. Thread-safe.

    Raises:
        ValueError: at construction, when the file holds something else.
    """

    def __init__(self, path: Path | None, ledger: Ledger, clock: Callable[[], float]) -> None:
        self._path = path
        self._ledger = ledger
        self._clock = clock
        self._lock = threading.RLock()
        self.told: Callable[[Record], None] = lambda event: None
        """Called with each notice, outside the lock."""
        self.page = ""
        """Where the hosted pages are."""
        self._data: Record = {}
        self._untold: list[Record] = []
        self._clear()
        if path is not None and path.exists():
            self._data |= json.loads(path.read_text("utf-8"))

    def reset(self) -> None:
        """Forget everything."""
        with self._lock:
            self._clear()
            self._save()

    def view(self) -> Record:
        """Everything as it stands."""
        with self._lock:
            self._pass_time()
            return copy.deepcopy(self._data)

    # What the API does

    def customers(self, document: str) -> list[Record]:
        """The customers with a CPF or CNPJ."""
        with self._lock:
            return [copy.deepcopy(one) for one in self._all("customers") if one["cpfCnpj"] == document]

    def add_customer(self, fields: Record) -> Record:
        """Register a customer."""
        with self._lock:
            made = self._add("customers", "cus", {"object": "customer", "deleted": False, **fields})
            for event in ("PAYMENT_CREATED", "PAYMENT_OVERDUE"):
                told = {"object": "notification", "customer": made["id"], "event": event, "enabled": True}
                self._add("notifications", "not", {**told, "smsEnabledForCustomer": False})
            return made

    def notifications(self, customer: str) -> list[Record]:
        """What a customer is told, and how. Raises NoSuch."""
        with self._lock:
            self._found("customers", customer)
            return [copy.deepcopy(one) for one in self._all("notifications") if one["customer"] == customer]

    def set_notification(self, key: str, fields: Record) -> Record:
        """Change how a customer is told of something. Raises NoSuch."""
        with self._lock:
            found = self._found("notifications", key)
            found |= {name: fields[name] for name in ("enabled", "smsEnabledForCustomer") if name in fields}
            self._save()
            return copy.deepcopy(found)

    def subscriptions(self, reference: str) -> list[Record]:
        """The subscriptions with a reference, removed ones too."""
        with self._lock:
            self._pass_time()
            found = self._all("subscriptions")
            return [copy.deepcopy(one) for one in found if one["externalReference"] == reference]

    def add_subscription(self, fields: Record) -> Record:
        """Make a subscription and what charges are near."""
        with self._lock:
            made = {"object": "subscription", "status": "ACTIVE", "deleted": False, "card": "", **fields}
            made["first"] = made["nextDueDate"]
            subscription = self._add("subscriptions", "sub", made)
            self._pass_time()
        self._tell_all()
        return copy.deepcopy(subscription)

    def get(self, kind: str, key: str) -> Record:
        """One record. Raises NoSuch."""
        with self._lock:
            self._pass_time()
            return copy.deepcopy(self._found(kind, key))

    def charges(self, subscription: str) -> list[Record]:
        """The charges made of a subscription, the newest first as the API lists them."""
        with self._lock:
            self._found("subscriptions", subscription)
            self._pass_time()
            found = [one for one in self._all("payments") if one["subscription"] == subscription]
            return copy.deepcopy(found[::-1])

    def set_value(self, key: str, value: object) -> Record:
        """Change an unpaid charge. Raises ValueError when it is paid or gone."""
        with self._lock:
            charge = self._unpaid(key)
            charge["value"] = value
            self._save()
            return copy.deepcopy(charge)

    def remove(self, key: str) -> None:
        """Remove a subscription and its unpaid charges. Raises ValueError when the first is paid."""
        with self._lock:
            subscription = self._found("subscriptions", key)
            subscription |= {"deleted": True, "status": "INACTIVE"}
            for charge in self._all("payments"):
                if charge["subscription"] == key and charge["status"] in UNPAID:
                    charge["deleted"] = True
                    self._note("PAYMENT_DELETED", charge)
            self._save()
        self._tell_all()

    def refund(self, key: str) -> Record:
        """Give a charge's money back. Raises ValueError when there is none to give."""
        with self._lock:
            charge = self._found("payments", key)
            if charge["status"] not in ("CONFIRMED", "RECEIVED"):
                raise ValueError("A cobrança não está paga.")
            if self._data["slow_refunds"]:
                charge |= {"status": "REFUND_IN_PROGRESS", "refunds": [{"status": "PENDING"}]}
                self._note("PAYMENT_REFUND_IN_PROGRESS", charge)
            else:
                self._give_back(charge)
            self._save()
        self._tell_all()
        return copy.deepcopy(charge)

    def slow_refunds(self, word: str) -> None:
        """From now on refunds are `slow`; `done` ends those under way, and the slowness."""
        with self._lock:
            self._data["slow_refunds"] = word == "slow"
            for charge in self._all("payments"):
                if charge["status"] == "REFUND_IN_PROGRESS" and word == "done":
                    self._give_back(charge)
            self._save()
        self._tell_all()

    # What customers and their cards do

    def pay(self, reference: str, *, removed: bool = False) -> Record:
        """Type a card on the page of a reference's first unpaid charge; `removed`: just before it went."""
        with self._lock:
            charge = self._next_unpaid(reference, removed)
            self._found("subscriptions", charge["subscription"])["card"] = "good"
            self._confirm(charge)
        self._tell_all()
        return copy.deepcopy(charge)

    def refuse(self, reference: str) -> Record:
        """The issuer says no: the charge stays as it is, and only a notice tells."""
        with self._lock:
            charge = self._next_unpaid(reference)
            self._note("PAYMENT_CREDIT_CARD_CAPTURE_REFUSED", charge)
            self._save()
        self._tell_all()
        return copy.deepcopy(charge)

    def analyse(self, reference: str) -> Record:
        """The platform looks at a card before it takes it."""
        with self._lock:
            charge = self._next_unpaid(reference)
            charge["status"] = "AWAITING_RISK_ANALYSIS"
            self._note("PAYMENT_AWAITING_RISK_ANALYSIS", charge)
            self._save()
        self._tell_all()
        return copy.deepcopy(charge)

    def card(self, reference: str, word: str) -> None:
        """From now on a customer's card is `good` or `bad`."""
        with self._lock:
            for subscription in self._all("subscriptions"):
                if subscription["externalReference"] == reference:
                    subscription["card"] = word
            self._save()

    def pass_time(self) -> None:
        """Let what is due by now happen."""
        with self._lock:
            self._pass_time()
        self._tell_all()

    # Inside

    def _clear(self) -> None:
        self._data = {
            "customers": {}, "notifications": {}, "subscriptions": {}, "payments": {},
            "events": [], "sms": [], "number": 0, "slow_refunds": False,
        }  # fmt: skip
        self._untold = []

    def _pass_time(self) -> None:
        today = datetime.fromtimestamp(self._clock(), UTC).astimezone(BRASILIA).date()
        for subscription in self._all("subscriptions"):
            if not subscription["deleted"]:
                self._make_charges(subscription, today)
        for charge in self._all("payments"):
            if charge["status"] == "PENDING" and not charge["deleted"]:
                self._take(charge, today)
        self._save()

    def _make_charges(self, subscription: Record, today: date) -> None:
        first = date.fromisoformat(subscription["first"])
        made = [one for one in self._all("payments") if one["subscription"] == subscription["id"]]
        for number in range(len(made), int(subscription["maxPayments"])):
            due = _months_on(first, number)
            if number > 0 and due - AHEAD > today:
                return
            charge = {
                "object": "payment", "status": "PENDING", "deleted": False, "dueDate": due.isoformat(),
                "customer": subscription["customer"], "subscription": subscription["id"],
                "billingType": "CREDIT_CARD", "value": subscription["value"],
                "externalReference": subscription["externalReference"],
            }  # fmt: skip
            added = self._add("payments", "pay", charge)
            self._data["payments"][added["id"]]["invoiceUrl"] = f"{self.page}/i/{added['id']}"
            self._note("PAYMENT_CREATED", self._data["payments"][added["id"]])
            self._send_sms(self._data["payments"][added["id"]])
        if subscription["status"] == "ACTIVE":
            subscription["status"] = "EXPIRED"

    def _send_sms(self, charge: Record) -> None:
        customer = self._data["customers"].get(charge["customer"], {})
        wanted = any(
            one["customer"] == charge["customer"]
            and one["event"] == "PAYMENT_CREATED"
            and one["enabled"]
            and one["smsEnabledForCustomer"]
            for one in self._all("notifications")
        )
        if wanted and customer.get("mobilePhone"):
            self._data["sms"].append({"to": customer["mobilePhone"], "text": charge["invoiceUrl"]})

    def _take(self, charge: Record, today: date) -> None:
        """On its day a charge is taken from the card that is known; without one it falls overdue."""
        due = date.fromisoformat(charge["dueDate"])
        card = self._found("subscriptions", charge["subscription"])["card"]
        if card == "good" and due <= today:
            self._confirm(charge)
        elif card == "bad" and due <= today and not charge.get("refused"):
            charge["refused"] = True
            self._note("PAYMENT_CREDIT_CARD_CAPTURE_REFUSED", charge)
        if charge["status"] == "PENDING" and due < today:
            charge["status"] = "OVERDUE"
            self._note("PAYMENT_OVERDUE", charge)

    def _give_back(self, charge: Record) -> None:
        charge |= {"status": "REFUNDED", "refunds": [{"status": "DONE"}]}
        self._credit(f"estorno/{charge['id']}", charge)
        self._note("PAYMENT_REFUNDED", charge)

    def _confirm(self, charge: Record) -> None:
        charge["status"] = "CONFIRMED"
        self._credit(f"asaas/{charge['id']}", charge)
        self._note("PAYMENT_CONFIRMED", charge)
        self._save()

    def _credit(self, line: str, charge: Record) -> None:
        face = centavos(str(charge["value"]))
        purchase = Purchase(line, line, "asaas", charge["subscription"], face, face)
        self._ledger.reserve("asaas", purchase)
        self._ledger.confirm("asaas", line)

    def _next_unpaid(self, reference: str, removed: bool = False) -> Record:
        for charge in self._all("payments"):
            open_ = charge["status"] in UNPAID and (removed or not charge["deleted"])
            if charge["externalReference"] == reference and open_:
                return charge
        raise ValueError("nothing to pay")

    def _unpaid(self, key: str) -> Record:
        charge = self._found("payments", key)
        if charge["status"] not in UNPAID or charge["deleted"]:
            raise ValueError("A cobrança já foi paga ou removida.")
        return charge

    def _note(self, event: str, charge: Record) -> None:
        at = datetime.fromtimestamp(self._clock(), UTC).astimezone(BRASILIA)
        notice = {
            "id": f"evt_{self._next():05d}",
            "event": event,
            "dateCreated": f"{at:%Y-%m-%d %H:%M:%S}",
            "payment": copy.deepcopy(charge),
        }
        self._data["events"].append(notice)
        self._untold.append(notice)

    def _tell_all(self) -> None:
        with self._lock:
            untold, self._untold = self._untold, []
        for notice in untold:
            self.told(notice)

    def _add(self, kind: str, prefix: str, fields: Record) -> Record:
        key = f"{prefix}_{self._next():012d}"
        self._data[kind][key] = {"id": key, **fields}
        self._save()
        return copy.deepcopy(self._data[kind][key])

    def _next(self) -> int:
        self._data["number"] += 1
        return int(self._data["number"])

    def _all(self, kind: str) -> list[Record]:
        return list(self._data[kind].values())

    def _found(self, kind: str, key: str) -> Record:
        if key not in self._data[kind]:
            raise NoSuch(key)
        found: Record = self._data[kind][key]
        return found

    def _save(self) -> None:
        if self._path is not None:
            part = self._path.with_suffix(".part")
            part.write_text(json.dumps(self._data, ensure_ascii=False), "utf-8")
            part.replace(self._path)


def decimal(value: object) -> str:
    """Return an amount as the API writes it: without the zeros that say nothing."""
    return reais(centavos(str(value))).rstrip("0").rstrip(".")


def _months_on(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    last = calendar.monthrange(first.year + years, month + 1)[1]
    return date(first.year + years, month + 1, min(first.day, last))
