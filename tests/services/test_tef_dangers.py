"""What would lose a card's money, or take it twice, done in another order (facts/payments.md §2.7)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from pos_tui.domain.errors import RuleError
from pos_tui.domain.payment import Decision, Method, PaymentState
from pos_tui.domain.people import NeedsApproval
from pos_tui.domain.sale import PaymentLine, Sale
from pos_tui.providers.sandbox.tef_ledger import EntryState
from pos_tui.providers.tef.codec import encode
from pos_tui.providers.tef.folders import REPLY, STATUS, publish
from pos_tui.services.refunds import Warrant
from pos_tui.store.models import PaymentRow
from pos_tui.till import Till
from tests.paying import WARRANT, TefFolders, charge, take_cards
from tests.people.staff import ANA_PIN, hire
from tests.tills import SELLER, add, new_sale

S = PaymentState


def given_up(till: Till, sale: Sale, folders: TefFolders, scenario: str = "silent") -> PaymentLine:
    """A card whose waiting a supervisor ended: nobody knows whether the customer was charged."""
    folders.play(f"CRT {scenario}")
    line = till.payments.add(sale, Method.TEF, 6000)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(till.payments.charge, line.id, SELLER)
        while not (folders.resp / STATUS).exists():
            Event().wait(0.01)
        till.refunds.abort_wait(line, WARRANT)
        assert waiting.result().state is S.UNCERTAIN
    return till.payments.get(line.id)


def answer(folders: TefFolders, line: PaymentLine, **fields: str) -> None:
    """The manager's yes to a line, as it comes at last."""
    told = {"000": "CRT", "001": line.request_key, "003": "6000", "009": "0", "010": "REDE", "027": "X1"}
    publish(folders.resp, REPLY, encode(told | {"729": "2"} | fields))


def pretend(here: Till, line: PaymentLine, state: PaymentState, **values: object) -> None:
    """Put a line where a crash leaves it."""
    cut = PaymentRow.update(state=state, **values).where(PaymentRow.id == line.id)
    here.context.store.write(lambda tx: tx.run(cut))


def test_an_answer_that_has_come_is_asked_for_before_anybody_rules(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    """A yes lay in the folder, "not charged" was ruled, and the yes was thrown away."""
    line = given_up(paytill, sale, folders)
    answer(folders, line)
    with pytest.raises(RuleError, match="F5"):
        paytill.refunds.rule(line, S.CANCELLED, WARRANT)
    assert paytill.payments.ask(line.id, SELLER).state is S.APPROVED


def test_what_was_ruled_as_charged_is_confirmed_and_not_undone(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    """The sale counts on the money: undoing the answer that comes late would give the goods away."""
    folders.play("CRT garbage")
    line = charge(paytill, sale, Method.TEF, 6000)
    paytill.refunds.rule(line, S.CONFIRMED, WARRANT)
    answer(folders, line, **{"027": folders.ledger.entries[-1].control})
    assert "decidido como cobrado" in paytill.tef.stray()
    done = paytill.tef.let_go(WARRANT)
    assert (done.state, done.decision) == (S.CONFIRMED, Decision.CONFIRM)
    assert folders.ledger.entries[-1].state is EntryState.CONFIRMED and folders.ledger.effect == 6000
    assert paytill.tef.stray() == ""


def test_ruled_as_charged_with_another_amount_is_undone(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    folders.play("CRT garbage")
    line = charge(paytill, sale, Method.TEF, 6000)
    paytill.refunds.rule(line, S.CONFIRMED, WARRANT)
    answer(folders, line, **{"003": "5999", "027": folders.ledger.entries[-1].control})
    assert "nenhuma venda daqui espera" in paytill.tef.stray()
    assert paytill.tef.let_go(WARRANT).state is S.UNDONE


def test_a_card_of_another_till_is_left_to_that_till(paytill: Till, sale: Sale, folders: TefFolders) -> None:
    """Its manager and its numbers are there: a cancelling from here could be done a second time there."""
    folders.play("CRT final")
    line = charge(paytill, sale, Method.TEF, 6000)
    pretend(paytill, line, S.CONFIRMED, till=paytill.context.till + 1)
    sent = len(folders.ledger.entries)
    acts: list[Callable[[], object]] = [
        lambda: paytill.refunds.refund(paytill.sales.get(sale.id), paytill.payments.get(line.id), WARRANT),
        lambda: paytill.payments.ask(line.id, SELLER),
        lambda: paytill.payments.charge(line.id, SELLER),
        lambda: paytill.payments.carry(line.id, SELLER),
    ]
    for act in acts:
        with pytest.raises(RuleError, match="caixa 2"):
            act()
    assert paytill.payments.get(line.id).decision is Decision.NONE
    assert len(folders.ledger.entries) == sent


def test_nothing_hides_that_the_manager_took_a_card(paytill: Till, sale: Sale, folders: TefFolders) -> None:
    """Window 2: an ATV takes the `.sts` away, and with it the proof that the card must not be sent again."""
    line = paytill.payments.add(sale, Method.TEF, 6000)
    pretend(paytill, line, S.SENT)
    publish(folders.resp, STATUS, encode({"000": "CRT", "001": line.request_key}))
    for act in (
        paytill.tef.alive,
        paytill.tef.ask_document,
        lambda: paytill.tef.menu(SELLER),
        lambda: paytill.tef.let_go(WARRANT),
    ):
        with pytest.raises(RuleError, match="aguardando"):
            act()
    (left,) = paytill.catch_up("sistema").waiting
    assert left.state is S.UNCERTAIN, "taken once, it may not be sent again"


def test_a_card_waits_for_the_menu_that_a_crash_cut_off(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    from pos_tui.store.models.tef import TefOperationRow

    done = paytill.tef.menu(SELLER)
    cut = TefOperationRow.update(state=S.SENT, open_since=1).where(TefOperationRow.id == done.id)
    paytill.context.store.write(lambda tx: tx.run(cut))
    with pytest.raises(RuleError, match="menu do TEF"):
        charge(paytill, sale, Method.TEF, 6000)
    assert folders.ledger.entries == []
    paytill.catch_up("sistema")
    line = next(iter(paytill.sales.get(sale.id).live))
    assert paytill.payments.charge(line.id, SELLER).state is S.APPROVED


def test_no_cancelling_between_a_card_and_its_confirmation(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    """CNF speaks of the last operation: a CNC of an older sale must not come before it."""
    charge(paytill, sale, Method.TEF, 6000)
    saved = paytill.closing.finish(paytill.sales.save(paytill.sales.get(sale.id)).id).sale
    opened = new_sale(paytill)
    add(paytill, opened, 2000)
    charge(paytill, opened, Method.TEF, 2000)
    with pytest.raises(RuleError, match="antes de estornar"):
        paytill.refunds.refund(saved, saved.payments[0], WARRANT)
    assert paytill.payments.get(saved.payments[0].id).decision is Decision.CONFIRM
    paytill.closing.finish(paytill.sales.save(paytill.sales.get(opened.id)).id)
    assert paytill.refunds.refund(saved, saved.payments[0], WARRANT).state is S.REFUNDED
    assert folders.ledger.effect == 2000 and folders.ledger.incidents == []


def test_giving_up_the_wait_takes_who_may_rule(paytill: Till, sale: Sale) -> None:
    line = paytill.payments.add(sale, Method.TEF, 6000)
    hire(paytill)
    paytill.operators.enter(2, ANA_PIN)
    for act in (paytill.tef.give_up, lambda warrant: paytill.refunds.abort_wait(line, warrant)):
        with pytest.raises(NeedsApproval):
            act(Warrant(SELLER, "Marta", "gerenciador parado"))


def test_a_reply_written_down_and_not_taken_away_is_in_nobodys_way(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    """Killed between the commit of a final card's reply and its removal: its cancelling was refused."""
    folders.play("CRT final")
    line = charge(paytill, sale, Method.TEF, 6000)
    publish(folders.resp, REPLY, line.reply.encode("latin-1"))
    take_cards(paytill, folders)
    back = paytill.refunds.refund(paytill.sales.get(sale.id), paytill.payments.get(line.id), WARRANT)
    assert back.state is S.REFUNDED and folders.ledger.effect == 0


def test_what_no_sale_knows_is_told_at_the_start_though_nothing_waits(
    paytill: Till, folders: TefFolders
) -> None:
    """A database put back from a copy does not know the last card: the answer lies there all the same."""
    publish(folders.resp, REPLY, encode({"000": "CRT", "001": "9999", "003": "6000", "009": "0", "729": "2"}))
    assert paytill.catch_up("sistema").stranger
