"""TEF through the practice manager: amounts, several cards, and the ways back (facts/payments.md §2, §9)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from pos_tui.domain.errors import FieldError, RuleError
from pos_tui.domain.payment import Decision, Method, PaymentState
from pos_tui.domain.sale import PaymentLine, Sale
from pos_tui.domain.topup import TopUpState
from pos_tui.providers.sandbox.tef_ledger import EntryState
from pos_tui.providers.tef.codec import encode
from pos_tui.providers.tef.folders import REPLY, publish
from pos_tui.services.refunds import Warrant
from pos_tui.till import Till
from tests.paying import WARRANT, TefFolders, charge, take_cards
from tests.tills import SELLER

S = PaymentState


def now(till: Till, sale: Sale) -> Sale:
    return till.sales.get(sale.id)


def card(till: Till, sale: Sale, amount: int, **details: str) -> PaymentLine:
    return charge(till, sale, Method.TEF, amount, **details)


def slips(till: Till, line: PaymentLine) -> int:
    return len([job for job in till.spool.owed() if (job.subject, job.kind) == (line.id, "tef")])


def test_a_sale_by_card_confirms_its_topups(paytill: Till, sale: Sale, folders: TefFolders) -> None:
    line = card(paytill, sale, 6000, kind="credit", plan="store", instalments="3")
    assert (line.state, line.details["kind"], line.details["instalments"]) == (S.APPROVED, "credit", "3")
    assert folders.ledger.effect == 0 and slips(paytill, line) == 0
    closed = paytill.closing.finish(paytill.sales.save(now(paytill, sale)).id)
    assert closed.sale.payments[0].state is S.CONFIRMED and closed.sale.tally.settled
    assert [topup.state for topup in closed.sale.topups] == [TopUpState.CONFIRMED]
    assert folders.ledger.effect == 6000 and slips(paytill, line) == 2
    assert [job for job in paytill.spool.owed() if job.kind == "drawer"] == []


def test_a_denied_card_leaves_the_sale_as_it_was(paytill: Till, sale: Sale, folders: TefFolders) -> None:
    folders.play("CRT deny")
    line = card(paytill, sale, 6000)
    assert line.state is S.REFUSED and "SALDO" in line.why
    assert now(paytill, sale).tally.missing == 6000
    assert card(paytill, sale, 6000).state is S.APPROVED


@pytest.mark.parametrize(
    ("scenario", "missing", "cash_out"), [("partial", 1, 0), ("discount", 0, 0), ("cash_out", 0, 1)]
)
def test_the_replys_amount_is_what_counts(
    paytill: Till, sale: Sale, folders: TefFolders, scenario: str, missing: int, cash_out: int
) -> None:
    """§9.5: the reply's 003 is not the request's."""
    folders.play(f"CRT {scenario}")
    line = card(paytill, sale, 6000)
    tally = now(paytill, sale).tally
    assert (bool(tally.missing), bool(line.cash_out)) == (bool(missing), bool(cash_out))
    assert tally.excess == 0 and line.amount + line.discount + tally.missing == 6000
    assert folders.ledger.entries[-1].centavos == line.amount + line.cash_out
    assert tally.opens_drawer is bool(cash_out)


def test_every_card_but_the_last_is_confirmed_before_the_next(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    first, second = card(paytill, sale, 2000), card(paytill, sale, 4000)
    assert paytill.payments.get(first.id).state is S.CONFIRMED and second.state is S.APPROVED
    assert slips(paytill, first) == 2 and folders.ledger.effect == 2000


def test_giving_up_undoes_the_last_card_and_gives_the_earlier_back(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    """§9.7: NCN for the last, CNC for each before it."""
    card(paytill, sale, 2000)
    card(paytill, sale, 4000)
    with pytest.raises(RuleError, match="supervisor"):
        paytill.refunds.abandon(now(paytill, sale), SELLER)
    assert folders.ledger.effect == 2000
    paytill.refunds.abandon(now(paytill, sale), SELLER, WARRANT)
    states = [entry.state for entry in folders.ledger.entries]
    assert states == [EntryState.CANCELLED, EntryState.UNDONE, EntryState.CONFIRMED]
    assert folders.ledger.effect == 0 and folders.ledger.incidents == []


def test_an_approved_card_is_undone_by_taking_it_off(paytill: Till, sale: Sale, folders: TefFolders) -> None:
    line = paytill.refunds.remove(card(paytill, sale, 6000), SELLER)
    assert (line.state, line.decision) == (S.UNDONE, Decision.UNDO)
    assert folders.ledger.entries[-1].state is EntryState.UNDONE


def test_a_final_card_is_never_undone_but_given_back(paytill: Till, sale: Sale, folders: TefFolders) -> None:
    """§9.3: NCN when 729=1 does nothing; it needs a CNC."""
    folders.play("CRT final")
    line = card(paytill, sale, 6000)
    assert line.state is S.CONFIRMED and slips(paytill, line) == 2
    with pytest.raises(RuleError, match="estorno"):
        paytill.refunds.remove(line, SELLER)
    back = paytill.refunds.refund(now(paytill, sale), line, WARRANT)
    assert back.state is S.REFUNDED and folders.ledger.effect == 0 and slips(paytill, line) == 4
    assert "Marta" in back.decided_by and back.reason == WARRANT.reason


def test_a_refund_needs_a_name_and_a_reason(paytill: Till, sale: Sale) -> None:
    line = card(paytill, sale, 6000)
    for field, warrant in (
        ("supervisor", Warrant(SELLER, "", "motivo bom")),
        ("reason", Warrant(SELLER, "Marta", "x")),
    ):
        with pytest.raises(FieldError) as caught:
            paytill.refunds.refund(now(paytill, sale), line, warrant)
        assert caught.value.field == field


def test_a_declined_refund_can_be_asked_for_again(paytill: Till, sale: Sale, folders: TefFolders) -> None:
    folders.play("CRT final")
    line = card(paytill, sale, 6000)
    folders.play("CNC deny")
    kept = paytill.refunds.refund(now(paytill, sale), line, WARRANT)
    assert (kept.state, kept.decision, kept.waits) == (S.CONFIRMED, Decision.NONE, False)
    assert paytill.refunds.refund(now(paytill, sale), kept, WARRANT).state is S.REFUNDED


def test_an_answer_that_cannot_be_read_is_uncertain_and_blocks_a_second_charge(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    """Stripe Terminal: a lost answer shown as declined, and the customer charged twice (§5)."""
    folders.play("CRT garbage")
    line = card(paytill, sale, 3000)
    assert line.state is S.UNCERTAIN and line.words == "incerto [verificar]"
    with pytest.raises(RuleError, match="incerto"):
        card(paytill, sale, 3000)
    assert len(folders.ledger.entries) == 1
    with pytest.raises(FieldError):
        paytill.payments.rule(line.id, S.CANCELLED, "Marta", "")
    ruled = paytill.refunds.rule(line, S.CANCELLED, Warrant(SELLER, "Marta", "relatório sem a venda"))
    assert ruled.state is S.CANCELLED and not ruled.waits


def test_a_line_in_flight_is_not_taken_off(paytill: Till, sale: Sale, folders: TefFolders) -> None:
    """OCA/pos #550: the cashier deletes the card's line while the terminal still waits (§5)."""
    folders.play("CRT garbage")
    line = card(paytill, sale, 3000)
    with pytest.raises(RuleError, match="TEF"):
        paytill.refunds.remove(line, SELLER)
    with pytest.raises(RuleError, match="TEF"):
        paytill.refunds.abandon(now(paytill, sale), SELLER, WARRANT)
    paytill.topups.cancel(sale.topups[0].id, "desistiu", SELLER)
    with pytest.raises(RuleError, match="TEF"):
        paytill.sales.discard(now(paytill, sale))


def test_a_manager_that_never_answers_leaves_the_line_uncertain(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    """§9.1: no time limit and no Esc; a supervisor ends the waiting, and nobody calls it refused."""
    folders.play("CRT silent")
    line = paytill.payments.add(sale, Method.TEF, 6000)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(paytill.payments.charge, line.id, SELLER)
        while not (folders.resp / "intpos.sts").exists():
            Event().wait(0.01)
        assert paytill.payments.get(line.id).state is S.SENT
        paytill.payments.abort_wait(line.id, "Marta", "gerenciador parado")
        assert waiting.result().state is S.UNCERTAIN
    (left,) = paytill.catch_up("sistema").waiting
    assert (left.state, folders.ledger.effect) == (S.UNCERTAIN, 0)
    assert paytill.refunds.rule(left, S.CANCELLED, WARRANT).state is S.CANCELLED
    assert card(paytill, sale, 6000).state is S.APPROVED


def test_cash_is_sold_while_tef_is_recovered(paytill: Till, sale: Sale, folders: TefFolders) -> None:
    folders.play("CRT silent")
    line = paytill.payments.add(sale, Method.TEF, 1000)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(paytill.payments.charge, line.id, SELLER)
        while not (folders.resp / "intpos.sts").exists():
            Event().wait(0.01)
        paid = paytill.sales.add_payment(now(paytill, sale), Method.CASH, 5000)
        assert paid.payments[-1].method is Method.CASH
        paytill.payments.stop()
        assert waiting.result().state is S.UNCERTAIN


def test_charging_twice_charges_once(paytill: Till, sale: Sale, folders: TefFolders) -> None:
    """ERPNext, POSNext: the key repeats, the sale is sent twice (§5, §9.19)."""
    line = card(paytill, sale, 6000)
    assert paytill.payments.charge(line.id, SELLER) == paytill.payments.get(line.id)
    saved = paytill.sales.save(now(paytill, sale))
    with pytest.raises(RuleError):
        paytill.sales.save(saved)
    assert paytill.closing.finish(saved.id) and paytill.closing.finish(saved.id)
    assert folders.ledger.effect == 6000 and len(folders.ledger.entries) == 1


def test_numbers_are_unique_over_everything_that_is_sent(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    """§9.4."""
    for amount in (1000, 2000, 3000):
        card(paytill, sale, amount)
    lines = now(paytill, sale).payments
    keys = [key for line in lines for key in (line.request_key, line.settle_key) if key]
    assert len(keys) == len(set(keys)) == 5


def test_a_confirmation_nobody_heard_is_sent_again(paytill: Till, sale: Sale, folders: TefFolders) -> None:
    take_cards(paytill, folders, window=1.0)
    line = card(paytill, sale, 6000)
    folders.play("CNF no_status")
    closed = paytill.closing.finish(paytill.sales.save(now(paytill, sale)).id)
    assert closed.sale.payments[0].words == "aprovado [confirmando]" and closed.topups == []
    recovery = paytill.catch_up("sistema")
    assert [found.state for found in recovery.settled] == [S.CONFIRMED]
    assert now(paytill, sale).topups[0].state is TopUpState.CONFIRMED
    assert folders.ledger.effect == 6000 and slips(paytill, line) == 2


@pytest.mark.parametrize("scenario", ["garbage", "truncated"])
def test_what_nobody_can_read_and_a_person_has_judged_blocks_no_new_card(
    paytill: Till, sale: Sale, folders: TefFolders, scenario: str
) -> None:
    """§2.7: the reply stays until it is dealt with; ruled from any till, it must not stay for ever."""
    take_cards(paytill, folders, window=0.5)
    folders.play(f"CRT {scenario}")
    line = card(paytill, sale, 3000)
    assert line.state is S.UNCERTAIN and (folders.resp / "intpos.001").exists()
    here = paytill.context.till
    object.__setattr__(paytill.context, "till", here + 1)
    paytill.refunds.rule(line, S.CANCELLED, WARRANT)
    object.__setattr__(paytill.context, "till", here)
    assert (folders.resp / "intpos.001").exists(), "another till reaches no folder here"
    asked = card(paytill, sale, 3000)
    assert "PENDENTE" in asked.why, "it reached the manager, who has a word to say of the first one"


def test_an_answer_against_a_ruling_is_told(paytill: Till, sale: Sale, folders: TefFolders) -> None:
    """A person said "not charged", and then the manager's yes came: never silence."""
    folders.play("CRT silent")
    line = paytill.payments.add(sale, Method.TEF, 6000)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(paytill.payments.charge, line.id, SELLER)
        while not (folders.resp / "intpos.sts").exists():
            Event().wait(0.01)
        paytill.payments.abort_wait(line.id, "Marta", "gerenciador parado")
        waiting.result()
    ruled = paytill.refunds.rule(paytill.payments.get(line.id), S.CANCELLED, WARRANT)
    answer = encode({"000": "CRT", "001": ruled.request_key, "003": "6000", "009": "0", "729": "2"})
    publish(folders.resp, REPLY, answer)
    assert paytill.catch_up("sistema").stranger


def test_a_card_ruled_charged_without_an_answer_goes_back_by_the_menu_and_a_person(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    """No reply, nothing that a CNC could name: it is said what to do, and the supervisor ends it."""
    folders.play("CRT silent")
    line = paytill.payments.add(sale, Method.TEF, 6000)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(paytill.payments.charge, line.id, SELLER)
        while not (folders.resp / "intpos.sts").exists():
            Event().wait(0.01)
        paytill.payments.abort_wait(line.id, "Marta", "gerenciador parado")
        waiting.result()
    paytill.refunds.rule(paytill.payments.get(line.id), S.CONFIRMED, WARRANT)
    asked = paytill.refunds.refund(sale, paytill.payments.get(line.id), WARRANT)
    assert (asked.state, asked.waits) == (S.CONFIRMED, True)
    assert "estorne pelo menu do TEF" in asked.why
    assert paytill.payments.ask(line.id, SELLER).why == asked.why
    ended = paytill.refunds.rule(asked, S.REFUNDED, WARRANT)
    assert (ended.state, ended.waits) == (S.REFUNDED, False)
