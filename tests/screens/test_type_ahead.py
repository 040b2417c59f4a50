"""The program itself on a pseudo-terminal: what is typed faster than it works lands where it was meant."""

from pathlib import Path

import pytest

from pos_tui.config import Config
from pos_tui.domain.sale import SaleFilter
from pos_tui.domain.topup import TopUpState
from pos_tui.settings.printer import PrinterSettings
from pos_tui.till import Till
from tests.terminal import Terminal
from tests.tills import EVER, LINE

F3, F4, F6, F10 = "\x1bOR", "\x1bOS", "\x1b[17~", "\x1b[21~"
WHOLE_SALE = f"{F3}1{LINE}{LINE}4{F10}120\r{F10}\r\r"
"""Recarga, operator, line twice, value, Pagamento, cash, 20, add, save, open, confirm."""

KINDS = ({"TERM": "xterm-256color"}, {"TERM": "linux"}, {"TERM": "xterm-256color", "NO_COLOR": "1"})
"""Terminals of full colour, of eight colours, and of none."""


def opened(folder: Path, env: dict[str, str] | None = None, typed: str = "") -> Terminal:
    """Start the till in training mode, with keys typed before it runs."""
    own = {"POS_TUI_DATA_DIR": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}
    argv = [*Terminal.PYTHON, "-m", "pos_tui"]
    return Terminal.start(argv, env={**own, **(env or {})}, typed=typed.encode())


def written_down(folder: Path) -> list[tuple[str, int, int, list[tuple[str, int, TopUpState]]]]:
    """What the database holds once the program is gone: customer, total, change, top-ups of each sale."""
    till = Till.open(Config(printer=PrinterSettings(transport="none")), folder=folder / "data")
    sales = [till.sales.get(line.id) for line in till.sales.page(SaleFilter(*EVER))]
    found = [
        (sale.customer_name, sale.total, sale.change, [(t.line, t.face, t.state) for t in sale.topups])
        for sale in sales
    ]
    till.close()
    return found


@pytest.mark.parametrize("env", KINDS, ids=["colours", "linux", "no-color"])
def test_a_whole_sale_typed_before_the_first_paint(tmp_path: Path, env: dict[str, str]) -> None:
    with opened(tmp_path, env, WHOLE_SALE) as terminal:
        terminal.wait_for("Recarga conekta confirmada com sucesso.")
    assert written_down(tmp_path) == [("Consumidor", 1500, 500, [(LINE, 1500, TopUpState.CONFIRMED)])]


def test_a_whole_sale_in_one_write_at_the_first_prompt(tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_until(terminal.is_raw, "the terminal taken")
        terminal.send(WHOLE_SALE)
        terminal.wait_for("Recarga conekta confirmada com sucesso.")
    assert written_down(tmp_path) == [("Consumidor", 1500, 500, [(LINE, 1500, TopUpState.CONFIRMED)])]


@pytest.mark.parametrize("env", KINDS, ids=["colours", "linux", "no-color"])
def test_a_scanner_burst_lands_in_the_focused_field_only(tmp_path: Path, env: dict[str, str]) -> None:
    with opened(tmp_path, env) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send("7891000100103\r")
        terminal.wait_for("Ninguém encontrado")
        terminal.wait_for("[7891000100103")
        terminal.send(f"{F3}2789\r1000100103\r{F10}")
        terminal.wait_for("Nenhuma forma de pagamento ainda.")
        terminal.send(F3)
        terminal.wait_for("DDD 78 não existe")
        shown = [line for line in terminal.screen() if "Número da linha" in line or "Confirmar" in line]
        assert "78 91000-1001" in shown[0] and not any(char.isdigit() for char in shown[1])
    assert written_down(tmp_path) == []


def test_a_burst_over_the_registration(tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send(f"{F6}Maria Luiza\r52998224725\r67981112222\rmaria@example.com\r2{LINE}")
        terminal.wait_for("67 99999-1234")
        assert any("Operadora         Claro" in line for line in terminal.screen())


EMPTY = b"\x15"
"""Ctrl+U empties a field."""

HOSTILE = {
    "bracket": b"[",
    "markup": b"[/",
    "closing": b"[/red] [@click=app.quit]x[/]",
    "escape": b"\x1b",
    "sequences": b"\x1b[2J\x1b]0;x\x07\x1b[31m",
    "controls": bytes(range(14, 27)) + b"\x7f\xc2\x9b31m",
    "not-utf8": b"\xe7\xff\xfe",
}

TEXT_FIELDS = {
    "search": ("", "Buscar cliente"),
    "name": (F6, "Nome"),
    "document": (f"{F6}x\r", "CPF ou CNPJ"),
    "email": (f"{F6}xy\r\r\r", "E-mail"),
    "line": (f"{F3}1", "Número da linha"),
    "amount": (f"{F10}1", "Valor"),
    "nsu": (f"{F10}2\r11\r", "NSU"),
    "filter": (f"{F4}{F6}", "Cliente ou Nº"),
}
"""Keys that lead from Início to a field, and its label."""


def pasted(data: bytes) -> bytes:
    """As a terminal with bracketed paste sends it."""
    return b"\x1b[200~" + data.replace(b"\x1b[201~", b"") + b"\x1b[201~"


def value_of(terminal: Terminal, label: str) -> str:
    """The line of a field, from its label on."""
    found = [line for line in terminal.screen() if label in line]
    return found[0] if found else ""


def is_clean(terminal: Terminal) -> bool:
    """Whether the screen is still a whole form with nothing broken in it."""
    return all(char.isprintable() for line in terminal.screen() for char in line)


@pytest.mark.parametrize("field", TEXT_FIELDS)
def test_f47_hostile_text_does_no_harm(tmp_path: Path, field: str) -> None:
    keys, label = TEXT_FIELDS[field]
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send(keys)
        terminal.wait_for(label)
        for data in HOSTILE.values():
            terminal.send(pasted(data) + EMPTY)
        terminal.send(pasted(b"A7" * 500_000))
        terminal.wait_until(lambda: "7" in value_of(terminal, label), "the bounded paste")
        assert is_clean(terminal)
        assert len(value_of(terminal, label)) <= 80
        terminal.send(EMPTY)
        terminal.wait_until(lambda: "7" not in value_of(terminal, label), "the field emptied")
        assert terminal.process.poll() is None
        terminal.send("\x1b")
    assert written_down(tmp_path) == []


def test_hostile_bytes_typed_raw_do_no_harm(tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        for name in ("bracket", "markup", "closing", "not-utf8"):
            terminal.send(HOSTILE[name])
        terminal.wait_for("[[[/[/red] [@click=app.quit]x[/]")
        terminal.send("\r")
        terminal.wait_for("Ninguém encontrado")
        assert is_clean(terminal)


def test_a_name_with_markup_is_only_text_everywhere(tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send(f"{F6}[/Ana [red]\r\r\r\r")
        terminal.wait_for("Cliente: [/Ana [red].")
        terminal.send(f"1{LINE}{LINE}4{F10}1\r{F10}\r\r")
        terminal.wait_for("Recarga conekta confirmada com sucesso.")
        terminal.wait_for("venda 1, [/Ana [red]")
