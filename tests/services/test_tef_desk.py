"""The TEF manager beside the sale: menu, pinpad, and answers without a sale (facts/payments.md §2)."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event

import pytest

from pos_tui.domain.errors import RuleError
from pos_tui.domain.outcome import Done, NotSent
from pos_tui.domain.payment import Decision, Method, PaymentState
from pos_tui.domain.people import NeedsApproval
from pos_tui.domain.sale import Sale
from pos_tui.providers.sandbox.tef_ledger import EntryState
from pos_tui.providers.tef.codec import encode
from pos_tui.providers.tef.folders import REPLY, publish
from pos_tui.store import database
from pos_tui.till import Till
from tests.paying import WARRANT, TefFolders, charge, take_cards
from tests.people.staff import ANA_PIN, hire
from tests.tills import SELLER

S = PaymentState


class Killed(BaseException):
    """The till died here."""


def stray(folders: TefFolders, **fields: str) -> None:
    """A reply that no sale of this till asked for, as another program or an old database leaves it."""
    told = {"000": "CRT", "001": "9999", "003": "6000", "009": "0", "010": "REDE", "012": "77", "027": "X1"}
    publish(folders.resp, REPLY, encode(told | {"729": "2"} | fields))


def test_the_menu_prints_what_it_brings_and_leaves_nothing(paytill: Till, folders: TefFolders) -> None:
    done = paytill.tef.menu(SELLER)
    assert (done.state, done.waits) == (S.CONFIRMED, False)
    assert [job.kind for job in paytill.spool.owed()] == ["tef"]
    assert not (folders.resp / "intpos.001").exists()
    assert paytill.tef.operations() == [done]
    assert not paytill.catch_up("sistema").stranger


def test_a_refused_menu_ends_in_words(paytill: Till, folders: TefFolders) -> None:
    folders.play("ADM deny")
    done = paytill.tef.menu(SELLER)
    assert done.state is S.REFUSED and done.why and paytill.spool.owed() == []


def test_a_menu_that_never_left_is_over(paytill: Till, folders: TefFolders) -> None:
    take_cards(paytill, folders, window=0.3)
    paytill.__dict__.pop("tef", None)
    folders.play("ADM ignore")
    assert paytill.tef.menu(SELLER).state is S.CANCELLED
    assert paytill.tef.menu(SELLER).state is S.CONFIRMED


def test_the_menu_does_not_come_between_a_card_and_its_confirmation(paytill: Till, sale: Sale) -> None:
    charge(paytill, sale, Method.TEF, 6000)
    with pytest.raises(RuleError, match="salve a venda ou remova-o"):
        paytill.tef.menu(SELLER)


def test_the_menu_takes_who_may_give_money_back(paytill: Till) -> None:
    hire(paytill)
    paytill.operators.enter(2, ANA_PIN)
    with pytest.raises(NeedsApproval):
        paytill.tef.menu(SELLER)
    assert paytill.tef.operations() == []


@pytest.mark.parametrize("step", range(1, 8))
def test_a_menu_cut_off_at_any_step_is_finished_at_the_start(
    paytill: Till, folders: TefFolders, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [step]

    def killer(name: str) -> None:
        left[0] -= 1
        if not left[0]:
            raise Killed

    monkeypatch.setattr(database, "step", killer)
    with suppress(Killed):
        paytill.tef.menu(SELLER)
    monkeypatch.setattr(database, "step", lambda name: None)
    assert not paytill.catch_up("sistema").stranger
    assert paytill.tef.recover("sistema") == ()
    assert all(not one.waits for one in paytill.tef.operations())
    assert paytill.tef.menu(SELLER).state is S.CONFIRMED
    assert folders.ledger.incidents == [] and folders.ledger.pending() is None


def test_a_menu_without_an_answer_is_uncertain_and_never_refused(paytill: Till, folders: TefFolders) -> None:
    folders.play("ADM silent")
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(paytill.tef.menu, SELLER)
        while not (folders.resp / "intpos.sts").exists():
            Event().wait(0.01)
        paytill.tef.give_up(WARRANT)
        assert waiting.result().state is S.UNCERTAIN
    (left,) = paytill.tef.operations()
    assert left.waits
    assert paytill.tef.recover("sistema") == (), "idle, the manager has no more to tell"
    (left,) = paytill.tef.operations()
    assert left.state is S.UNCERTAIN and "relatório do TEF" in left.why


def test_the_menu_lets_go_what_was_ruled_here(paytill: Till, sale: Sale, folders: TefFolders) -> None:
    """The manager still holds what nobody could read: its menu is where a person ends it."""
    take_cards(paytill, folders, window=0.5)
    folders.play("CRT truncated")
    line = charge(paytill, sale, Method.TEF, 6000)
    paytill.refunds.rule(line, S.CANCELLED, WARRANT)
    assert "PENDENTE" in charge(paytill, sale, Method.TEF, 6000).why
    paytill.tef.menu(SELLER)
    assert charge(paytill, sale, Method.TEF, 6000).state is S.APPROVED


def test_a_stray_answer_is_told_and_undone_by_a_supervisor(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    folders.play("CRT garbage")
    line = charge(paytill, sale, Method.TEF, 6000)
    paytill.refunds.rule(line, S.CANCELLED, WARRANT)
    entry = folders.ledger.entries[-1]
    stray(folders, **{"012": entry.nsu, "027": entry.control})
    assert "R$ 60,00" in paytill.tef.stray() and entry.nsu in paytill.tef.stray()
    done = paytill.tef.let_go(WARRANT)
    assert (done.state, done.decision) == (S.UNDONE, Decision.UNDO) and "Marta" in done.who
    assert folders.ledger.entries[-1].state is EntryState.UNDONE
    assert paytill.tef.stray() == "" and not (folders.resp / "intpos.001").exists()
    with pytest.raises(RuleError, match="não guarda"):
        paytill.tef.let_go(WARRANT)


def test_a_final_stray_answer_is_kept_and_told(paytill: Till, folders: TefFolders) -> None:
    """§9.3: NCN does nothing where 729 is 1."""
    stray(folders, **{"729": "1"})
    done = paytill.tef.let_go(WARRANT)
    assert done.state is S.CONFIRMED and "menu do TEF" in done.why
    assert not (folders.resp / "intpos.001").exists()


def test_an_answer_against_a_ruling_can_be_let_go(paytill: Till, sale: Sale, folders: TefFolders) -> None:
    line = paytill.payments.add(sale, Method.TEF, 6000)
    folders.play("CRT garbage")
    ruled = paytill.refunds.rule(paytill.payments.charge(line.id, SELLER), S.CANCELLED, WARRANT)
    stray(folders, **{"001": ruled.request_key, "027": folders.ledger.entries[-1].control})
    assert "R$ 60,00" in paytill.tef.stray()
    assert paytill.tef.let_go(WARRANT).state is S.UNDONE
    assert charge(paytill, sale, Method.TEF, 6000).state is S.APPROVED


def test_the_customer_types_the_document_on_the_pinpad(paytill: Till, folders: TefFolders) -> None:
    assert len(paytill.tef.ask_document()) == 11
    assert len(paytill.tef.ask_document(company=True)) == 14
    folders.play("CDP gave_up")
    with pytest.raises(RuleError, match="CANCELADA"):
        paytill.tef.ask_document()


def test_whether_the_manager_is_there(paytill: Till, folders: TefFolders) -> None:
    assert isinstance(paytill.tef.alive(), Done)
    take_cards(paytill, folders, window=0.2)
    paytill.__dict__.pop("tef", None)
    folders.play("ATV ignore")
    assert isinstance(paytill.tef.alive(), NotSent)
