"""D for every kind of provider: what the wire does to one it may do to all (facts §6, 26–33)."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pos_tui.domain.outcome import Done, NotSent, Uncertain
from pos_tui.providers.http import Limits
from tests.faults.families import FAMILIES, TOKEN, Family
from tests.providers.canned import CannedServer

PORTAL = b"<!doctype html><html><body>Wi-Fi do hotel: aceite os termos</body></html>"
HTML = "Content-Type: text/html\r\n"
every_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda one: one.name)


@contextmanager
def answering(family: Family, body: bytes, status: str, headers: str = "") -> Iterator[CannedServer]:
    """A server that says this to the effect, and answers well what goes before it."""
    server = CannedServer()
    if family.by_token:
        server.will_say(TOKEN)
    server.will_say(body, status, headers.format(url=server.url))
    yield server
    server.stop()


def effects(family: Family, server: CannedServer) -> int:
    """How many requests came beside the one for a token."""
    return len(server.heads) - family.by_token


@every_family
def test_d26_nobody_there_was_sent_nothing(family: Family) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert isinstance(family.effect(f"http://127.0.0.1:{port}", Limits(deadline=3)), NotSent)


@every_family
def test_d27_a_byte_now_and_then_ends_at_the_deadline(family: Family) -> None:
    """Each byte is news to a time-out of silence; only a deadline of the whole ends it."""
    slow = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b" " * 5000
    over = threading.Event()

    def drip(listener: socket.socket) -> None:
        answers = [b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(TOKEN), TOKEN)] * family.by_token
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                if answers:
                    connection.sendall(answers.pop())
                    continue
                for at in range(len(slow)):
                    if over.wait(0.02):
                        return
                    connection.sendall(slow[at : at + 1])

    def until_gone(listener: socket.socket) -> None:
        try:
            drip(listener)
        except OSError:
            over.wait(60)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        dripping = threading.Thread(target=until_gone, args=(listener,))
        dripping.start()
        outcome = family.effect(f"http://127.0.0.1:{listener.getsockname()[1]}", Limits(deadline=0.6))
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        dripping.join()
    assert isinstance(outcome, Uncertain)


@pytest.mark.parametrize(
    "status", ["500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable"]
)
@every_family
def test_d30_a_server_that_fails_proves_nothing(family: Family, status: str) -> None:
    with answering(family, b"<html>", status, "Retry-After: 1\r\n") as server:
        assert isinstance(family.effect(server.url, Limits(deadline=3)), Uncertain)
        assert effects(family, server) == 1, "nothing is repeated by itself"


@pytest.mark.parametrize("status", ["429 Too Many Requests", "409 Conflict"])
@every_family
def test_d30_too_fast_or_still_running_is_never_done_and_never_repeated(family: Family, status: str) -> None:
    with answering(family, b"{}", status, "Retry-After: 30\r\n") as server:
        assert not isinstance(family.effect(server.url, Limits(deadline=3)), Done)
        assert effects(family, server) == 1


@every_family
def test_d30_a_token_that_ended_is_never_done(family: Family) -> None:
    """It may be fetched anew, and the effect asked under the same key, once."""
    with answering(family, b"{}", "401 Unauthorized") as server:
        assert not isinstance(family.effect(server.url, Limits(deadline=3)), Done)
        assert effects(family, server) <= 2


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("200 OK", HTML),
        ("302 Found", "Location: {url}/login\r\n"),
        ("307 Temporary Redirect", "Location: {url}/login\r\n"),
        ("511 Network Authentication Required", HTML),
    ],
    ids=["page", "redirect", "redirect of a POST", "511"],
)
@every_family
def test_d33_a_captive_portal_proves_nothing_and_is_not_followed(
    family: Family, status: str, headers: str
) -> None:
    with answering(family, PORTAL, status, headers) as server:
        assert isinstance(family.effect(server.url, Limits(deadline=3)), Uncertain)
        assert effects(family, server) == 1
        assert not any(head.split()[1] == b"/login" for head in server.heads)
