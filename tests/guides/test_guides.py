"""Each of CONTRIBUTING's guides leads where it says: followed on a copy of the program, which is then run."""

from pathlib import Path

import pytest

from tests.guides.house import ROOT, House
from tests.terminal import Terminal


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A fresh copy."""
    return House(tmp_path)


def test_add_a_top_up_provider(house: House) -> None:
    house.write("pos_tui/providers/topup/eco.py", "provider.py")
    house.write("pos_tui/providers/sandbox/eco.py", "dialect.py")
    command = "pos_tui/providers/sandbox/command.py"
    house.add(
        command,
        "from pos_tui.providers.sandbox.dtone",
        "from pos_tui.providers.sandbox.eco import EcoDialect",
    )
    house.add(command, "    DtOneDialect(),", "    EcoDialect(),")
    kits = "tests/providers/kits.py"
    house.add(
        kits, "from pos_tui.providers.topup.dtone", "from pos_tui.providers.topup.eco import EcoProvider"
    )
    house.add(
        kits,
        "KITS = (",
        '    Kit("eco", lambda url, limits: EcoProvider(url, lambda: KEY, limits=limits), "101", "V1500"),',
    )
    ended = house.run("-m", "pytest", "-q", "-n", "0", "tests/providers/test_topup_contract.py", "-k", "eco")
    assert ended.returncode == 0, ended.stdout
    assert " passed" in ended.stdout or "100%" in ended.stdout, ended.stdout


def test_add_a_report(house: House) -> None:
    house.write("pos_tui/reports/sellers.py", "report.py")
    registry = "pos_tui/reports/registry.py"
    house.add(registry, "from pos_tui.reports.sales", "from pos_tui.reports.sellers import Sellers")
    house.add(registry, "    Sales(),", "    Sellers(),")
    ended = house.run("-m", "pytest", "-q", "-n", "0", "tests/reports/test_registry.py", "-k", "vendedores")
    assert ended.returncode == 0, ended.stdout
    shown = house.run("-m", "pos_tui", "report", "vendedores")
    assert shown.returncode == 0 and "Vendas por vendedor" in shown.stdout, shown.stderr


def test_add_a_printer(house: House) -> None:
    row = '        Profile("eco-80", "Eco 80", _80MM, status=StatusBy.NONE),'
    house.add("pos_tui/printing/profiles.py", "    for row in (", row)
    script = (
        "from pos_tui.config import Config\n"
        "from pos_tui.printing.profiles import PROFILES\n"
        "from pos_tui.settings.printer import PrinterSettings\n"
        "settings = PrinterSettings(transport='capture', profile='eco-80')\n"
        "assert settings.problem() is None, settings.problem()\n"
        "print(PROFILES['eco-80'].columns)"
    )
    ended = house.run("-c", script)
    assert (ended.returncode, ended.stdout) == (0, "48\n"), ended.stderr
    tests = ("-m", "pytest", "-q", "-n", "0", "tests/printing/test_render.py")
    written = house.run(*tests, "-k", "golden and eco", POS_TUI_GOLDEN="write")
    assert written.returncode == 1 and "written, not compared" in written.stdout
    laid = house.run(*tests, "-k", "eco")
    assert laid.returncode == 0, laid.stdout


def test_add_a_screen(house: House) -> None:
    house.write("pos_tui/screens/eco.py", "desk.py")
    house.write("pos_tui/commands/eco.py", "commands.py")
    house.add("pos_tui/commands/command.py", '    CASH = "Caixa"', '    ECO = "Mesa do eco"')
    house.add("pos_tui/commands/__init__.py", '    Place.CASH: "cash",', '    Place.ECO: "eco",')
    house.add(
        "pos_tui/commands/everywhere.py",
        "COMMANDS = (",
        '    Command("eco", (), "Eco", "Diz quem está vendendo."),',
    )
    house.add("pos_tui/screens/desks.py", "DESKS = (", '    Desk("eco", "Mesa do eco", "eco:EcoDesk"),')
    command = [*Terminal.PYTHON, "-P", "-m", "pos_tui"]  # not the tree this test runs in
    with Terminal.start(command, env=house.env()) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send("\x1b[24~")  # F12
        terminal.wait_for("1 Mesa do eco")
        terminal.send("1")
        terminal.wait_for("Quem vende:")
        terminal.send("\x1b[17~")  # F6
        terminal.wait_for("Eco:")
        terminal.send("\x1bOP")  # F1
        terminal.wait_for("F6 ou Ctrl+F")
        terminal.wait_for("Dizer.")


def test_every_guide_here_stands_in_contributing() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for name in ("Add a top-up provider", "Add a report", "Add a printer", "Add a screen"):
        assert f"## {name}" in text
