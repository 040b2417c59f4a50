"""An OS paid by a link: one subscription, no silent money, the OS where it belongs."""

import contextlib
from typing import Any

from pos_tui.domain.instalments import InstalmentState
from pos_tui.domain.payment import PaymentState
from pos_tui.domain.recurring import Attempt, AttemptState
from pos_tui.domain.sale import Sale, SaleState
from pos_tui.domain.values import replace
from pos_tui.services.refunds import Warrant
from pos_tui.settings.printer import PrinterSettings
from pos_tui.store.models.recurring import AttemptRow
from pos_tui.till import Till
from tests.crash import invariants
from tests.crash.flow import Arm, Flow, Ground
from tests.recurring.os import Platform, monthly, open_os
from tests.tills import SELLER, Watch, open_till

S = AttemptState


class Recurring(Flow):
    """An OS of one service in four instalments."""

    def play(self, ground: Ground, arm: Arm) -> None:
        config = replace(monthly(), printer=PrinterSettings(transport="none"))
        till = open_till(ground.folder, ground.world, config)
        sale = open_os(till, 4, "SH10")
        arm()
        self.charge(till, sale, Platform(ground.sandbox))
        till.close()

    def charge(self, till: Till, sale: Sale, platform: Platform) -> None:
        """What happens to the attempt."""
        raise NotImplementedError

    def settle(self, ground: Ground, beside: Any) -> None:
        platform, watch = Platform(ground.sandbox), Watch()
        with contextlib.closing(open_till(ground.folder, ground.sandbox, monthly(), watch)) as till:
            till.recurring.watch.sweep("sistema")
            watch.advance(180)
            till.recurring.watch.sweep("sistema")
            till.recurring.watch.round()
            check_recovered(till, platform)
            for attempt in attempts_of(till):
                if attempt.state is S.DRAFT:
                    # What never left is sent now, once.
                    assert till.recurring.attempts.send(attempt.id, SELLER).state is S.WAITING
                    assert references(platform).count(attempt.id) == 1, "I1: a subscription was made twice"
            invariants.check(till)


class RecurringPaid(Recurring):
    """Sent, paid by the customer, finished."""

    name = "recurring"
    about = "sent, paid by the customer, finished"

    def charge(self, till: Till, sale: Sale, platform: Platform) -> None:
        attempts = till.recurring.attempts
        attempt = attempts.send(attempts.finalise(sale, SELLER).id, SELLER)
        platform.pay(attempt)
        attempts.ask(attempt.id, SELLER)


class RecurringCancelled(Recurring):
    """Cancelled, then tried again."""

    name = "recurring cancelled"
    about = "sent, cancelled, tried again"

    def charge(self, till: Till, sale: Sale, platform: Platform) -> None:
        attempts = till.recurring.attempts
        attempt = attempts.send(attempts.finalise(sale, SELLER).id, SELLER)
        attempts.cancel(attempt.id, SELLER)
        again = attempts.again(till.sales.get(attempt.sale_id), SELLER)
        attempts.send(again.id, SELLER)


class RecurringLate(Recurring):
    """The customer is faster than the cancelling, and gets the money back."""

    name = "recurring late"
    about = "sent, paid, cancelled all the same, the money returned"

    def charge(self, till: Till, sale: Sale, platform: Platform) -> None:
        attempts = till.recurring.attempts
        attempt = attempts.send(attempts.finalise(sale, SELLER).id, SELLER)
        platform.pay(attempt)
        attempts.cancel(attempt.id, SELLER)
        till.recurring.refunds.late(attempt.id, Warrant(SELLER, "Marta", "cliente desistiu"))


class RecurringReturned(Recurring):
    """Paid, given back, and the charges that are left called off."""

    name = "recurring returned"
    about = "sent, paid, the first instalment given back, the others called off"

    def charge(self, till: Till, sale: Sale, platform: Platform) -> None:
        attempts, refunds = till.recurring.attempts, till.recurring.refunds
        attempt = attempts.send(attempts.finalise(sale, SELLER).id, SELLER)
        platform.pay(attempt)
        attempts.ask(attempt.id, SELLER)
        warrant = Warrant(SELLER, "Marta", "serviço não foi feito")
        refunds.give_back(attempts.instalments(attempt.id)[0], warrant)
        refunds.stop(attempt.id, warrant)


def attempts_of(till: Till) -> list[Attempt]:
    """Every attempt, oldest first."""
    with till.context.store.reading() as tx:
        keys = [str(row[0]) for row in tx.rows(AttemptRow.select(AttemptRow.id).order_by(AttemptRow.id))]
    return [till.recurring.attempts.get(key) for key in keys]


def references(platform: Platform) -> list[str]:
    """Which attempts the platform's subscriptions are for."""
    made: dict[str, Any] = platform.view()["subscriptions"]  # type: ignore[assignment]
    return [str(one["externalReference"]) for one in made.values()]


def check_recovered(till: Till, platform: Platform) -> None:
    """Nothing is left in doubt, nothing was made twice, and no money came in silence."""
    made, known = references(platform), attempts_of(till)
    assert len(made) == len(set(made)), "I1: a subscription was made twice"
    for attempt in known:
        assert attempt.state not in (S.SENDING, S.UNCERTAIN), f"I5: {attempt.why}"
        check_os(till, attempt, known)
    if platform.paid():
        assert any(attempt.state in (S.PAID, S.LATE) for attempt in known), "I1: money in silence"
    check_returned(till, platform, known)


def check_returned(till: Till, platform: Platform, known: list[Attempt]) -> None:
    """What the instalments say was paid is what the platform holds, and nothing is still on its way."""
    made = [one for attempt in known for one in till.recurring.attempts.instalments(attempt.id)]
    assert not any(one.refund_asked for one in made), "I5: a refund in doubt"
    if made:
        confirmed = sum(one.amount for one in made if one.state is InstalmentState.CONFIRMED)
        assert confirmed == platform.paid(), "I1: the instalments and the platform differ"
        all_back = all(one.state is InstalmentState.CANCELLED for one in made)
        (line,) = till.sales.get(made[0].sale_id).payments
        assert (line.state is PaymentState.REFUNDED) is all_back, "I3: given back, and not shown"


def check_os(till: Till, attempt: Attempt, known: list[Attempt]) -> None:
    """I2, I3: a paid OS is saved with its instalments and its paper; an unpaid one waits."""
    sale = till.sales.get(attempt.sale_id)
    rows = till.recurring.attempts.instalments(attempt.id)
    paper = till.spool.paper_of(sale.id, "sale")
    if attempt.state is S.PAID:
        assert (sale.state, len(rows)) == (SaleState.SAVED, attempt.count), "I1: paid and not finished"
        assert paper is not None, "I2: paid without a receipt"
        assert sum(row.amount for row in rows) == attempt.total, "I3: the instalments"
    else:
        assert (sale.state, rows, paper) == (SaleState.AWAITING, [], None), "I2: finished and not paid"
    assert sum(other.live for other in known if other.sale_id == attempt.sale_id) <= 1, "I1: two attempts"
