"""RBX on the wire: two addresses, two shapes of answer, and the only filters that ever leave."""

import json
import re
from collections.abc import Callable, Mapping

from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.text import clean, fold
from pos_tui.providers.http import Exchange, Limits, Response
from pos_tui.providers.safe_json import Json, JsonObject, parse_json
from pos_tui.providers.subscribers.reading import pick, rows_of

V1 = "/routerbox/ws/rbx_server_json.php"
V2 = "/routerbox/ws_json/ws_json.php"
NOT_UNDERSTOOD = Uncertain("A resposta do RBX não pôde ser entendida.")
NO_NUMBER = Refused(RefusalClass.INTERNAL, "", "O código deste cadastro não é um número, como o RBX pede.")
_NUMBER = re.compile(r"[1-9][0-9]{0,9}")
_EMPTY = "nao retornou resultados"
_REASONS = {
    "97": RefusalClass.STORE_ACCOUNT,
    "10": RefusalClass.STATE,
    "21": RefusalClass.STATE,
}
"""97 wrong key; 10 wrong login or plan not blocked; 21 payment already informed."""


def number(text: str) -> int | None:
    """Return a code of RBX's as the whole number it must be, or None."""
    return int(text) if _NUMBER.fullmatch(text) else None


def of_customer(where: str, key: int) -> str:
    """Build a `Filtro`: the only thing that goes into one is a whole number.

    Raises:
        TypeError: it is no whole number.
    """
    if type(key) is not int:
        raise TypeError("a filter of RBX's takes whole numbers only")
    return where.format(key)


class RbxWire:
    """One ERP. Thread-safe; keeps nothing but where it is."""

    def __init__(self, url: str, key: Callable[[], str], limits: Limits | None) -> None:
        self._exchange = Exchange(url, limits)
        self._key = key

    def __repr__(self) -> str:
        return f"RbxWire({self._exchange!r})"

    def v1(self, service: str, where: str) -> Outcome[list[JsonObject]]:
        """Ask a question of version 1; "no results" is an empty list."""
        body = {service: {"Autenticacao": {"ChaveIntegracao": self._key()}, "Filtro": where}}
        answer = self._post(V1, body, {})
        if not isinstance(answer, dict):
            return answer
        if pick(answer, "status") == "1":
            return Done(rows_of(answer.get("result")))
        code, text = pick(answer, "erro_code"), pick(answer, "erro_desc", "erro_inf", "erro_detail")
        if code == "1" or _EMPTY in fold(text):
            return Done([])
        return _refused(answer, code, text)

    def v2(self, service: str, asked: Mapping[str, object], effect: bool = False) -> Outcome[Json]:
        """Call a service of version 2; return its `result`."""
        answer = self._post(V2, {service: asked}, {"authentication_key": self._key()})
        if not isinstance(answer, dict):
            return answer
        if pick(answer, "status") == "1":
            return Done(answer.get("result"))
        code, text = pick(answer, "error_code"), pick(answer, "error_description")
        if not effect and _EMPTY in fold(text):
            return Done([])
        return _refused(answer, code, text)

    def close(self) -> None:
        """Let connections go."""
        self._exchange.close()

    def _post(self, path: str, body: object, headers: dict[str, str]) -> JsonObject | NotSent | Uncertain:
        content = json.dumps(body, ensure_ascii=False).encode()
        head = {"Content-Type": "application/json; charset=utf-8", **headers}
        answer = self._exchange.send("POST", path, headers=head, body=content)
        if not isinstance(answer, Response):
            return answer
        if answer.status != 200:
            return Uncertain(f"O servidor do RBX respondeu {answer.status}.", str(answer.status))
        said = parse_json(answer.body)
        return said if isinstance(said, dict) and "status" in said else NOT_UNDERSTOOD


def _refused(answer: JsonObject, code: str, text: str) -> Refused | Uncertain:
    """Only a `status` 0 with a code or words is a no."""
    if pick(answer, "status") != "0" or not (code or text):
        return NOT_UNDERSTOOD
    reason = _REASONS.get(code, RefusalClass.UNKNOWN)
    return Refused(reason, clean(code, 40), clean(text, 200) or f"O RBX recusou com o código {code}.")


def rows_in(answer: Outcome[Json]) -> Outcome[list[JsonObject]]:
    """Return the rows of a result that is a list, or nothing at all."""
    if not isinstance(answer, Done):
        return answer
    result = answer.answer
    if result in (None, "", {}):
        return Done([])
    if isinstance(result, dict):
        return Done([result])
    return Done(rows_of(result)) if isinstance(result, list) else NOT_UNDERSTOOD
