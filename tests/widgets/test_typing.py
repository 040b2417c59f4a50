"""What is typed faster than the program works lands where it was meant (issue 2, facts §3.1)."""

from collections.abc import Iterator

import pytest

from tests.terminal import Terminal

F2, F3, F5, F8, F10 = "\x1bOQ", "\x1bOR", "\x1b[15~", "\x1b[19~", "\x1b[21~"


@pytest.fixture
def counter() -> Iterator[Terminal]:
    with Terminal.python("tests.widgets.counter") as terminal:
        terminal.wait_for("PDV 01")
        yield terminal


def test_three_scans_in_one_burst_are_three_entries(counter: Terminal) -> None:
    counter.send("7891000100103\r7891000053508\r7891000315507\r")
    counter.wait_for("Lidos 3: 7891000100103 7891000053508 7891000315507")


def test_a_scanner_that_ends_in_cr_lf_gives_one_enter(counter: Terminal) -> None:
    counter.send("7891000100103\r\n7891000053508\r\n")
    counter.wait_for("Lidos 2: 7891000100103 7891000053508")


def test_a_burst_over_a_tab_switch(counter: Terminal) -> None:
    counter.send(f"789\r{F10}12,50\r")
    counter.wait_for("amount=1250")
    counter.send(f"{F2}790\r")
    counter.wait_for("Lidos 2: 789 790")


def test_a_whole_form_in_one_burst(counter: Terminal) -> None:
    counter.send(f"{F3}2679999888876799998888\x7f7\r")
    counter.wait_for("operator=Claro line=67999988887 again=6799998887")


def test_a_burst_over_a_dialog_with_a_form(counter: Terminal) -> None:
    counter.send(f"abc{F5}engano\rdef\r")
    counter.wait_for("Lidos 1: abcdef")
    counter.send(f"{F5}troco\r")
    counter.wait_for("Motivo: troco")


def test_a_burst_over_a_question(counter: Terminal) -> None:
    counter.send(f"{F10}12{F8}s,50\r")
    counter.wait_for("amount=1250")


def test_enter_in_a_burst_never_answers_a_dangerous_question(counter: Terminal) -> None:
    counter.send(f"{F8}\r\r\r")
    counter.wait_for("Responda com uma das teclas abaixo.")
    counter.send("s")
    counter.wait_for("Resposta: s")


def test_escape_in_a_burst_is_not_lost(counter: Terminal) -> None:
    counter.send(f"{F8}\x1b\r{F8}\x1bs\r")
    counter.wait_for("Lidos 1: s")


def test_keys_one_by_one_and_in_pieces(counter: Terminal) -> None:
    for byte in f"{F3}1{F10}8\r":
        counter.send(byte)
    counter.wait_for("amount=800")


def test_what_was_typed_before_the_first_paint_counts() -> None:
    argv = [*Terminal.PYTHON, "-m", "tests.widgets.counter"]
    with Terminal.start(argv, typed=b"7891000100103\n7891000053508\n") as terminal:
        terminal.wait_for("Lidos 2: 7891000100103 7891000053508")


def test_twenty_thousand_raw_characters_arrive_whole(counter: Terminal) -> None:
    counter.send("".join(f"{number:013}\r" for number in range(1400)))
    counter.wait_for("Lidos 1400: 0000000001397 0000000001398 0000000001399")


@pytest.mark.parametrize("text", ["[", "[/", "[/ 5", "[red]x[/red]"])
def test_markup_is_only_text(counter: Terminal, text: str) -> None:
    counter.send(f"{text}\r")
    counter.wait_for(f"Lidos 1: {text}")
