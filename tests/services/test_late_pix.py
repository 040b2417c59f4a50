"""Pix paid although it was given up: found, told, given back or accepted (facts/payments.md §5, §9.14)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.domain.errors import RuleError
from pos_tui.domain.late_payment import FIRST_MS, WATCH_MS
from pos_tui.domain.payment import Decision, Method, PaymentState
from pos_tui.domain.sale import PaymentLine, Sale
from pos_tui.domain.values import replace
from pos_tui.services.late_payments import alarm, why_not_accept
from pos_tui.till import Till
from tests.paying import METHODS, WARRANT, charge
from tests.sandbox import SandboxControl
from tests.tills import SELLER, Watch, add, new_sale, open_till, settings

S = PaymentState


@pytest.fixture
def paytill(tmp_path: Path, sandbox: SandboxControl, watch: Watch) -> Iterator[Till]:
    config = replace(settings(), payment=METHODS)
    till = open_till(tmp_path / "paytill", sandbox, config, watch)
    yield till
    till.close()


@pytest.fixture
def sale(paytill: Till) -> Sale:
    opened = new_sale(paytill)
    add(paytill, opened, 6000)
    return paytill.sales.get(opened.id)


def given_up(till: Till, sale: Sale) -> PaymentLine:
    """A code that was shown, and then removed at the bank, which said so."""
    line = till.refunds.remove(charge(till, sale, Method.PIX_DYNAMIC, 6000), SELLER)
    assert line.state is S.CANCELLED and line.ask_at is not None
    return line


def paid_late(till: Till, sale: Sale, sandbox: SandboxControl, watch: Watch) -> PaymentLine:
    line = given_up(till, sale)
    sandbox.pay(line.request_key, late=True)
    watch.advance(FIRST_MS / 1000 + 1)
    assert till.late.ask_due() == 1
    return till.payments.get(line.id)


def test_it_is_found_without_anybody_asking_and_told(
    paytill: Till, sale: Sale, sandbox: SandboxControl, watch: Watch
) -> None:
    line = paid_late(paytill, sale, sandbox, watch)
    assert (line.state, line.words) == (S.LATE, "pago depois de cancelado")
    assert line.details["end_to_end"] and paytill.late.found() == [line]
    assert "ATENÇÃO: Pix de R$ 60,00" in alarm(paytill.late.found())
    assert paytill.sales.get(sale.id).tally.missing == 6000, "no sale counts on it by itself"
    assert [one.what for one in paytill.audit.unfinished() if one.kind == "payment"] == [
        "Pix R$ 60,00: pago depois de cancelado"
    ]


def test_training_can_bring_it_about(paytill: Till, sale: Sale, sandbox: SandboxControl) -> None:
    """Ctrl+Z, Pix, Consultar: the charge just given up is paid when it is asked about."""
    line = given_up(paytill, sale)
    sandbox.fault("paid_late", "status")
    assert paytill.late.look(line.id).state is S.LATE
    assert paytill.late.look(line.id).state is S.LATE


def test_it_goes_back_on_a_supervisors_word(
    paytill: Till, sale: Sale, sandbox: SandboxControl, watch: Watch
) -> None:
    line = paid_late(paytill, sale, sandbox, watch)
    paytill.sales.add_payment(paytill.sales.get(sale.id), Method.CASH, 6000)
    saved = paytill.sales.save(paytill.sales.get(sale.id))
    assert next(iter(paytill.sales.with_pendings())).situation == "Pix pago depois de cancelado"
    back = paytill.refunds.refund(saved, line, WARRANT)
    assert (back.state, back.waits, back.open_since) == (S.REFUNDED, False, None)
    assert sandbox.ledger().credits[f"devolucao/{line.request_key}"] == (1, 6000)
    assert paytill.late.found() == []
    topup = paytill.sales.get(sale.id).topups[0]
    paytill.topups.cancel(topup.id, "desistiu", SELLER)
    assert paytill.sales.get(sale.id).owed_back == 6000, "what came twice and went back is not what is owed"


def test_a_return_that_the_bank_did_not_make_is_told_again(
    paytill: Till, sale: Sale, sandbox: SandboxControl, watch: Watch
) -> None:
    line = paid_late(paytill, sale, sandbox, watch)
    sandbox.fault("down", "refund", times=None)
    kept = paytill.refunds.refund(paytill.sales.get(sale.id), line, WARRANT)
    assert (kept.state, kept.decision, kept.waits) == (S.LATE, Decision.REFUND, True)
    assert paytill.catch_up("sistema").late == (paytill.payments.get(line.id),)
    sandbox.clear()
    assert paytill.catch_up("sistema").late == ()
    assert paytill.payments.get(line.id).state is S.REFUNDED


def test_it_counts_for_the_open_sale_it_was_meant_for(
    paytill: Till, sale: Sale, sandbox: SandboxControl, watch: Watch
) -> None:
    line = paid_late(paytill, sale, sandbox, watch)
    accepted = paytill.late.accept(paytill.sales.get(sale.id), line, SELLER)
    assert accepted.state is S.CONFIRMED and paytill.late.found() == []
    saved = paytill.sales.save(paytill.sales.get(sale.id))
    assert saved.tally.settled
    assert paytill.refunds.refund(saved, accepted, WARRANT).state is S.REFUNDED


def test_it_never_counts_for_a_sale_that_was_paid_otherwise(
    paytill: Till, sale: Sale, sandbox: SandboxControl, watch: Watch
) -> None:
    line = paid_late(paytill, sale, sandbox, watch)
    paytill.sales.add_payment(paytill.sales.get(sale.id), Method.CASH, 1000)
    with pytest.raises(RuleError, match="Só faltam"):
        paytill.late.accept(paytill.sales.get(sale.id), line, SELLER)
    paytill.sales.add_payment(paytill.sales.get(sale.id), Method.CASH, 5000)
    saved = paytill.sales.save(paytill.sales.get(sale.id))
    assert "já terminou" in str(why_not_accept(saved, line))
    assert saved.tally.excess == 0 and saved.tally.settled


def test_of_an_abandoned_sale_it_is_listed_first(
    paytill: Till, sale: Sale, sandbox: SandboxControl, watch: Watch
) -> None:
    line = given_up(paytill, sale)
    paytill.topups.cancel(sale.topups[0].id, "venda abandonada", SELLER)
    paytill.sales.discard(paytill.sales.get(sale.id))
    sandbox.pay(line.request_key, late=True)
    watch.advance(FIRST_MS / 1000 + 1)
    assert paytill.late.ask_due() == 1
    (shown,) = paytill.sales.with_pendings()
    assert shown.discarded and shown.waits and shown.situation == "Pix pago depois de cancelado"
    back = paytill.refunds.refund(paytill.sales.get(sale.id), paytill.payments.get(line.id), WARRANT)
    assert back.state is S.REFUNDED and paytill.sales.with_pendings() == []


def test_the_question_comes_ever_more_seldom_and_ends(
    paytill: Till, sale: Sale, sandbox: SandboxControl, watch: Watch
) -> None:
    line = given_up(paytill, sale)
    asked = 0
    while (at := paytill.payments.get(line.id).ask_at) is not None:
        watch.advance((at - paytill.context.now()) / 1000 + 1)
        assert paytill.late.ask_due() == 0
        asked += 1
    assert 8 < asked < 20
    settled = paytill.payments.get(line.id).settled_at
    assert settled is not None and settled == line.settled_at
    assert paytill.context.now() - settled >= WATCH_MS


def test_what_the_bank_still_takes_is_given_up_again(
    paytill: Till, sale: Sale, sandbox: SandboxControl, watch: Watch
) -> None:
    """A supervisor ruled "not charged" while the code could still be paid."""
    line = charge(paytill, sale, Method.PIX_DYNAMIC, 6000)
    sandbox.fault("down", times=None)
    line = paytill.refunds.remove(line, SELLER)
    sandbox.fault("garbage", times=None)
    assert line.state is S.UNCERTAIN
    paytill.refunds.rule(line, S.CANCELLED, WARRANT)
    sandbox.clear()
    watch.advance(FIRST_MS / 1000 + 1)
    assert paytill.late.ask_due() == 0
    assert sandbox.ledger().states()[line.request_key] == "cancelled"


def test_a_code_that_was_shown_is_never_taken_to_be_absent(
    paytill: Till, sale: Sale, sandbox: SandboxControl
) -> None:
    """A bank that forgets a charge for a moment: taken off here, the customer could still have paid it."""
    line = charge(paytill, sale, Method.PIX_DYNAMIC, 6000)
    sandbox.reset()
    assert paytill.payments.ask(line.id, SELLER).state is S.UNCERTAIN
    kept = paytill.refunds.remove(paytill.payments.get(line.id), SELLER)
    assert kept.state is S.UNCERTAIN and "Confira o extrato" in kept.why


def test_a_pix_whose_name_the_bank_tells_only_later_is_given_back(
    paytill: Till, sale: Sale, sandbox: SandboxControl
) -> None:
    """CONCLUIDA without its `pix`: the endToEndId is asked for when it is needed."""
    from pos_tui.store.models import PaymentRow

    line = charge(paytill, sale, Method.PIX_DYNAMIC, 6000)
    sandbox.pay(line.request_key)
    line = paytill.payments.ask(line.id, SELLER)
    saved = paytill.sales.save(paytill.sales.get(sale.id))
    told = {name: text for name, text in line.details.items() if name != "end_to_end"}
    from pos_tui.store import payments

    forgets = PaymentRow.update(**payments.columns({"details": told})).where(PaymentRow.id == line.id)
    paytill.context.store.write(lambda tx: tx.run(forgets))
    back = paytill.refunds.refund(saved, paytill.payments.get(line.id), WARRANT)
    assert back.state is S.REFUNDED
