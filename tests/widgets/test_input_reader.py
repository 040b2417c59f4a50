"""Bytes of a terminal become messages, in whatever pieces they come."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from pos_tui.widgets.keyboard import Typed
from pos_tui.widgets.terminal import InputReader

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
    list(reader.tick())
    assert "".join(words(list(reader.feed(b"\x1b[201~\r\r~~ok~")))).endswith("~ok~")


def test_a_run_of_characters_is_one_message() -> None:
    messages = read(b"7891000100103\r" * 100)
    assert [type(message) for message in messages] == [Typed, events.Key] * 100


def test_bytes_that_are_not_utf8_are_latin1() -> None:
    assert words(read(b"Gon\xe7alves")) == [*"Gonçalves"]


def test_a_lone_byte_is_read_when_nothing_follows() -> None:
    reader = InputReader()
    assert list(reader.feed(b"\xe7")) == []
    assert words(list(reader.tick())) == ["ç"]
