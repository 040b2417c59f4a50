"""An OS with a recurring payment for tests, and the platform's customers as seen from outside."""

import dataclasses
from datetime import UTC, datetime

from pos_tui.config import Config
from pos_tui.domain.customer import Customer
from pos_tui.domain.payment import Method
from pos_tui.domain.recurring import Attempt
from pos_tui.domain.sale import Sale
from pos_tui.settings.payment import PaymentSettings
from pos_tui.settings.recurring import RecurringSettings
from pos_tui.till import Till
from tests.items.goods import stock
from tests.sandbox import SandboxControl
from tests.tills import SELLER, new_sale, settings

CPF = "52998224725"


def monthly(mode: str = "integrated") -> Config:
    """Training settings of a store that charges every month."""
    methods = PaymentSettings(methods=("cash", "card", "recurring"))
    return settings(payment=methods, recurring=RecurringSettings(mode=mode))


class Clock:
    """Stands still until it is moved."""

    def __init__(self, text: str = "2026-11-24T15:00:00+00:00") -> None:
        self.now = datetime.fromisoformat(text)

    def __call__(self) -> datetime:
        """The present instant."""
        return self.now

    def at(self, text: str) -> None:
        """Go to an instant."""
        self.now = datetime.fromisoformat(text).replace(tzinfo=UTC)


def customer(till: Till) -> Customer:
    """Register who pays."""
    found = till.customers.search(CPF)
    return found[0] if found else till.customers.register("Maria Souza", CPF, "67999991234", "", SELLER)


def open_os(till: Till, count: int = 3, code: str = "COR1") -> Sale:
    """An open sale of a haircut (R$ 45,00) to be paid in instalments."""
    goods = {product.code: product for product in till.products.page()} or stock(till)
    sale = new_sale(till)
    sale = till.sales.set_head(sale, sale.pdv, SELLER, customer(till))
    till.items.add(sale, goods[code])
    sale = till.sales.get(sale.id)
    details = {"instalments": str(count)}
    return till.sales.add_payment(sale, Method.RECURRING, sale.tally.missing, details=details)


def sent(till: Till, count: int = 3, code: str = "COR1") -> Attempt:
    """An OS finalised and sent."""
    attempts = till.recurring.attempts
    attempt = attempts.finalise(open_os(till, count, code), SELLER)
    return attempts.send(attempt.id, SELLER)


@dataclasses.dataclass(frozen=True)
class Platform:
    """What customers, their cards and time do at the practice platform."""

    control: SandboxControl

    def pay(self, attempt: Attempt, *, removed: bool = False) -> None:
        """Type a good card."""
        self._do("pay", reference=attempt.id, removed=removed)

    def refuse(self, attempt: Attempt) -> None:
        """Type a card that the issuer refuses."""
        self._do("refuse", reference=attempt.id)

    def analyse(self, attempt: Attempt) -> None:
        """Have a card looked at."""
        self._do("analyse", reference=attempt.id)

    def remove(self, attempt: Attempt) -> None:
        """Somebody removes the subscription on the platform's own panel."""
        self._do("remove", reference=attempt.id)

    def card(self, attempt: Attempt, word: str) -> None:
        """From now on the card is `good` or `bad`."""
        self._do("card", reference=attempt.id, word=word)

    def refunds(self, word: str) -> None:
        """Refunds are `slow` from now on, or those under way are `done`."""
        self._do("refunds", word=word)

    def deliver(self, *, reverse: bool = False, again: bool = False) -> None:
        """Send the notices held back."""
        self._do("deliver", reverse=reverse, again=again)

    def go_to(self, instant: datetime) -> None:
        """Let it be this instant there."""
        self.control.set_clock(instant.timestamp())
        self._do("time")

    def view(self) -> dict[str, object]:
        """Everything as it stands there."""
        return self._do("view")

    def paid(self) -> int:
        """Centavos that customers paid and did not get back."""
        credited = self.control.ledger().credits
        into = sum(total for line, (_, total) in credited.items() if line.startswith("asaas/"))
        return into - sum(total for line, (_, total) in credited.items() if line.startswith("estorno/"))

    def subscriptions(self) -> int:
        """How many there ever were."""
        return len(self.view()["subscriptions"])  # type: ignore[arg-type]

    def _do(self, what: str, **asked: object) -> dict[str, object]:
        return self.control.call("POST", f"asaas/{what}", asked)
