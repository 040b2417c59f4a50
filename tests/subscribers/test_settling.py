"""A bill received at the counter: settled at the ERP once, whatever happens on the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.domain.card import Brand, CardDetails, CardKind
from pos_tui.domain.errors import Conflict, RuleError
from pos_tui.domain.item import ItemState
from pos_tui.domain.payment import Method
from pos_tui.domain.subscriber import Bill, BillState
from pos_tui.domain.subscriber_action import ActionState
from pos_tui.services.refunds import Warrant
from pos_tui.settings.payment import PaymentSettings
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.subscribers.desk import SELLER, bill, desk_till, paid, received, visit
from tests.tills import Watch, new_sale

S = ActionState
MONTHLY = PaymentSettings(methods=("cash", "recurring"))
WARRANT = Warrant(SELLER, "Beatriz", "Conferido no painel")


@pytest.fixture
def till(tmp_path: Path, sandbox: SandboxControl, watch: Watch) -> Iterator[Till]:
    with desk_till(tmp_path / "till", sandbox, "rbx", watch) as opened:
        yield opened


@pytest.mark.parametrize("provider", ["rbx", "local"])
def test_a_bill_is_paid_in_a_sale_and_settled_once(
    provider: str, tmp_path: Path, sandbox: SandboxControl
) -> None:
    with desk_till(tmp_path, sandbox, provider) as till:
        sale = received(till)
        assert sale.due == 14280
        assert sandbox.ledger().count("credited") == 0
        sale = paid(till, sale)
        closed = till.closing.finish(sale.id)
        assert closed.bills == "1 conta(s) recebida(s) e baixada(s) no provedor."
        assert [item.state for item in closed.sale.items] == [ItemState.DONE]
        again = till.closing.finish(sale.id)
        assert again.bills == ""
        if provider == "rbx":
            assert sandbox.ledger().credits == {"conta/1001": (1, 14280)}
        settled = till.centre.questions.settled_bills(visit(till.centre))
        assert "1001" in [one.id for one in settled]
        assert till.context.journal.verify() is None


def test_the_proof_is_on_paper(till: Till) -> None:
    sale = paid(till, received(till))
    till.closing.finish(sale.id)
    (action,) = till.centre.actions.of_subscriber("10")
    paper = till.spool.paper_of(action.id, "subscriber")
    assert paper is not None
    text = till.papers.preview(paper.document)
    assert "RECEBIMENTO DE CONTA" in text and "142,80" in text and action.protocol in text
    assert "***.982.247-**" in text and "52998224725" not in text


def test_a_card_tells_the_erp_its_slip(till: Till, sandbox: SandboxControl) -> None:
    sale = received(till)
    card = CardDetails(CardKind.DEBIT, Brand.VISA, "998877", 1, "A1B2")
    till.sales.add_payment(sale, Method.CARD, sale.due, card)
    till.closing.finish(till.sales.save(till.sales.get(sale.id)).id)
    (row,) = sandbox.ledger().rows
    assert (row["purchase"]["operator"], row["purchase"]["product"]) == ("debit_card_machine", "998877")


def test_a_bill_stands_in_one_sale_only(till: Till) -> None:
    sale = received(till)
    somebody = visit(till.centre)
    with pytest.raises(Conflict):
        till.centre.bills.receive(sale, somebody, bill(till.centre, somebody))


def test_a_bill_taken_off_can_be_received_again(till: Till, sandbox: SandboxControl) -> None:
    sale = received(till)
    till.items.remove(sale, sale.items[0])
    somebody = visit(till.centre)
    till.centre.bills.receive(till.sales.get(sale.id), somebody, bill(till.centre, somebody))
    till.closing.finish(paid(till, till.sales.get(sale.id)).id)
    assert sandbox.ledger().credits == {"conta/1001": (1, 14280)}


@pytest.mark.parametrize("kind", ["lost", "bad_gateway", "garbage", "wrong_key", "unknown_word"])
def test_a_lost_answer_is_found_out_by_asking(till: Till, sandbox: SandboxControl, kind: str) -> None:
    sale = paid(till, received(till))
    sandbox.fault(kind, "confirm")
    closed = till.closing.finish(sale.id)
    assert "baixa incerta" in closed.bills
    (action,) = till.centre.actions.waiting()
    assert action.state is S.UNCERTAIN
    with pytest.raises(RuleError, match="não há o que enviar"):
        till.centre.bills.send(action.id, SELLER)
    assert till.centre.actions.ask(action.id, SELLER).state is S.DONE
    assert sandbox.ledger().credits == {"conta/1001": (1, 14280)}
    assert till.sales.get(sale.id).items[0].state is ItemState.DONE


def test_what_never_arrived_is_sent_again_by_a_person_only(
    till: Till, sandbox: SandboxControl, watch: Watch
) -> None:
    sale = paid(till, received(till))
    sandbox.fault("reset", "confirm")
    till.closing.finish(sale.id)
    (action,) = till.centre.actions.waiting()
    assert till.centre.actions.ask(action.id, SELLER).state is S.UNCERTAIN
    watch.advance(121)
    found = till.centre.actions.ask(action.id, SELLER)
    assert found.state is S.DUE and "não aconteceu" in found.why
    till.centre.actions.sweep("sistema")
    assert sandbox.ledger().credits == {}
    assert till.centre.bills.send(action.id, SELLER).state is S.DONE
    assert sandbox.ledger().credits == {"conta/1001": (1, 14280)}


def test_a_refusal_waits_for_a_person(till: Till, sandbox: SandboxControl) -> None:
    """The bill was paid elsewhere while it stood in the sale."""
    sale = received(till)
    with desk_till(till.folder.parent / "other", sandbox) as other:
        other.closing.finish(paid(other, received(other)).id)
    closed = till.closing.finish(paid(till, sale).id)
    assert "recusada" in closed.bills and "baixado" in closed.bills
    (action,) = till.centre.actions.waiting()
    ruled = till.centre.actions.rule(action.id, False, WARRANT)
    assert ruled.state is S.UNDONE
    after = till.sales.get(sale.id)
    assert (after.items[0].state, after.owed_back) == (ItemState.UNDONE, 14280)
    assert sandbox.ledger().credits == {"conta/1001": (1, 14280)}


def test_an_erp_that_is_away_leaves_it_to_be_sent(till: Till, sandbox: SandboxControl, watch: Watch) -> None:
    sale = paid(till, received(till))
    sandbox.fault("down", "*", times=None)
    assert "incerta" in till.closing.finish(sale.id).bills
    sandbox.clear()
    watch.advance(121)
    till.centre.actions.sweep("sistema")
    (action,) = till.centre.actions.waiting()
    assert action.state is S.DUE
    assert till.centre.bills.send(action.id, SELLER).state is S.DONE


def test_a_bill_is_not_settled_once_its_payment_went_back(till: Till, sandbox: SandboxControl) -> None:
    """Paid, not settled yet, and given back: neither the sweep nor a person sends it."""
    sale = paid(till, received(till))
    till.refunds.refund(sale, sale.payments[0], WARRANT)
    assert "a enviar" in till.closing.finish(sale.id).bills
    till.catch_up("sistema")
    (action,) = till.centre.actions.waiting()
    with pytest.raises(RuleError, match="devolvido"):
        till.centre.bills.send(action.id, SELLER)
    assert sandbox.ledger().credits == {}
    assert till.centre.actions.rule(action.id, False, WARRANT).state is S.UNDONE
    assert till.sales.get(sale.id).owed_back == 0


def test_a_settled_bill_is_undone_only_after_its_payment_went_back(
    till: Till, sandbox: SandboxControl
) -> None:
    """Then it can be received again, should the ERP show it as open."""
    sale = paid(till, received(till))
    till.closing.finish(sale.id)
    (action,) = till.centre.actions.of_subscriber("10")
    with pytest.raises(RuleError, match="estorne antes"):
        till.centre.actions.rule(action.id, False, WARRANT)
    till.refunds.refund(sale, till.sales.get(sale.id).payments[0], WARRANT)
    somebody = visit(till.centre)
    open_again = Bill("1001", None, 14280, BillState.OPEN, number="1001/1")
    with pytest.raises(Conflict):
        till.centre.bills.receive(new_sale(till), somebody, open_again)
    assert till.centre.actions.rule(action.id, False, WARRANT).state is S.UNDONE
    after = till.sales.get(sale.id)
    assert (after.items[0].state, after.owed_back) == (ItemState.UNDONE, 0)
    assert till.centre.bills.receive(till.sales.current("1", SELLER), somebody, open_again).counts
    assert till.context.journal.verify() is None


def test_a_sale_given_up_lets_the_bill_go(till: Till) -> None:
    sale = received(till)
    till.sales.discard(till.sales.get(sale.id))
    assert till.centre.actions.waiting() == []
    other = new_sale(till)
    somebody = visit(till.centre)
    assert till.centre.bills.receive(other, somebody, bill(till.centre, somebody)).counts


def test_sgp_says_why_it_receives_nothing(tmp_path: Path, sandbox: SandboxControl) -> None:
    from pos_tui.domain.subscriber import Feature

    with desk_till(tmp_path, sandbox, "sgp") as till:
        reason = till.centre.questions.why_not(Feature.RECEIVE, visit(till.centre))
        assert reason is not None and "não dá baixa" in reason


def test_a_bill_paid_by_tef_is_in_the_reconciliation_list(tmp_path: Path, sandbox: SandboxControl) -> None:
    from pos_tui.domain.card_receipt import Chosen
    from tests.paying import METHODS, TefFolders, charge, take_cards

    folders = TefFolders(tmp_path / "tef")
    with desk_till(tmp_path / "till", sandbox, payment=METHODS) as till, folders.manager():
        take_cards(till, folders)
        sale = received(till)
        line = charge(till, sale, Method.TEF, 14280, kind="credit")
        saved = till.sales.save(till.sales.get(sale.id))
        assert till.closing.finish(saved.id).bills.startswith("1 conta(s) recebida(s)")
        assert sandbox.ledger().credits == {"conta/1001": (1, 14280)}
        today = till.now().date()
        (receipt,) = till.reconciliation.page(Chosen(today, today))
        assert (receipt.ours, receipt.amount) == (True, 14280)
        assert receipt.nsu and receipt.nsu == till.payments.get(line.id).details["nsu"]
        # The ERP knows it by the same slip.
        (row,) = sandbox.ledger().rows
        assert (row["purchase"]["operator"], row["purchase"]["product"]) == (
            "credit_card_machine",
            receipt.nsu,
        )


def test_a_bill_is_not_settled_before_its_card_is_confirmed(tmp_path: Path, sandbox: SandboxControl) -> None:
    from tests.paying import METHODS, TefFolders, charge, take_cards

    folders = TefFolders(tmp_path / "tef")
    with desk_till(tmp_path / "till", sandbox, payment=METHODS) as till:
        with folders.manager():
            take_cards(till, folders)
            sale = received(till)
            charge(till, sale, Method.TEF, 14280, kind="credit")
            saved = till.sales.save(till.sales.get(sale.id))
        told = till.centre.bills.settle_sale(saved.id, SELLER)
        assert [action.state for action in told] == [S.DUE]
        assert sandbox.ledger().credits == {}
        with folders.manager():
            till.catch_up("sistema")
        assert sandbox.ledger().credits == {"conta/1001": (1, 14280)}


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_bill_of_an_os_is_settled_once_the_link_was_paid(
    tmp_path: Path, sandbox: SandboxControl, watch: Watch, by_hand: bool
) -> None:
    """Nothing before the money is there; then by itself, whoever learnt of the payment."""
    from pos_tui.settings.recurring import RecurringSettings
    from tests.recurring.os import Platform, customer

    recurring = RecurringSettings(mode="integrated")
    with desk_till(tmp_path, sandbox, watch=watch, payment=MONTHLY, recurring=recurring) as till:
        sale = received(till)
        sale = till.sales.set_head(sale, sale.pdv, SELLER, customer(till))
        details = {"instalments": "2"}
        sale = till.sales.add_payment(
            till.sales.get(sale.id), Method.RECURRING, sale.tally.missing, details=details
        )
        attempts = till.recurring.attempts
        attempt = attempts.send(attempts.finalise(sale, SELLER).id, SELLER)
        till.catch_up("sistema")
        assert sandbox.ledger().credits == {}
        Platform(sandbox).pay(attempt)
        if by_hand:
            attempts.ask(attempt.id, SELLER)
            till.closing.finish(sale.id)
        watch.advance(120)
        till.recurring.watch.ask_due()
        assert sandbox.ledger().credits["conta/1001"] == (1, 14280)
        assert till.centre.actions.waiting() == []
        assert till.sales.get(sale.id).items[0].state is ItemState.DONE
