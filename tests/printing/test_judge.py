"""Every paper, on every width, judged by a printer and a reader of codes that are not ours."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_tui.config import parse
from pos_tui.domain.outcome import Done, NotSent, Outcome, Refused, Uncertain
from pos_tui.printing.answers import Condition
from pos_tui.printing.device import Device, Printed
from pos_tui.printing.layout import REPRINT, Line, rows, sample_text
from pos_tui.printing.profiles import PROFILES, Cut, Language, Profile, Qr
from pos_tui.printing.receipt import Itf, Kind, PageSample, QrCode, Receipt
from pos_tui.printing.render import render
from pos_tui.printing.slips.common import reprint_mark
from pos_tui.printing.transports import Connection, Deadlines, Tcp
from pos_tui.services.printer import connect
from pos_tui.services.printer_setup import next_profile
from tests.printing import emulator
from tests.printing.emulator import PAPERS, Emulator, Paper, running
from tests.printing.papers import AT, TZ, papers

pytestmark = emulator.needed()

PROFILE_OF = {48: "epson-tm-t20", 42: "epson-tm-t88", 32: "bematech-mp4200"}
"""A profile for each width: both ways to draw a QR code are among them."""
BLOCKING = {
    "paper-out": Condition.PAPER_OUT,
    "cover-open": Condition.COVER_OPEN,
    "offline": Condition.OFF,
}
"""The emulator's faults in which a printer holds its jobs."""
NOTES = ("[qr ", "[image ")
"""How the emulator's text names a code or a picture."""
WAIT = Deadlines(connect=20, send=20, status=20, proof=60, close=20)
HASTY = Deadlines(connect=20, send=20, status=20, proof=0.3, close=5)


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running(tmp_path_factory.mktemp("judge")) as emulated:
        yield emulated


def _device(judge: Emulator, columns: int, wait: Deadlines = WAIT) -> Device:
    return Device(Tcp("127.0.0.1", judge.ports[columns]), PROFILES[PROFILE_OF[columns]], wait)


def _print(judge: Emulator, receipt: Receipt, columns: int, wait: Deadlines = WAIT) -> Outcome[Printed]:
    payload = render(receipt, PROFILES[PROFILE_OF[columns]], columns).payload
    return _device(judge, columns, wait).print(payload)


def _words(receipt: Receipt, columns: int) -> list[str]:
    """The lines of text the paper must show; empty ones and codes aside."""
    texts = []
    for row in rows(receipt, columns):
        if isinstance(row, Line):
            texts.append(row.text.rstrip())
        elif isinstance(row, PageSample):
            texts.append(sample_text(row))
    return [text for text in texts if text]


def _codes(receipt: Receipt) -> list[tuple[str, str]]:
    found = []
    for block in receipt.blocks:
        if isinstance(block, QrCode):
            found.append(("QR-Code", block.data))
        elif isinstance(block, Itf):
            found.append(("I2/5", block.digits))
    return sorted(found)


@pytest.mark.parametrize("columns", PAPERS)
@pytest.mark.parametrize("name", papers())
def test_the_paper_is_the_preview(judge: Emulator, name: str, columns: int) -> None:
    receipt = papers()[name]
    judge.complaints()
    assert isinstance(_print(judge, receipt, columns), Done)
    (paper,) = judge.papers(columns)
    shown = [line for line in paper.lines if line and not line.startswith(NOTES)]
    assert shown == _words(receipt, columns)
    assert sorted(paper.codes) == _codes(receipt)
    assert judge.drawer(columns) == ("open" if receipt.drawer else "closed")
    assert judge.complaints() == []


@pytest.mark.parametrize("columns", PAPERS)
@pytest.mark.parametrize("name", papers())
def test_no_fault_doubles_or_loses_a_paper(judge: Emulator, name: str, columns: int) -> None:
    """Tries while it cannot print leave nothing behind: one paper comes out when it can again."""
    receipt = papers()[name]
    for fault, condition in BLOCKING.items():
        judge.fault(columns, fault, active=True)
        assert _device(judge, columns).status().condition is condition
        assert isinstance(_print(judge, receipt, columns), Refused | NotSent)
        judge.fault(columns, fault, active=False)
    assert judge.drawer(columns) == "closed"
    judge.fault(columns, "paper-near-end", active=True)
    status = _device(judge, columns).status()
    outcome = _print(judge, receipt, columns)
    judge.fault(columns, "paper-near-end", active=False)
    assert (status.condition, status.ready) == (Condition.PAPER_LOW, True)
    assert isinstance(outcome, Done)
    assert len(judge.papers(columns)) == 1
    assert judge.drawer(columns) == ("open" if receipt.drawer else "closed")


@dataclass(frozen=True)
class _Ambush:
    """A way on which the paper ends just as the job begins, after the printer said it was ready."""

    way: Tcp
    strike: Callable[[], None]

    @property
    def name(self) -> str:
        return self.way.name

    @property
    def two_way(self) -> bool:
        return True

    def open(self, seconds: float) -> Connection:
        return _Ambushed(self.way.open(seconds), self.strike)


@dataclass(frozen=True)
class _Ambushed:
    connection: Connection
    strike: Callable[[], None]

    def send(self, data: bytes, seconds: float) -> None:
        if data.startswith(b"\x1b@"):
            self.strike()
        self.connection.send(data, seconds)

    def receive(self, seconds: float) -> bytes:
        return self.connection.receive(seconds)

    def close(self, seconds: float) -> None:
        self.connection.close(seconds)


@pytest.mark.parametrize("columns", PAPERS)
def test_paper_that_ends_in_the_middle_is_uncertain(judge: Emulator, columns: int) -> None:
    """The printer holds the job and prints it later: had it been sent again, there would be two."""
    profile = PROFILES[PROFILE_OF[columns]]
    way = Tcp("127.0.0.1", judge.ports[columns])
    ambush = _Ambush(way, lambda: judge.fault(columns, "paper-out", active=True))
    payload = render(papers()["sale"], profile, columns).payload
    outcome = Device(ambush, profile, HASTY).print(payload)
    assert isinstance(outcome, Uncertain)
    assert "sem papel" in outcome.why
    assert judge.papers(columns) == []
    judge.fault(columns, "paper-out", active=False)
    assert len(judge.papers(columns)) == 1
    assert judge.drawer(columns) == "open"


@pytest.mark.parametrize("columns", PAPERS)
@given(part=st.floats(0, 1))
@settings(max_examples=8, deadline=None)
def test_a_till_that_dies_in_a_job_leaves_one_unmarked_paper_at_most(
    judge: Emulator, columns: int, part: float
) -> None:
    """What was cut short may lie on the counter; the copy that follows is whole, marked and kicks nothing."""
    original = papers()["sale"]
    payload = render(original, PROFILES[PROFILE_OF[columns]], columns).payload
    with socket.create_connection(("127.0.0.1", judge.ports[columns])) as dying:
        dying.sendall(payload[: int(part * len(payload))])
        dying.shutdown(socket.SHUT_WR)
        while dying.recv(256):
            pass
    judge.drawer(columns)
    copy = original.reprinted(reprint_mark(2, AT, "Ana", TZ))
    assert isinstance(_print(judge, copy, columns), Done)
    *unmarked, marked = sorted(judge.papers(columns), key=lambda paper: REPRINT in "\n".join(paper.lines))
    assert [line for line in marked.lines if line] == _words(copy, columns)
    assert len(unmarked) <= 1
    assert judge.drawer(columns) == "closed"


@pytest.mark.parametrize("columns", PAPERS)
def test_a_copy_keeps_the_drawer_shut(judge: Emulator, columns: int) -> None:
    copy = papers()["sale"].reprinted(reprint_mark(2, AT, "Ana", TZ))
    assert isinstance(_print(judge, copy, columns), Done)
    assert judge.drawer(columns) == "closed"
    assert len(judge.papers(columns)) == 1


@pytest.mark.parametrize("columns", PAPERS)
def test_the_drawer_opens_without_paper(judge: Emulator, columns: int) -> None:
    assert isinstance(_print(judge, Receipt(Kind.DRAWER, (), drawer=True), columns), Done)
    assert judge.papers(columns) == []
    assert judge.drawer(columns) == "open"


def _feed(judge: Emulator, columns: int, payload: bytes) -> Paper:
    """Have a job printed that may end without a question: ask it behind the job."""
    with socket.create_connection(("127.0.0.1", judge.ports[columns])) as printer:
        printer.sendall(payload + b"\x1dr\x01")
        assert printer.recv(1) == b"\x00"
    (paper,) = judge.papers(columns)
    return paper


ESCPOS = [name for name, row in PROFILES.items() if row.language is Language.ESCPOS]


@pytest.mark.parametrize("name", ESCPOS)
def test_every_profile_of_the_table_prints_what_it_previews(judge: Emulator, name: str) -> None:
    row = PROFILES[name]
    judge.complaints()
    for receipt in (papers()["top-up-client"], papers()["boleto"]):
        paper = _feed(judge, row.columns, render(receipt, row, row.columns).payload)
        shown = [line for line in paper.lines if line and not line.startswith(NOTES)]
        assert shown == _words(receipt, row.columns)
        assert sorted(paper.codes) == _codes(receipt)
    assert judge.complaints() == []


@pytest.mark.parametrize("codec", ["cp858", "cp1252"])
def test_another_page_of_a_profile_prints_the_same_words(judge: Emulator, codec: str) -> None:
    receipt = papers()["top-up-client"]
    payload = render(receipt, PROFILES["epson-tm-t20"].on(codec), 48).payload
    assert (
        _feed(judge, 48, payload).lines
        == _feed(judge, 48, render(receipt, PROFILES["epson-tm-t20"], 48).payload).lines
    )
    assert judge.complaints() == []


def test_a_new_printer_is_a_row(judge: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing but the table knows of it, and it can be configured, is offered, and prints."""
    row = Profile("acme-900", "Acme 900", {42: 512}, dpi=180, cut=Cut.FULL, qr=Qr.RASTER, pages={"cp858": 19})
    monkeypatch.setitem(PROFILES, row.name, row)
    text = (
        '[till]\ntraining = true\n[printer]\ntransport = "network"\nhost = "127.0.0.1"\n'
        f'port = {judge.ports[42]}\nprofile = "acme-900"\ncolumns = 42\ncode_page = "cp858"\n'
    )
    chosen = parse(text, tmp_path / "loja.toml").printer
    receipt = papers()["recurring"]
    assert isinstance(connect(chosen, tmp_path, WAIT).print(receipt.to_json()), Done)
    (paper,) = judge.papers(42)
    assert [line for line in paper.lines if line and not line.startswith(NOTES)] == _words(receipt, 42)
    assert sorted(paper.codes) == _codes(receipt)
    other = next_profile(PROFILES["sweda-si300"], ["qr"], tuple(set(PROFILES) - {row.name}))
    assert other is row


def test_the_judge_would_notice(judge: Emulator) -> None:
    """It is no judge that lets a wrong page, a wide line or a careless sequence of bytes pass."""
    judge.complaints()
    with socket.create_connection(("127.0.0.1", judge.ports[32])) as printer:
        printer.sendall(b"\x1b@\x1bt\x0d" + b"x" * 40 + b"\n\x1dV\x01\x1dr\x01")
        assert printer.recv(1) == b"\x00"
    (paper,) = judge.papers(32)
    assert paper.lines == ["x" * 32, "x" * 8]
    assert judge.complaints()
