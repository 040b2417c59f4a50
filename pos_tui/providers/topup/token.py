"""An OAuth token by client credentials: fetched when needed, kept until a minute before its end."""

import threading
import time
from collections.abc import Callable
from urllib.parse import urlencode

from pos_tui.domain.outcome import NotSent, RefusalClass, Refused, Uncertain
from pos_tui.domain.text import clean
from pos_tui.providers.http import Exchange, Response
from pos_tui.providers.safe_json import json_text, parse_json

EARLY = 60.0
"""Seconds before its end from which a token is no longer used."""


class Token:
    """The one thing an adapter remembers. Safe to use from several threads."""

    def __init__(
        self,
        exchange: Exchange,
        path: str,
        client_id: str,
        secret: Callable[[], str],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._exchange = exchange
        self._path = path
        self._client_id = client_id
        self._secret = secret
        self._now = now
        self._lock = threading.Lock()
        self._value = ""
        self._ends = 0.0

    def get(self) -> str | Refused | NotSent:
        """Return a token. What fails here fails before the request itself: nothing of it has left."""
        with self._lock:
            if self._value and self._now() < self._ends:
                return self._value
            return self._fetch()

    def forget(self, value: str) -> None:
        """Drop a token that was not accepted."""
        with self._lock:
            if self._value == value:
                self._value = ""

    def _fetch(self) -> str | Refused | NotSent:
        form = {
            "client_id": self._client_id,
            "client_secret": self._secret(),
            "grant_type": "client_credentials",
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        ending = self._exchange.send("POST", self._path, headers=headers, body=urlencode(form).encode())
        match ending:
            case NotSent():
                return ending
            case Uncertain(why):
                return NotSent(f"O provedor não liberou a entrada. {why} Nada foi enviado.")
        return self._read(ending)

    def _read(self, response: Response) -> str | Refused | NotSent:
        said = parse_json(response.body)
        value, life = json_text(said, "access_token"), json_text(said, "expires_in")
        # What is not visible ASCII cannot stand in a header.
        if response.status == 200 and value.isascii() and value.isprintable() and value:
            seconds = float(life) if life.isdecimal() and len(life) < 8 else 0.0
            self._value, self._ends = value, self._now() + max(0.0, seconds - EARLY)
            return value
        if response.status in (400, 401, 403):
            words = clean(json_text(said, "message") or json_text(said, "error"), 200)
            text = f"O provedor não aceitou as credenciais da loja. {words}".strip()
            return Refused(RefusalClass.STORE_ACCOUNT, str(response.status), text)
        return NotSent("O provedor não liberou a entrada agora. Tente de novo. Nada foi enviado.")
