"""What `http.Exchange` does on the wire; imported at the first request, for httpx is slow to import.

httpx's own time-outs count silence, so a server that drips one byte a second holds a request for ever.
The network backend here gives every look-up, connect, handshake, read and write only what is left of
one deadline, and notes the instant the first byte of the request may have left.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import httpcore
import httpx
from msgspec import Struct

from pos_tui.domain.errors import ConfigError
from pos_tui.domain.outcome import NotSent, Uncertain
from pos_tui.providers.http import Ending, Limits, Response, Trust

_CHUNK = 16 * 1024


class Request(Struct, frozen=True):
    """What to send, to an absolute address."""

    method: str
    url: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


class _TooLong(Exception):
    """The answer has more bytes than allowed."""


class _Wire:
    """The clock and the one fact of an exchange: may a byte of the request have left?"""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.ends = time.monotonic() + limits.deadline
        self.connect_ends = time.monotonic() + min(limits.connect, limits.deadline)
        self.sent = False

    def left(self) -> float:
        """Seconds until the deadline. Raises TimeoutError past it."""
        return _until(self.ends)

    def connect_left(self) -> float:
        """Seconds until the connection must stand. Raises TimeoutError past it."""
        return _until(self.connect_ends)


def _until(instant: float) -> float:
    seconds = instant - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class _Stream(httpcore.NetworkStream):
    """A connection that knows the deadline and notes when the request leaves."""

    def __init__(self, inner: httpcore.NetworkStream, wire: _Wire) -> None:
        self._inner = inner
        self._wire = wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._wire.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        left = self._wire.left()
        self._wire.sent = True
        for start in range(0, len(buffer), _CHUNK):
            self._inner.write(buffer[start : start + _CHUNK], left)
            left = self._wire.left()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._wire.connect_left())
        return _Stream(inner, self._wire)

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:  # httpcore's own signature
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Connects within the deadline, name look-up included."""

    def __init__(self, wire: _Wire) -> None:
        self._wire = wire

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = OSError(host)
        for address in _look_up(host, port, self._wire.connect_left()):
            try:
                inner = httpcore.SyncBackend().connect_tcp(
                    address, port, self._wire.connect_left(), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(inner, self._wire)
        raise failure


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    """Return the addresses of a host. The system's look-up knows no deadline, so it is left behind."""
    found: list[str] = []
    errors: list[OSError | UnicodeError] = []

    def ask() -> None:
        try:
            for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                found.append(str(entry[4][0]))
        except (OSError, UnicodeError) as error:
            errors.append(error)

    asking = threading.Thread(target=ask, daemon=True, name="look-up")
    asking.start()
    asking.join(seconds)
    if asking.is_alive():
        raise TimeoutError
    if errors:
        raise errors[0]
    return found


class _Transport(httpx.BaseTransport):
    """httpx over the backend above: one connection for one request."""

    def __init__(self, wire: _Wire, context: ssl.SSLContext | None) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, network_backend=_Backend(wire), max_keepalive_connections=0
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        answer = self._pool.handle_request(
            httpcore.Request(request.method, url, headers=request.headers.raw, content=request.content)
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    """The bytes of an answer as they come."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@lru_cache
def tls_context(trust: Trust) -> ssl.SSLContext:
    """Return a context that verifies the host, TLS 1.2 or later: one for all who trust the same, for it holds
    a megabyte of authorities.

    Raises:
        ConfigError: when a certificate file cannot be read.
    """
    import certifi

    try:
        context = ssl.create_default_context(cafile=str(trust.ca) if trust.ca else certifi.where())
        if trust.certificate is not None:
            context.load_cert_chain(trust.certificate, trust.key)
    except OSError as error:
        name = trust.certificate if trust.ca is None else trust.ca
        raise ConfigError(f"O certificado {name} não pôde ser lido. Confira o arquivo.") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def exchange(request: Request, limits: Limits, context: ssl.SSLContext | None) -> Ending:
    """Send a request and read its whole answer within the limits. Never raises."""
    wire = _Wire(limits)
    try:
        with httpx.Client(transport=_Transport(wire, context), trust_env=False) as client:
            return _talk(client, request, limits.max_body)
    except Exception as error:
        host = httpx.URL(request.url).host
        if wire.sent:
            return Uncertain(_why_uncertain(error))
        return NotSent(_why_not_sent(error, host))


def _talk(client: httpx.Client, request: Request, max_body: int) -> Response:
    # A compressed answer could grow past any limit once opened.
    headers = {"Accept-Encoding": "identity", "Connection": "close", "User-Agent": "pos-tui"}
    body = bytearray()
    with client.stream(
        request.method,
        request.url,
        params=request.query or None,
        headers=headers | request.headers,
        content=request.body,
    ) as answer:
        for chunk in answer.iter_raw():
            body += chunk
            if len(body) > max_body:
                raise _TooLong
        return Response(answer.status_code, bytes(body), dict(answer.headers))


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _why_not_sent(error: Exception, host: str) -> str:
    """Say in Portuguese why nothing left."""
    for cause in _causes(error):
        match cause:
            case ssl.SSLError():
                return f"A conexão segura com {host} não pôde ser verificada. Nada foi enviado."
            case socket.gaierror() | UnicodeError():
                return f"O endereço {host} não foi encontrado. Confira a internet. Nada foi enviado."
            case ConnectionRefusedError():
                return f"{host} recusou a conexão. Nada foi enviado."
            case TimeoutError():
                return f"{host} não atendeu a tempo. Confira a internet. Nada foi enviado."
    return f"Não foi possível conectar a {host}. Nada foi enviado."


def _why_uncertain(error: Exception) -> str:
    """Say in Portuguese how the answer was lost."""
    for cause in _causes(error):
        match cause:
            case _TooLong():
                return "A resposta do provedor é longa demais para ser aceita."
            case TimeoutError():
                return "O provedor não respondeu a tempo."
            case httpcore.ProtocolError():
                return "A resposta do provedor veio incompleta ou malformada."
    return "A conexão caiu antes da resposta do provedor."
