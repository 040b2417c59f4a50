"""A device tells the truth about a job: done by evidence, refused before a byte, else uncertain."""

import socket
from pathlib import Path

import pytest

from pos_tui.domain.outcome import Done, NotSent, Refused, Uncertain
from pos_tui.domain.values import replace
from pos_tui.printing.answers import Condition, proofs, realtime
from pos_tui.printing.capture import Capture
from pos_tui.printing.device import STANDING_WORD, Device, Printed
from pos_tui.printing.profiles import PROFILES
from pos_tui.printing.transports import Deadlines, Tcp
from tests.printing import fake_printer as fake
from tests.printing.fake_printer import FakePrinter

JOB = b"\x1b@Ol\xa0\n\x1dV\x01\x1dr\x01"
EPSON = PROFILES["epson-tm-t20"]
MUTE = PROFILES["generic-80"]
PATIENT = Deadlines(connect=30, send=30, status=30, proof=30, close=30, fence=30)
# Each is short only where nothing is to come: what does come may take its time on a slow machine.
UNREAD = replace(PATIENT, send=0.2, close=0.2)
UNTOLD = replace(PATIENT, status=0.2)
UNPROVED = replace(PATIENT, proof=0.2)
UNFENCED = replace(PATIENT, fence=0.2)


def _device(printer: FakePrinter, wait: Deadlines = PATIENT, profile: str = EPSON.name) -> Device:
    return Device(Tcp("127.0.0.1", printer.port), PROFILES[profile], wait)


@pytest.mark.parametrize(
    ("answers", "condition", "ready"),
    [
        (fake.READY, Condition.OK, True),
        (fake.NEAR_END, Condition.PAPER_LOW, True),
        (fake.PAPER_OUT, Condition.PAPER_OUT, False),
        (fake.COVER_OPEN, Condition.COVER_OPEN, False),
        (fake.CUTTER, Condition.FAULT, False),
        (fake.OFF_LINE, Condition.OFF, False),
    ],
)
def test_status(answers: dict[bytes, bytes], condition: Condition, ready: bool) -> None:
    with FakePrinter(status=answers) as printer:
        status = _device(printer).status()
    assert (status.condition, status.ready, status.raw) == (condition, ready, b"".join(answers.values()))


def test_a_job_is_done_by_the_printers_own_answer() -> None:
    with FakePrinter() as printer:
        outcome = _device(printer).print(JOB)
    assert isinstance(outcome, Done)
    assert outcome.answer.evidence == "GS r 1: 00, DLE EOT: 16121212"
    assert printer.jobs == [JOB]


@pytest.mark.parametrize("answers", [fake.PAPER_OUT, fake.COVER_OPEN, fake.CUTTER])
def test_e38_a_printer_that_cannot_print_gets_nothing(answers: dict[bytes, bytes]) -> None:
    with FakePrinter(status=answers) as printer:
        outcome = _device(printer).print(JOB)
    assert isinstance(outcome, Refused)
    assert outcome.code in {"SEM PAPEL", "TAMPA ABERTA", "COM ERRO"}
    assert printer.jobs == []


@pytest.mark.parametrize("answers", [fake.OFF_LINE, fake.SILENT])
def test_a_printer_that_is_off_gets_nothing(answers: dict[bytes, bytes]) -> None:
    with FakePrinter(status=answers) as printer:
        outcome = _device(printer, UNTOLD).print(JOB)
    assert isinstance(outcome, NotSent)
    assert printer.jobs == []


def test_e38_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    device = Device(Tcp("127.0.0.1", port), EPSON, PATIENT)
    assert device.status().condition is Condition.OFF
    assert isinstance(device.print(JOB), NotSent)


def test_e38_paper_that_ends_in_the_middle_is_uncertain_and_says_so() -> None:
    with FakePrinter(proof=None, after=fake.PAPER_OUT) as printer:
        outcome = _device(printer, UNPROVED).print(JOB)
    assert isinstance(outcome, Uncertain)
    assert "sem papel" in outcome.why


def test_a_proof_with_the_paper_at_its_end_is_uncertain() -> None:
    with FakePrinter(proof=b"\x0c") as printer:
        assert isinstance(_device(printer).print(JOB), Uncertain)


def test_automatic_status_is_not_taken_for_a_proof() -> None:
    with FakePrinter(proof=b"\x14\x00\x00\x0f") as printer:
        assert isinstance(_device(printer, UNPROVED).print(JOB), Uncertain)
    with FakePrinter(proof=b"\x14\x00\x00\x0f\x03") as printer:
        assert isinstance(_device(printer).print(JOB), Done)


@pytest.mark.parametrize("at", [1, len(JOB) // 2, len(JOB) - 1])
def test_e38_a_job_cut_short_is_uncertain(at: int) -> None:
    with FakePrinter(breaks_at=at) as printer:
        outcome = _device(printer).print(JOB)
    assert isinstance(outcome, Uncertain)


def test_e38_a_printer_that_never_reads_does_not_hold_the_till() -> None:
    with FakePrinter(reads=False) as printer:
        outcome = _device(printer, UNREAD, MUTE.name).print(bytes(32_000_000))
    assert isinstance(outcome, Uncertain)
    assert "de 32000000 bytes" in outcome.why


def test_a_mute_printer_gets_the_job_whole_and_proves_nothing() -> None:
    with FakePrinter(status={}, proof=None) as printer:
        device = _device(printer, profile=MUTE.name)
        assert device.status().condition is Condition.SILENT
        assert isinstance(device.print(JOB), Uncertain)
    assert printer.jobs == [JOB]


def _doubtful(printer: FakePrinter, wait: Deadlines = PATIENT) -> Device:
    return Device(Tcp("127.0.0.1", printer.port), EPSON, wait, doubtful=True)


def test_after_a_doubt_the_late_answer_of_another_job_proves_nothing() -> None:
    """The printer answers for the job before, late, and then for nobody: this one is not proved."""
    with FakePrinter(fence=b"", proof=b"\x00") as printer:
        outcome = _doubtful(printer, UNFENCED).print(JOB)
    assert isinstance(outcome, Uncertain)
    assert printer.jobs == [JOB], "the printer does not stand still over a doubt"


def test_late_answers_are_heard_out_before_the_job() -> None:
    """Two answers come before the job, one of them late; its own never does."""
    with FakePrinter(fence=b"\x00\x00", proof=None) as printer:
        assert isinstance(_doubtful(printer, UNPROVED).print(JOB), Uncertain)


def test_a_doubt_ends_with_the_printers_answer_and_begins_with_an_uncertain_job() -> None:
    with FakePrinter() as printer:
        device = _doubtful(printer)
        assert isinstance(device.print(JOB), Done)
        printer.fence = b""
        assert isinstance(device.print(JOB), Done), "proved jobs leave nothing behind: nothing is asked"
        printer.proof = b"\x0c"
        assert isinstance(device.print(JOB), Uncertain)
        printer.proof = b"\x00"
    with FakePrinter(fence=b"", proof=b"\x00") as printer:
        device = _doubtful(printer, UNFENCED)
        assert [type(device.print(JOB)) for _ in range(2)] == [Uncertain, Uncertain]


@pytest.mark.parametrize("profile", [EPSON.name, MUTE.name])
def test_the_standing_word_stands_for_a_job_taken_whole(profile: str) -> None:
    with FakePrinter(proof=None) as printer:
        way = Tcp("127.0.0.1", printer.port)
        outcome = Device(way, PROFILES[profile], PATIENT, standing_word=True, doubtful=True).print(JOB)
    assert outcome == Done(Printed(STANDING_WORD))
    assert printer.jobs == [JOB]


def test_the_standing_word_covers_neither_a_fault_nor_a_broken_way() -> None:
    with FakePrinter(proof=None, after=fake.PAPER_OUT) as printer:
        way = Tcp("127.0.0.1", printer.port)
        outcome = Device(way, EPSON, PATIENT, standing_word=True).print(JOB)
    assert isinstance(outcome, Uncertain) and "sem papel" in outcome.why
    with FakePrinter(status={}, breaks_at=1) as printer:
        way = Tcp("127.0.0.1", printer.port)
        outcome = Device(way, MUTE, PATIENT, standing_word=True).print(bytes(b"\x1b" * 32_000_000))
    assert isinstance(outcome, Uncertain)


BEMATECH = b"\x1d\xf81"
DARUMA = (b"\x05", b"\x1d\x05")


@pytest.mark.parametrize(
    ("answer", "condition"),
    [
        (b"\x00\x90\x00\x00\x00", Condition.OK),
        (b"\x00\x92\x00\x00\x00", Condition.PAPER_LOW),
        (b"\x00\x94\x00\x00\x00", Condition.PAPER_OUT),
        (b"\x00\x10\x00\x00\x00", Condition.COVER_OPEN),
        (b"\x00\xd0\x00\x00\x00", Condition.FAULT),
        (b"\x08\x90\x00\x00\x00", Condition.OFF),
    ],
)
def test_a_bematech_tells_its_state(answer: bytes, condition: Condition) -> None:
    with FakePrinter(status={BEMATECH: answer}) as printer:
        assert _device(printer, profile="bematech-escbema").status().condition is condition


@pytest.mark.parametrize(
    ("enq", "extended", "condition"),
    [
        (0x10, 0x10, Condition.OK),
        (0x10, 0x11, Condition.PAPER_LOW),
        (0x30, 0x10, Condition.PAPER_OUT),
        (0x90, 0x10, Condition.COVER_OPEN),
        (0x18, 0x10, Condition.FAULT),
        (0x00, 0x10, Condition.OFF),
    ],
)
def test_a_daruma_tells_its_state(enq: int, extended: int, condition: Condition) -> None:
    answers = {DARUMA[1]: bytes([extended]), DARUMA[0]: bytes([enq])}
    with FakePrinter(status=answers) as printer:
        status = _device(printer, profile="daruma-dr800").status()
    assert status.condition is condition


def test_a_printer_without_a_proof_leaves_the_job_uncertain() -> None:
    with FakePrinter(status={BEMATECH: b"\x00\x90\x00\x00\x00"}) as printer:
        outcome = _device(printer, profile="bematech-escbema").print(b"\x1bjob")
    assert isinstance(outcome, Uncertain)
    assert printer.jobs == [b"\x1bjob"]


def test_answers_are_told_apart() -> None:
    assert realtime(b"\x12\x00\x14\x00\x00\x0f\x1a") == [0x12, 0x1A]
    assert proofs(b"\x12\x14\x01\x02\x0f\x03") == [0x03]


def test_capture_keeps_the_exact_bytes(tmp_path: Path) -> None:
    capture = Capture(tmp_path / "jobs")
    assert capture.status().ready
    outcomes = [capture.print(JOB), capture.print(JOB)]
    assert all(isinstance(outcome, Done) for outcome in outcomes)
    files = sorted((tmp_path / "jobs").iterdir())
    assert [(file.name, file.read_bytes()) for file in files] == [("000001.bin", JOB), ("000002.bin", JOB)]


def test_capture_that_cannot_write_sends_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert isinstance(Capture(blocked / "jobs").print(JOB), NotSent)
