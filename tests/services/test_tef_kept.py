"""An answer to an older card that comes while another operation is awaited (facts/payments.md §2.1, §2.7).

It is money taken on a card: written down by its own number before it leaves the folder, undone by a
supervisor or given to the payment that still waits for it, and confirmed for no other sale.
"""

from contextlib import suppress
from threading import Event

import pytest

from pos_tui.domain.errors import RuleError
from pos_tui.domain.payment import Decision, Method, PaymentState
from pos_tui.domain.sale import PaymentLine, Sale
from pos_tui.domain.tef import TefOperation
from pos_tui.providers.sandbox.tef import Manager
from pos_tui.providers.sandbox.tef_ledger import EntryState
from pos_tui.providers.tef import folders as files
from pos_tui.providers.tef.codec import encode
from pos_tui.services.audit import Wait
from pos_tui.services.refunds import Warrant
from pos_tui.store import database
from pos_tui.till import Till
from tests.paying import FAST, WARRANT, TefFolders, charge, silent, take_cards
from tests.tills import SELLER

S = PaymentState


class Killed(BaseException):
    """The till died here."""


def judged(till: Till, sale: Sale, folders: TefFolders, then: PaymentState = S.CANCELLED) -> PaymentLine:
    """A supervisor then ruled what became of it."""
    return till.refunds.rule(silent(till, sale, folders), then, WARRANT)


def menu_beside(till: Till, folders: TefFolders, raw: bytes) -> PaymentState:
    """Open the menu; an answer to something else comes before its own. Returns where the menu stands."""
    folders.play("ADM delay")

    def answer_first(manager: Manager, polls: int) -> None:
        files.publish(folders.resp, files.REPLY, raw)
        while files.find(folders.resp, files.REPLY) is not None:
            Event().wait(FAST)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Manager, "_pause", answer_first)
        return till.tef.menu(SELLER).state


def only_kept(till: Till) -> TefOperation:
    (kept,) = (one for one in till.tef.operations() if one.kept)
    return kept


def test_the_older_answer_is_kept_by_its_number_and_undone(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    older = judged(paytill, sale, folders)
    folders.play("CRT older")
    newer = charge(paytill, sale, Method.TEF, 6000)
    assert newer.state is S.APPROVED and f"001-000 = {newer.request_key}" in newer.reply
    assert (only_kept(paytill).number, only_kept(paytill).state) == (older.request_key, S.APPROVED)
    (seen,) = (one for one in paytill.audit.unfinished() if one.kind is Wait.TEF)
    assert "ninguém esperava" in seen.what and "R$ 60,00" in seen.why
    with pytest.raises(RuleError, match="salve a venda"):
        paytill.tef.let_go(WARRANT)
    paytill.closing.finish(paytill.sales.save(paytill.sales.get(sale.id)).id)
    assert "R$ 60,00" in paytill.tef.stray() and "desfaz" in paytill.tef.stray()
    assert paytill.tef.let_go(WARRANT).state is S.UNDONE
    assert [entry.state for entry in folders.ledger.entries] == [EntryState.CONFIRMED, EntryState.UNDONE]
    assert (folders.ledger.entries[0].number, folders.ledger.effect) == (int(newer.request_key), 6000)
    assert paytill.tef.stray() == "" and folders.ledger.incidents == []


def test_it_stands_in_the_way_of_the_next_card_and_is_told_at_the_start(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    judged(paytill, sale, folders)
    folders.play("CRT older")
    first = charge(paytill, sale, Method.TEF, 3000)
    second = paytill.payments.add(paytill.sales.get(sale.id), Method.TEF, 3000)
    with pytest.raises(RuleError, match="resposta de outra operação"):
        paytill.payments.charge(second.id, SELLER)
    assert paytill.catch_up("sistema").stranger
    assert only_kept(paytill).decision is Decision.NONE, "no start confirms it"
    assert paytill.payments.get(first.id).state is S.CONFIRMED, "the earlier card of the same sale"
    paytill.tef.let_go(WARRANT)
    assert paytill.payments.charge(second.id, SELLER).state is S.APPROVED
    assert not paytill.catch_up("sistema").stranger


def test_one_ruled_as_charged_is_confirmed_for_its_own_sale(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    older = judged(paytill, sale, folders, S.CONFIRMED)
    folders.play("ADM older")
    paytill.tef.menu(SELLER)
    assert "decidido como cobrado" in paytill.tef.stray()
    assert paytill.tef.let_go(WARRANT).state is S.CONFIRMED
    (entry,) = folders.ledger.entries
    assert (str(entry.number), entry.state) == (older.request_key, EntryState.CONFIRMED)


def test_a_payment_that_still_waits_for_it_gets_it(paytill: Till, sale: Sale, folders: TefFolders) -> None:
    """Uncertain, and never ruled: the answer is its own, as F5 would have found it."""
    older = silent(paytill, sale, folders)
    folders.play("CDP older")
    assert paytill.tef.ask_document() != ""
    found = paytill.payments.get(older.id)
    assert (found.state, found.amount) == (S.APPROVED, 6000)
    assert paytill.tef.stray() == "" and not paytill.catch_up("sistema").stranger
    paytill.closing.finish(paytill.sales.save(paytill.sales.get(sale.id)).id)
    assert paytill.payments.get(older.id).state is S.CONFIRMED and folders.ledger.effect == 6000


@pytest.mark.parametrize("step", range(1, 9))
def test_cut_off_at_any_step_it_is_never_lost(
    paytill: Till, sale: Sale, folders: TefFolders, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = judged(paytill, sale, folders)
    line = paytill.payments.add(paytill.sales.get(sale.id), Method.TEF, 6000)
    folders.play("CRT older")
    left = [step]

    def killer(name: str) -> None:
        left[0] -= 1
        if not left[0]:
            raise Killed

    monkeypatch.setattr(database, "step", killer)
    with suppress(Killed):
        paytill.payments.charge(line.id, SELLER)
    monkeypatch.setattr(database, "step", lambda name: None)
    take_cards(paytill, folders)
    paytill.__dict__.pop("tef", None)
    paytill.catch_up("sistema")
    if paytill.payments.get(line.id).state is S.CREATED:
        folders.play("CRT older")
        paytill.payments.charge(line.id, SELLER)
    paytill.closing.finish(paytill.sales.save(paytill.sales.get(sale.id)).id)
    assert paytill.tef.let_go(WARRANT).state is S.UNDONE
    states = {str(entry.number): entry.state for entry in folders.ledger.entries}
    assert states == {older.request_key: EntryState.UNDONE, line.request_key: EntryState.CONFIRMED}
    assert paytill.tef.stray() == "" and folders.ledger.incidents == []


def test_a_kept_answer_still_in_the_folder_is_taken_away(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    """Killed between its commit and its removal."""
    judged(paytill, sale, folders)
    folders.play("CRT older")
    line = charge(paytill, sale, Method.TEF, 6000)
    files.publish(folders.resp, files.REPLY, only_kept(paytill).reply.encode("latin-1"))
    assert paytill.catch_up("sistema").stranger
    assert not (folders.resp / "intpos.001").exists()
    paytill.refunds.remove(paytill.payments.get(line.id), SELLER)
    assert paytill.tef.let_go(WARRANT).state is S.UNDONE
    assert paytill.tef.stray() == "" and folders.ledger.effect == 0


@pytest.mark.parametrize(("amount", "word"), [("6000", "É definitiva"), ("R$ 60", "Não se consegue ler")])
def test_what_nothing_undoes_is_told_until_a_supervisor_has_seen_it(
    paytill: Till, sale: Sale, folders: TefFolders, amount: str, word: str
) -> None:
    told = {"000": "CRT", "001": "9999", "003": amount, "009": "0", "010": "REDE", "012": "77", "027": "X1"}
    raw = encode(told | {"003": "6000", "729": "1"}).replace(
        b"003-000 = 6000", f"003-000 = {amount}".encode()
    )
    assert menu_beside(paytill, folders, raw) is S.CONFIRMED
    assert word in paytill.tef.stray() and paytill.catch_up("sistema").stranger
    assert not paytill.tef.let_go(Warrant(SELLER, "Marta", "conferido no relatório")).waits
    assert paytill.tef.stray() == "" and not paytill.catch_up("sistema").stranger


def test_the_same_answer_again_is_nothing_new(paytill: Till, sale: Sale, folders: TefFolders) -> None:
    """A manager that repeats the answer to a card long confirmed."""
    line = charge(paytill, sale, Method.TEF, 6000)
    paytill.closing.finish(paytill.sales.save(paytill.sales.get(sale.id)).id)
    assert menu_beside(paytill, folders, line.reply.encode("latin-1")) is S.CONFIRMED
    assert paytill.tef.stray() == "" and [one for one in paytill.tef.operations() if one.kept] == []
