"""F: the terminal and what is typed at it (facts/pos-and-faults.md §6, 43–49), on the whole program."""

import re
import time
from pathlib import Path

import pytest

from pos_tui.config import Config
from pos_tui.domain.sale import SaleFilter
from pos_tui.settings.printer import PrinterSettings
from pos_tui.till import Till
from pos_tui.widgets.keyboard import SILENCE_SECONDS
from tests.faults.program import F3, F4, F6, F8, F10, LINE, WHOLE_SALE, opened
from tests.sandbox import SandboxControl
from tests.terminal import Terminal
from tests.tills import EVER, SELLER, open_till

CONFIRMED = "Recarga conekta confirmada com sucesso."


def count_sales(folder: Path) -> int:
    """How many sales the database holds once the program is gone."""
    till = Till.open(Config(printer=PrinterSettings(transport="none")), folder=folder / "data")
    found = len(till.sales.page(SaleFilter(*EVER)))
    till.close()
    return found


@pytest.mark.crash
@pytest.mark.parametrize("size", [(20, 5), (40, 12), (1, 1), (500, 200)])
def test_f43_any_size_keeps_the_sale(size: tuple[int, int], tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send(f"{F3}1{LINE}")
        terminal.wait_for("67 99999-1234")
        terminal.resize(size)
        terminal.send("x")
        terminal.resize((80, 24))
        terminal.wait_for("67 99999-1234")
        assert terminal.process.poll() is None


def test_f43_a_window_of_nothing(tmp_path: Path) -> None:
    """As a broken serial line tells it: 0 columns, 0 lines; then the till takes 80 by 24."""
    with opened(tmp_path, size=(0, 0)) as terminal:
        terminal.wait_until(terminal.is_raw, "the terminal taken")
        terminal.send(WHOLE_SALE)
        terminal.resize((80, 24))
        terminal.wait_for(CONFIRMED)


def test_f43_a_storm_of_sizes_while_a_question_is_open(tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send("\x11")
        terminal.wait_for("Sair do programa?")
        for number in range(100):
            terminal.resize((20 + number % 90, 5 + number % 40))
        terminal.resize((80, 24))
        terminal.wait_for("Sair do programa?")
        terminal.send("\x1b")
        terminal.wait_for("Buscar cliente")
        terminal.send("abc")
        terminal.wait_for("abc")


KINDS = {
    "vt100": {"TERM": "vt100"},
    "dumb": {"TERM": "dumb"},
    "linux": {"TERM": "linux"},
    "screen": {"TERM": "screen"},
    "mono": {"TERM": "vt100", "NO_COLOR": "1"},
    "latin1": {"TERM": "xterm", "LANG": "pt_BR.ISO-8859-1", "LC_ALL": "pt_BR.ISO-8859-1"},
    "posix": {"TERM": "xterm", "LANG": "C", "LC_ALL": "C"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_f44_a_sale_on_any_terminal(kind: str, tmp_path: Path) -> None:
    with opened(tmp_path, KINDS[kind]) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send(F3)
        terminal.wait_for("1 Vivo")
        sell(terminal)
        terminal.send("\r\r")
        terminal.wait_for("confirmada com sucesso")


def test_f45_a_key_that_sticks_for_minutes(tmp_path: Path) -> None:
    """Thirty a second for ten minutes; the field takes what it can hold, and the till is there at once."""
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        for _ in range(600):
            terminal.send("8" * 30)
        wait_until_it_takes(terminal, "fim")


@pytest.mark.crash
def test_f45_an_arrow_that_sticks(tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        for _ in range(100):
            terminal.send("\x1b[B" * 30)
        terminal.send(f"{F3}")
        terminal.wait_for("[2 Recarga]")


def wait_until_it_takes(terminal: Terminal, word: str) -> None:
    """A flood may be thrown away, and what follows without a pause with it: type until it is taken."""
    due = 0.0

    def taken() -> bool:
        nonlocal due
        if time.monotonic() > due:
            terminal.send(f"\x15{word}")
            due = time.monotonic() + 2 * SILENCE_SECONDS
        return any(word in line for line in terminal.screen())

    terminal.wait_until(taken, f"{word!r} on the screen")


def test_f46_a_scan_while_a_question_opens(tmp_path: Path) -> None:
    """Thirteen digits and Enter behind the key that opens it: nothing dangerous is answered by them."""
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send(f"{F3}1{LINE}{LINE}4")
        terminal.wait_for("Receba o pagamento")
        terminal.send(f"{F8}7891000100103\r")
        terminal.wait_gone("Remover a recarga")
        terminal.wait_for("67 99999-1234")
        terminal.wait_for("Pendente")


def test_f46_a_bar_code_in_the_amount(tmp_path: Path) -> None:
    """Nobody pays seventy-eight billion: the field takes no amount that long."""
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send(f"{F3}1{LINE}{LINE}4")
        terminal.wait_for("Receba o pagamento")
        terminal.send(f"{F10}17891000100103\r{F10}")
        terminal.wait_for("[3 Pagamento]")
        terminal.send("\x1b" * 3 + F4)
        terminal.wait_for("[4 Lista de vendas]")
    assert count_sales(tmp_path) == 0


def test_f46_the_same_code_scanned_twice_is_searched_twice(tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send("7891000100103\r")
        terminal.wait_for("Ninguém encontrado")
        terminal.send("7891000100103\r")
        terminal.wait_for("Ninguém encontrado")
        assert terminal.process.poll() is None


def sell(terminal: Terminal) -> None:
    """A top-up from its operator on, each answer waited for: the machine may be slow."""
    terminal.send(f"1{LINE}{LINE}4")
    terminal.wait_for("Receba o pagamento")
    terminal.send(f"{F10}120\r")
    terminal.wait_for("Troco: R$ 5,00")
    terminal.send(F10)
    terminal.wait_for("Venda 1 salva.")


HOSTILE = (
    "\x1b[31m", "\x1b]52;c;aGVsbG8=\x07", "\x1b]8;;http://x\x07y\x1b]8;;\x07", "[bold]", "[/", "[r",
    "\u202egnirts", "\u200b\u200d", "e" + "\u0301" * 50, "👩‍👩‍👧‍👦", "\x00", "\x9b31m", "=1+1", "%s{0}",
    "'; DROP TABLE sale;--",
)  # fmt: skip
CONTROL = re.compile(rb"\x1b\](?!22;default)[^\x07]*")
"""OSC: window titles, clipboards, links; Textual sets the pointer's shape by 22."""


def test_f47_hostile_names_reach_no_terminal(tmp_path: Path, sandbox: SandboxControl) -> None:
    """Registered through the service, as an import or another till would; then looked at on every screen."""
    till = open_till(tmp_path / "data", sandbox)
    name = " ".join(HOSTILE)[:400]
    customer = till.customers.register(f"Ana {name}", "52998224725", LINE, "", SELLER)
    till.close()
    assert customer.name.isprintable()
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send("Ana\r")
        terminal.wait_for("Cliente")
        terminal.send("\r")
        terminal.send(f"{F3}")
        terminal.wait_for("1 Vivo")
        sell(terminal)
        terminal.send("\r\r")
        terminal.wait_for("confirmada com sucesso")
        assert all(char.isprintable() for line in terminal.screen() for char in line)
    assert not CONTROL.findall(bytes(terminal.output)), "an OSC left the program: a title or a clipboard"


def test_f48_enter_that_repeats_itself_confirms_once(tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send(F3)
        terminal.wait_for("1 Vivo")
        sell(terminal)
        terminal.send("\r" * 40)
        terminal.wait_for("Confirmada")
    ledger = (tmp_path / "data" / "sandbox.jsonl").read_text("utf-8")
    assert ledger.count('"event": "credited"') == 1


def test_f49_mouse_reports_are_not_typed(tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send("a\x1b[<0;10;10M\x1b[<0;10;10m\x1b[M !!b")
        terminal.wait_for("[ab")


@pytest.mark.parametrize("cut", [1, 2])
def test_f49_a_function_key_in_two_pieces(cut: int, tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send(F6[:cut])
        terminal.send(F6[cut:])
        terminal.wait_for("Nome")
