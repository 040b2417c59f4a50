"""The pass that a PSP hands out for our credentials (OAuth2, client credentials)."""

import base64
import threading
import time
from collections.abc import Callable
from urllib.parse import urlencode

from pos_tui.domain.outcome import NotSent, RefusalClass, Refused, Uncertain
from pos_tui.providers.http import Exchange, Limits, Response, Trust
from pos_tui.providers.pix.charge import Malformed, read_json

SCOPES = "cob.write cob.read pix.write pix.read"
_MARGIN = 30.0
"""Seconds before its end at which a token is no longer used."""
_NO_TOKEN = NotSent("O banco não autorizou a conexão agora. Tente de novo em instantes.")


class Token:
    """Asks for a token when there is none in force. Thread-safe; the token is nowhere but in memory."""

    def __init__(
        self, url: str, client: str, secret: Callable[[], str], limits: Limits | None, trust: Trust | None
    ) -> None:
        self._exchange = Exchange(url, limits, trust)
        self._client = client
        self._secret = secret
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0

    def get(self) -> str | NotSent | Refused:
        """Return a token in force, or why there is none. Nothing about money was sent either way."""
        with self._lock:
            if self._token and time.monotonic() < self._until:
                return self._token
            return self._ask()

    def forget(self, token: str) -> None:
        """Drop a token that the PSP no longer takes."""
        with self._lock:
            if self._token == token:
                self._token = ""

    def close(self) -> None:
        """Send nothing more."""
        self._exchange.close()

    def _ask(self) -> str | NotSent | Refused:
        credentials = f"{self._client}:{self._secret()}".encode()
        headers = {
            "Authorization": f"Basic {base64.b64encode(credentials).decode('ascii')}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode({"grant_type": "client_credentials", "scope": SCOPES}).encode("ascii")
        ending = self._exchange.send("POST", headers=headers, body=body)
        match ending:
            case NotSent():
                return ending
            case Uncertain():
                return _NO_TOKEN
            case Response(status=400 | 401 | 403):
                text = "O banco recusou as credenciais do Pix. Chame o gerente."
                return Refused(RefusalClass.STORE_ACCOUNT, str(ending.status), text)
        return self._keep(ending)

    def _keep(self, response: Response) -> str | NotSent:
        try:
            answer = read_json(response.body)
        except Malformed:
            return _NO_TOKEN
        token, seconds = answer.get("access_token"), answer.get("expires_in", 300)
        usable = isinstance(token, str) and token.isascii() and token.isprintable() and token
        if response.status != 200 or not usable or not isinstance(seconds, int):
            return _NO_TOKEN
        self._token, self._until = str(token), time.monotonic() + seconds - _MARGIN
        return self._token
