"""Answers that must not be believed, and the days and numbers a question needs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos_tui.domain.errors import RuleError
from pos_tui.domain.journal import SYSTEM
from pos_tui.domain.outcome import Done, NotSent, RefusalClass, Refused, Uncertain
from pos_tui.domain.payment import Method
from pos_tui.domain.phone import parse_mobile
from pos_tui.domain.sale import Sale, SaleState
from pos_tui.domain.topup import Decision, Offer, RemoteWord, ReserveRequest, Standing, TopUp, TopUpState
from pos_tui.store.database import Transaction
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.services.scripted import Scripted, script
from tests.tills import LINE, SELLER, Watch, add, new_sale, open_till, pay_and_save, settings

OFFER = Offer("2088", "Vivo", "V1500", "VIVO R$ 15", 1500)
ABSENT = Done(Standing("10000001", RemoteWord.ABSENT))


def record(till: Till) -> tuple[Sale, TopUp]:
    """Record a top-up without asking anybody."""
    sale = new_sale(till)
    return sale, till.topups.add(sale, parse_mobile(LINE), OFFER, 1500)


def standing(topup: TopUp, word: RemoteWord = RemoteWord.RESERVED, **values: object) -> Standing:
    """What a provider says of a top-up."""
    fields: dict[str, object] = {"provider_ref": "9", "line": topup.line, "face": topup.face, **values}
    return Standing(topup.provider_key, word, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"line": "67999990000"}, {"face": 1501}])
@pytest.mark.parametrize("word", [RemoteWord.CONFIRMED, RemoteWord.CANCELLED, RemoteWord.RESERVED])
def test_an_answer_about_another_line_or_value_settles_nothing(
    till: Till, wrong: dict[str, object], word: RemoteWord
) -> None:
    provider = script(till)
    _, topup = record(till)
    provider.answers = [Done(standing(topup)), Done(standing(topup, word, **wrong))]
    assert till.topups.reserve(topup.id, SELLER).state is TopUpState.RESERVED
    asked = till.topups.ask(topup.id, SELLER)
    assert asked.state is TopUpState.UNCERTAIN
    assert "Erro de webservice" in asked.why and "Não refaça" in asked.why


@pytest.mark.parametrize("fault", ["wrong_number", "wrong_amount", "wrong_key"])
def test_the_sandbox_cannot_pass_off_another_purchase(
    till: Till, sandbox: SandboxControl, fault: str
) -> None:
    topup = add(till, new_sale(till))
    sandbox.fault(fault, "status")
    asked = till.topups.ask(topup.id, SELLER)
    assert asked.state in (TopUpState.UNCERTAIN, TopUpState.RESERVED)
    assert asked.why
    assert till.topups.ask(topup.id, SELLER).state is TopUpState.RESERVED


def test_a_question_near_midnight_names_both_days(tmp_path: Path, sandbox: SandboxControl) -> None:
    # 23:59:30 in Brasília.
    at = datetime(2026, 5, 18, 2, 59, 30, tzinfo=UTC)
    till = open_till(tmp_path / "till", sandbox, clock=lambda: at)
    provider = script(till, Uncertain("sem resposta"), ABSENT, ABSENT)
    _, topup = record(till)
    till.topups.reserve(topup.id, SELLER)
    till.topups.ask(topup.id, SELLER)
    questions = [ref for what, ref in provider.asked if what == "status"]
    assert [ref.operation_date for ref in questions] == ["2026-05-17", "2026-05-18"]
    assert {ref.terminal for what, ref in provider.asked} == {"1"}
    till.close()


def test_the_day_is_that_of_the_send_however_late_the_question(till: Till, watch: Watch) -> None:
    provider = script(till, Uncertain("sem resposta"), ABSENT, ABSENT)
    _, topup = record(till)
    sent = till.topups.reserve(topup.id, SELLER)
    watch.advance(timedelta(days=3).total_seconds())
    till.topups.ask(topup.id, SELLER)
    assert sent.sent_at is not None
    day = datetime.fromtimestamp(sent.sent_at / 1000, UTC) - timedelta(hours=3)
    assert provider.asked[1][1].operation_date == f"{day:%Y-%m-%d}"


def test_another_answer_between_two_absences_starts_over(till: Till, watch: Watch) -> None:
    provider = script(till, Uncertain("sem resposta"))
    _, topup = record(till)
    till.topups.reserve(topup.id, SELLER)
    watch.advance(61)
    provider.answers = [ABSENT, Done(standing(topup))]
    assert till.topups.ask(topup.id, SELLER).absent_at is not None
    found = till.topups.ask(topup.id, SELLER)
    assert (found.state, found.absent_at) == (TopUpState.RESERVED, None)


def test_a_decision_asks_for_the_number_it_needs(till: Till) -> None:
    provider = script(till)
    _, topup = record(till)
    reserved, numbered = standing(topup, provider_ref=""), standing(topup)
    provider.answers = [Done(reserved), Done(numbered), Done(standing(topup, RemoteWord.CANCELLED))]
    till.topups.reserve(topup.id, SELLER)
    assert till.topups.cancel(topup.id, "desistiu", SELLER).state is TopUpState.CANCELLED
    assert [(what, ref.provider_ref) for what, ref in provider.asked[1:]] == [("status", ""), ("cancel", "9")]


def test_a_decision_not_sent_is_kept_and_sent_again_by_itself(till: Till, watch: Watch) -> None:
    provider = script(till)
    _, topup = record(till)
    provider.answers = [Done(standing(topup)), NotSent("sem rede")]
    till.topups.reserve(topup.id, SELLER)
    kept = till.topups.cancel(topup.id, "desistiu", SELLER)
    assert (kept.state, kept.decision) == (TopUpState.RESERVED, Decision.CANCEL)
    with pytest.raises(RuleError):
        till.topups.confirm(topup.id, SELLER)
    assert till.sweeper.ask_due() == 0
    watch.advance(11)
    provider.answers = [Done(standing(topup)), Done(standing(topup, RemoteWord.CANCELLED))]
    assert till.sweeper.ask_due() == 1
    settled = till.topups.get(topup.id)
    assert (settled.state, settled.reason) == (TopUpState.CANCELLED, "desistiu")


def test_the_pauses_between_questions_grow(till: Till, watch: Watch) -> None:
    provider = script(till, Uncertain("sem resposta"))
    _, topup = record(till)
    till.topups.reserve(topup.id, SELLER)
    pauses = []
    for _ in range(9):
        pending = till.topups.get(topup.id)
        assert pending.ask_at is not None
        pause = (pending.ask_at - till.context.now()) / 1000
        pauses.append(round(pause))
        watch.advance(pause + 1)
        provider.answers = [Uncertain("sem resposta")]
        assert till.sweeper.ask_due() == 1
    assert pauses == [10, 20, 40, 80, 160, 320, 600, 600, 600]


def test_a_reserve_thought_absent_is_found_in_the_providers_list(till: Till, watch: Watch) -> None:
    provider = script(till, Uncertain("sem resposta"))
    _, topup = record(till)
    till.topups.reserve(topup.id, SELLER)
    for seconds in (61, 31):
        watch.advance(seconds)
        provider.answers = [ABSENT]
        till.topups.ask(topup.id, SELLER)
    assert till.topups.get(topup.id).state is TopUpState.NOT_SENT
    provider.pending = Done((standing(topup),))
    provider.answers = [Done(standing(topup))]
    found = till.sweeper.sweep(SYSTEM)
    assert till.topups.get(topup.id).state is TopUpState.RESERVED
    assert found.strangers == ()


def test_a_pending_there_that_is_over_here_is_shown(till: Till, watch: Watch) -> None:
    provider = script(till)
    _, topup = record(till)
    provider.answers = [Done(standing(topup)), Done(standing(topup, RemoteWord.CANCELLED))]
    till.topups.reserve(topup.id, SELLER)
    till.topups.cancel(topup.id, "desistiu", SELLER)
    provider.pending = Done((standing(topup),))
    assert till.sweeper.sweep(SYSTEM).strangers == ()
    watch.advance(121)
    provider.answers = [Uncertain("sem resposta")]
    (stranger,) = till.sweeper.sweep(SYSTEM).strangers
    assert stranger.words == "Cancelada aqui, pendente lá"
    assert "ainda prende o saldo" in till.topups.get(topup.id).why


def test_a_reserve_given_up_here_that_arrived_after_all_is_let_go_there(
    till: Till, sandbox: SandboxControl, watch: Watch
) -> None:
    """Proved absent and discarded; then its request turns up at the provider and takes a pending's place."""
    sale = new_sale(till)
    topup = till.topups.add(sale, parse_mobile(LINE), OFFER, 1500)
    till.topups.cancel(topup.id, "desistiu", SELLER)
    sandbox_provider = till.topups.connect("rv")
    sandbox_provider.reserve(ReserveRequest(topup.provider_key, topup.mobile, "2088", "V1500", 1500, "1", ""))
    assert till.sweeper.sweep(SYSTEM).strangers == ()
    assert sandbox.ledger().states() == {topup.provider_key: "reserved"}
    watch.advance(121)
    assert till.sweeper.sweep(SYSTEM).strangers == ()
    assert sandbox.ledger().states() == {topup.provider_key: "cancelled"}
    assert till.topups.get(topup.id).state is TopUpState.CANCELLED


def test_what_was_refused_here_and_is_held_there_is_for_people(till: Till, watch: Watch) -> None:
    provider = script(till)
    _, topup = record(till)
    provider.answers = [Refused(RefusalClass.DATA, "1", "")]
    till.topups.reserve(topup.id, SELLER)
    watch.advance(121)
    provider.pending = Done((standing(topup),))
    (stranger,) = till.sweeper.sweep(SYSTEM).strangers
    assert stranger.words == "Cancelada (recusada) aqui, pendente lá"
    assert [what for what, _ in provider.asked] == ["reserve"]


def reserved_until(till: Till, provider: Scripted, seconds: int) -> tuple[Sale, TopUp]:
    """A reserve with an end."""
    sale, topup = record(till)
    provider.answers = [Done(standing(topup, expires_at=till.clock() + timedelta(seconds=seconds)))]
    return sale, till.topups.reserve(topup.id, SELLER)


def test_a_reserve_over_is_asked_about_and_never_confirmed_blindly(till: Till, watch: Watch) -> None:
    provider = script(till)
    sale, topup = reserved_until(till, provider, 240)
    pay_and_save(till, sale)
    watch.advance(241)
    provider.answers = [Done(standing(topup))]
    with pytest.raises(RuleError, match="prazo da reserva terminou"):
        till.topups.confirm(topup.id, SELLER)
    assert [what for what, _ in provider.asked] == ["reserve", "status"]
    held = till.topups.get(topup.id)
    assert held.state is TopUpState.RESERVED and "libera o saldo" in held.why
    # The provider still holds the balance: only a cancel frees it.
    provider.answers = [Done(standing(topup, RemoteWord.CANCELLED))]
    assert till.topups.cancel(topup.id, "venceu", SELLER).state is TopUpState.CANCELLED


def test_no_payment_is_taken_for_a_reserve_that_is_over(till: Till, watch: Watch) -> None:
    sale, topup = reserved_until(till, script(till), 240)
    watch.advance(241)
    with pytest.raises(RuleError, match="expirou"):
        pay_and_save(till, sale)
    assert till.topups.get(topup.id).state is TopUpState.RESERVED


def test_the_end_of_a_reserve_is_when_it_is_asked_about(till: Till, watch: Watch) -> None:
    provider = script(till)
    _, topup = reserved_until(till, provider, 240)
    watch.advance(242)
    provider.answers = [Done(standing(topup, RemoteWord.EXPIRED))]
    assert till.sweeper.ask_due() == 1
    assert till.topups.get(topup.id).state is TopUpState.EXPIRED


def test_four_minutes_by_contract_and_the_reserve_made_again(
    tmp_path: Path, sandbox: SandboxControl, watch: Watch
) -> None:
    from pos_tui.domain.values import replace

    config = settings()
    config = replace(config, topup=replace(config.topup, reserve_seconds=240))
    till = open_till(tmp_path / "till", sandbox, config, clock=watch)
    sandbox.settings(ttl=240)
    sale = new_sale(till)
    topup = add(till, sale)
    assert topup.expires_at == (topup.sent_at or 0) + 240_000
    with pytest.raises(RuleError, match="não há o que refazer"):
        till.topups.redo(topup.id, SELLER)
    watch.advance(241)
    sandbox.advance(241)
    again = till.topups.redo(topup.id, SELLER)
    with pytest.raises(RuleError, match="já foi refeita"):
        till.topups.redo(topup.id, SELLER)
    assert till.topups.get(topup.id).state is TopUpState.EXPIRED
    assert (again.line, again.face, again.product) == (topup.line, topup.face, topup.product)
    assert again.provider_key != topup.provider_key
    assert till.topups.reserve(again.id, SELLER).state is TopUpState.RESERVED
    saved = pay_and_save(till, sale)
    assert saved.total == 1500
    till.topups.confirm(again.id, SELLER)
    assert sandbox.ledger().credits == {LINE: (1, 1500)}
    with pytest.raises(RuleError):
        till.topups.redo(topup.id, SELLER)
    till.close()


def test_a_topup_never_joins_a_sale_that_is_saved_meanwhile(till: Till) -> None:
    """It would be credited and paid by nobody: redone behind the screen while F10 saves."""
    sale = new_sale(till)
    add(till, sale)
    stale = till.sales.get(sale.id)
    pay_and_save(till, sale)
    with pytest.raises(RuleError, match="não está mais aberta"):
        till.topups.add(stale, parse_mobile("67999990000"), OFFER, 1500)


def test_a_sale_is_not_saved_without_the_topup_that_joins_it_meanwhile(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = new_sale(till)
    add(till, sale)
    paid = till.sales.add_payment(till.sales.get(sale.id), Method.CASH, 1500)
    write = till.context.store.write

    def joined_first(work: Callable[[Transaction], object]) -> object:
        monkeypatch.undo()
        till.topups.add(paid, parse_mobile("67999990000"), OFFER, 1500)
        return write(work)

    monkeypatch.setattr(till.context.store, "write", joined_first)
    with pytest.raises(RuleError, match="Faltam"):
        till.sales.save(paid)
    assert till.sales.get(sale.id).state is SaleState.OPEN
