"""Habilitação provisória and Compra de crédito: once, in the ERP's words, with a trail."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from pos_tui.domain.boleto import read
from pos_tui.domain.errors import Conflict, RuleError
from pos_tui.domain.outcome import NotSent
from pos_tui.domain.subscriber import ContractState, CreditValue, Feature, contracts_for
from pos_tui.domain.subscriber_action import ActionState, CreditState
from pos_tui.services.refunds import Warrant
from pos_tui.services.subscriber_steps import ActionSteps
from pos_tui.services.subscribers import Visit
from pos_tui.store.ids import new_key
from pos_tui.store.models import JournalRow
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.subscribers.desk import PROVIDERS, SELLER, bill, desk_till, paid, visit
from tests.tills import new_sale

S = ActionState
MARIA = "39053344705"
VALUE = CreditValue(5000, 500)


def enable(till: Till, somebody: Visit) -> ActionState:
    (contract,) = contracts_for(Feature.ENABLE, somebody.subscriber)
    overdue = bill(till.centre, somebody) if till.centre.questions.provider.needs_bill_to_enable else None
    return till.centre.enabling.enable(somebody, contract, overdue, SELLER).state


def trail(till: Till, kind: str) -> list[str]:
    with till.context.store.reading() as tx:
        rows = tx.rows(
            JournalRow.select(JournalRow.event).where(JournalRow.kind == kind).order_by(JournalRow.seq)
        )
    return [row[0] for row in rows]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_suspended_plan_is_enabled_once(provider: str, tmp_path: Path, sandbox: SandboxControl) -> None:
    with desk_till(tmp_path, sandbox, provider) as till:
        assert enable(till, visit(till.centre)) is S.DONE
        assert trail(till, "subscriber.enable") == ["intent", "outcome"]
        (action,) = till.centre.actions.of_subscriber(visit(till.centre).subscriber.id)
        assert till.spool.paper_of(action.id, "subscriber") is not None
        if provider != "rbx":
            again = visit(till.centre)
            assert contracts_for(Feature.ENABLE, again.subscriber) == ()
            assert "suspenso" in (till.centre.questions.why_not(Feature.ENABLE, again) or "")


def test_a_payment_notice_names_the_overdue_bill(tmp_path: Path, sandbox: SandboxControl) -> None:
    with desk_till(tmp_path, sandbox, "rbx", enabling="notice") as till:
        assert enable(till, visit(till.centre)) is S.DONE
        assert enable(till, visit(till.centre)) is S.REFUSED
        assert "ja informado" in till.centre.actions.of_subscriber("10")[0].text
        assert [row["purchase"]["line"] for row in sandbox.ledger().rows] == ["aviso/1001"]


def test_a_used_quota_is_told_in_the_erps_words(tmp_path: Path, sandbox: SandboxControl) -> None:
    with desk_till(tmp_path, sandbox, "sgp") as till:
        assert enable(till, visit(till.centre, MARIA)) is S.REFUSED
        (action,) = till.centre.actions.of_subscriber(MARIA)
        assert action.text.endswith("já atingiu quantidade permitida de promessas no mês")
        assert "maria.souza" not in action.text
        assert not action.waits


def test_an_uncertain_enabling_is_never_repeated_blindly(tmp_path: Path, sandbox: SandboxControl) -> None:
    with desk_till(tmp_path, sandbox, "sgp") as till:
        somebody = visit(till.centre)
        sandbox.fault("lost", "reserve")
        assert enable(till, somebody) is S.UNCERTAIN
        with pytest.raises(Conflict):
            enable(till, somebody)
        (action,) = till.centre.actions.waiting()
        assert till.centre.actions.ask(action.id, SELLER, somebody).state is S.DONE
        assert sandbox.ledger().count("credited") == 1


def test_where_the_erp_cannot_tell_a_supervisor_rules(tmp_path: Path, sandbox: SandboxControl) -> None:
    with desk_till(tmp_path, sandbox, "rbx") as till:
        sandbox.fault("reset", "reserve")
        assert enable(till, visit(till.centre)) is S.UNCERTAIN
        (action,) = till.centre.actions.waiting()
        with pytest.raises(RuleError, match="painel do RBX"):
            till.centre.actions.ask(action.id, SELLER)
        warrant = Warrant(SELLER, "Beatriz", "Conferido no painel do RBX")
        assert till.centre.actions.rule(action.id, False, warrant).state is S.UNDONE
        assert enable(till, visit(till.centre)) is S.DONE
        assert "ruled undone" in trail(till, "subscriber.enable")


@pytest.mark.parametrize(
    ("first", "again"), [("2026-11-10", S.REFUSED), ("2026-11-29", S.DONE), ("2026-12-31", S.DONE)]
)
def test_the_book_enables_for_some_days_and_once_a_month(
    first: str, again: ActionState, tmp_path: Path, sandbox: SandboxControl
) -> None:
    """The month is the one it was asked in, not the one it lasts into."""
    at = datetime.fromisoformat(f"{first}T15:00:00+00:00")
    with desk_till(tmp_path, sandbox, "local", lambda: at) as till:  # type: ignore[arg-type]
        assert enable(till, visit(till.centre)) is S.DONE
        at += timedelta(days=4)
        suspended = visit(till.centre).subscriber.contracts[1]
        assert suspended.state is ContractState.SUSPENDED
        assert enable(till, visit(till.centre)) is again


def test_an_enabling_that_never_left_can_be_asked_for_again(
    tmp_path: Path, sandbox: SandboxControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk_till(tmp_path, sandbox, "rbx") as till:
        somebody, provider = visit(till.centre), till.centre.questions.provider
        with monkeypatch.context() as patched:
            patched.setattr(type(provider), "enable", lambda *_: NotSent("Sem rede."))
            assert enable(till, somebody) is S.UNDONE
        assert till.centre.actions.waiting() == []
        assert enable(till, somebody) is S.DONE


def test_an_enabling_cut_off_before_it_left_lets_its_plan_go(
    tmp_path: Path, sandbox: SandboxControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    with desk_till(tmp_path, sandbox, "rbx") as till:
        somebody = visit(till.centre)
        with monkeypatch.context() as patched, pytest.raises(Killed):
            patched.setattr(ActionSteps, "ask", die)
            enable(till, somebody)
        with pytest.raises(Conflict):
            enable(till, somebody)
        till.catch_up("sistema")
        assert till.centre.actions.waiting() == []
        assert enable(till, somebody) is S.DONE


# Credit


@pytest.mark.parametrize("provider", PROVIDERS)
def test_credit_is_bought_paid_transferred_released(
    provider: str, tmp_path: Path, sandbox: SandboxControl
) -> None:
    with desk_till(tmp_path, sandbox, provider) as till:
        somebody, credit = visit(till.centre), till.centre.credit
        (contract,) = contracts_for(Feature.CREDIT, somebody.subscriber)
        assert VALUE in credit.values()
        bought = credit.buy(new_key(), somebody, contract, VALUE, SELLER)
        boleto = read(bought.line, date.fromisoformat(bought.due))
        assert (boleto.amount, boleto.due, boleto.warnings) == (5000, bought.due_on, ())
        with pytest.raises(RuleError, match="aguardando pagamento"):
            credit.release(bought, SELLER)
        sale = new_sale(till)
        credit.receive(sale, bought)
        saved = paid(till, till.sales.get(sale.id))
        assert till.closing.finish(saved.id).sale.items[0].words == "Realizada"
        now = credit.get(bought.id)
        assert now.state is CreditState.PAID
        assert credit.release(now, SELLER).released_by == SELLER
        assert trail(till, "subscriber.credit") == ["bought", "in sale", "paid", "released"]


def test_a_double_enter_buys_once(tmp_path: Path, sandbox: SandboxControl) -> None:
    with desk_till(tmp_path, sandbox) as till:
        somebody, key = visit(till.centre), new_key()
        (contract,) = contracts_for(Feature.CREDIT, somebody.subscriber)
        till.centre.credit.buy(key, somebody, contract, VALUE, SELLER)
        with pytest.raises(Conflict):
            till.centre.credit.buy(key, somebody, contract, VALUE, SELLER)
        assert len(till.centre.credit.of(somebody)) == 1


def test_credit_taken_off_a_sale_waits_again(tmp_path: Path, sandbox: SandboxControl) -> None:
    with desk_till(tmp_path, sandbox) as till:
        somebody, credit = visit(till.centre), till.centre.credit
        (contract,) = contracts_for(Feature.CREDIT, somebody.subscriber)
        bought = credit.buy(new_key(), somebody, contract, VALUE, SELLER)
        sale = new_sale(till)
        item = credit.receive(sale, bought)
        till.items.remove(till.sales.get(sale.id), item)
        waiting = credit.get(bought.id)
        assert waiting.state is CreditState.WAITING
        assert credit.cancel(waiting, SELLER).state is CreditState.CANCELLED


def test_a_suspended_plan_gets_no_credit(tmp_path: Path, sandbox: SandboxControl) -> None:
    with desk_till(tmp_path, sandbox) as till:
        somebody = visit(till.centre)
        with pytest.raises(RuleError):
            till.centre.credit.buy(new_key(), somebody, somebody.subscriber.contracts[1], VALUE, SELLER)


def test_credit_whose_payment_went_back_is_not_released(tmp_path: Path, sandbox: SandboxControl) -> None:
    with desk_till(tmp_path, sandbox, "rbx") as till:
        somebody, credit = visit(till.centre), till.centre.credit
        (contract,) = contracts_for(Feature.CREDIT, somebody.subscriber)
        bought = credit.buy(new_key(), somebody, contract, VALUE, SELLER)
        sale = new_sale(till)
        credit.receive(sale, bought)
        saved = paid(till, till.sales.get(sale.id))
        with pytest.raises(RuleError, match="estorne antes"):
            credit.cancel(credit.get(bought.id), SELLER)
        till.refunds.refund(saved, saved.payments[0], Warrant(SELLER, "Beatriz", "cliente desistiu"))
        with pytest.raises(RuleError, match="devolvido"):
            credit.release(credit.get(bought.id), SELLER)
        assert credit.cancel(credit.get(bought.id), SELLER).state is CreditState.CANCELLED
