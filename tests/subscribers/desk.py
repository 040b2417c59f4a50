"""A till with the subscriber desk on the sandbox or on its own book, and somebody at the counter."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pos_tui.domain.payment import Method
from pos_tui.domain.sale import Sale
from pos_tui.domain.subscriber import Bill
from pos_tui.providers.sandbox.process import SandboxProcess
from pos_tui.providers.sandbox.subscribers import PASSWORD
from pos_tui.services.subscriber_centre import Centre
from pos_tui.services.subscribers import Visit
from pos_tui.settings.payment import PaymentSettings
from pos_tui.settings.recurring import RecurringSettings
from pos_tui.settings.subscribers import (
    CreditSettings,
    RbxSettings,
    SubscribersSettings,
)
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.tills import SELLER, Watch, new_sale, open_till, settings

PROVIDERS = ("rbx", "sgp", "local")
CREDIT = CreditSettings(bank="001", free_field="0000001234567NNNNNNNNNN17")


@contextmanager
def desk_till(
    folder: Path,
    sandbox: SandboxControl | SandboxProcess,
    provider: str = "rbx",
    watch: Watch | None = None,
    enabling: str = "unblock",
    payment: PaymentSettings | None = None,
    recurring: RecurringSettings | None = None,
) -> Iterator[Till]:
    """Open a till whose desk speaks to one ERP."""
    desk = SubscribersSettings(
        provider=provider,
        deadline_seconds=30,
        establishment="1234567890",
        rbx=RbxSettings(enabling=enabling),
        credit=CREDIT,
    )
    others = {"payment": payment, "recurring": recurring}
    config = settings(subscribers=desk, **{name: value for name, value in others.items() if value})
    till = open_till(folder, sandbox, config, clock=watch)
    try:
        yield till
    finally:
        till.close()


def visit(centre: Centre, who: str = "52998224725") -> Visit:
    """Find somebody by document, and read their plans."""
    (found,) = centre.questions.find(who).subscribers
    return centre.questions.visit(found, PASSWORD)


def bill(centre: Centre, somebody: Visit, key: str = "1001") -> Bill:
    """One of their open bills."""
    return next(one for one in centre.questions.open_bills(somebody) if one.id == key)


def received(till: Till, key: str = "1001") -> Sale:
    """Put a bill into a new sale."""
    sale = new_sale(till)
    somebody = visit(till.centre)
    till.centre.bills.receive(sale, somebody, bill(till.centre, somebody, key))
    return till.sales.get(sale.id)


def paid(till: Till, sale: Sale) -> Sale:
    """Pay in cash and save: the bills are due, and not sent yet."""
    sale = till.sales.add_payment(sale, Method.CASH, sale.tally.missing)
    return till.sales.save(sale)


__all__ = ["PROVIDERS", "SELLER", "bill", "desk_till", "paid", "received", "visit"]
