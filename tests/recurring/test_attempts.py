"""An attempt from *Finalizar OS* to the OS that finishes by itself, against the practice platform."""

from datetime import timedelta

import pytest

from pos_tui.domain.errors import Conflict, RuleError
from pos_tui.domain.outcome import Done
from pos_tui.domain.payment import Method, PaymentState
from pos_tui.domain.recurring import PAYMENT_ERROR, PAYMENT_PENDING, Attempt, AttemptState, PaymentStatus
from pos_tui.domain.sale import SaleFilter, SaleState
from pos_tui.providers.recurring.asaas import Asaas, Plan
from pos_tui.providers.sandbox import ASAAS_PATH, KEY
from pos_tui.till import Till
from tests.recurring.os import CPF, Clock, Platform, open_os, sent
from tests.sandbox import SandboxControl
from tests.tills import EVER, SELLER, add, new_sale, pay_and_save

S = AttemptState


def status(till: Till, wanted: PaymentStatus = PaymentStatus.ALL) -> list[str]:
    """The list's words for the day's OS."""
    return [line.recurring for line in till.sales.page(SaleFilter(*EVER, payment=wanted))]


def test_finalising_brings_a_link_and_leaves_the_counter_free(till: Till, platform: Platform) -> None:
    attempt = sent(till, 3)
    assert attempt.state is S.WAITING
    assert attempt.link.startswith("http://127.0.0.1:") and "/asaas/i/pay_" in attempt.link
    sale = till.sales.get(attempt.sale_id)
    assert (sale.state, sale.number) == (SaleState.AWAITING, 1)
    assert not till.sales.current("1", SELLER).begun
    assert status(till) == status(till, PaymentStatus.PENDING) == [PAYMENT_PENDING]
    assert status(till, PaymentStatus.ERROR) == []
    (made,) = platform.view()["subscriptions"].values()  # type: ignore[attr-defined]
    assert (made["maxPayments"], made["cycle"], made["externalReference"]) == (3, "MONTHLY", attempt.id)
    assert till.recurring.attempts.instalments(attempt.id) == []


def test_late_in_a_western_evening_the_first_charge_is_due_on_the_platforms_day(
    till: Till, platform: Platform, clock: Clock
) -> None:
    """At 23:30 in Campo Grande the platform's date is the next one: what is due before it is overdue."""
    clock.at("2026-11-25T03:30:00")
    platform.go_to(clock.now)
    attempt = till.recurring.attempts.ask(sent(till, 3).id, SELLER)
    assert (attempt.first_due, attempt.state, attempt.problem) == ("2026-11-25", S.WAITING, "")


def test_the_customer_gets_the_link_by_sms(till: Till, platform: Platform) -> None:
    attempt = sent(till, 3)
    first = platform.view()["sms"][0]  # type: ignore[index]
    assert first == {"to": "67999991234", "text": attempt.link}


def test_no_sms_still_leaves_the_link(till: Till, sandbox: SandboxControl) -> None:
    attempt = till.recurring.attempts.finalise(open_os(till), SELLER)
    # The look-up and the registration pass; what comes after does not.
    sandbox.fault("slow", "customer", times=2, seconds=0.0)
    sandbox.fault("lost", "customer")
    assert till.recurring.attempts.send(attempt.id, SELLER).link


def test_paid_the_os_finishes_by_itself(till: Till, platform: Platform) -> None:
    attempt = sent(till, 3)
    platform.pay(attempt)
    attempt = till.recurring.attempts.ask(attempt.id, SELLER)
    assert attempt.state is S.PAID
    sale = till.sales.get(attempt.sale_id)
    assert sale.state is SaleState.SAVED
    assert [(line.method, line.state) for line in sale.payments] == [
        (Method.RECURRING, PaymentState.CONFIRMED)
    ]
    assert [one.words for one in till.recurring.attempts.instalments(attempt.id)] == [
        "Confirmado",
        "Aguardando",
        "Aguardando",
    ]
    assert till.spool.paper_of(sale.id, "sale") is not None
    assert status(till) == [""]
    assert till.context.journal.verify() is None


def test_what_does_not_divide_is_in_the_first_charge(till: Till, platform: Platform) -> None:
    attempt = sent(till, 4, "SH10")
    platform.pay(attempt)
    till.recurring.attempts.ask(attempt.id, SELLER)
    assert [one.amount for one in till.recurring.attempts.instalments(attempt.id)] == [599, 597, 597, 597]
    assert platform.paid() == 599


def test_a_refusal_is_shown_and_another_card_pays(till: Till, platform: Platform, clock: Clock) -> None:
    attempt = sent(till)
    clock.at("2026-11-26T15:00:00")
    platform.go_to(clock.now)
    attempt = till.recurring.attempts.ask(attempt.id, SELLER)
    assert attempt.state is S.WAITING
    assert "venceu" in attempt.problem
    since, until = till.day()
    chosen = SaleFilter(since - 5 * 86_400_000, until, payment=PaymentStatus.ERROR)
    assert [line.recurring for line in till.sales.page(chosen)] == [PAYMENT_ERROR]
    platform.pay(attempt)
    attempt = till.recurring.attempts.ask(attempt.id, SELLER)
    assert (attempt.state, attempt.problem) == (S.PAID, "")


def test_risk_analysis_is_neither_yes_nor_no(till: Till, platform: Platform) -> None:
    attempt = sent(till)
    platform.analyse(attempt)
    attempt = till.recurring.attempts.ask(attempt.id, SELLER)
    assert (attempt.state, attempt.words) == (S.ANALYSIS, "Em análise de risco")
    assert till.sales.get(attempt.sale_id).state is SaleState.AWAITING
    platform.pay(attempt)
    assert till.recurring.attempts.ask(attempt.id, SELLER).state is S.PAID


@pytest.mark.parametrize("kind", ["lost", "truncated", "bad_gateway", "garbage", "html", "wrong_key"])
def test_a_lost_answer_is_found_again_and_nothing_is_made_twice(
    till: Till, sandbox: SandboxControl, platform: Platform, clock: Clock, kind: str
) -> None:
    attempts = till.recurring.attempts
    attempt = attempts.finalise(open_os(till), SELLER)
    sandbox.fault(kind, "reserve")
    assert attempts.send(attempt.id, SELLER).state is S.UNCERTAIN
    with pytest.raises(RuleError):
        attempts.send(attempt.id, SELLER)
    assert attempts.ask(attempt.id, SELLER).state is S.WAITING
    assert platform.subscriptions() == 1


@pytest.mark.parametrize("kind", ["down", "reset"])
def test_what_never_arrived_is_proved_by_time_and_sent_again(
    till: Till, sandbox: SandboxControl, platform: Platform, clock: Clock, kind: str
) -> None:
    attempts = till.recurring.attempts
    attempt = attempts.finalise(open_os(till), SELLER)
    sandbox.fault(kind, "reserve")
    assert attempts.send(attempt.id, SELLER).state is S.UNCERTAIN
    assert attempts.ask(attempt.id, SELLER).state is S.UNCERTAIN
    clock.at("2026-11-24T15:02:00")
    assert attempts.ask(attempt.id, SELLER).state is S.DRAFT
    assert attempts.send(attempt.id, SELLER).state is S.WAITING
    assert platform.subscriptions() == 1


def arrives_late(till: Till, sandbox: SandboxControl, attempt: Attempt) -> None:
    """The request that was taken for lost comes to the platform after all."""
    account = Asaas(sandbox.url + ASAAS_PATH, lambda: KEY)
    found = account.find_customer(CPF)
    assert isinstance(found, Done)
    plan = Plan(attempt.id, found.answer, 1500, 3, attempt.first_due, "OS 1")
    assert isinstance(account.create(plan), Done)
    account.close()


@pytest.fixture
def lost(till: Till, sandbox: SandboxControl, clock: Clock) -> Attempt:
    """An attempt whose request seems never to have arrived."""
    attempts = till.recurring.attempts
    attempt = attempts.finalise(open_os(till), SELLER)
    sandbox.fault("reset", "reserve")
    attempts.send(attempt.id, SELLER)
    clock.at("2026-11-24T15:02:00")
    attempt = attempts.ask(attempt.id, SELLER)
    assert attempt.state is S.DRAFT
    return attempt


def test_what_arrives_late_and_is_paid_finishes_the_os(
    till: Till, sandbox: SandboxControl, platform: Platform, clock: Clock, lost: Attempt
) -> None:
    arrives_late(till, sandbox, lost)
    platform.pay(lost)
    clock.at("2026-11-24T16:00:00")
    till.recurring.watch.round()
    assert till.recurring.attempts.get(lost.id).state is S.PAID


def test_what_arrives_late_is_cancelled_at_the_platform(
    till: Till, sandbox: SandboxControl, platform: Platform, lost: Attempt
) -> None:
    arrives_late(till, sandbox, lost)
    assert till.recurring.attempts.cancel(lost.id, SELLER).state is S.CANCELLED
    (made,) = platform.view()["subscriptions"].values()  # type: ignore[attr-defined]
    assert made["deleted"] is True


def test_what_arrives_after_it_was_cancelled_and_is_paid_is_an_alert(
    till: Till, sandbox: SandboxControl, platform: Platform, clock: Clock, lost: Attempt
) -> None:
    assert till.recurring.attempts.cancel(lost.id, SELLER).state is S.CANCELLED
    arrives_late(till, sandbox, lost)
    platform.pay(lost)
    clock.at("2026-11-24T16:00:00")
    till.recurring.watch.round()
    assert till.recurring.attempts.get(lost.id).state is S.LATE


def test_before_the_subscription_nothing_is_uncertain(till: Till, sandbox: SandboxControl) -> None:
    attempts = till.recurring.attempts
    attempt = attempts.finalise(open_os(till), SELLER)
    sandbox.fault("lost", "customer")
    attempt = attempts.send(attempt.id, SELLER)
    assert attempt.state is S.DRAFT
    assert "Nada foi cobrado" in attempt.why
    assert attempts.send(attempt.id, SELLER).state is S.WAITING


def test_a_link_that_did_not_come_is_reloaded(till: Till, sandbox: SandboxControl) -> None:
    attempts = till.recurring.attempts
    attempt = attempts.finalise(open_os(till, 4, "SH10"), SELLER)
    # The look-up passes; the list of charges does not.
    sandbox.fault("slow", "status", seconds=0.0)
    sandbox.fault("lost", "status")
    attempt = attempts.send(attempt.id, SELLER)
    assert (attempt.state, attempt.link) == (S.WAITING, "")
    attempt = attempts.ask(attempt.id, SELLER)
    assert attempt.link
    assert platform_first(sandbox) == 599


def platform_first(sandbox: SandboxControl) -> int:
    view = Platform(sandbox).view()
    first = next(iter(view["payments"].values()))  # type: ignore[attr-defined]
    return round(float(first["value"]) * 100)


def test_a_refused_key_is_told_and_a_new_attempt_is_made(till: Till, sandbox: SandboxControl) -> None:
    attempts = till.recurring.attempts
    attempt = attempts.finalise(open_os(till), SELLER)
    sandbox.fault("unauthorized")
    attempt = attempts.send(attempt.id, SELLER)
    assert attempt.state is S.ERROR
    assert "chave de API" in attempt.problem
    assert status(till, PaymentStatus.ERROR) == [PAYMENT_ERROR]
    again = attempts.again(till.sales.get(attempt.sale_id), SELLER)
    assert attempts.send(again.id, SELLER).state is S.WAITING
    assert status(till) == [PAYMENT_PENDING]
    assert status(till, PaymentStatus.ERROR) == []


@pytest.mark.parametrize("way", ["paid otherwise", "given up"])
def test_what_went_wrong_is_over_once_the_os_is(till: Till, sandbox: SandboxControl, way: str) -> None:
    attempts = till.recurring.attempts
    attempt = attempts.finalise(open_os(till), SELLER)
    sandbox.fault("unauthorized")
    attempts.send(attempt.id, SELLER)
    assert status(till, PaymentStatus.ERROR) == [PAYMENT_ERROR]
    sale = till.sales.get(attempt.sale_id)
    if way == "given up":
        attempts.abandon(sale, SELLER, "cliente desistiu")
    else:
        attempts.reopen(sale, SELLER)
        sale = till.sales.current("1", SELLER)
        till.sales.save(till.sales.add_payment(sale, Method.CASH, sale.tally.missing))
    assert status(till, PaymentStatus.ERROR) == []


def test_an_os_has_one_live_attempt(till: Till) -> None:
    sale = open_os(till)
    till.recurring.attempts.finalise(sale, SELLER)
    with pytest.raises(Conflict):
        till.recurring.attempts.finalise(sale, SELLER)


def test_what_cannot_be_paid_by_a_link_is_told(till: Till) -> None:
    attempts = till.recurring.attempts
    with pytest.raises(RuleError, match="não tem Crédito recorrente"):
        attempts.finalise(new_sale(till), SELLER)
    sale = open_os(till)
    add(till, sale, 1500)
    with pytest.raises(RuleError, match="Recarga não espera"):
        attempts.finalise(sale, SELLER)


def test_a_customer_without_document_cannot_be_charged(till: Till) -> None:
    sale = open_os(till)
    nameless = till.sales.set_head(sale, sale.pdv, SELLER, None)
    with pytest.raises(RuleError, match="precisa do cliente"):
        till.recurring.attempts.finalise(nameless, SELLER)
    poor = till.customers.register("José Sem Documento", "", "", "", SELLER)
    sale = till.sales.set_head(till.sales.get(sale.id), sale.pdv, SELLER, poor)
    with pytest.raises(RuleError, match="CPF ou CNPJ"):
        till.recurring.attempts.finalise(sale, SELLER)


def test_the_quota_is_respected(till: Till, sandbox: SandboxControl) -> None:
    attempt = sent(till)
    sandbox.fault("throttled", "status", seconds=40)
    till.recurring.attempts.ask(attempt.id, SELLER)
    assert 0 < till.recurring.attempts.rest() <= 40
    with pytest.raises(RuleError, match="pediu um intervalo"):
        till.recurring.attempts.ask(attempt.id, SELLER)
    assert till.recurring.watch.round().asked == 0


def test_an_os_that_waits_stands_among_the_saved_sales_by_its_time(
    till: Till, platform: Platform, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = saved(till)
    clock.now += timedelta(seconds=1)
    waiting = sent(till).sale_id
    clock.now += timedelta(seconds=1)
    last = saved(till)
    day = SaleFilter(*EVER)
    assert [line.id for line in till.sales.page(day)] == [last, waiting, first]
    monkeypatch.setattr("pos_tui.services.sales.PAGE", 1)
    shown = till.sales.page(day)
    while page := till.sales.page(day, shown[-1]):
        shown += page
    assert [line.id for line in shown] == [last, waiting, first]


def saved(till: Till) -> str:
    """A sale of one top-up, paid in cash."""
    sale = new_sale(till)
    add(till, sale)
    return pay_and_save(till, sale).id
