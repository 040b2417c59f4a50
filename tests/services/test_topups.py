"""A top-up from record to credit, against the real sandbox over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from pos_tui.domain.errors import Conflict, FieldError, RuleError
from pos_tui.domain.phone import parse_mobile
from pos_tui.domain.topup import Decision, TopUpState
from pos_tui.services.topups import PendingLimit
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.tills import LINE, SELLER, Watch, add, new_sale, offer, pay_and_save


def test_reserved_paid_confirmed_credited_once(till: Till, sandbox: SandboxControl) -> None:
    sale = new_sale(till)
    topup = add(till, sale)
    assert topup.state is TopUpState.RESERVED
    assert sandbox.ledger().credits == {}
    pay_and_save(till, sale)
    confirmed = till.topups.confirm(topup.id, SELLER)
    assert confirmed.state is TopUpState.CONFIRMED
    assert confirmed.nsu and confirmed.open_since is None
    assert sandbox.ledger().credits == {LINE: (1, 1500)}


def test_confirmation_waits_for_the_payment(till: Till, sandbox: SandboxControl) -> None:
    topup = add(till, new_sale(till))
    with pytest.raises(RuleError, match="depois do pagamento"):
        till.topups.confirm(topup.id, SELLER)
    assert sandbox.ledger().credits == {}


def test_what_is_confirmed_cannot_be_cancelled(till: Till) -> None:
    sale = new_sale(till)
    topup = add(till, sale)
    pay_and_save(till, sale)
    till.topups.confirm(topup.id, SELLER)
    with pytest.raises(RuleError, match="não pode mais ser cancelada"):
        till.topups.cancel(topup.id, "engano", SELLER)
    with pytest.raises(RuleError, match="já está confirmada"):
        till.topups.confirm(topup.id, SELLER)


def test_cancelled_with_a_reason(till: Till, sandbox: SandboxControl) -> None:
    topup = add(till, new_sale(till))
    with pytest.raises(FieldError, match="motivo"):
        till.topups.cancel(topup.id, "  ", SELLER)
    cancelled = till.topups.cancel(topup.id, "número errado", SELLER)
    assert (cancelled.state, cancelled.reason) == (TopUpState.CANCELLED, "número errado")
    assert sandbox.ledger().credits == {}


@pytest.mark.parametrize("operation", ["confirm", "cancel"])
def test_lost_answer_to_a_decision_is_asked_about(
    till: Till, sandbox: SandboxControl, operation: str
) -> None:
    sale = new_sale(till)
    topup = add(till, sale)
    pay_and_save(till, sale)
    sandbox.fault("lost", operation)
    if operation == "confirm":
        unsure = till.topups.confirm(topup.id, SELLER)
    else:
        unsure = till.topups.cancel(topup.id, "desistiu", SELLER)
    assert unsure.state is TopUpState.UNCERTAIN
    assert unsure.decision is Decision(operation)
    settled = till.topups.ask(topup.id, SELLER)
    assert settled.state is (TopUpState.CONFIRMED if operation == "confirm" else TopUpState.CANCELLED)
    assert sandbox.ledger().credits == ({LINE: (1, 1500)} if operation == "confirm" else {})


def test_lost_reserve_is_found_by_asking(till: Till, sandbox: SandboxControl) -> None:
    sandbox.fault("lost", "reserve")
    topup = add(till, new_sale(till))
    assert topup.state is TopUpState.UNCERTAIN
    with pytest.raises(RuleError, match="F5"):
        till.topups.confirm(topup.id, SELLER)
    assert till.topups.ask(topup.id, SELLER).state is TopUpState.RESERVED


def test_d36_lost_request_is_proved_absent_and_sent_again_under_its_key(
    till: Till, sandbox: SandboxControl, watch: Watch
) -> None:
    sandbox.fault("reset", "reserve")
    topup = add(till, new_sale(till))
    assert topup.state is TopUpState.UNCERTAIN
    early = till.topups.ask(topup.id, SELLER)
    assert early.state is TopUpState.UNCERTAIN and early.absent_at is None
    assert "só conta se ela repetir" in early.why and early.ask_at == (topup.sent_at or 0) + 60_000
    watch.advance(61)
    first = till.topups.ask(topup.id, SELLER)
    assert first.state is TopUpState.UNCERTAIN and first.absent_at is not None
    assert till.topups.ask(topup.id, SELLER).state is TopUpState.UNCERTAIN
    watch.advance(31)
    absent = till.topups.ask(topup.id, SELLER)
    assert absent.state is TopUpState.NOT_SENT and "duas vezes" in absent.why
    again = till.topups.reserve(topup.id, SELLER)
    assert (again.state, again.provider_key) == (TopUpState.RESERVED, topup.provider_key)
    assert sandbox.ledger().count("reserved") == 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("99999990001", "Confira o número"),
        ("99999990002", "Terminal bloqueado"),
        ("99999990003", "não está mais disponível"),
        ("99999990004", "não pode receber"),
        ("99999990007", "Serviço indisponível"),
    ],
)
def test_refusals_speak_the_seeds_words(till: Till, line: str, words: str) -> None:
    topup = add(till, new_sale(till), line=line)
    assert topup.state in (TopUpState.REFUSED, TopUpState.NOT_SENT)
    assert words in topup.why


def test_the_limit_is_kept_here_and_by_the_provider(till: Till, sandbox: SandboxControl) -> None:
    sale = new_sale(till)
    for _ in range(5):
        add(till, sale)
    with pytest.raises(PendingLimit, match="canal de conexão simultânea"):
        add(till, sale)
    till.topups.cancel(till.sales.get(sale.id).topups[0].id, "abrir espaço", SELLER)
    sandbox.settings(cap=4)
    with pytest.raises(PendingLimit):
        add(till, sale)
    assert till.topups.budget().full
    assert sandbox.ledger().count("reserved") == 5


def test_a_value_nobody_offers_is_refused(till: Till) -> None:
    sale = new_sale(till)
    with pytest.raises(FieldError, match="não oferecido"):
        till.topups.add(sale, parse_mobile(LINE), offer(till, 1500), 1501)


def test_g50_two_tills_decide_once(till: Till, sandbox: SandboxControl) -> None:
    sale = new_sale(till)
    topup = add(till, sale)
    pay_and_save(till, sale)
    stale = till.topups.get(topup.id)
    till.topups.cancel(topup.id, "desistiu", SELLER)
    with pytest.raises(Conflict):
        till.topups._dealings.decide(stale, Decision.CONFIRM, SELLER, "")
    assert sandbox.ledger().credits == {}


def test_the_sweep_finishes_what_was_decided(till: Till, sandbox: SandboxControl) -> None:
    sale = new_sale(till)
    topup = add(till, sale)
    pay_and_save(till, sale)
    sandbox.fault("reset", "confirm")
    assert till.topups.confirm(topup.id, SELLER).state is TopUpState.UNCERTAIN
    found = till.sweeper.sweep("sistema")
    assert (found.resolved, found.waiting) == (1, 0)
    assert till.topups.get(topup.id).state is TopUpState.CONFIRMED
    assert sandbox.ledger().credits == {LINE: (1, 1500)}


def test_a_pending_without_a_sale_is_shown(till: Till, sandbox: SandboxControl) -> None:
    topup = add(till, new_sale(till))
    with till.context.store.db.atomic():
        till.context.store.db.execute_sql("UPDATE topup SET provider_key = 'gone'")  # type: ignore[no-untyped-call]
    found = till.sweeper.sweep("sistema")
    assert [stranger.standing.key for stranger in found.strangers] == [topup.provider_key]


def test_the_same_line_today_is_remembered(till: Till) -> None:
    topup = add(till, new_sale(till))
    midnight, _ = till.day()
    earlier = till.topups.earlier_today(parse_mobile(LINE), midnight)
    assert earlier is not None and earlier.id == topup.id
    later = int((datetime.now(UTC) + timedelta(days=1)).timestamp() * 1000)
    assert till.topups.earlier_today(parse_mobile(LINE), later) is None
