"""`pos-tui print-test` finds the printer by questions, and writes what was found into the config."""

import io
from pathlib import Path

import pytest

from pos_tui.cli import main
from pos_tui.config import load
from pos_tui.domain.errors import ConfigError
from pos_tui.domain.outcome import Done
from pos_tui.exits import Exit
from pos_tui.printing.profiles import PROFILES, Language, Qr, profile
from pos_tui.printing.receipt import Kind, Receipt, Text
from pos_tui.services.printer import connect
from pos_tui.services.printer_setup import next_profile, save
from pos_tui.settings.printer import PrinterSettings
from tests.printing.fake_printer import READY, FakePrinter

COMMENTED = """\
# A loja do centro
[till]
training = true  # até sexta

[printer]
# a da bancada
columns = 48  # bobina larga
stale_minutes = 30
"""

BEMATECH = {b"\x1d\xf81": b"\x00\x90\x00\x00\x00"}


def number(name: str) -> str:
    """The digit a profile is chosen by."""
    return str(list(PROFILES).index(name) + 1)


def way(printer: FakePrinter) -> list[str]:
    return ["1", "127.0.0.1", str(printer.port)]


def typed(monkeypatch: pytest.MonkeyPatch, path: Path, *answers: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))
    return main(["--config", str(path), "print-test"])


def test_everything_right_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "nova" / "loja.toml"
    with FakePrinter() as printer:
        answers = [*way(printer), number("epson-tm-t20"), "s", "3", "s", "s", "s", "s", "s"]
        assert typed(monkeypatch, path, *answers) == Exit.OK
        port = printer.port
    (page,) = printer.jobs
    assert b"TESTE DE IMPRESSORA" in page and b"\x1bp\x00" in page
    config = load(path)
    assert config.training, "a new file never opens the real world by itself"
    assert config.printer == PrinterSettings(
        transport="network", host="127.0.0.1", port=port, profile="epson-tm-t20"
    )
    told = capsys.readouterr().out
    assert "última régua" in told and f"Gravado em {path}" in told


def test_a_mute_printer_gets_the_stores_word_and_comments_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "loja.toml"
    path.write_text(COMMENTED, "utf-8")
    path.chmod(0o640)
    with FakePrinter(status={}, proof=None) as printer:
        answers = [*way(printer), number("generic-58"), "n", "s", "s", "1", "s", "s", "s"]
        assert typed(monkeypatch, path, *answers) == Exit.OK
    assert b"\x1bp\x00" not in printer.jobs[0], "no drawer, no kick"
    text = path.read_text("utf-8")
    for comment in ("# A loja do centro", "# até sexta", "# a da bancada", "# bobina larga"):
        assert comment in text
    settings = load(path).printer
    assert (settings.trust, settings.columns, settings.stale_minutes) == ("person", 32, 30)
    assert path.stat().st_mode & 0o777 == 0o640


def test_what_went_wrong_leads_to_another_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "loja.toml"
    with FakePrinter(status=READY | BEMATECH) as printer:
        first = [*way(printer), number("bematech-mp4200"), "n", "3", "n", "s", "s", "s", "s"]
        second = ["s", "s", "3", "s", "s", "s", "s"]
        assert typed(monkeypatch, path, *first, *second) == Exit.OK
    assert len(printer.jobs) == 2
    found = profile(load(path).printer.profile)
    tried = profile("bematech-mp4200")
    assert (found.language, found.page, found.codec) != (tried.language, tried.page, tried.codec)


def test_another_line_of_accents_is_the_right_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person names the line: papers are then written in that page, until another model is chosen."""
    path = tmp_path / "loja.toml"
    with FakePrinter() as printer:
        answers = [*way(printer), number("epson-tm-t20"), "n", "3", "1", "s", "s", "s"]
        assert typed(monkeypatch, path, *answers) == Exit.OK
        found = load(path).printer
        assert (found.profile, found.code_page) == ("epson-tm-t20", "cp1252")
        paper = Receipt(Kind.SALE, (Text("São João"),)).to_json()
        assert isinstance(connect(found, tmp_path).print(paper), Done)
        assert printer.jobs[-1].startswith(b"\x1b@\x1bt\x10")
        assert "São João".encode("cp1252") in printer.jobs[-1]
        again = [*way(printer), number("elgin-i7"), "n", "3", "s", "s", "s"]
        assert typed(monkeypatch, path, *again) == Exit.OK
    assert load(path).printer.code_page == ""


@pytest.mark.parametrize("name", PROFILES)
def test_a_page_is_only_offered_when_it_holds_every_letter(name: str) -> None:
    letters = "".join(chr(code) for code in range(0xA1, 0x100) if code != 0xAD)
    for codec in ("", *PROFILES[name].choices):
        row = PROFILES[name].on(codec)
        assert len(letters.encode(row.codec)) == len(letters)
        assert row.page == (PROFILES[name].pages[codec] if codec else PROFILES[name].page)


def test_given_up_or_cut_short_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "loja.toml"
    path.write_text(COMMENTED, "utf-8")
    with FakePrinter() as printer:
        closed = way(printer)
    answers = [*closed, number("epson-tm-t20"), "n", "n"]
    assert typed(monkeypatch, path, *answers) == Exit.FAILED
    assert "Não foi possível ligar à impressora" in capsys.readouterr().out
    for length in range(len(answers)):
        assert typed(monkeypatch, path, *answers[:length]) == Exit.FAILED
        assert "nada foi gravado" in capsys.readouterr().err
    assert path.read_text("utf-8") == COMMENTED


def test_wrong_answers_are_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "loja.toml"
    with FakePrinter() as printer:
        odd = ["9", "x", "1", "127.0.0.1", "porta", str(printer.port), "99", number("elgin-i7"), "talvez"]
        assert typed(monkeypatch, path, *odd, "n", "3", "s", "s", "s") == Exit.OK
    assert load(path).printer.profile == "elgin-i7"


def test_usb_numbers_stay_hexadecimal(tmp_path: Path) -> None:
    path = tmp_path / "loja.toml"
    save(path, PrinterSettings(transport="usb", vendor=0x04B8, product=0x0E15))
    assert "vendor = 0x04b8" in path.read_text("utf-8")
    assert load(path).printer.vendor == 0x04B8


def test_a_file_that_would_not_be_valid_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "loja.toml"
    path.write_text("[till]\nnumber = 0\n", "utf-8")
    with pytest.raises(ConfigError, match=r"till\.number"):
        save(path, PrinterSettings(transport="file", path="/dev/usb/lp0"))
    assert path.read_text("utf-8") == "[till]\nnumber = 0\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", PROFILES)
def test_a_proposal_does_what_was_wrong_in_another_way(name: str) -> None:
    now = PROFILES[name]
    other = next_profile(now, ["accents"], (name,))
    assert other is not None
    assert (other.language, other.page, other.codec) != (now.language, now.page, now.codec)
    other = next_profile(now, ["drawer"], (name,))
    assert other is not None and other.language is not now.language
    assert next_profile(now, ["accents"], tuple(PROFILES)) is None
    assert next_profile(now, [], ()) is None


def test_a_printer_that_draws_no_qr_is_sent_an_image() -> None:
    other = next_profile(profile("elgin-i9"), ["qr"], ("elgin-i9",))
    assert other is not None
    assert (other.qr, other.language) == (Qr.RASTER, Language.ESCPOS)
