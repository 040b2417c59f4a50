"""One request, one answer: the only way an adapter speaks HTTP.

Every exchange opens its own connection and ends within one total deadline, whatever the other side
does. Its three endings say what is proved: an answer came whole, nothing of the request left, or
nobody knows. An idle connection is never reused, because a server that had closed it meanwhile would
turn a request that never arrived into an uncertain one.
"""

import ipaddress
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from msgspec import Struct

from pos_tui.domain.errors import ConfigError
from pos_tui.domain.outcome import NotSent, Uncertain

if TYPE_CHECKING:
    import ssl

DEADLINE = 60.0
"""Seconds for a whole exchange, name look-up to last byte (facts/topup.md §14.4)."""
CONNECT = 10.0
"""Seconds of the deadline that reaching the host may take."""
MAX_BODY = 2 * 1024 * 1024
"""Bytes of an answer; the longest known one, a list of products, has 420 kB."""


class Response(Struct, frozen=True):
    """A whole answer. Header names are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str]


Ending: TypeAlias = Response | NotSent | Uncertain


class Limits(Struct, frozen=True):
    """How long an exchange may take, in seconds, and how much it may bring, in bytes."""

    deadline: float = DEADLINE
    connect: float = CONNECT
    max_body: int = MAX_BODY


class Trust(Struct, frozen=True):
    """Whom TLS believes: the public authorities, or only `ca`; and our own certificate where one is asked."""

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


class Exchange:
    """Speaks with one host. Safe to use from several threads at once.

    Raises:
        ConfigError: at construction, when the address is not https (or http on loopback).
    """

    def __init__(self, url: str, limits: Limits | None = None, trust: Trust | None = None) -> None:
        self._url = _checked(url)
        self._limits = limits or Limits()
        self._trust = trust or Trust()
        self._lock = threading.Lock()
        self._context: ssl.SSLContext | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"Exchange({self._url!r})"

    def send(
        self,
        method: str,
        path: str = "",
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Ending:
        """Send one request and wait for its answer. Never raises, follows no redirect, keeps no cookie."""
        if self._closed:
            return NotSent("A conexão com o provedor já foi encerrada. Abra o programa de novo.")
        # Imported here: httpcore costs as much as the whole first screen.
        from pos_tui.providers import wire

        request = wire.Request(method, self._url + path, dict(query or {}), dict(headers or {}), body)
        try:
            context = self._tls()
        except ConfigError as error:
            return NotSent(error.message)
        return wire.exchange(request, self._limits, context)

    def close(self) -> None:
        """Send nothing from now on; what is on its way ends by its own deadline."""
        self._closed = True

    def _tls(self) -> "ssl.SSLContext | None":
        if not self._url.startswith("https:"):
            return None
        from pos_tui.providers import wire

        with self._lock:
            if self._context is None:
                self._context = wire.tls_context(self._trust)
            return self._context


def _checked(url: str) -> str:
    """Return the address without a trailing slash, or raise ConfigError when it may not be used."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or port == 0 or parts.scheme not in ("http", "https"):
        raise ConfigError(f"O endereço {url!r} não é válido. Escreva como https://servidor.exemplo.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigError(f"O endereço de {host} não pode levar senha nem parâmetros. Deixe só o endereço.")
    if parts.scheme == "http" and not is_loopback(host):
        raise ConfigError(f"O endereço de {host} usa http, sem proteção. Troque por https.")
    return parts.geturl().rstrip("/")


def is_loopback(host: str) -> bool:
    """Tell whether a host is this very machine by its own word, without asking a name server."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
