"""An exchange ends in time, says what is proved, and trusts nobody by accident."""

import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pos_tui.domain.errors import ConfigError
from pos_tui.domain.outcome import NotSent, Uncertain
from pos_tui.providers.http import Exchange, Limits, Response, Trust
from tests.providers.canned import CannedServer

DATA = Path(__file__).parent / "data"
CERTIFICATE, KEY = DATA / "loopback.crt", DATA / "loopback.key"
SHORT = Limits(deadline=0.5)


def test_a_whole_answer(canned: CannedServer) -> None:
    canned.will_say(b"ol\xe1", "201 Created", "X-One: 1\r\n")
    ending = Exchange(canned.url).send(
        "POST", "/a", query={"q": "x y"}, headers={"X-Key": "k"}, body=b"corpo"
    )
    assert isinstance(ending, Response)
    assert (ending.status, ending.body, ending.headers["x-one"]) == (201, b"ol\xe1", "1")
    assert canned.heads[0].startswith(b"POST /a?q=x+y HTTP/1.1\r\n")
    assert b"x-key: k" in canned.heads[0].lower()
    assert canned.bodies == [b"corpo"]


def test_what_is_said_with_every_request(canned: CannedServer) -> None:
    canned.will_say(b"", headers="X-Two: a\r\nx-two: b\r\n")
    ending = Exchange(canned.url).send("GET", "/pedidos/nº 1/50%25", query={"situação": "paga&nova"})
    assert isinstance(ending, Response) and ending.headers["x-two"] == "a, b"
    line, *said = canned.heads[0].decode().strip().split("\r\n")
    assert line == "GET /pedidos/n%C2%BA%201/50%25?situa%C3%A7%C3%A3o=paga%26nova HTTP/1.1"
    assert {name.lower(): value for name, value in (header.split(": ") for header in said)} == {
        "host": canned.url.removeprefix("http://"),
        "accept": "*/*",
        "accept-encoding": "identity",
        "connection": "close",
        "user-agent": "pos-tui",
    }


def test_an_empty_body_is_said_where_there_could_be_one(canned: CannedServer) -> None:
    for method in ("POST", "DELETE"):
        canned.will_say(b"{}")
        assert isinstance(Exchange(canned.url).send(method, "/a"), Response)
    post, delete = (head.lower() for head in canned.heads)
    assert b"content-length: 0" in post and b"content-length" not in delete


@pytest.mark.parametrize(
    "url",
    [
        "http://exemplo.com.br",
        "http://localhost.exemplo.com.br",
        "http://127.0.0.1@exemplo.com.br",
        "https://usuario:senha@exemplo.com.br",
        "https://exemplo.com.br/?a=1",
        "https://exemplo.com.br:99999",
        "https://",
        "ftp://127.0.0.1",
        "exemplo.com.br",
        "",
        "https://[::1",
    ],
)
def test_an_address_that_protects_nothing_is_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        Exchange(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://exemplo.com.br",
        "http://127.0.0.1:1",
        "http://localhost",
        "http://[::1]:80/x",
        "HTTPS://EXEMPLO.com.br",
    ],
)
def test_an_address_that_will_do(url: str) -> None:
    assert "Exchange" in repr(Exchange(url))


def test_d26_a_refused_connection_sent_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    ending = Exchange(f"http://127.0.0.1:{port}").send("GET")
    assert ending == NotSent("127.0.0.1 recusou a conexão. Nada foi enviado.")


def test_d26_an_unknown_host_was_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    ending = Exchange("https://loja.invalid").send("GET")
    assert isinstance(ending, NotSent)
    assert "loja.invalid não foi encontrado" in ending.why


def test_d26_a_name_server_that_never_answers_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()

    def silent(*_: object, **__: object) -> list[object]:
        never.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    ending = Exchange("https://loja.invalid", Limits(deadline=0.2)).send("GET")
    never.set()
    assert isinstance(ending, NotSent)
    assert "não atendeu a tempo" in ending.why


def test_a_handshake_that_never_ends_sent_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        ending = Exchange(f"https://127.0.0.1:{port}", SHORT).send("POST", body=b"x")
    assert isinstance(ending, NotSent)


def test_d26_silence_after_the_request_is_uncertain() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        ending = Exchange(f"http://127.0.0.1:{port}", SHORT).send("POST", body=b"x")
    assert ending == Uncertain("O provedor não respondeu a tempo.")


@pytest.mark.parametrize("length", [0, 40])
def test_d27_a_drip_ends_at_the_deadline(length: int) -> None:
    """A byte now and then keeps httpcore's own time-out from firing: in the head and in the body alike."""
    content = b"HTTP/1.1 200 OK\r\nContent-Length: 1500\r\n\r\n" + b"x" * 1500
    stop = threading.Event()

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(content[:length])
            for index in range(length, len(content)):
                if stop.wait(0.02):
                    return
                try:
                    connection.sendall(content[index : index + 1])
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        dripping = threading.Thread(target=drip, args=(listener,))
        dripping.start()
        ending = Exchange(f"http://127.0.0.1:{listener.getsockname()[1]}", SHORT).send("GET")
        stop.set()
        dripping.join()
    assert ending == Uncertain("O provedor não respondeu a tempo.")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal",
        b"\x00\xff\x00\xff nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Flood: " + b"a" * 200_000 + b"\r\n\r\n",
    ],
    ids=["nothing", "truncated", "truncated chunk", "garbage", "flood of headers"],
)
def test_a_broken_answer_is_uncertain(canned: CannedServer, raw: bytes) -> None:
    canned.will_send(raw)
    assert isinstance(Exchange(canned.url).send("POST", body=b"x"), Uncertain)


def test_an_answer_too_long_is_uncertain(canned: CannedServer) -> None:
    canned.will_say(b"x" * 5000)
    ending = Exchange(canned.url, Limits(max_body=4999)).send("GET")
    assert ending == Uncertain("A resposta do provedor é longa demais para ser aceita.")
    assert isinstance(Exchange(canned.url, Limits(max_body=5000)).send("GET"), Response)


def test_a_redirect_is_an_answer_like_any_other(canned: CannedServer) -> None:
    canned.will_say(b"", "302 Found", "Location: http://127.0.0.1:9/elsewhere\r\n")
    ending = Exchange(canned.url).send("GET")
    assert isinstance(ending, Response)
    assert ending.status == 302
    assert len(canned.heads) == 1


def test_nothing_is_sent_after_closing(canned: CannedServer) -> None:
    canned.will_say(b"")
    exchange = Exchange(canned.url)
    exchange.close()
    assert isinstance(exchange.send("GET"), NotSent)
    assert not canned.heads


def test_a_header_that_cannot_be_written_sends_nothing(canned: CannedServer) -> None:
    canned.will_say(b"")
    assert isinstance(Exchange(canned.url).send("GET", headers={"X-Key": "a\r\nb: c"}), NotSent)
    assert not canned.heads


def test_several_threads_share_one_exchange(canned: CannedServer) -> None:
    canned.will_say(b"one")
    exchange = Exchange(canned.url)
    endings: list[object] = []
    threads = [threading.Thread(target=lambda: endings.append(exchange.send("GET"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [ending.body for ending in endings if isinstance(ending, Response)] == [b"one"] * 8


@pytest.fixture
def secure() -> CannedServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    return CannedServer(context)


def test_an_unknown_certificate_is_not_believed(secure: CannedServer) -> None:
    secure.will_say(b"secret")
    ending = Exchange(secure.url).send("POST", body=b"x")
    secure.stop()
    assert isinstance(ending, NotSent)
    assert "conexão segura com 127.0.0.1" in ending.why
    assert not secure.bodies


def test_a_private_authority_is_believed_where_configured(secure: CannedServer) -> None:
    secure.will_say(b"secret")
    ending = Exchange(secure.url, trust=Trust(ca=CERTIFICATE)).send("GET")
    secure.stop()
    assert isinstance(ending, Response)
    assert ending.body == b"secret"


def test_a_missing_authority_file_sends_nothing(tmp_path: Path) -> None:
    ending = Exchange("https://127.0.0.1:9", trust=Trust(ca=tmp_path / "missing.crt")).send("GET")
    assert isinstance(ending, NotSent)
    assert "missing.crt não pôde ser lido" in ending.why


def test_plain_text_where_tls_is_expected_sent_nothing(canned: CannedServer) -> None:
    canned.will_say(b"")
    ending = Exchange(canned.url.replace("http:", "https:"), SHORT).send("POST", body=b"x")
    assert isinstance(ending, NotSent)


def test_importing_the_adapters_does_not_import_httpcore() -> None:
    script = (
        "import sys, pos_tui.providers.topup.rv\n"
        "print('httpcore' in sys.modules, 'defusedxml' in sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["False", "False"]
