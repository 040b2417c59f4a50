"""Money of a paid OS that goes back, and charges called off: once, whatever is lost on the way."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from pos_tui.domain.errors import FieldError, RuleError
from pos_tui.domain.instalments import Instalment, InstalmentState
from pos_tui.domain.payment import PaymentState
from pos_tui.domain.recurring import Attempt, AttemptState
from pos_tui.domain.sale import SaleFilter, SaleState
from pos_tui.printing.receipt import Kind
from pos_tui.reports.definition import Asked
from pos_tui.reports.registry import find
from pos_tui.services.refunds import Warrant
from pos_tui.store.models import JournalRow
from pos_tui.till import Till
from tests.recurring.os import Clock, Platform, monthly, sent
from tests.sandbox import SandboxControl
from tests.tills import EVER, SELLER, open_till

S = AttemptState
WARRANT = Warrant(SELLER, "Marta", "serviço não foi feito")


@pytest.fixture
def attempt(till: Till, platform: Platform) -> Attempt:
    """A paid OS of three instalments of R$ 15,00."""
    made = sent(till)
    platform.pay(made)
    return till.recurring.attempts.ask(made.id, SELLER)


def rows(till: Till, attempt: Attempt) -> list[Instalment]:
    return till.recurring.attempts.instalments(attempt.id)


def words(till: Till, attempt: Attempt) -> list[str]:
    return [one.words for one in rows(till, attempt)]


def payment(till: Till, attempt: Attempt) -> PaymentState:
    (line,) = till.sales.get(attempt.sale_id).payments
    return line.state


def trail(till: Till, kind: str) -> list[str]:
    with till.context.store.reading() as tx:
        found = tx.rows(JournalRow.select(JournalRow.event, JournalRow.data).where(JournalRow.kind == kind))
    return [f"{event} {json.loads(data)}" for event, data in found]


def receipts(till: Till) -> list[str]:
    """The papers of money that went back."""
    return [till.papers.preview(job.document) for job in till.spool.owed() if job.kind == Kind.REFUND]


def test_an_instalment_that_went_back_leaves_its_receipt(
    till: Till, platform: Platform, attempt: Attempt
) -> None:
    till.recurring.refunds.give_back(rows(till, attempt)[0], WARRANT)
    till.recurring.attempts.ask(attempt.id, SELLER)
    (paper,) = receipts(till)
    for word in ("COMPROVANTE DE ESTORNO", "Crédito recorrente", "1 de 3", "15,00", "Marta", "não foi feito"):
        assert word in paper
    sale = till.sales.get(attempt.sale_id)
    copies = till.papers.reprint_sale(sale, SELLER)
    assert "2ª VIA" in till.papers.text(copies[-1]) and "ESTORNO" in till.papers.text(copies[-1])


def test_a_late_payment_that_went_back_leaves_its_receipt(till: Till, platform: Platform) -> None:
    late = till.recurring.attempts.cancel(sent(till).id, SELLER)
    platform.pay(late, removed=True)
    till.recurring.attempts.ask(late.id, SELLER)
    assert receipts(till) == []
    till.recurring.refunds.late(late.id, WARRANT)
    (paper,) = receipts(till)
    assert "COMPROVANTE DE ESTORNO" in paper and "15,00" in paper and "Marta" in paper


def test_an_instalment_is_given_back_and_the_others_stay(
    till: Till, platform: Platform, attempt: Attempt
) -> None:
    one = till.recurring.refunds.give_back(rows(till, attempt)[0], WARRANT)
    assert (one.state, one.reason, one.refund_asked) == (
        InstalmentState.CANCELLED,
        "Devolvida: serviço não foi feito",
        None,
    )
    assert one.moved_by == f"Marta (a pedido de {SELLER})"
    assert platform.paid() == 0
    assert words(till, attempt) == ["Cancelado", "Aguardando", "Aguardando"]
    assert payment(till, attempt) is PaymentState.CONFIRMED
    intent, outcome = trail(till, "recurring.refund")
    assert intent.startswith("intent") and "serviço não foi feito" in intent and "Marta" in intent
    assert outcome.startswith("outcome") and "'number': 1" in outcome
    with pytest.raises(RuleError, match="está cancelado"):
        till.recurring.refunds.give_back(one, WARRANT)
    assert till.context.journal.verify() is None


def test_a_later_charge_is_given_back_too(
    till: Till, platform: Platform, clock: Clock, attempt: Attempt
) -> None:
    clock.at("2026-12-24T18:00:00")
    platform.go_to(clock.now)
    till.recurring.watch.round()
    assert words(till, attempt) == ["Confirmado", "Confirmado", "Aguardando"]
    till.recurring.refunds.give_back(rows(till, attempt)[1], WARRANT)
    assert words(till, attempt) == ["Confirmado", "Cancelado", "Aguardando"]
    assert platform.paid() == 1500


def test_stopping_lets_nothing_more_be_charged(
    till: Till, platform: Platform, clock: Clock, attempt: Attempt
) -> None:
    till.recurring.refunds.stop(attempt.id, WARRANT)
    assert words(till, attempt) == ["Confirmado", "Cancelado", "Cancelado"]
    assert {one.reason for one in rows(till, attempt)[1:]} == {"Encerrada: serviço não foi feito"}
    clock.at("2027-03-24T18:00:00")
    platform.go_to(clock.now)
    till.recurring.watch.round()
    assert platform.paid() == 1500
    assert payment(till, attempt) is PaymentState.CONFIRMED
    with pytest.raises(RuleError, match="Não falta cobrança"):
        till.recurring.refunds.stop(attempt.id, WARRANT)


@pytest.mark.parametrize("first", ["refund", "stop"])
def test_all_given_back_is_a_refunded_payment(
    till: Till, platform: Platform, attempt: Attempt, first: str
) -> None:
    refunds = till.recurring.refunds
    works: list[Callable[[], object]] = [
        partial(refunds.stop, attempt.id, WARRANT),
        partial(refunds.give_back, rows(till, attempt)[0], WARRANT),
    ]
    for work in works if first == "stop" else works[::-1]:
        work()
    assert words(till, attempt) == ["Cancelado"] * 3
    assert payment(till, attempt) is PaymentState.REFUNDED
    assert till.sales.get(attempt.sale_id).state is SaleState.SAVED
    assert platform.paid() == 0
    assert till.context.journal.verify() is None


@pytest.mark.parametrize("kind", ["lost", "truncated", "bad_gateway", "garbage"])
def test_a_lost_answer_gives_nothing_back_twice(
    till: Till, platform: Platform, sandbox: SandboxControl, clock: Clock, attempt: Attempt, kind: str
) -> None:
    sandbox.fault(kind, "refund")
    one = till.recurring.refunds.give_back(rows(till, attempt)[0], WARRANT)
    assert (one.words, one.refund_asked is None) == ("Confirmado", False)
    with pytest.raises(RuleError, match="já foi pedida"):
        till.recurring.refunds.give_back(one, WARRANT)
    clock.at("2026-11-24T15:02:00")
    till.recurring.watch.round()
    one = rows(till, attempt)[0]
    assert (one.words, one.reason) == ("Cancelado", "Devolvida: serviço não foi feito")
    assert platform.paid() == 0


def test_a_refund_that_never_arrived_is_proved_by_time_and_asked_for_again(
    till: Till, platform: Platform, sandbox: SandboxControl, clock: Clock, attempt: Attempt
) -> None:
    sandbox.fault("reset", "refund")
    till.recurring.refunds.give_back(rows(till, attempt)[0], WARRANT)
    till.recurring.attempts.ask(attempt.id, SELLER)
    assert rows(till, attempt)[0].refund_asked is not None
    clock.at("2026-11-24T15:01:30")
    till.recurring.attempts.ask(attempt.id, SELLER)
    one = rows(till, attempt)[0]
    assert one.refund_asked is None and "não recebeu o pedido" in one.reason
    assert platform.paid() == 1500
    assert till.recurring.refunds.give_back(one, WARRANT).words == "Cancelado"
    assert platform.paid() == 0


def test_a_refusal_leaves_it_confirmed_and_says_why(
    till: Till, platform: Platform, sandbox: SandboxControl, attempt: Attempt
) -> None:
    sandbox.fault("throttled", "refund", seconds=5)
    one = till.recurring.refunds.give_back(rows(till, attempt)[0], WARRANT)
    assert (one.words, one.refund_asked) == ("Confirmado", None)
    assert one.reason.startswith("Não devolvida: Limite de requisições")
    assert platform.paid() == 1500


def test_a_refund_that_takes_its_time_is_watched(
    till: Till, platform: Platform, clock: Clock, attempt: Attempt
) -> None:
    platform.refunds("slow")
    one = till.recurring.refunds.give_back(rows(till, attempt)[0], WARRANT)
    assert (one.words, one.reason) == ("Confirmado", "Devolvendo: serviço não foi feito")
    clock.at("2026-11-24T15:30:00")
    till.recurring.watch.round()
    assert rows(till, attempt)[0].refund_asked is not None
    platform.refunds("done")
    clock.at("2026-11-24T16:30:00")
    till.recurring.watch.round()
    assert rows(till, attempt)[0].reason == "Devolvida: serviço não foi feito"


def test_what_was_given_back_on_the_panel_is_seen(
    till: Till, platform: Platform, attempt: Attempt, clock: Clock
) -> None:
    """And asking for it here then gives nothing back a second time."""
    one = rows(till, attempt)[0]
    platform.control.call("POST", "asaas/refund", {"payment": one.payment_ref})
    after = till.recurring.refunds.give_back(one, WARRANT)
    assert (after.words, platform.paid()) == ("Cancelado", 0)


def test_it_takes_a_supervisor_and_a_reason(till: Till, attempt: Attempt) -> None:
    one = rows(till, attempt)[0]
    with pytest.raises(FieldError):
        till.recurring.refunds.give_back(one, Warrant(SELLER, "", "serviço não foi feito"))
    with pytest.raises(FieldError):
        till.recurring.refunds.stop(attempt.id, Warrant(SELLER, "Marta", "x"))
    assert trail(till, "recurring.refund") == []


def test_what_is_not_paid_does_not_go_back(till: Till) -> None:
    waiting = sent(till)
    with pytest.raises(RuleError, match="ainda não pagou"):
        till.recurring.refunds.stop(waiting.id, WARRANT)


# Two attempts of one OS


def test_the_first_attempt_paid_while_the_second_waits_is_an_alert(till: Till, platform: Platform) -> None:
    attempts = till.recurring.attempts
    first = attempts.cancel(sent(till).id, SELLER)
    second = attempts.send(attempts.again(till.sales.get(first.sale_id), SELLER).id, SELLER)
    platform.pay(first, removed=True)
    assert attempts.ask(first.id, SELLER).state is S.LATE
    assert attempts.latest(first.sale_id).id == first.id
    with pytest.raises(RuleError, match="aceite"):
        attempts.again(till.sales.get(first.sale_id), SELLER)
    till.recurring.by_hand.accept(first.id, SELLER, "cliente quer mesmo")
    assert attempts.get(second.id).state is S.CANCELLED
    assert till.sales.get(first.sale_id).state is SaleState.SAVED
    assert till.context.journal.verify() is None


def test_both_attempts_paid_is_one_sale_and_one_refund(till: Till, platform: Platform) -> None:
    attempts = till.recurring.attempts
    first = attempts.cancel(sent(till).id, SELLER)
    second = attempts.send(attempts.again(till.sales.get(first.sale_id), SELLER).id, SELLER)
    platform.pay(first, removed=True)
    attempts.ask(first.id, SELLER)
    platform.pay(second)
    assert attempts.ask(second.id, SELLER).state is S.PAID
    with pytest.raises(RuleError, match="já foi paga"):
        till.recurring.by_hand.accept(first.id, SELLER, "cliente quer mesmo")
    assert till.recurring.refunds.late(first.id, WARRANT).state is S.REFUNDED
    assert platform.paid() == 1500


def test_an_attempt_refunded_on_the_panel_before_anybody_asked_leaves_the_os_pending(
    till: Till, platform: Platform
) -> None:
    made = sent(till)
    platform.pay(made)
    key = next(iter(platform.view()["payments"]))  # type: ignore[call-overload]
    platform.control.call("POST", "asaas/refund", {"payment": key})
    assert till.recurring.attempts.ask(made.id, SELLER).state is S.REFUNDED
    assert till.sales.get(made.sale_id).state is SaleState.AWAITING
    assert till.recurring.attempts.again(till.sales.get(made.sale_id), SELLER).state is S.DRAFT


# The manual mode


@pytest.fixture
def manual(tmp_path: Path, sandbox: SandboxControl, clock: Clock) -> Iterator[Till]:
    """A till whose instalments are moved by hand."""
    opened = open_till(tmp_path / "manual", sandbox, monthly("manual"), clock)
    yield opened
    opened.close()


def test_by_hand_what_is_confirmed_goes_back_only_with_a_supervisor(manual: Till) -> None:
    attempt = sent(manual, 2)
    by_hand, refunds = manual.recurring.by_hand, manual.recurring.refunds
    by_hand.move(rows(manual, attempt)[0], InstalmentState.CONFIRMED, SELLER, "NSU 4471")
    with pytest.raises(RuleError, match="supervisor"):
        by_hand.move(rows(manual, attempt)[0], InstalmentState.CANCELLED, SELLER, "cliente desistiu")
    refunds.give_back(rows(manual, attempt)[0], WARRANT)
    (paper,) = receipts(manual)
    assert "1 de 2" in paper and "serviço não foi feito" in paper and "Devolvida" not in paper
    assert words(manual, attempt) == ["Cancelado", "Aguardando"]
    refunds.stop(attempt.id, WARRANT)
    assert words(manual, attempt) == ["Cancelado", "Cancelado"]
    assert payment(manual, attempt) is PaymentState.REFUNDED
    assert manual.recurring.attempts.get(attempt.id).open_since is None
    assert manual.context.journal.verify() is None


def test_the_list_and_the_report_tell_an_instalment_that_went_back(till: Till, attempt: Attempt) -> None:
    (before,) = till.sales.page(SaleFilter(*EVER))
    back = SaleFilter(*EVER, given_back=True)
    assert before.back == "" and till.sales.page(back) == []
    till.recurring.refunds.give_back(rows(till, attempt)[0], WARRANT)
    (line,) = till.sales.page(SaleFilter(*EVER))
    assert line.situation == "Estorno parcial" and till.sales.page(back) == [line]
    for page, summary in till.reports.pages(find("vendas"), Asked(*till.day(), {})):  # noqa: B007
        (told,) = page
        assert "Estorno parcial" in told.cells[-2]
    assert summary.sums == {"Total": 4500, "Crédito recorrente": 3000, "Devolvido": 1500}
    till.recurring.refunds.stop(attempt.id, WARRANT)
    (line,) = till.sales.page(SaleFilter(*EVER))
    assert line.situation == "Estornada"
