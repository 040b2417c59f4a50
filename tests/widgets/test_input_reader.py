"""Bytes of a terminal become messages, in whatever pieces they come."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from pos_tui.widgets.input_reader import PASTE_LIMIT, InputReader
from pos_tui.widgets.keyboard import Typed

KEYS = "7891000100103\rJosé 山\t\x1bOP12,50\r[/\x1b[21~\x1b[200~colado\r\n12\x1b[201~fim\r".encode()


def words(messages: list[Message]) -> list[str]:
    """Return what was typed: characters as they are, other keys and pastes in brackets."""
    said: list[str] = []
    for message in messages:
        if isinstance(message, Typed):
            said += message.text
        elif isinstance(message, events.Paste):
            said.append(f"<{message.text}>")
        elif isinstance(message, events.Key):
            printable = message.character if message.is_printable else None
            said.append(printable or f"<{message.key}>")
    return said


def read(*pieces: bytes) -> list[Message]:
    reader = InputReader()
    return [message for piece in pieces for message in reader.feed(piece)]


WHOLE = [*"7891000100103", "<enter>", *"José 山", "<tab>", "<f1>", *"12,50", "<enter>", *"[/", "<f10>"]
WHOLE += ["<colado\r\n12>", *"fim", "<enter>"]


def test_a_burst_is_read_in_one_piece() -> None:
    assert words(read(KEYS)) == WHOLE


@given(st.lists(st.integers(1, len(KEYS) - 1), max_size=6))
def test_pieces_make_no_difference(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(KEYS)]
    pieces = [KEYS[start:end] for start, end in pairwise(edges)]
    assert words(read(*pieces)) == WHOLE


@given(st.binary(max_size=200))
def test_no_bytes_break_it(data: bytes) -> None:
    reader = InputReader()
    list(reader.feed(data))
    for _ in range(20):
        list(reader.tick())
    assert "".join(words(list(reader.feed(b"ok~")))) == "ok~"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x1b\r", ["<escape>", "<enter>"]),
        (b"\x1bs", ["<escape>", "s"]),
        (b"\x1b12\r", ["<escape>", "1", "2", "<enter>"]),
        (b"\x1b\t\x1b\x7f", ["<escape>", "<tab>", "<escape>", "<backspace>"]),
        (b"\x1b\x1bOR5", ["<escape>", "<f3>", "5"]),
        (b"\x1b\x1b\x1b[21~", ["<escape>", "<escape>", "<f10>"]),
        (b"\x1b[[A\x1b[[E\x1b[11~\x1b[24~", ["<f1>", "<f5>", "<f1>", "<f12>"]),
        (b"\x1bOM\x1bOp\x1bOl", ["<enter>", "0", ","]),
        (b"\x1b[A\x1bOB\x1b[3~\x1b[Z", ["<up>", "<down>", "<delete>", "<shift+tab>"]),
    ],
)
def test_keys_in_a_burst(data: bytes, said: list[str]) -> None:
    assert words(read(data)) == said


@pytest.mark.parametrize(
    "data", [b"\x1b[99;99;99z", b"\x1b]52;c;aGVsbG8=\x07", b"\x1b]0;x\x1b\\", b"\x1b[>1;2;3c", b"\x1b[?1;2c"]
)
def test_a_sequence_that_nobody_knows_is_not_typed(data: bytes) -> None:
    assert words(read(data + b"ok")) == ["o", "k"]


@given(st.integers(1, 4))
def test_a_function_key_split_over_two_reads(cut: int) -> None:
    assert words(read(b"\x1b[21~"[:cut], b"\x1b[21~"[cut:])) == ["<f10>"]


def test_a_lone_escape_is_told_after_a_silence() -> None:
    reader = InputReader()
    assert list(reader.feed(b"\x1b")) == []
    assert words(list(reader.tick())) == ["<escape>"]
    assert list(reader.tick()) == []


def test_a_bracket_typed_after_escape_is_told_after_a_silence() -> None:
    reader = InputReader()
    assert list(reader.feed(b"\x1b[")) == []
    assert words(list(reader.tick())) == ["<escape>", "["]


def test_nothing_inside_a_paste_is_typed() -> None:
    inside = b"um\r\x1b\r\x1bOP\x1b[21~\x1b" + b"x" * 40 + b"\r"
    assert words(read(b"\x1b[200~" + inside + b"\x1b[201~9")) == [f"<{inside.decode()}>", "9"]


def test_a_paste_of_megabytes_is_cut() -> None:
    (paste,) = read(b"\x1b[200~", *[b"9" * 4096] * 500, b"\x1b[201~")
    assert isinstance(paste, events.Paste)
    assert len(paste.text) == PASTE_LIMIT


def test_a_paste_whose_end_was_lost_does_not_hold_the_keyboard_for_ever() -> None:
    reader = InputReader()
    assert list(reader.feed(b"\x1b[200~abc")) == []
    later = [message for _ in range(20) for message in reader.tick()]
    assert words(later) == ["<abc>"]
    assert words(list(reader.feed(b"7"))) == ["7"]


def test_a_run_of_characters_is_one_message() -> None:
    messages = read(b"7891000100103\r" * 100)
    assert [type(message) for message in messages] == [Typed, events.Key] * 100


def test_bytes_that_are_not_utf8_are_latin1() -> None:
    assert words(read(b"Gon\xe7alves")) == [*"Gonçalves"]


def test_a_lone_byte_is_read_when_nothing_follows() -> None:
    reader = InputReader()
    assert list(reader.feed(b"\xe7")) == []
    assert words(list(reader.tick())) == ["ç"]
