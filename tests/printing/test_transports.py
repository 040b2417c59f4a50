"""Each way to a printer keeps its deadline, tells what had left, and makes no file by mistake."""

import os
import select
import stat
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest

from pos_tui.domain.outcome import Done, NotSent, Outcome, Uncertain
from pos_tui.printing import library
from pos_tui.printing.answers import Condition
from pos_tui.printing.device import Device, Printed
from pos_tui.printing.files import DeviceFile, Serial
from pos_tui.printing.profiles import PROFILES
from pos_tui.printing.spoolers import Cups, Windows
from pos_tui.printing.transports import Deadlines, Patience, Transport
from pos_tui.printing.usb import Usb
from tests.printing.fake_printer import READY

JOB = b"\x1b@Ol\xa0\n\x1dV\x01\x1dr\x01"
PATIENT = Deadlines(connect=5, send=5, status=5, proof=5, close=5)
HASTY = Deadlines(connect=5, send=0.2, status=0.2, proof=0.2, close=0.1)


def _print(transport: Transport, wait: Deadlines = PATIENT, payload: bytes = JOB) -> Outcome[Printed]:
    return Device(transport, PROFILES["epson-tm-t20"], wait).print(payload)


@contextmanager
def _line(*, answers: bool, raw: bool = False) -> Iterator[tuple[str, list[bytes]]]:
    """A pseudo terminal with a printer at its other end; without `answers` nobody reads there.

    `raw` keeps it from echoing and translating, as no printer's device file does.
    """
    master, slave = os.openpty()
    if raw:
        tty.setraw(slave)
    ours, theirs = os.pipe()
    jobs: list[bytes] = []
    thread = Thread(target=_serve, args=(master, ours, jobs), name="serial-printer")
    if answers:
        thread.start()
    try:
        yield os.ttyname(slave), jobs
    finally:
        os.close(theirs)
        if answers:
            thread.join()
        for descriptor in (master, slave, ours):
            os.close(descriptor)


def _serve(master: int, until: int, jobs: list[bytes]) -> None:
    heard = b""
    while True:
        ready, _, _ = select.select([master, until], [], [])
        if until in ready:
            return
        for byte in os.read(master, 4096):
            heard += bytes([byte])
            if heard in READY:
                os.write(master, READY[heard])
                heard = b""
            elif heard.endswith(b"\x1dr\x01"):
                jobs.append(heard)
                os.write(master, b"\x00")
                heard = b""


@pytest.mark.parametrize("kind", [DeviceFile, Serial])
def test_a_line_carries_the_job_and_the_proof(kind: type[DeviceFile] | type[Serial]) -> None:
    with _line(answers=True, raw=kind is DeviceFile) as (path, jobs):
        assert isinstance(_print(kind(path)), Done)
    assert jobs == [JOB]


@pytest.mark.parametrize("flow", ["rtscts", "xonxoff", "none"])
def test_e38_a_serial_line_that_nobody_reads_does_not_hold_the_till(flow: str) -> None:
    mute = PROFILES["generic-58"]
    with _line(answers=False) as (path, _):
        outcome = Device(Serial(path, 38400, flow), mute, HASTY).print(bytes(1_000_000))
    assert isinstance(outcome, Uncertain)
    assert "de 1000000 bytes" in outcome.why


def test_a_serial_line_without_answers_gets_nothing() -> None:
    with _line(answers=False) as (path, _):
        assert isinstance(_print(Serial(path), HASTY), NotSent)


@pytest.mark.parametrize("speed", [12345, -1])
def test_an_unknown_speed_is_refused(speed: int) -> None:
    with _line(answers=False) as (path, _):
        outcome = _print(Serial(path, speed))
    assert isinstance(outcome, NotSent)
    assert "velocidade" in outcome.why


def test_a_mistyped_path_makes_no_file(tmp_path: Path) -> None:
    missing = tmp_path / "lp0"
    assert isinstance(_print(DeviceFile(str(missing))), NotSent)
    assert not missing.exists()
    plain = tmp_path / "plain"
    plain.write_bytes(b"kept")
    outcome = _print(DeviceFile(str(plain)))
    assert isinstance(outcome, NotSent)
    assert "não é um dispositivo" in outcome.why
    assert plain.read_bytes() == b"kept"


@pytest.fixture
def cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with programs in the place of CUPS; returns what `lp` was given."""
    programs = {
        # As CUPS 2.4.2 says it.
        "lpstat": f"""[ "$2" = balcao ] || exit 1
            if [ -e {tmp_path}/paused ]
            then echo "printer balcao disabled since Sun Nov 29 14:07:23 2026 -"; echo "	Paused"
            else echo "printer balcao is idle.  enabled since Sun Nov 29 14:06:34 2026"
            fi""",
        "lp": f"""[ ! -e {tmp_path}/full ] || {{ echo cheio >&2; exit 1; }}
            cat > {tmp_path}/job
            echo "$@" > {tmp_path}/args""",
    }
    for name, body in programs.items():
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    return tmp_path


def test_cups_takes_the_raw_job_and_proves_nothing(cups: Path) -> None:
    outcome = _print(Cups("balcao"))
    assert isinstance(outcome, Uncertain)
    assert (cups / "job").read_bytes() == JOB
    assert (cups / "args").read_text() == "-d balcao -o raw -s\n"
    assert Device(Cups("balcao"), PROFILES["epson-tm-t20"]).status().condition is Condition.SILENT


def test_cups_that_refuses_has_printed_nothing(cups: Path) -> None:
    assert isinstance(_print(Cups("outra")), NotSent)
    (cups / "full").touch()
    outcome = _print(Cups("balcao"))
    assert isinstance(outcome, NotSent)
    assert "cheio" in outcome.why
    assert not (cups / "job").exists()


def test_a_queue_that_stands_still_gets_nothing(cups: Path) -> None:
    (cups / "paused").touch()
    outcome = _print(Cups("balcao"))
    assert isinstance(outcome, NotSent)
    assert "está parada" in outcome.why
    assert not (cups / "job").exists()
    (cups / "paused").unlink()
    assert isinstance(_print(Cups("balcao")), Uncertain)


def test_a9_no_cups_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert isinstance(_print(Cups("balcao")), NotSent)


class _Win32Raw:
    """What python-escpos offers on Windows, as far as it is used."""

    jobs: ClassVar[list[bytes]] = []
    broken = False

    def __init__(self, printer: str) -> None:
        self.printer = printer
        self.held = b""

    def open(self, job_name: str) -> None:
        if self.printer != "Balcão":
            raise LookupError("Incorrect printer name")

    def _raw(self, data: bytes) -> None:
        if self.broken:
            raise RuntimeError("spooler stopped")
        self.held += data

    def close(self) -> None:
        self.jobs.append(self.held)


def test_windows_prints_when_the_document_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library.printers(), "Win32Raw", _Win32Raw)
    monkeypatch.setattr(_Win32Raw, "jobs", [])
    assert isinstance(_print(Windows("Balcão")), Uncertain)
    assert _Win32Raw.jobs == [JOB]
    assert isinstance(_print(Windows("Outra")), NotSent)
    monkeypatch.setattr(_Win32Raw, "broken", True)
    assert isinstance(_print(Windows("Balcão")), Uncertain)


def test_windows_printers_elsewhere_are_not_sent() -> None:
    assert isinstance(_print(Windows("Balcão")), NotSent)


class USBTimeoutError(OSError):
    """Named as pyusb names it."""


class _Endpoint:
    bmAttributes = 2

    def __init__(self, address: int) -> None:
        self.bEndpointAddress = address


class _Interface(list[_Endpoint]):
    def __init__(self, kind: int, *addresses: int) -> None:
        super().__init__(_Endpoint(address) for address in addresses)
        self.bInterfaceClass = kind


class _UsbDevice:
    """A device with a keyboard's interface first and a printer's after it."""

    def __init__(self, printer: int = 7) -> None:
        self.printer = printer
        self.job = b""
        self.answers = b""
        self.breaks: OSError | None = None
        self.breaks_after = 0

    def get_active_configuration(self) -> list[_Interface]:
        return [_Interface(3, 0x81), _Interface(self.printer, 0x83, 0x02)]

    def write(self, endpoint: int, data: bytes, wait: int) -> int:
        assert (endpoint, wait > 0) == (0x02, True)
        if data in READY:
            self.answers += READY[data]
            return len(data)
        if self.breaks is not None and len(self.job) >= self.breaks_after:
            raise self.breaks
        taken = data[:5]
        self.job += taken
        if self.job.endswith(b"\x1dr\x01"):
            self.answers += b"\x00"
        return len(taken)

    def read(self, endpoint: int, size: int, wait: int) -> bytes:
        assert (endpoint, wait > 0) == (0x83, True)
        if not self.answers:
            raise USBTimeoutError
        answer, self.answers = self.answers, b""
        return answer


def _usb(monkeypatch: pytest.MonkeyPatch, device: _UsbDevice) -> list[str]:
    """Put a device in the place of python-escpos' own; return what was done with it."""
    done: list[str] = []

    class Fake:
        def __init__(self, vendor: int, product: int, timeout: int) -> None:
            done.append(f"{vendor:04x}:{product:04x}")
            self.device: Any = device

        @staticmethod
        def is_usable() -> bool:
            return True

        def open(self) -> None:
            done.append("open")

        def close(self) -> None:
            done.append("close")

    monkeypatch.setattr(library.printers(), "Usb", Fake)
    return done


def test_usb_finds_the_endpoints_of_the_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    device = _UsbDevice()
    done = _usb(monkeypatch, device)
    assert isinstance(_print(Usb(0x04B8, 0x0E15)), Done)
    assert device.job == JOB
    assert done == ["04b8:0e15", "open", "close"]


@pytest.mark.parametrize(
    ("error", "after", "kind"),
    [
        (OSError("pipe error"), 5, Uncertain),
        (OSError("pipe error"), 0, Uncertain),  # a part of the first piece may have left
        (USBTimeoutError("timeout"), 5, Uncertain),
        (USBTimeoutError("timeout"), 0, NotSent),
    ],
)
def test_usb_that_breaks_is_only_not_sent_when_nothing_left(
    monkeypatch: pytest.MonkeyPatch, error: OSError, after: int, kind: type[Uncertain] | type[NotSent]
) -> None:
    device = _UsbDevice()
    device.breaks, device.breaks_after = error, after
    _usb(monkeypatch, device)
    assert isinstance(_print(Usb(0x04B8, 0x0E15)), kind)


def test_a_device_that_fails_at_the_first_piece_may_have_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(descriptor: int, data: bytes) -> int:
        raise OSError("input/output error")

    with _line(answers=False, raw=True) as (path, _):
        monkeypatch.setattr("pos_tui.printing.files.os.write", failing)
        outcome = Device(DeviceFile(path), PROFILES["generic-58"], HASTY).print(JOB)
        monkeypatch.undo()
    assert isinstance(outcome, Uncertain)


def test_a_slow_printer_is_not_a_silent_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then keeps it alive, up to the end of the whole: 15 s and 100 bytes a second."""
    clock = [0.0]
    monkeypatch.setattr("pos_tui.printing.transports.time.monotonic", lambda: clock[0])
    patience = Patience(6_000, 15)
    for clock[0] in (14.0, 28.0, 42.0, 56.0, 70.0):
        assert patience.left() > 0
        patience.progressed()
    clock[0] = 74.0
    assert patience.left() == 1
    clock[0] = 75.0
    with pytest.raises(TimeoutError):
        patience.left()
    silent = Patience(6_000, 15)
    clock[0] = 90.0
    with pytest.raises(TimeoutError):
        silent.left()


def test_e42_a_long_paper_has_longer_to_prove_itself() -> None:
    assert Deadlines(proof=30).proof_of(b"linha\n" * 500) == 80


def test_usb_that_is_no_printer_or_not_there_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(_print(Usb(0x04B8, 0x0E15)), NotSent)
    _usb(monkeypatch, _UsbDevice(printer=8))
    outcome = _print(Usb(0x04B8, 0x0E15))
    assert isinstance(outcome, NotSent)
    assert "não é uma impressora" in outcome.why
