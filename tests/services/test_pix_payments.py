"""Dynamic Pix through the sandbox's bank, and payments given back by hand (facts/payments.md §3, §9.14)."""

import pytest

from pos_tui.domain.errors import RuleError
from pos_tui.domain.payment import Method, PaymentState
from pos_tui.domain.people import NeedsApproval
from pos_tui.domain.sale import PaymentLine, Sale
from pos_tui.till import Till
from tests.paying import CARD, WARRANT, charge
from tests.people.staff import ANA_PIN, hire
from tests.sandbox import SandboxControl
from tests.tills import SELLER

S = PaymentState


def pix(till: Till, sale: Sale, amount: int = 6000) -> PaymentLine:
    return charge(till, sale, Method.PIX_DYNAMIC, amount)


def test_paid_saved_and_returned(paytill: Till, sale: Sale, sandbox: SandboxControl) -> None:
    line = pix(paytill, sale)
    assert line.state is S.SENT and line.details["code"].startswith("000201")
    with pytest.raises(RuleError, match="aguarda"):
        paytill.sales.save(paytill.sales.get(sale.id))
    sandbox.pay(line.request_key)
    line = paytill.payments.ask(line.id, SELLER)
    assert line.state is S.CONFIRMED and line.details["end_to_end"]
    saved = paytill.sales.save(paytill.sales.get(sale.id))
    assert not paytill.closing.goes_by_itself(saved), "only TEF confirms top-ups by itself"
    assert paytill.refunds.refund(saved, line, WARRANT).state is S.REFUNDED
    (returned,) = [c for name, c in sandbox.ledger().credits.items() if name.startswith("devolucao/")]
    assert returned == (1, 6000)


def test_paid_in_the_very_moment_it_is_given_up(paytill: Till, sale: Sale, sandbox: SandboxControl) -> None:
    """§9.14: an expired Pix stays ATIVA and can be paid in the last second: remove, then ask."""
    line = pix(paytill, sale)
    sandbox.pay(line.request_key)
    kept = paytill.refunds.remove(line, SELLER)
    assert kept.state is S.CONFIRMED and paytill.sales.get(sale.id).tally.missing == 0


def test_given_up_nobody_can_pay_it(paytill: Till, sale: Sale, sandbox: SandboxControl) -> None:
    line = paytill.refunds.remove(pix(paytill, sale), SELLER)
    assert line.state is S.CANCELLED and not line.waits
    with pytest.raises(OSError, match="400"):
        sandbox.pay(line.request_key)


@pytest.mark.parametrize("kind", ["lost", "garbage"])
def test_a_lost_answer_is_uncertain_and_found_again(
    paytill: Till, sale: Sale, sandbox: SandboxControl, kind: str
) -> None:
    """Odoo: the intent lived in memory only, and the payment was lost (§5). The txid is in the line."""
    sandbox.fault(kind, "reserve")
    line = pix(paytill, sale)
    assert line.state is S.UNCERTAIN
    sandbox.pay(line.request_key)
    assert paytill.payments.ask(line.id, SELLER).state is S.CONFIRMED


def test_cash_given_back_opens_the_drawer_and_a_card_does_not(paytill: Till, sale: Sale) -> None:
    paytill.sales.add_payment(paytill.sales.get(sale.id), Method.CARD, 2000, CARD)
    paytill.sales.add_payment(paytill.sales.get(sale.id), Method.CASH, 5000)
    saved = paytill.sales.save(paytill.sales.get(sale.id))
    assert [job.kind for job in paytill.spool.owed()] == ["drawer"]
    by_card, cash = saved.payments
    assert paytill.refunds.refund(saved, by_card, WARRANT).state is S.REFUNDED
    assert [job.kind for job in paytill.spool.owed()] == ["drawer", "refund"]
    back = paytill.refunds.refund(saved, cash, WARRANT)
    assert (back.state, back.details["returned"]) == (S.REFUNDED, "4000")
    assert [job.kind for job in paytill.spool.owed()] == ["drawer", "refund", "drawer", "refund"]
    with pytest.raises(RuleError):
        paytill.refunds.refund(saved, back, WARRANT)


def test_cash_given_back_is_in_the_drawers_book(paytill: Till, sale: Sale) -> None:
    paytill.cash.open(10_000, SELLER)
    paytill.sales.add_payment(paytill.sales.get(sale.id), Method.CASH, 10_000)
    saved = paytill.sales.save(paytill.sales.get(sale.id))
    assert paytill.cash.reading().drawer.expected == 16_000
    paytill.refunds.refund(saved, saved.payments[0], WARRANT)
    assert paytill.cash.reading().drawer.expected == 10_000


def test_where_people_are_known_a_refund_needs_a_supervisors_pin(paytill: Till, sale: Sale) -> None:
    paytill.sales.add_payment(paytill.sales.get(sale.id), Method.CARD, 6000, CARD)
    saved = paytill.sales.save(paytill.sales.get(sale.id))
    hire(paytill)
    paytill.operators.enter(2, ANA_PIN)
    with pytest.raises(NeedsApproval):
        paytill.refunds.refund(saved, saved.payments[0], WARRANT)
    assert paytill.payments.get(saved.payments[0].id).state is S.CONFIRMED
