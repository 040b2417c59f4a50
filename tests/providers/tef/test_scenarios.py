"""Whatever the manager does, the till knows what it may say of the money. Real folders, a real process."""

from pathlib import Path
from threading import Thread

import pytest

from pos_tui.domain.errors import StoreError
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.providers.sandbox.tef_ledger import EntryState
from pos_tui.providers.sandbox.tef_scenarios import BY_CENTS, Scenario
from pos_tui.providers.tef import folders
from pos_tui.providers.tef.codec import IntposFile, decode, encode
from pos_tui.providers.tef.fields import Command
from pos_tui.providers.tef.intpos import IntposTef
from pos_tui.providers.tef.reply import TefReply, printed_copies, reply_of
from pos_tui.providers.tef.requests import Automation, ChargeRequest, Entity
from tests.providers.tef.conftest import FAST, Bench

SHORT = 1.0
"""Seconds a till waits where nothing is to come."""


def test_a_sale_is_approved_then_confirmed(running: Bench) -> None:
    reply = running.approved(4170)
    assert (reply.total, reply.needs_confirmation, reply.message) == (4170, True, "TRANSACAO APROVADA")
    assert running.entry.state is EntryState.AUTHORISED
    assert isinstance(running.tef().confirm(running.next(), reply.settlement), Done)
    assert running.ledger.effect == 4170
    client, merchant = printed_copies(reply)
    assert client[0].startswith("VISA R$ 41,70") and merchant[-1] == "VIA ESTABELECIMENTO"
    assert reply.card is not None and reply.card.last_four == "1111"


def test_a_sale_is_approved_then_undone(running: Bench) -> None:
    reply = running.approved(4170)
    assert isinstance(running.tef().undo(running.next(), reply.settlement), Done)
    assert running.entry.state is EntryState.UNDONE
    assert running.ledger.effect == 0


@pytest.mark.parametrize(
    ("cents", "code", "text"),
    [
        (21, "51", "SALDO INSUFICIENTE"),
        (29, "99", "ERRO NO SISTEMA"),
        (33, "FF", "OPERACAO CANCELADA"),
    ],
)
def test_a_no_leaves_nothing_behind(running: Bench, cents: int, code: str, text: str) -> None:
    outcome = running.charge(4100 + cents)
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.text) == (code, text)
    assert running.ledger.entries == []
    assert folders.find(running.resp, folders.REPLY) is None


@pytest.mark.parametrize(
    ("cents", "amounts"),
    [
        (26, (3095, 3095, 0, 1031)),
        (27, (6127, 4127, 0, 0)),
        (28, (3096, 3096, 1032, 0)),
        (37, (5171, 5171, -1034, 0)),
    ],
)
def test_another_amount_than_asked(running: Bench, cents: int, amounts: tuple[int, int, int, int]) -> None:
    reply = running.approved(4100 + cents)
    assert (reply.total, reply.toward_sale, reply.discount, reply.still_due) == amounts


@pytest.mark.parametrize(("cents", "needed"), [(30, False), (31, True), (32, False)])
def test_the_confirmation_rule(running: Bench, cents: int, needed: bool) -> None:
    reply = running.approved(4100 + cents)
    assert reply.needs_confirmation is needed
    if needed:
        assert isinstance(running.tef().confirm(running.next(), reply.settlement), Done)
    assert running.ledger.effect == 4100 + cents


@pytest.mark.parametrize("cents", [20, 24, 34, 35, 36, 39])
def test_a_yes_however_it_comes(running: Bench, cents: int) -> None:
    reply = running.approved(4100 + cents)
    assert (reply.number, reply.total) == (running.number, 4100 + cents)
    assert printed_copies(reply)[1][-1] == "VIA ESTABELECIMENTO"


def test_a_request_nobody_takes_is_withdrawn(running: Bench) -> None:
    running.play("CRT ignore")
    outcome = running.charge(4170, window=SHORT)
    assert isinstance(outcome, NotSent) and "não responde" in outcome.why
    assert list(running.req.iterdir()) == []
    assert running.ledger.entries == []


def test_a_request_taken_in_silence_is_uncertain(running: Bench) -> None:
    assert isinstance(running.charge(4123, window=SHORT), Uncertain)
    assert isinstance(running.charge(4125, window=SHORT), Uncertain)
    assert isinstance(running.charge(4120, window=SHORT), NotSent), "what lies there must be settled first"


def test_a_reply_that_makes_no_sense_is_uncertain(running: Bench) -> None:
    outcome = running.charge(4138)
    assert isinstance(outcome, Uncertain) and "campo 003-000" in outcome.why


def test_only_shutting_down_ends_the_wait(running: Bench) -> None:
    running.stop.set()
    outcome = running.charge(4122)
    assert isinstance(outcome, Uncertain) and "interrompida" in outcome.why


def test_one_operation_at_a_time(running: Bench) -> None:
    tef, outcomes = running.tef(), list[Outcome[TefReply]]()
    request = ChargeRequest(running.next(), 4122)
    waiting = Thread(target=lambda: outcomes.append(tef.charge(request, running.stop)))
    waiting.start()
    running.await_taken()
    assert isinstance(tef.alive(running.next()), NotSent)
    assert isinstance(tef.charge(ChargeRequest(running.next(), 100), running.stop), NotSent)
    running.stop.set()
    waiting.join()
    assert isinstance(outcomes[0], Uncertain)


def test_a_new_sale_while_one_is_pending_is_refused(running: Bench) -> None:
    running.approved(4170)
    outcome = running.charge(500)
    assert isinstance(outcome, Refused) and outcome.text == "HA TRANSACAO PENDENTE"
    assert running.ledger.incidents == [f"venda {running.number} com operação pendente"]


def test_the_book_refuses_to_confirm_what_was_undone(running: Bench) -> None:
    reply = running.approved(4170)
    assert isinstance(running.tef().undo(running.next(), reply.settlement), Done)
    assert not isinstance(running.tef(SHORT).confirm(running.next(), reply.settlement), Done)
    assert running.ledger.incidents == ["NSU 000001: DESFEITA não passa a CONFIRMADA"]
    assert running.ledger.effect == 0


def test_a_finished_sale_is_given_back_once(running: Bench) -> None:
    sale = running.approved(4170)
    running.tef().confirm(running.next(), sale.settlement)
    outcome = running.tef().refund(running.next(), sale, running.stop)
    assert isinstance(outcome, Done) and running.ledger.effect == 4170
    running.tef().acknowledge(outcome.answer.number)
    assert isinstance(running.tef().confirm(running.next(), outcome.answer.settlement), Done)
    assert running.ledger.effect == 0
    assert isinstance(running.tef().refund(running.next(), sale, running.stop), Refused)


def test_several_cards_every_one_but_the_last_confirmed_at_once(running: Bench) -> None:
    first = running.approved(2000)
    running.tef().confirm(running.next(), first.settlement)
    second = running.approved(3000)
    assert isinstance(running.tef().undo(running.next(), second.settlement), Done)
    outcome = running.tef().refund(running.next(), first, running.stop)
    assert isinstance(outcome, Done)
    assert isinstance(running.tef().confirm(running.next(), outcome.answer.settlement), Done)
    assert running.ledger.effect == 0
    assert running.ledger.incidents == []


def test_the_other_commands(running: Bench) -> None:
    tef = running.tef()
    assert isinstance(tef.alive(running.next()), Done)
    asked = tef.ask_document(running.next(), Entity.PERSON, running.stop)
    assert isinstance(asked, Done) and asked.answer.customer == "12345678909"
    report = tef.administer(running.next(), running.stop)
    assert isinstance(report, Done) and not report.answer.needs_confirmation
    assert printed_copies(report.answer)[0][0] == "SANDBOX - SEM VALOR"


def test_no_manager_at_all(bench: Bench, tmp_path: Path) -> None:
    assert isinstance(bench.tef(FAST).alive(bench.next()), NotSent)
    assert isinstance(bench.charge(4170, window=FAST), NotSent)
    nowhere = IntposTef(tmp_path / "x", tmp_path / "y", Automation(), lambda file: None, FAST, FAST)
    outcome = nowhere.charge(ChargeRequest(1, 100), bench.stop)
    assert isinstance(outcome, NotSent) and "pasta do TEF" in outcome.why


def test_what_cannot_be_asked_is_never_written(bench: Bench) -> None:
    tef, stop = bench.tef(FAST), bench.stop
    lame = reply_of(decode(b"000-000 = CRT\n001-000 = 7\n009-000 = 0\n003-000 = 100\n999-999 = 0\n"))
    for outcome in (
        tef.confirm(1, lame.settlement),
        tef.refund(2, lame, stop),
        tef.charge(ChargeRequest(3, -100), stop),
        tef.alive(12345678901),
    ):
        assert isinstance(outcome, Refused) and outcome.reason is RefusalClass.INTERNAL
    assert list(bench.req.iterdir()) == []


def test_names_are_compared_without_case(bench: Bench) -> None:
    reply = encode({"000": "CRT", "001": "9", "003": "100", "009": "0", "027": "C", "729": "2"})
    (bench.resp / "INTPOS.001").write_bytes(reply)
    left = bench.tef().leftover()
    assert left is not None and left.number == 9
    bench.tef().acknowledge(8)
    assert isinstance(bench.recover(9), Done)
    bench.tef().acknowledge(9)
    assert list(bench.resp.iterdir()) == []


def test_every_misbehaviour_of_a_sale_has_its_cents() -> None:
    assert set(Scenario) - set(BY_CENTS.values()) == {Scenario.IGNORE}


NEVER_ANSWERED = {Scenario.SILENT, Scenario.CRASH_AFTER_STATUS, Scenario.CRASH_BEFORE_REPLY}
"""The till would wait for ever, as it must; only shutting down ends it."""


@pytest.mark.parametrize("scenario", Scenario)
def test_what_customers_paid_is_what_the_till_confirmed(running: Bench, scenario: Scenario) -> None:
    """A till that confirms each yes, and after each doubt asks, ends with the manager's own sum."""
    running.play(f"CRT {scenario}")
    outcome = _stopped(running) if scenario in NEVER_ANSWERED else running.charge(4170, window=SHORT)
    number = running.number
    if scenario.value.startswith("crash"):
        running.crashed()
        running.start()
    if isinstance(outcome, Uncertain):
        outcome = running.recover(number)
    confirmed = 0
    if isinstance(outcome, Done):
        confirmed = outcome.answer.total
        if outcome.answer.needs_confirmation:
            settled = running.tef().confirm(running.next(), outcome.answer.settlement)
            assert isinstance(settled, Done)
    assert running.ledger.effect == confirmed
    assert running.ledger.incidents == []


def _stopped(running: Bench) -> Outcome[TefReply]:
    running.stop.set()
    outcome = running.charge(4170)
    running.stop.clear()
    return outcome


def test_an_answer_that_cannot_be_kept_stays_and_is_told_once(
    running: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """It is tried several times a second: said each time, it would push all else out of the log."""
    tries = []

    def keep(file: IntposFile) -> None:
        tries.append(file.operation)
        if len(tries) == 3:
            running.stop.set()
        raise StoreError("disco cheio")

    tef = IntposTef(running.req, running.resp, Automation(), keep, SHORT, FAST)
    stranger = encode({"000": "CRT", "001": "9", "003": "4170", "009": "0", "012": "77", "027": "X1"})
    folders.publish(running.resp, folders.REPLY, stranger)
    assert isinstance(tef._await_reply(Command.CRT, 5, running.stop), Uncertain)
    assert tries == [9, 9, 9] and folders.read_bytes(running.resp, folders.REPLY) == stranger
    assert [record.levelname for record in caplog.records] == ["ERROR"]
