"""What counters do to a terminal, and that the till lives or ends in order (issue 12)."""

import re
import signal
import time
from collections.abc import Iterator

import pytest

from pos_tui.widgets.keyboard import SILENCE_SECONDS
from tests.terminal import Terminal

MEGABYTE = 1_000_000


@pytest.fixture
def counter() -> Iterator[Terminal]:
    with Terminal.python("tests.widgets.counter") as terminal:
        terminal.wait_for("PDV 01")
        yield terminal


def still_works(terminal: Terminal) -> None:
    terminal.send("\x15fim\r")
    terminal.wait_for("fim")


def test_f45_a_bracketed_paste_of_a_megabyte_is_cut(counter: Terminal) -> None:
    counter.send(b"\x1b[200~" + b"9" * MEGABYTE + b"\x1b[201~")
    counter.wait_for("9" * 40)
    counter.send("\r")
    counter.wait_for("Lidos 1")
    still_works(counter)


def test_f45_a_raw_paste_of_a_megabyte_is_harmless(counter: Terminal) -> None:
    """It may be thrown away as a flood, and then so is what follows without a pause."""
    counter.send(b"9" * MEGABYTE)

    due = 0.0

    def typed() -> bool:
        nonlocal due
        if time.monotonic() > due:
            counter.send("\x15fim\r")
            due = time.monotonic() + 2 * SILENCE_SECONDS
        return any("fim" in line for line in counter.screen())

    counter.wait_until(typed, "'fim' on the screen")


def test_a_paste_does_not_press_enter(counter: Terminal) -> None:
    counter.send("\x1b[200~um\rdois\ntrês\x1b[201~\r")
    counter.wait_for("Lidos 1: um dois três")


def test_escape_sequences_and_controls_are_harmless(counter: Terminal) -> None:
    counter.send(b"\x1b]52;c;aGVsbG8=\x07\x1b[99;99;99z\x1b\x1b\x1b[\x00\x01\x02\x9b\x15ok\r")
    counter.wait_for("ok")
    still_works(counter)


def test_a_byte_that_is_not_utf8_is_read_as_latin1(counter: Terminal) -> None:
    """https://github.com/Textualize/textual/issues/6456"""
    counter.send(b"Gon\xe7alves\xe7")
    counter.send(b"\r")
    counter.wait_for("Lidos 1: Gonçalvesç")


def test_a_letter_split_over_two_reads_stays_one_letter(counter: Terminal) -> None:
    counter.send(b"Gon\xc3")
    counter.send(b"\xa7alves\r")
    counter.wait_for("Lidos 1: Gonçalves")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_gives_the_terminal_back(counter: Terminal, number: signal.Signals) -> None:
    assert counter.is_raw()
    counter.process.send_signal(number)
    assert counter.wait_exit() == 128 + number
    assert not counter.is_raw()
    assert b"\x1b[?1049l" in counter.output and b"\x1b[?25h" in counter.output


def test_a_hang_up_ends_the_program(counter: Terminal) -> None:
    counter.hang_up()
    assert counter.wait_exit() == 128 + signal.SIGHUP


def test_a_hang_up_that_sends_no_signal_ends_the_program_too() -> None:
    """Stock Textual reads end-of-file for ever, at 100 % of a core (issue 6690)."""
    with Terminal.start([*Terminal.PYTHON, "-m", "tests.widgets.counter"], controlling=False) as terminal:
        terminal.wait_for("PDV 01")
        terminal.hang_up()
        assert terminal.wait_exit() == 128 + signal.SIGHUP


@pytest.mark.parametrize("size", [(20, 5), (40, 12), (1, 1), (500, 200)])
def test_any_window_size(counter: Terminal, size: tuple[int, int]) -> None:
    counter.resize(size)
    counter.send("789\r")
    counter.resize((80, 24))
    counter.wait_for("Lidos 1: 789")


def test_a_window_shrunk_and_grown_at_once_is_painted_again(counter: Terminal) -> None:
    for _ in range(20):
        counter.resize((1, 1))
        counter.resize((80, 24))
        counter.wait_for("PDV 01")


@pytest.mark.parametrize("term", ["linux", "vt100", "dumb", "xterm", "xterm-256color", "screen"])
def test_any_terminal_shows_the_words(term: str) -> None:
    with Terminal.python("tests.widgets.counter", env={"TERM": term}) as terminal:
        terminal.wait_for("PDV 01")
        terminal.send("\x1bOR")
        terminal.wait_for("[2 Recarga]")


def test_f44_without_colours_nothing_is_coloured() -> None:
    with Terminal.python("tests.widgets.counter", env={"NO_COLOR": "1"}) as terminal:
        terminal.wait_for("PDV 01")
        cells = [terminal.cell(column, line) for column in range(80) for line in range(24)]
        assert {(cell.fg, cell.bg) for cell in cells} == {("default", "default")}


def test_the_linux_console_gets_only_codes_it_can_draw() -> None:
    """https://github.com/Textualize/textual/issues/5907: the bright codes, 90 to 107, are not drawn."""
    with Terminal.python("tests.widgets.counter", env={"TERM": "linux"}) as terminal:
        terminal.wait_for("PDV 01")
        terminal.send("\x1b[21~\r")
        terminal.wait_for("! ")
        terminal.send("\x1b[19~\r")
        terminal.wait_for("Responda")
        codes = b";".join(re.findall(rb"\x1b\[([0-9;]+)m", terminal.output)).split(b";")
        assert max(int(code) for code in codes) < 90
