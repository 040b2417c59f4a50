"""The `[printer]` section: what cannot work is named when the file is read, by key and by what is valid."""

from pathlib import Path

import pytest

from pos_tui.config import load, parse
from pos_tui.domain.errors import ConfigError
from pos_tui.domain.outcome import Done, Uncertain
from pos_tui.printing.device import STANDING_WORD, Device, Printed
from pos_tui.printing.receipt import Kind, Receipt, Text
from pos_tui.printing.transports import Deadlines
from pos_tui.services.printer import connect
from pos_tui.settings.printer import PrinterSettings
from tests.printing.fake_printer import FakePrinter

PAPER = Receipt(Kind.TEST, (Text("Teste"),)).to_json()
HERE = Path("loja.toml")
TRAINING = "[till]\ntraining = true\n[printer]\n"

GOOD = {
    "network": 'host = "192.168.0.50"',
    "file": 'path = "/dev/usb/lp0"',
    "serial": 'path = "/dev/ttyUSB0"\nbaud = 115200\nflow = "xonxoff"',
    "usb": "vendor = 0x04b8\nproduct = 0x0e15",
    "cups": 'queue = "cupom"',
    "windows": 'queue = "ELGIN i9"',
    "capture": "",
    "none": "",
}


def printer(transport: str, rest: str) -> str:
    return f'{TRAINING}transport = "{transport}"\n{rest}\n'


@pytest.mark.parametrize("transport", GOOD)
def test_every_transport_has_its_own_keys(transport: str, tmp_path: Path) -> None:
    settings = parse(printer(transport, GOOD[transport]), HERE).printer
    assert settings.transport == transport
    if transport != "none":
        built = connect(settings, tmp_path, Deadlines())
        assert transport == "capture" or isinstance(built._machine, Device)


@pytest.mark.parametrize(
    ("transport", "rest", "words"),
    [
        ("rede", "", "«printer.transport» é 'rede'. Valem: network, file, serial"),
        ("network", "", '«printer.host» falta, necessária para transport = "network"'),
        ("network", 'host = "h"\nport = 0', "«printer.port» falta"),
        ("network", 'host = "h"\nport = 70000', "«printer.port» vai de 1 a 65535, e é 70000"),
        ("network", 'host = "h"\nhots = "h"', "«printer.hots» não existe. Quis dizer «printer.host»?"),
        ("serial", "", "«printer.path» falta"),
        ("serial", 'path = "/dev/ttyS0"\nbaud = 9601', "«printer.baud» é 9601. Valem: 1200"),
        ("serial", 'path = "/dev/ttyS0"\nflow = "dsr"', "«printer.flow» é 'dsr'. Valem: rtscts, xonxoff"),
        ("usb", "vendor = 0x04b8", "«printer.product» falta"),
        ("cups", "", "«printer.queue» falta"),
        ("none", 'profile = "epson-tm-t2"', "«printer.profile» não vale"),
        ("none", 'profile = "epson-tm-t2"', "mais parecido é 'epson-tm-t20'"),
        ("none", 'code_page = "cp860"', "«printer.code_page» é 'cp860'. Em generic-80 valem: cp850, cp1252"),
        ("none", 'profile = "generic-58"', "«printer.columns» é 48. Em generic-58 valem: 32"),
        ("none", 'trust = "nobody"', "«printer.trust» é 'nobody'. Valem: printer, person"),
        ("none", "stale_minutes = 0", "«printer.stale_minutes» vai de 1 a 10080, e é 0"),
        ("none", 'stale_minutes = "1"', "«printer.stale_minutes» deve ser um número inteiro"),
    ],
)
def test_what_cannot_work_is_named(transport: str, rest: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(printer(transport, rest), HERE)
    assert words in caught.value.message and str(HERE) in caught.value.message


@pytest.mark.parametrize(
    ("trust", "outcome"), [("person", Done(Printed(STANDING_WORD))), ("printer", Uncertain)]
)
def test_the_stores_word_is_given_in_the_config(trust: str, outcome: object, tmp_path: Path) -> None:
    with FakePrinter(status={}, proof=None) as fake:
        settings = PrinterSettings(transport="network", host="127.0.0.1", port=fake.port, trust=trust)
        found = connect(settings, tmp_path).print(PAPER)
    assert outcome in (found, type(found))


def test_the_first_job_of_a_program_doubts_what_was_before(tmp_path: Path) -> None:
    """The printer answers for a job of a till that died, and not for itself."""
    wait = Deadlines(fence=0.2, proof=5)
    with FakePrinter(fence=b"", proof=b"\x00") as fake:
        settings = PrinterSettings(
            transport="network", host="127.0.0.1", port=fake.port, profile="epson-tm-t20"
        )
        assert isinstance(connect(settings, tmp_path, wait).print(PAPER), Uncertain)
    with FakePrinter() as fake:
        settings = PrinterSettings(
            transport="network", host="127.0.0.1", port=fake.port, profile="epson-tm-t20"
        )
        assert isinstance(connect(settings, tmp_path).print(PAPER), Done)


def test_a_file_is_named_by_its_faults(tmp_path: Path) -> None:
    path = tmp_path / "loja.toml"
    with pytest.raises(ConfigError, match="não existe"):
        load(path)
    path.write_bytes(b"\xe7")
    with pytest.raises(ConfigError, match="não é TOML"):
        load(path)
