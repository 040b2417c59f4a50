"""What happens to an OS while the cashier is elsewhere is told at the counter, once."""

from datetime import timedelta
from pathlib import Path

from pos_tui.domain.recurring import AttemptState
from pos_tui.domain.values import replace
from pos_tui.settings.payment import PaymentSettings
from pos_tui.settings.recurring import AsaasSettings, RecurringSettings
from pos_tui.till import Till
from tests.recurring.os import Clock, Platform, monthly, sent
from tests.screens.desk import at_desk
from tests.tills import SELLER


def told(till: Till) -> list[tuple[int | None, AttemptState]]:
    return [(one.number, one.attempt.state) for one in till.recurring.news.latest()]


def test_paid_and_paid_too_late_are_told_once(till: Till, platform: Platform) -> None:
    first, second = sent(till), sent(till)
    assert told(till) == []
    platform.pay(first)
    platform.pay(second)
    till.recurring.attempts.ask(first.id, SELLER)
    till.recurring.attempts.cancel(second.id, SELLER)
    assert told(till) == [(2, AttemptState.LATE), (1, AttemptState.PAID)]
    assert told(till) == []


def test_what_waits_for_a_decision_is_told_at_the_start(till: Till, platform: Platform) -> None:
    late, paid = sent(till), sent(till)
    for one in (late, paid):
        platform.pay(one)
    till.recurring.attempts.cancel(late.id, SELLER)
    till.recurring.attempts.ask(paid.id, SELLER)
    assert told(till) == [(1, AttemptState.LATE)]


async def test_a_late_payment_is_told_on_any_tab(till: Till, platform: Platform, clock: Clock) -> None:
    attempt = till.recurring.attempts.cancel(sent(till).id, SELLER)
    async with at_desk(till) as desk:
        await desk.press("f3")
        await desk.see("[2 Recarga]")
        platform.pay(attempt, removed=True)
        clock.now += timedelta(minutes=31)
        await desk.see("ATENÇÃO: a OS 1 foi paga depois de cancelada.")
        await desk.press("f4")
        await desk.see("PAGA DEPOIS")


def test_customers_are_still_asked_about_when_the_store_offers_it_no_more() -> None:
    """Their cards are charged at the platform, whatever the till offers today."""
    asaas = RecurringSettings(mode="manual", asaas=AsaasSettings(url="https://127.0.0.1/v3"))
    real = replace(monthly(), source=Path("config.toml"), recurring=asaas)
    real = replace(real, till=replace(real.till, training=False))
    without = replace(real, payment=PaymentSettings(methods=("cash",)))
    assert (real.charges_monthly, without.charges_monthly) == (True, True)
    assert not without.offers_recurring
    nobody = replace(without, recurring=RecurringSettings())
    assert not nobody.charges_monthly
