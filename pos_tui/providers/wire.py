"""What `http.Exchange` does on the wire; imported at the first request, for httpcore is slow to import.

It is httpx's engine. What httpx adds, from cookies to redirects, is what a till must not have, and 2.4 MB.
Its time-outs count silence, so a server that drips one byte a second holds a request for ever. The network
backend here gives every look-up, connect, handshake, read and write only what is left of one deadline, and
notes the instant the first byte of the request may have left.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import httpcore
from msgspec import Struct

from pos_tui.domain.errors import ConfigError
from pos_tui.domain.outcome import NotSent, Uncertain
from pos_tui.providers.http import Ending, Limits, Response, Trust

_CHUNK = 16 * 1024
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
"""Methods that say the length of their body even where it is empty."""
_PATH: Final = "/%:@!$&'()*+,;=~"
"""What stands in a path as it is (RFC 3986 §3.3); what is quoted already stays so."""


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
    backend = _Backend(wire)
    try:
        # One connection for one request.
        with httpcore.ConnectionPool(context, max_keepalive_connections=0, network_backend=backend) as pool:
            return _talk(pool, request, limits.max_body)
    except Exception as error:
        if wire.sent:
            return Uncertain(_why_uncertain(error))
        return NotSent(_why_not_sent(error, urlsplit(request.url).hostname or ""))


def _talk(pool: httpcore.ConnectionPool, request: Request, max_body: int) -> Response:
    body = bytearray()
    address = _address(request)
    content = request.body if request.body or request.method in _WITH_BODY else None
    headers = _headers(request, address)
    with pool.stream(request.method, address, headers=headers, content=content) as answer:
        for chunk in answer.iter_stream():
            body += chunk
            if len(body) > max_body:
                raise _TooLong
        return Response(answer.status, bytes(body), _told(answer.headers))


def _address(request: Request) -> httpcore.URL:
    parts = urlsplit(request.url)
    target = quote(parts.path or "/", safe=_PATH) + ("?" + urlencode(request.query) if request.query else "")
    host = (parts.hostname or "").encode("idna")
    return httpcore.URL(scheme=parts.scheme.encode(), host=host, port=parts.port, target=target.encode())


def _headers(request: Request, address: httpcore.URL) -> list[tuple[bytes, bytes]]:
    host = address.host.decode()
    place = f"[{host}]" if ":" in host else host
    ours = {
        "Host": f"{place}:{address.port}" if address.port else place,
        "Accept": "*/*",
        "Accept-Encoding": "identity",  # what is compressed could grow past any limit once opened
        "Connection": "close",
        "User-Agent": "pos-tui",
    }
    return [(name.encode("ascii"), value.encode("ascii")) for name, value in (ours | request.headers).items()]


def _told(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers of an answer; what comes several times is one, as RFC 9110 §5.3 has it."""
    found: dict[str, str] = {}
    for name, value in headers:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


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
