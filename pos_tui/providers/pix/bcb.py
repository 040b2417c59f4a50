"""The Central Bank's Pix API 2, as every PSP offers it (facts/payments.md §3.1, bacen/pix-api 2.9.0).

The till makes the txid and the refund's identifier, so sending a request again never charges or gives back
twice. A 400 to a charge may mean that it is already paid: only a named field of ours makes it a plain no.
"""

import json
import re
from collections.abc import Callable

from msgspec import Struct

from pos_tui.domain.errors import FieldError
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.payment import PaymentWord
from pos_tui.domain.pix import PixKey, check_api_txid
from pos_tui.domain.text import clean
from pos_tui.providers.amounts import reais
from pos_tui.providers.http import Ending, Exchange, Limits, Response, Trust
from pos_tui.providers.pix.charge import (
    Charge,
    Json,
    Malformed,
    Merchant,
    Refund,
    read_charge,
    read_json,
    read_refund,
)
from pos_tui.providers.pix.token import Token

EXPIRES_IN = 600
"""Seconds a customer at a counter has to pay."""
_REMOVED = "REMOVIDA_PELO_USUARIO_RECEBEDOR"
_IDENTIFIER = re.compile(r"[A-Za-z0-9]{1,35}")
_END_TO_END = re.compile(r"E[A-Za-z0-9]{31}")
_MAX_TEXT = 140
_OUR_FIELDS = ("calendario", "valor", "chave", "devedor", "solicitacaoPagador", "infoAdicionais", "descricao")

Answer = Json | Refused | NotSent | Uncertain


class ChargeRequest(Struct, frozen=True):
    """A charge to be made. `txid` names it for its whole life: `domain.pix.api_txid` of the payment's key."""

    txid: str
    amount: int
    """Centavos, above zero."""
    expires_in: int = EXPIRES_IN
    """Seconds."""
    message: str = ""
    """Shown to the payer."""


class BcbPix:
    """A PSP. `url` is its base address, before `/cob`; `secret` is asked for at each new token."""

    name = "bcb"

    def __init__(
        self,
        url: str,
        token_url: str,
        client: str,
        secret: Callable[[], str],
        key: PixKey,
        merchant: Merchant,
        *,
        limits: Limits | None = None,
        trust: Trust | None = None,
    ) -> None:
        self._exchange = Exchange(url, limits, trust)
        self._token = Token(token_url, client, secret, limits, trust)
        self._key = key
        self._merchant = merchant

    def __repr__(self) -> str:
        return f"BcbPix({self._exchange!r})"

    def create(self, request: ChargeRequest) -> Outcome[Charge]:
        """Make the charge, or find it made: the same txid may be sent again while nobody has paid it."""
        if not _valid_txid(request.txid) or request.amount <= 0:
            return Refused(RefusalClass.INTERNAL, "", "A cobrança Pix está sem identificação ou sem valor.")
        body: dict[str, object] = {
            "calendario": {"expiracao": request.expires_in},
            "valor": {"original": reais(request.amount)},
            "chave": self._key.value,
        }
        if request.message:
            body["solicitacaoPagador"] = clean(request.message, _MAX_TEXT)
        answer = self._effect("PUT", f"/cob/{request.txid}", body)
        return self._charge(answer, request.txid, request.amount)

    def find(self, txid: str, amount: int) -> Outcome[Charge]:
        """Ask what became of a charge of this amount. ABSENT when the PSP does not know it."""
        if not _valid_txid(txid):
            return Refused(RefusalClass.INTERNAL, "", "A cobrança Pix está sem identificação.")
        answer = self._call("GET", f"/cob/{txid}")
        if isinstance(answer, Refused) and answer.reason is RefusalClass.NOT_FOUND:
            return Done(Charge(txid, PaymentWord.ABSENT))
        return self._charge(answer, txid, amount)

    def remove(self, txid: str, amount: int) -> Outcome[Charge]:
        """Give a charge up. It may lose the race with the customer: Refused STATE says to ask again."""
        if not _valid_txid(txid):
            return Refused(RefusalClass.INTERNAL, "", "A cobrança Pix está sem identificação.")
        return self._charge(self._effect("PATCH", f"/cob/{txid}", {"status": _REMOVED}), txid, amount)

    def refund(self, end_to_end: str, identifier: str, amount: int, reason: str = "") -> Outcome[Refund]:
        """Give money back. The same identifier may be sent again; CONFIRMED means not settled yet."""
        path = _refund_path(end_to_end, identifier)
        if path is None or amount <= 0:
            return Refused(RefusalClass.INTERNAL, "", "A devolução está sem identificação ou sem valor.")
        body: dict[str, object] = {"valor": reais(amount)}
        if reason:
            body["descricao"] = clean(reason, _MAX_TEXT)
        return _refund(self._effect("PUT", path, body), identifier, amount)

    def find_refund(self, end_to_end: str, identifier: str, amount: int) -> Outcome[Refund]:
        """Ask what became of a refund. Refused NOT_FOUND when the PSP does not know it."""
        path = _refund_path(end_to_end, identifier)
        if path is None:
            return Refused(RefusalClass.INTERNAL, "", "A devolução está sem identificação.")
        return _refund(self._call("GET", path), identifier, amount)

    def close(self) -> None:
        """Send nothing more."""
        self._exchange.close()
        self._token.close()

    def _charge(self, answer: Answer, txid: str, amount: int) -> Outcome[Charge]:
        if isinstance(answer, Refused | NotSent | Uncertain):
            return answer
        try:
            return Done(read_charge(answer, txid, amount, self._merchant))
        except Malformed as error:
            return Uncertain(str(error))

    def _effect(self, method: str, path: str, body: dict[str, object]) -> Answer:
        return self._call(method, path, json.dumps(body, ensure_ascii=False).encode())

    def _call(self, method: str, path: str, body: bytes = b"") -> Answer:
        ending = self._send(method, path, body)
        # A 401 proves that nothing was done: the token went stale before its time. A new one is asked once.
        if isinstance(ending, Response) and ending.status == 401:
            ending = self._send(method, path, body)
        return _read(ending) if isinstance(ending, Response) else ending

    def _send(self, method: str, path: str, body: bytes) -> Ending | Refused:
        token = self._token.get()
        if not isinstance(token, str):
            return token
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        if body:
            headers["Content-Type"] = "application/json"
        ending = self._exchange.send(method, path, headers=headers, body=body)
        if isinstance(ending, Response) and ending.status == 401:
            self._token.forget(token)
        return ending


def _valid_txid(txid: str) -> bool:
    try:
        return check_api_txid(txid) == txid
    except FieldError:
        return False


def _refund_path(end_to_end: str, identifier: str) -> str | None:
    if not _END_TO_END.fullmatch(end_to_end) or not _IDENTIFIER.fullmatch(identifier):
        return None
    return f"/pix/{end_to_end}/devolucao/{identifier}"


def _refund(answer: Answer, identifier: str, amount: int) -> Outcome[Refund]:
    if isinstance(answer, Refused | NotSent | Uncertain):
        return answer
    try:
        return Done(read_refund(answer, identifier, amount))
    except Malformed as error:
        return Uncertain(str(error))


def _read(response: Response) -> Answer:
    if response.status >= 500:
        return Uncertain("O banco falhou antes de dizer o resultado. Consulte com F5.")
    try:
        answer = read_json(response.body)
    except Malformed as error:
        return Uncertain(str(error))
    if response.status in (200, 201):
        return answer
    return _problem(response.status, answer)


def _problem(status: int, problem: Json) -> Refused | Uncertain:
    """Read a problem (RFC 7807). Without its `type` it is not the API that speaks, and proves nothing."""
    kind, title = problem.get("type"), clean(str(problem.get("title", "")), 80)
    if status < 400 or not isinstance(kind, str):
        return Uncertain(f"O banco respondeu de um modo inesperado (código {status}). Consulte com F5.")
    name = clean(kind.rsplit("/", 1)[-1], 60)
    text = clean(str(problem.get("detail") or title), 200)
    match status:
        case 401 | 403:
            reason = RefusalClass.STORE_ACCOUNT
        case 404:
            reason = RefusalClass.NOT_FOUND
        case 429:
            reason = RefusalClass.TRANSIENT
        case 400 | 422 if _names_our_field(problem):
            reason = RefusalClass.DATA
        case _:
            reason = RefusalClass.STATE
    return Refused(reason, name, text)


def _names_our_field(problem: Json) -> bool:
    violations = problem.get("violacoes")
    if not isinstance(violations, list):
        return False
    named = (str(one.get("propriedade", "")) for one in violations if isinstance(one, dict))
    return any(field in name for name in named for field in _OUR_FIELDS)
