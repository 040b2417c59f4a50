"""An attempt that was cancelled: its OS tried again, reopened or given up; money that came all the same."""

import pytest

from pos_tui.domain.errors import Conflict, RuleError
from pos_tui.domain.payment import Method
from pos_tui.domain.recurring import AttemptState, PaymentStatus
from pos_tui.domain.sale import SaleState
from pos_tui.services.refunds import Warrant
from pos_tui.till import Till
from tests.recurring.os import Platform, sent
from tests.recurring.test_attempts import status
from tests.tills import SELLER

S = AttemptState


def test_cancelling_ends_the_attempt_and_not_the_os(till: Till, platform: Platform) -> None:
    attempts = till.recurring.attempts
    attempt = attempts.cancel(sent(till).id, SELLER)
    assert attempt.state is S.CANCELLED
    sale = till.sales.get(attempt.sale_id)
    assert sale.state is SaleState.AWAITING
    again = attempts.again(sale, SELLER)
    assert attempts.send(again.id, SELLER).state is S.WAITING
    assert platform.subscriptions() == 2
    with pytest.raises(RuleError):
        attempts.again(sale, SELLER)


def test_an_os_gets_no_other_link_once_it_is_back_on_the_counter(till: Till, platform: Platform) -> None:
    attempts = till.recurring.attempts
    sale = till.sales.get(attempts.cancel(sent(till).id, SELLER).sale_id)
    attempts.reopen(sale, SELLER)
    with pytest.raises(Conflict):
        attempts.again(sale, SELLER)  # as another till still shows it
    assert attempts.latest(sale.id).state is S.CANCELLED


def test_an_os_with_a_new_link_is_not_put_back_on_the_counter(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = till.recurring.attempts
    over = attempts.cancel(sent(till).id, SELLER)
    sale = till.sales.get(over.sale_id)
    attempts.again(sale, SELLER)
    monkeypatch.setattr(attempts, "latest", lambda _: over)  # read before the other till made the link
    with pytest.raises(Conflict):
        attempts.reopen(sale, SELLER)
    assert till.sales.get(sale.id).state is SaleState.AWAITING


def test_a_cancelled_os_is_paid_in_another_way_under_its_number(till: Till) -> None:
    attempts = till.recurring.attempts
    attempt = attempts.cancel(sent(till).id, SELLER)
    attempts.reopen(till.sales.get(attempt.sale_id), SELLER)
    sale = till.sales.current("1", SELLER)
    assert (sale.id, sale.number, sale.live) == (attempt.sale_id, 1, [])
    till.sales.add_payment(sale, Method.CASH, sale.tally.missing)
    assert till.sales.save(sale).number == 1


def test_an_os_is_given_up_with_a_reason(till: Till) -> None:
    attempts = till.recurring.attempts
    attempt = sent(till)
    with pytest.raises(RuleError):
        attempts.abandon(till.sales.get(attempt.sale_id), SELLER, "cliente desistiu")
    attempts.cancel(attempt.id, SELLER)
    attempts.abandon(till.sales.get(attempt.sale_id), SELLER, "cliente desistiu")
    assert till.sales.get(attempt.sale_id).state is SaleState.DISCARDED
    assert status(till) == []


def test_a_cancel_that_loses_the_race_is_an_alert(till: Till, platform: Platform) -> None:
    attempt = sent(till)
    platform.pay(attempt)
    attempt = till.recurring.attempts.cancel(attempt.id, SELLER)
    assert attempt.state is S.LATE
    assert "PAGOU" in attempt.problem
    assert till.sales.get(attempt.sale_id).state is SaleState.AWAITING
    assert status(till, PaymentStatus.ERROR) == ["PAGA DEPOIS DE CANCELADA"]
    till.recurring.by_hand.accept(attempt.id, SELLER, "cliente quer mesmo")
    till.recurring.attempts.ask(attempt.id, SELLER)
    rows = till.recurring.attempts.instalments(attempt.id)
    assert [row.words for row in rows] == ["Confirmado", "Aguardando", "Aguardando"]


def test_a_late_payment_is_accepted_by_a_person(till: Till, platform: Platform) -> None:
    attempt = till.recurring.attempts.cancel(sent(till).id, SELLER)
    platform.pay(attempt, removed=True)
    attempt = till.recurring.attempts.ask(attempt.id, SELLER)
    assert attempt.state is S.LATE
    attempt = till.recurring.by_hand.accept(attempt.id, SELLER, "cliente confirmou a compra")
    assert attempt.state is S.PAID
    assert till.sales.get(attempt.sale_id).state is SaleState.SAVED
    after = till.recurring.attempts.ask(attempt.id, SELLER)
    assert after.state is S.PAID
    rows = till.recurring.attempts.instalments(attempt.id)
    assert [row.words for row in rows] == ["Confirmado", "Cancelado", "Cancelado"]


def test_a_late_payment_is_given_back_by_a_supervisor(till: Till, platform: Platform) -> None:
    attempt = till.recurring.attempts.cancel(sent(till).id, SELLER)
    platform.pay(attempt, removed=True)
    till.recurring.attempts.ask(attempt.id, SELLER)
    warrant = Warrant(SELLER, "Marta", "cliente desistiu antes")
    attempt = till.recurring.refunds.late(attempt.id, warrant)
    assert attempt.state is S.REFUNDED
    assert platform.paid() == 0
    assert till.sales.get(attempt.sale_id).state is SaleState.AWAITING


def test_a_late_payment_of_an_os_paid_otherwise_can_only_go_back(till: Till, platform: Platform) -> None:
    attempts = till.recurring.attempts
    attempt = attempts.cancel(sent(till).id, SELLER)
    attempts.reopen(till.sales.get(attempt.sale_id), SELLER)
    sale = till.sales.current("1", SELLER)
    till.sales.save(till.sales.add_payment(sale, Method.CASH, sale.tally.missing))
    platform.pay(attempt, removed=True)
    assert attempts.ask(attempt.id, SELLER).state is S.LATE
    assert status(till) == ["PAGA DEPOIS DE CANCELADA"]
    with pytest.raises(RuleError):
        till.recurring.by_hand.accept(attempt.id, SELLER, "aceito")
