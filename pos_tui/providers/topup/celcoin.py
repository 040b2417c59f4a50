"""Celcoin's national top-ups, v5 (facts/topup.md §4).

What to know of it:

* Neither the reserve nor a decision echoes our key, line or value; an answer is ours because it came over
  our own connection, and a decision names both Celcoin's number and ours, which must agree there.
* A decision needs Celcoin's number. Without it nothing is sent: ask for the status first.
* A question by our key needs terminal and day of the reserve; a wrong day makes a top-up look absent.
* "Sucesso" in a status may be said of a reserve as well (its support tells to capture again then), so it
  counts as confirmed only when the list of what waits for confirmation, asked next, does not hold it.
* The reserve brings a finished-looking receipt; it is not passed on, for nothing is credited yet.

Unverified: the meaning of the inner `status` numbers, and how a voided or expired reserve looks (`_UNDONE`).
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.phone import uf_of
from pos_tui.domain.text import clean, fold
from pos_tui.domain.topup import Balance, Offer, RemoteWord, ReserveRequest, Standing
from pos_tui.providers.amounts import nearest_centavos, reais
from pos_tui.providers.base import ReserveRef
from pos_tui.providers.http import Exchange, Limits, Response
from pos_tui.providers.safe_json import JsonObject, json_child, json_list, json_text, parse_json
from pos_tui.providers.topup.celcoin_offers import merge_offers, operators_in, values_in
from pos_tui.providers.topup.codes import CELCOIN
from pos_tui.providers.topup.token import Token
from pos_tui.providers.topup.verdict import (
    NOT_UNDERSTOOD,
    SERVER_FAILED,
    Rejection,
    rejection,
    unknown_word,
    wrong_echo,
)

_KEY = re.compile(r"[1-9][0-9]{0,8}")
_TOPUPS = "/v5/transactions/topups"
_SUCCESS, _ERROR, _PENDING = "0", "1", "4"
_ABSENT = frozenset({"061", "024"})
_UNDONE = {
    "cancelada": RemoteWord.CANCELLED,
    "estornada": RemoteWord.CANCELLED,
    "expirada": RemoteWord.EXPIRED,
}
"""Unverified: a reserve that is over is assumed to have status 1 and one of these in its message."""


class CelcoinProvider:
    """Speaks Celcoin v5. `document` is the store's CPF or CNPJ; `ddds` are the area codes it sells to."""

    name = "celcoin"
    holds_expired = False

    def __init__(
        self,
        url: str,
        client_id: str,
        secret: Callable[[], str],
        *,
        document: str,
        ddds: Sequence[str],
        limits: Limits | None = None,
    ) -> None:
        self._exchange = Exchange(url, limits)
        self._token = Token(self._exchange, "/v5/token", client_id, secret)
        self._document = document
        self._ddds = tuple(ddds)

    def __repr__(self) -> str:
        return f"CelcoinProvider({self._exchange!r})"

    def offers(self) -> Outcome[tuple[Offer, ...]]:
        """Values per area code and operator: one question for each. None fails without failing the whole."""
        found: list[Offer] = []
        for ddd in self._ddds:
            where = {"stateCode": ddd, "type": "2", "category": "1"}
            answer = self._ask("GET", f"{_TOPUPS}/providers", where)
            if not isinstance(answer, dict):
                return _of_question(answer)
            for operator in operators_in(answer):
                which = {"stateCode": ddd, "providerId": operator.code}
                values = self._ask("GET", f"{_TOPUPS}/provider-values", which)
                if not isinstance(values, dict):
                    return _of_question(values)
                found += values_in(values, operator, uf_of(ddd))
        return Done(merge_offers(found))

    def reserve(self, request: ReserveRequest) -> Outcome[Standing]:
        """Reserve under `externalNsu`. Whether a repeated one is refused is not documented: ask first."""
        if not _KEY.fullmatch(request.key) or not request.operator.isdecimal():
            return Refused(RefusalClass.INTERNAL, "", "O código da recarga ou da operadora não é um número.")
        answer = self._ask("POST", _TOPUPS, body=self._reserve_body(request))
        match answer:
            case Rejection():
                return answer.of_effect(CELCOIN)
            case Refused() | NotSent() | Uncertain():
                return answer
        ref = json_text(answer, "transactionId")
        if not ref.isdecimal():
            return NOT_UNDERSTOOD
        nsu = clean(json_text(answer, "NSUnameProvider"), 40)
        return Done(Standing(request.key, RemoteWord.RESERVED, provider_ref=ref, nsu=nsu))

    def _reserve_body(self, request: ReserveRequest) -> dict[str, object]:
        return {
            "externalTerminal": request.terminal,
            "externalNsu": int(request.key),
            # Two decimals survive a float unchanged; json writes 4.99 as 4.99.
            "topupData": {"value": float(reais(request.face))},
            "cpfCnpj": self._document,
            "signerCode": None,
            "providerId": int(request.operator),
            "phone": {
                "stateCode": int(request.line.ddd),
                "countryCode": 55,
                "number": request.line.number,
            },
        }

    def confirm(self, ref: ReserveRef) -> Outcome[Standing]:
        """Capture. Its support tells to repeat it when in doubt, so a second one succeeds too."""
        return self._decide("PUT", "capture", ref, RemoteWord.CONFIRMED)

    def cancel(self, ref: ReserveRef) -> Outcome[Standing]:
        """Void: only a reserve can be."""
        return self._decide("DELETE", "void", ref, RemoteWord.CANCELLED)

    def _decide(self, method: str, verb: str, ref: ReserveRef, word: RemoteWord) -> Outcome[Standing]:
        if not ref.provider_ref or not _KEY.fullmatch(ref.key):
            return NotSent("Falta o número da transação na Celcoin. Consulte com F5. Nada foi enviado.")
        path = f"{_TOPUPS}/{quote(ref.provider_ref, safe='')}/{verb}"
        answer = self._ask(method, path, body={"externalNSU": int(ref.key), "externalTerminal": ref.terminal})
        match answer:
            case Rejection():
                return answer.of_effect(CELCOIN)
            case Refused():
                # The way in was closed: the decision itself never left.
                return NotSent(answer.text)
            case NotSent() | Uncertain():
                return answer
        return Done(Standing(ref.key, word, ref.provider_ref))

    def status(self, ref: ReserveRef) -> Outcome[Standing]:
        """Ask by Celcoin's number where it is known, else by our key, terminal and day."""
        query = {"transactionId": ref.provider_ref}
        if not ref.provider_ref:
            query = {
                "externalNSU": ref.key,
                "externalTerminal": ref.terminal,
                "operationDate": ref.operation_date,
            }
        if not all(query.values()):
            return Refused(RefusalClass.INTERNAL, "", "Faltam o terminal e o dia da recarga para consultar.")
        answer = self._ask("GET", "/v5/transactions/status-consult", query)
        if not isinstance(answer, dict):
            return _of_question(answer)
        return self._read_status(json_child(answer, "transaction"), ref)

    def _read_status(self, said: JsonObject, ref: ReserveRef) -> Outcome[Standing]:
        key, number, status = (json_text(said, name) for name in ("externalNSU", "transactionId", "status"))
        if status == _ERROR and json_text(said, "errorCode") in _ABSENT:
            mine = key in (ref.key, "0", "")
            return Done(Standing(ref.key, RemoteWord.ABSENT)) if mine else wrong_echo("um código de recarga")
        if key != ref.key or (ref.provider_ref and number != ref.provider_ref):
            return wrong_echo("um código de recarga")
        if status == _PENDING:
            return Done(Standing(key, RemoteWord.RESERVED, number))
        if status == _SUCCESS:
            return self._told_apart(key, number)
        if status == _ERROR:
            message = fold(json_text(said, "message"))
            for word, meaning in _UNDONE.items():
                if word in message:
                    return Done(Standing(key, meaning, number))
        return unknown_word(f"{status} {json_text(said, 'message')}")

    def _told_apart(self, key: str, number: str) -> Outcome[Standing]:
        """Tell a captured transaction from one that still waits: the second is in the list of pendings."""
        waiting = self.pendings()
        if not isinstance(waiting, Done):
            return waiting
        waits = any(row.key == key or row.provider_ref == number for row in waiting.answer)
        return Done(Standing(key, RemoteWord.RESERVED if waits else RemoteWord.CONFIRMED, number))

    def pendings(self) -> Outcome[tuple[Standing, ...]]:
        """What was carried out and not confirmed."""
        answer = self._ask("GET", "/v5/transactions/pendency")
        if not isinstance(answer, dict):
            return _of_question(answer)
        listed = json_list(json_child(answer, "pendings"), "transactions")
        if listed is None:
            return NOT_UNDERSTOOD
        rows = tuple(
            Standing(json_text(entry, "externalNSU"), RemoteWord.RESERVED, json_text(entry, "transactionId"))
            for entry in listed
        )
        return Done(rows) if all(row.key and row.provider_ref for row in rows) else NOT_UNDERSTOOD

    def balance(self) -> Outcome[Balance]:
        """The store's credit; `credit` is read as the limit."""
        answer = self._ask("GET", "/v5/merchant/balance")
        if not isinstance(answer, dict):
            return _of_question(answer)
        try:
            limit = nearest_centavos(json_text(answer, "credit"))
            return Done(Balance(limit, nearest_centavos(json_text(answer, "balance"))))
        except ValueError:
            return NOT_UNDERSTOOD

    def close(self) -> None:
        """Send nothing more."""
        self._exchange.close()

    def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> "JsonObject | Rejection | Refused | NotSent | Uncertain":
        token = self._token.get()
        if not isinstance(token, str):
            return token
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        content = b"" if body is None else json.dumps(body).encode()
        ending = self._exchange.send(method, path, query=query, headers=headers, body=content)
        if not isinstance(ending, Response):
            return ending
        if ending.status == 401:
            self._token.forget(token)
        return _read(ending, strict=method != "GET")


def _read(response: Response, *, strict: bool) -> "JsonObject | Rejection | Uncertain":
    """Tell success from error by the envelope; some answers to questions come without one."""
    if response.status >= 500:
        return SERVER_FAILED
    said = parse_json(response.body)
    if not isinstance(said, dict):
        return NOT_UNDERSTOOD
    code, status = json_text(said, "errorCode"), json_text(said, "status")
    if code not in ("", "000"):
        return rejection(code, json_text(said, "message"))
    if response.status not in (200, 201, 202) or (strict and not code):
        return NOT_UNDERSTOOD
    return said if status in ("", _SUCCESS) and (status or not strict) else unknown_word(status)


def _of_question(answer: "Rejection | Refused | NotSent | Uncertain") -> "Refused | NotSent | Uncertain":
    return answer.of_question(CELCOIN) if isinstance(answer, Rejection) else answer
