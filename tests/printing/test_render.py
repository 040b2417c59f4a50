"""The bytes: pinned per profile, one kick for cash, no control byte from data, and the library kept quiet."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_tui.domain.errors import ConfigError
from pos_tui.printing.bitmap import itf_bitmap
from pos_tui.printing.layout import Line, rows
from pos_tui.printing.profiles import PROFILES, Cut, Language, StatusBy, profile
from pos_tui.printing.receipt import (
    Align,
    Copy,
    Itf,
    Kind,
    PageSample,
    Pair,
    QrCode,
    Receipt,
    Size,
    Text,
    Verbatim,
)
from pos_tui.printing.render import render
from tests.printing.papers import papers

GOLDEN = Path(__file__).parent / "golden"
KICKS = {Language.ESCPOS: b"\x1bp\x00", Language.ESCBEMA: b"\x1bv", Language.DARUMA: b"\x1bp"}
EVERYTHING = Receipt(
    Kind.TEST,
    (
        Text("Título", Align.CENTRE, bold=True, size=Size.BIG),
        Text("Ação – São João", size=Size.TALL),
        Pair("Valor", "R$ 1,00", bold=True),
        Verbatim(("x" * 40,)),
        QrCode("pix"),
        PageSample(3, "cp860"),
    ),
    copy=Copy.CLIENT,
    drawer=True,
)


def readable(payload: bytes) -> str:
    """Write bytes so that a change in them can be read in a diff: escaped, a line for each line feed."""
    return payload.decode("latin-1").encode("unicode_escape").decode().replace("\\n", "\\n\n") + "\n"


# Commands of ESC/POS with their parameters, longest first; what remains of a job is text.
COMMANDS = re.compile(rb"\x1b[@]|\x1b[tEMad!].|\x1bp...|\x1d[!Vr].", re.DOTALL)


@pytest.mark.parametrize("name", PROFILES)
def test_golden_bytes(name: str) -> None:
    """The bytes of one paper with everything on it stay as they were looked at."""
    bytes_now = readable(render(EVERYTHING, PROFILES[name], 32).payload)
    if os.environ.get("POS_TUI_GOLDEN") == "write":  # the next run compares: look at the difference first
        (GOLDEN / f"{name}.txt").write_text(bytes_now)
        pytest.fail("written, not compared")
    assert bytes_now == (GOLDEN / f"{name}.txt").read_text()


@pytest.mark.parametrize("name", PROFILES)
def test_a_cash_sale_kicks_once_and_nothing_else_does(name: str) -> None:
    for paper in papers().values():
        payload = render(paper, PROFILES[name], 48).payload
        assert payload.count(KICKS[PROFILES[name].language]) == (1 if paper.drawer else 0)


@pytest.mark.parametrize("name", PROFILES)
def test_opening_the_drawer_uses_no_paper(name: str) -> None:
    row = PROFILES[name]
    payload = render(Receipt(Kind.DRAWER, (), drawer=True), row, 48).payload
    assert payload.count(KICKS[row.language]) == 1
    assert b"\n" not in payload
    assert not any(cut in payload for cut in (b"\x1dV", b"\x1bm", b"\x1bw", b"\x1bd"))


def test_the_frame_of_a_job() -> None:
    for name, row in PROFILES.items():
        if row.language is not Language.ESCPOS:
            continue
        payload = render(Receipt(Kind.SALE, ()), row, 32).payload
        assert payload.startswith(b"\x1b@\x1bt\x02"), name
        assert payload.endswith(b"\x1dr\x01") is (row.status is StatusBy.DLE_EOT), name
        assert (b"\x1dV" in payload) is (row.cut is not Cut.NONE), name


HOSTILE = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)


@given(HOSTILE, HOSTILE, HOSTILE, st.booleans())
@settings(max_examples=60, deadline=None)
def test_e41_no_control_byte_comes_from_data(first: str, second: str, third: str, drawer: bool) -> None:
    receipt = Receipt(Kind.SALE, (Text(first), Pair(second, third), Verbatim((first, third))), drawer=drawer)
    payload = render(receipt, PROFILES["epson-tm-t20"], 42).payload
    assert payload.count(b"\x1bp") == (1 if drawer else 0)
    text = COMMANDS.sub(b"", payload)
    lines = [row.text for row in rows(receipt, 42) if isinstance(row, Line)]
    assert text.decode("cp850") == "".join(f"{line}\n" for line in lines)


def test_a_daruma_gets_nothing_it_would_misread() -> None:
    """`ESC a` swallows text, `ESC t` is unknown, and the drawer's command takes no parameters."""
    payload = render(EVERYTHING, PROFILES["daruma-dr800"], 48).payload
    assert b"\x1ba" not in payload
    assert b"\x1bt" not in payload
    assert payload.startswith(b"\x1b@\x1bp\x1bE ")
    assert "Ação - São João".encode("cp850") in payload
    latin = render(EVERYTHING, PROFILES["daruma-dr800-latin1"], 48).payload
    assert "Ação - São João".encode("latin-1") in latin


def test_a_daruma_names_what_it_cannot_draw() -> None:
    blocks = (QrCode("x" * 401), Itf("0" * 44))
    text = render(Receipt(Kind.BOLETO, blocks), PROFILES["daruma-dr800"], 32).payload.decode("cp850")
    assert "[código QR longo demais]" in text
    assert "sem código de barras" in text


def test_a_bematech_draws_bars_in_the_other_command_set() -> None:
    """And comes back to its own, with the page selected anew; `ESC d` is only ever a size there."""
    payload = render(
        Receipt(Kind.BOLETO, (Itf("0" * 44), QrCode("pix"))), PROFILES["bematech-escbema"], 48
    ).payload
    to_escpos, to_bema = b"\x1d\xf9\x20\x01", b"\x1d\xf9\x20\x00\x1bt\x02"
    assert payload.index(to_escpos) < payload.index(b"\x1dv0") < payload.index(to_bema)
    assert b"\x1dkQ\x01\x0c\x00\x01\x03\x00pix" in payload
    assert b"\x1bd" not in payload


def test_lost_characters_are_counted() -> None:
    rendered = render(Receipt(Kind.SALE, (Text("漢 Ș – ok"),)), PROFILES["generic-58"], 32)
    assert rendered.lost == 2
    assert b"?" not in rendered.payload


def test_an_unknown_profile_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match="epson-tm-t20"):
        profile("epson tmt20")


_QUIET_IMPORT = """
import logging, os, tempfile
tempfile.tempdir = os.environ["SCRATCH"]
from pos_tui.printing.profiles import PROFILES
from pos_tui.printing.receipt import Kind, QrCode, Receipt
from pos_tui.printing import render, layout, device, capture
import sys
assert "escpos" not in sys.modules and "PIL" not in sys.modules
for row in PROFILES.values():
    render.render(Receipt(Kind.SALE, (QrCode("x"),)), row, 32)
assert "escpos" in sys.modules
assert not logging.getLogger().handlers
"""


def test_the_library_is_imported_late_and_leaves_nothing(tmp_path: Path) -> None:
    """No handler on the root logger, no word on stdout or stderr, no folder, no trust in a broken pickle."""
    pickles = tmp_path / "pickles"
    scratch = tmp_path / "scratch"
    pickles.mkdir()
    scratch.mkdir()
    version = ".".join(str(part) for part in sys.version_info[:3])
    (pickles / f"{version}.capabilities.pickle").touch()
    environment = os.environ | {"ESCPOS_CAPABILITIES_PICKLE_DIR": str(pickles), "SCRATCH": str(scratch)}
    done = subprocess.run(
        [sys.executable, "-c", _QUIET_IMPORT], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(scratch.iterdir()) == []


def test_the_bars_of_a_boleto_have_the_size_of_the_norm() -> None:
    """103 x 13 mm (facts/printing.md §5), quiet zone apart, on both resolutions."""
    for dpi in (203, 180):
        bitmap = itf_bitmap("0123456789" * 4 + "0123", dpi)
        assert 100 < (bitmap.height - 40) / dpi * 25.4 <= 103
        assert round(bitmap.width / dpi * 25.4) == 13
