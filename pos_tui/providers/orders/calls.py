"""One call to a shop's API: JSON, a pass in a header, and what its status code proves."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pos_tui.domain.outcome import NotSent, RefusalClass, Refused, Uncertain
from pos_tui.domain.text import clean
from pos_tui.providers.http import Exchange, Limits, Response
from pos_tui.providers.safe_json import Json, json_text, parse_json

LONGEST_WAIT = 600
"""Seconds; a longer Retry-After is taken as this."""
NOT_UNDERSTOOD = Uncertain("A resposta da loja virtual não pôde ser entendida. Atualize com F5.")
_FAILED = Uncertain("A loja virtual falhou antes de dizer o resultado. Atualize com F5 antes de repetir.")

Answer = Json | Refused | NotSent | Uncertain
Failure = Refused | NotSent | Uncertain


class Calls:
    """Speaks with one shop. `authorization` gives the header's value, asked for at each call."""

    def __init__(self, url: str, authorization: Callable[[], str], limits: Limits | None = None) -> None:
        self._exchange = Exchange(url, limits)
        self._authorization = authorization

    def __repr__(self) -> str:
        return f"Calls({self._exchange!r})"

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """Ask a question."""
        return self._call("GET", path, query, None)

    def send(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Answer:
        """Ask for an effect."""
        return self._call(method, path, None, body)

    def close(self) -> None:
        """Send nothing more."""
        self._exchange.close()

    def _call(
        self, method: str, path: str, query: Mapping[str, str] | None, body: Mapping[str, object] | None
    ) -> Answer:
        headers = {"Authorization": self._authorization(), "Accept": "application/json"}
        content = b""
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body, ensure_ascii=False).encode()
        ending = self._exchange.send(method, path, query=query, headers=headers, body=content)
        return _read(ending) if isinstance(ending, Response) else ending


def _read(response: Response) -> Answer:
    if response.status >= 500:
        return _FAILED
    said = parse_json(response.body) if response.body.strip() else {}
    if response.status in (200, 201, 202, 204):
        return NOT_UNDERSTOOD if said is None else said
    return _refusal(response, said)


def _refusal(response: Response, said: Json | None) -> Refused | Uncertain:
    code, told = str(response.status), clean(json_text(said, "message"), 200)
    match response.status:
        case 401 | 403:
            text = (
                "A loja virtual não aceita mais o token deste caixa. Gere outro no painel e chame o gerente."
            )
            return Refused(RefusalClass.STORE_ACCOUNT, code, text)
        case 404:
            return Refused(RefusalClass.NOT_FOUND, code, told or "A loja virtual não conhece este pedido.")
        case 429:
            seconds = _seconds(response.headers.get("retry-after", ""))
            text = f"A loja virtual pede para esperar {seconds} segundos. Nada mudou: tente de novo depois."
            return Refused(RefusalClass.TRANSIENT, retry_code(seconds), text)
        case status if 400 <= status < 500 and said is not None:
            return Refused(RefusalClass.STATE, code, told or "A loja virtual recusou, sem dizer por quê.")
        case status:
            # Nothing of the API answers so: a portal or proxy did, and that proves nothing.
            return Uncertain(
                f"A loja virtual respondeu de um modo inesperado (código {status}).", str(status)
            )


def _seconds(header: str) -> int:
    """Read Retry-After: seconds, or a date of HTTP."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:6]), LONGEST_WAIT)
    try:
        wait = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return 30
    return max(1, min(int(wait), LONGEST_WAIT))


def retry_code(seconds: int) -> str:
    """Return the code of a refusal that passes by itself; `retry_seconds` reads it."""
    return f"retry-after {seconds}"


def retry_seconds(refused: Refused) -> int:
    """Return how long a refusal wants one to wait; 0 when it is not of that kind."""
    kind, _, seconds = refused.code.partition(" ")
    return int(seconds) if kind == "retry-after" else 0
