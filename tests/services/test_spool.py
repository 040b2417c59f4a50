"""The spool: what never left is tried again, what may have printed waits for evidence or a person's word."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos_tui.domain.errors import Conflict, RuleError
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.spool import JobState, PrintJob, Word, words_for
from pos_tui.printing.answers import Condition, PrinterStatus
from pos_tui.printing.device import Printed
from pos_tui.printing.receipt import Copy, Kind, Receipt, Text
from pos_tui.settings.printer import PrinterSettings
from pos_tui.store.models import JournalRow, PrintJobRow
from pos_tui.till import Till
from tests.tills import SELLER, settings

DONE: Outcome[Printed] = Done(Printed("GS r 1: 00"))
UNSURE: Outcome[Printed] = Uncertain("A ligação caiu.")
NO_PAPER: Outcome[Printed] = Refused(RefusalClass.TRANSIENT, "SEM PAPEL", "Troque a bobina.")
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Clock:
    """Goes when told."""

    now = AT

    def __call__(self) -> datetime:
        return self.now

    def forward(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


class Scripted:
    """A printer that answers as told, and keeps what it was given."""

    def __init__(self, *outcomes: Outcome[Printed]) -> None:
        self.outcomes = list(outcomes)
        self.given: list[Receipt] = []

    def status(self) -> PrinterStatus:
        return PrinterStatus(Condition.OK)

    def print(self, document: str) -> Outcome[Printed]:
        self.given.append(Receipt.from_json(document))
        return self.outcomes.pop(0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def till(tmp_path: Path, clock: Clock) -> Iterator[Till]:
    opened = Till.open(settings(), clock, tmp_path / "till")  # no worker until it is started
    yield opened
    opened.close()


def queue(till: Till, words: str = "paper", kind: Kind = Kind.SALE, copy: Copy = Copy.NONE) -> PrintJob:
    receipt = Receipt(kind, (Text(words),) if words else (), copy=copy, drawer=kind is Kind.DRAWER)
    till.context.store.write(
        lambda tx: till.spool.enqueue(tx, kind, receipt.to_json(), None, "subject", who=SELLER)
    )
    return till.spool.owed()[-1]


def states(till: Till) -> list[JobState]:
    return [job.state for job in till.spool.owed()]


def diary(till: Till) -> list[tuple[str, str, dict[str, object]]]:
    """Event, person and data of every line about papers."""
    with till.context.store.reading() as tx:
        rows = tx.rows(
            JournalRow.select(JournalRow.event, JournalRow.who, JournalRow.data).order_by(JournalRow.seq)
        )
    return [(event, who, json.loads(data)) for event, who, data in rows]


def unsure(till: Till, kind: Kind = Kind.SALE) -> PrintJob:
    """Queue a paper that may have come out."""
    queue(till, kind=kind)
    till.spool.print_next(Scripted(UNSURE))
    (job,) = till.spool.owed()
    assert job.state is JobState.UNCONFIRMED and job.why == "A ligação caiu."
    return job


def test_the_printers_word_is_journaled(till: Till) -> None:
    queue(till)
    assert till.spool.print_next(Scripted(DONE)) is True
    assert till.spool.owed() == [] and till.spool.count_owed() == 0
    assert diary(till)[-1][2] == {"paper": "sale", "copy": 0, "outcome": "done", "evidence": "GS r 1: 00"}


@pytest.mark.parametrize("outcome", [NO_PAPER, NotSent("Desligada.")])
def test_what_never_left_is_tried_again_as_it_is(till: Till, outcome: Outcome[Printed]) -> None:
    queue(till)
    printer = Scripted(outcome, DONE)
    assert till.spool.print_next(printer) is False
    (job,) = till.spool.owed()
    assert (job.state, job.attempts) == (JobState.QUEUED, 1) and job.why
    assert till.spool.print_next(printer) is True
    assert printer.given[0] == printer.given[1] and printer.given[1].reprint is None


def test_what_may_have_printed_is_never_sent_again(till: Till) -> None:
    unsure(till)
    assert till.spool.print_next(Scripted()) is None


def test_yes_it_came_out(till: Till) -> None:
    till.spool.decide(unsure(till).id, Word.CAME_OUT, SELLER)
    assert till.spool.owed() == []
    assert diary(till)[-1][:2] == ("came_out", SELLER)


def test_e39_no_gives_a_numbered_copy_in_the_same_commit(till: Till) -> None:
    job = unsure(till)
    till.spool.decide(job.id, Word.REPRINT, SELLER)
    (copy,) = till.spool.owed()
    assert (copy.state, copy.copy, copy.original) == (JobState.QUEUED, 1, job.id)
    queued, replaced = diary(till)[-2:]
    assert queued == ("queued", SELLER, {"paper": "sale", "copy": 1})
    assert replaced == ("reprinted", SELLER, {"paper": "sale", "copy": 0})
    printer = Scripted(UNSURE)
    till.spool.print_next(printer)
    (mark,) = [paper.reprint for paper in printer.given]
    assert mark is not None and (mark.number, mark.by) == (2, SELLER)
    till.spool.decide(copy.id, Word.REPRINT, SELLER)
    (third,) = till.spool.owed()
    assert (third.copy, third.original) == (2, job.id)


def test_a_word_is_said_once(till: Till) -> None:
    job = unsure(till)
    till.spool.decide(job.id, Word.REPRINT, SELLER)
    with pytest.raises(RuleError):
        till.spool.decide(job.id, Word.REPRINT, SELLER)
    assert len(till.spool.owed()) == 1


def test_two_tills_answer_once(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    job = unsure(till)
    till.spool.decide(job.id, Word.CAME_OUT, SELLER)
    monkeypatch.setattr("pos_tui.store.spool.get", lambda tx, key: job)
    with pytest.raises(Conflict):
        till.spool.decide(job.id, Word.REPRINT, SELLER)
    assert till.spool.owed() == []


def test_given_up(till: Till) -> None:
    till.spool.decide(unsure(till).id, Word.GIVE_UP, SELLER)
    till.spool.decide(queue(till).id, Word.GIVE_UP, SELLER)
    assert till.spool.owed() == []


def test_e40_a_drawer_is_never_kicked_twice(till: Till) -> None:
    job = unsure(till, kind=Kind.DRAWER)
    assert words_for(job) == (Word.CAME_OUT, Word.GIVE_UP)
    with pytest.raises(RuleError):
        till.spool.decide(job.id, Word.REPRINT, SELLER)
    till.spool.decide(job.id, Word.GIVE_UP, SELLER)
    assert till.spool.owed() == []


def test_yesterdays_queue_asks_first(till: Till, clock: Clock) -> None:
    old = queue(till, "old")
    clock.forward(61)
    queue(till, "new")
    printer = Scripted(DONE)
    while till.spool.print_next(printer):
        pass
    assert [paper.blocks for paper in printer.given] == [(Text("new"),)]
    assert states(till) == [JobState.HELD]
    till.spool.decide(old.id, Word.PRINT, SELLER)
    printer.outcomes.append(DONE)
    assert till.spool.print_next(printer) is True
    assert printer.given[-1].reprint is None, "nothing of it had left: it is the original"
    assert till.spool.owed() == []


def test_e39_the_till_opened_in_the_morning_asks_about_last_night(tmp_path: Path, clock: Clock) -> None:
    """What waited comes out of no restart by itself; what was being sent then is a doubt."""
    till = Till.open(settings(), clock, tmp_path / "night")
    sending, waiting = queue(till, "sending"), queue(till, "waiting")
    till.context.store.write(
        lambda tx: tx.claim(PrintJobRow, sending.id, sending.version, state=JobState.SENDING)
    )
    till.close()
    clock.forward(12 * 60)
    till = Till.open(settings(), clock, tmp_path / "night")
    till.spool.sweep()
    fresh = queue(till, "fresh")
    printer = Scripted(DONE)
    while till.spool.print_next(printer):
        pass
    assert [paper.blocks for paper in printer.given] == [(Text("fresh"),)]
    assert {job.id: job.state for job in till.spool.owed()} == {
        sending.id: JobState.UNCONFIRMED,
        waiting.id: JobState.HELD,
    }
    assert fresh.id not in {job.id for job in till.spool.owed()}
    till.close()


def test_e40_a_drawer_is_soon_too_late(till: Till, clock: Clock) -> None:
    queue(till, "", Kind.DRAWER)
    queue(till, "paper")
    clock.forward(3)
    printer = Scripted(DONE)
    assert till.spool.print_next(printer) is True
    assert [paper.kind for paper in printer.given] == [Kind.SALE]
    assert states(till) == [JobState.HELD]


def test_a_paper_that_cannot_be_made_does_not_hold_up_the_others(till: Till) -> None:
    queue(till, "broken")
    queue(till, "good")
    printer = Scripted(Refused(RefusalClass.INTERNAL, "", "Não pôde ser montado."), DONE)
    assert till.spool.print_next(printer) is True
    assert till.spool.print_next(printer) is True
    (job,) = till.spool.owed()
    assert (job.state, job.why) == (JobState.HELD, "Não pôde ser montado.")


def test_the_two_copies_of_a_slip_are_numbered_apart(till: Till) -> None:
    client = queue(till, kind=Kind.TEF, copy=Copy.CLIENT)
    store = queue(till, kind=Kind.TEF, copy=Copy.STORE)
    copies = [
        till.context.store.write(lambda tx, job=job: till.spool.enqueue_copy(tx, job, SELLER))  # type: ignore[misc]
        for job in (client, store, store)
    ]
    assert [copy.reprint.number for copy in copies if copy.reprint] == [2, 2, 3]
    assert till.spool.paper_of("subject", "tef") == client


def test_without_a_printer_nothing_is_owed(tmp_path: Path) -> None:
    """The papers are kept to be seen, and none of them comes out or asks once a printer is there."""
    till = Till.open(settings(printer=PrinterSettings(transport="none")), folder=tmp_path / "till")
    receipt = Receipt(Kind.TOP_UP, (Text("paper"),)).to_json()
    till.context.store.write(lambda tx: till.spool.enqueue(tx, "top_up", receipt, None, "subject"))
    assert till.spool.count_owed() == 0 and till.spool.owed() == []
    assert diary(till)[-1][0] == "unprinted"
    assert "não tem impressora" in till.spool.outlook()
    till.close()
    again = Till.open(settings(), folder=tmp_path / "till")
    assert again.spool.print_next(Scripted()) is None
    kept = again.spool.paper_of("subject", "top_up")
    assert kept is not None and kept.document == receipt and "impressora" in kept.why
    again.close()


def test_more_than_a_page_of_doubts_hides_no_queue(till: Till) -> None:
    for _ in range(51):
        queue(till)
        till.spool.print_next(Scripted(UNSURE))
    queue(till, "last")
    printer = Scripted(DONE)
    assert till.spool.print_next(printer) is True
    assert till.spool.count_owed() == 51
