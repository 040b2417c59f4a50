"""The six windows of facts/payments.md §2.7: a till that died anywhere finds out what became of the money."""

import pytest

from pos_tui.domain.outcome import Done, NotSent, Outcome, Uncertain
from pos_tui.providers.sandbox.tef import CRASHED
from pos_tui.providers.sandbox.tef_ledger import EntryState
from pos_tui.providers.tef import folders
from pos_tui.providers.tef.codec import encode_request
from pos_tui.providers.tef.fields import Command
from pos_tui.providers.tef.intpos import IntposTef
from pos_tui.providers.tef.reply import Settlement, read_reply
from pos_tui.providers.tef.requests import Automation, ChargeRequest
from tests.providers.tef.conftest import FAST, Bench


def write_and_die(bench: Bench, amount: int) -> int:
    """A till that wrote its request and lost power; the number of it."""
    request = ChargeRequest(bench.next(), amount)
    data = encode_request(Command.CRT, request.fields(Automation()))
    folders.publish(bench.req, folders.REQUEST, data)
    return request.number


def decide(tef: IntposTef, confirms: bool, number: int, settlement: Settlement) -> Outcome[None]:
    return tef.confirm(number, settlement) if confirms else tef.undo(number, settlement)


def test_0_nothing_was_written(bench: Bench) -> None:
    lost = bench.next()
    (bench.req / folders.WRITING).write_bytes(b"000-000 = CRT\r\n001-0")
    assert isinstance(bench.recover(lost, window=FAST), Uncertain), "nobody is there to ask"
    bench.start()
    assert isinstance(bench.recover(lost), NotSent)


def test_1_written_and_not_taken(bench: Bench) -> None:
    lost = write_and_die(bench, 4170)
    assert isinstance(bench.recover(lost, window=FAST), NotSent)
    bench.start()
    assert isinstance(bench.tef().alive(bench.next()), Done)
    assert bench.ledger.entries == []


def test_2_taken_and_not_answered(running: Bench) -> None:
    lost = write_and_die(running, 4134)
    running.await_taken()
    outcome = running.recover(lost)
    assert isinstance(outcome, Done) and outcome.answer.number == lost


@pytest.mark.parametrize("scenario", ["crash_after_status", "crash_before_reply"])
def test_2_taken_by_a_manager_that_died_too(running: Bench, scenario: str) -> None:
    running.play(f"CRT {scenario}")
    lost = write_and_die(running, 4170)
    assert running.crashed() == CRASHED
    running.start()
    outcome = running.recover(lost)
    assert isinstance(outcome, Uncertain) and "não tem resposta" in outcome.why
    assert running.ledger.effect == 0 and running.ledger.pending() is None


def test_2_shutting_down_again_while_the_manager_is_busy(running: Bench) -> None:
    running.play("CRT silent", "ATV ignore")
    lost = write_and_die(running, 4170)
    running.await_taken()
    running.stop.set()
    outcome = running.recover(lost, window=FAST)
    assert isinstance(outcome, Uncertain) and "interrompida" in outcome.why


def test_3_answered_and_not_saved(running: Bench) -> None:
    outcome = running.charge(4170)
    assert isinstance(outcome, Done)
    lost = running.number
    refused = running.charge(500)
    assert isinstance(refused, NotSent) and "ainda não tratada" in refused.why
    assert running.recover(lost) == outcome
    left = running.tef().leftover()
    assert left == outcome.answer


def test_4_saved_and_the_sale_given_up(running: Bench) -> None:
    saved = running.approved(4170).raw
    assert isinstance(running.tef().undo(running.next(), read_reply(saved).settlement), Done)
    assert running.ledger.effect == 0


def test_5_the_document_is_issued_and_the_confirmation_not_sent(running: Bench) -> None:
    saved = running.approved(4170).raw
    assert running.end() == 0
    running.start()
    assert isinstance(running.tef().confirm(running.next(), read_reply(saved).settlement), Done)
    assert running.ledger.effect == 4170


@pytest.mark.parametrize("scenario", ["no_status", "crash_before_status", "crash_before_reply"])
@pytest.mark.parametrize("command", [Command.CNF, Command.NCN])
def test_6_the_decision_is_sent_again_under_its_number(
    running: Bench, command: Command, scenario: str
) -> None:
    settlement = running.approved(4170).settlement
    running.play(f"{command} {scenario}")
    number = running.next()
    confirms = command is Command.CNF
    assert isinstance(decide(running.tef(1.0), confirms, number, settlement), Uncertain)
    if scenario != "no_status":
        assert running.crashed() == CRASHED
        running.start()
    assert isinstance(decide(running.tef(), confirms, number, settlement), Done)
    assert running.entry.state is (EntryState.CONFIRMED if confirms else EntryState.UNDONE)
    assert running.ledger.incidents == []


def test_a_reply_cut_by_a_dying_manager(running: Bench) -> None:
    running.play("CRT crash_inside_reply")
    assert isinstance(running.charge(4170, window=1.0), Uncertain)
    lost = running.number
    assert running.crashed() == CRASHED
    running.start()
    assert isinstance(running.recover(lost), Uncertain)
    assert isinstance(running.charge(500), NotSent)
    running.tef().discard()
    assert running.approved(500).total == 500
    assert running.ledger.effect == 0


def test_the_reply_outlives_its_manager(running: Bench) -> None:
    running.play("CRT crash_after_reply")
    reply = running.approved(4170)
    assert running.crashed() == CRASHED
    running.start()
    assert isinstance(running.tef().confirm(running.next(), reply.settlement), Done)
    assert running.ledger.effect == 4170


def test_a_request_that_kills_the_manager_before_it_is_taken(running: Bench) -> None:
    running.play("CRT crash_before_taking")
    assert isinstance(running.charge(4170, window=1.0), NotSent)
    assert running.crashed() == CRASHED
    running.start()
    assert isinstance(running.tef().alive(running.next()), Done)
    assert running.ledger.entries == []


def test_the_menu_lets_go_what_the_till_never_heard_of(running: Bench) -> None:
    assert isinstance(running.charge(4125, window=1.0), Uncertain)
    running.tef().discard()
    assert running.ledger.pending() is not None
    assert isinstance(running.tef().administer(running.next(), running.stop), Done)
    assert running.ledger.pending() is None and running.ledger.effect == 0
