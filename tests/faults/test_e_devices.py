"""E: what a printer may be given (facts/pos-and-faults.md §6, 42). What it may do is in tests/printing."""

import re
from pathlib import Path

import pytest

from pos_tui.domain.outcome import Done
from pos_tui.printing.bitmap import qr_bitmap, qr_modules
from pos_tui.printing.profiles import PROFILES, Language, Qr
from pos_tui.printing.receipt import MAX_BLOCKS, Kind, QrCode, Receipt, Table, Text, Verbatim
from pos_tui.printing.render import render
from pos_tui.services.printer import connect
from pos_tui.settings.printer import PrinterSettings
from tests.printing.fake_printer import FakePrinter

LINES = 10_000
WIDTHS = [(name, columns) for name, profile in PROFILES.items() for columns in profile.papers]
LONG_PIX = "00020126" + "br.gov.bcb.pix/" * 128
"""As much as a paper takes for a QR code, and four times what a Pix may have."""
QR_SIZE = re.compile(rb"\x1d\(k\x03\x001C(.)", re.DOTALL)


@pytest.mark.parametrize("columns", [32, 48])
def test_e42_ten_thousand_lines_come_out_whole_and_proved(columns: int) -> None:
    lines = tuple(f"linha {number:05d} ç ã" for number in range(LINES))
    paper = Receipt(Kind.REPORT, (Text("Relatório"), Verbatim(lines)))
    with FakePrinter() as printer:
        settings = PrinterSettings(
            transport="network", host="127.0.0.1", port=printer.port, profile="epson-tm-t20", columns=columns
        )
        device = connect(settings, Path())
        outcome = device.print(paper.to_json())
        assert device.status().ready
    assert isinstance(outcome, Done)
    (job,) = [job for job in printer.jobs if b"linha" in job]
    told = job.decode("cp850")
    assert [int(number) for number in re.findall(r"linha (\d{5}) ç ã\n", told)] == list(range(LINES))


def test_e42_what_is_too_much_for_a_paper_is_refused_before_it_is_sold() -> None:
    with pytest.raises(ValueError, match="too many"):
        Receipt(Kind.REPORT, (Text("x"),) * (MAX_BLOCKS + 1))
    with pytest.raises(ValueError, match="too many"):
        Table(("a",), (("x",),) * (MAX_BLOCKS + 1))
    with pytest.raises(ValueError, match="2000 bytes"):
        QrCode("x" * 2001)


@pytest.mark.parametrize(("name", "columns"), WIDTHS)
def test_e42_the_biggest_qr_code_fits_the_paper_or_says_so(name: str, columns: int) -> None:
    profile = PROFILES[name]
    payload = render(Receipt(Kind.PIX, (QrCode(LONG_PIX),)), profile, columns).payload
    room = profile.papers[columns]
    if profile.language is Language.DARUMA:
        assert "código QR longo demais" in payload.decode(profile.codec)
    elif profile.qr is Qr.RASTER:
        assert qr_bitmap(LONG_PIX, room).width <= room
        assert raster_widths(payload) and max(raster_widths(payload)) <= room
    elif profile.language is Language.ESCPOS:
        (size,) = QR_SIZE.findall(payload)
        assert size[0] * len(qr_modules(LONG_PIX)) <= room
        assert LONG_PIX.encode() in payload
    else:
        assert LONG_PIX.encode() in payload


def raster_widths(payload: bytes) -> list[int]:
    """Dots across of each image (`GS v 0`)."""
    heads = re.findall(rb"\x1dv0.(..)", payload, re.DOTALL)
    return [8 * int.from_bytes(width, "little") for width in heads]
