"""DT One's DVS v1 (facts/topup.md §8): reserve without `auto_confirm`, then confirm or cancel.

The class of a status decides, never its words. CONFIRMED only means instructed: the line has its credit
at COMPLETED, and may still be DECLINED. A reserve that outlived `confirmation_expiration_date` stays
CREATED and holds the store's balance until it is cancelled, so it is told as reserved, with that date.

A decision needs DT One's number. Without it nothing is sent: ask for the status first.

Unverified: which fields a transaction repeats of its request. Those that are there must agree with it.
The number of the status for a list of reserves (10000) is unverified too.
"""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.text import clean, digits
from pos_tui.domain.topup import Balance, Offer, RemoteWord, ReserveRequest, Standing
from pos_tui.domain.values import replace
from pos_tui.providers.amounts import nearest_centavos, reais
from pos_tui.providers.base import ReserveRef
from pos_tui.providers.http import Exchange, Limits, Response
from pos_tui.providers.safe_json import Json, json_child, json_list, json_text, parse_json
from pos_tui.providers.topup.codes import DTONE, DTONE_REASONS
from pos_tui.providers.topup.dtone_offers import BRL, brl, offers_in
from pos_tui.providers.topup.verdict import (
    NOT_UNDERSTOOD,
    SERVER_FAILED,
    Rejection,
    rejection,
    unknown_word,
    wrong_echo,
)

MAX_KEY = 40
"""Characters of an `external_id`."""
_PER_PAGE = "100"
_MAX_PAGES = 50
_COUNTRY = "55"
_CREATED = "10000"

_CLASSES = {
    "1": RemoteWord.RESERVED,
    "2": RemoteWord.PROCESSING,
    "3": RemoteWord.REFUSED,
    "4": RemoteWord.CANCELLED,
    "5": RemoteWord.PROCESSING,
    "7": RemoteWord.CONFIRMED,
    "8": RemoteWord.REVERSED,
    "9": RemoteWord.REFUSED,
}
"""CREATED, CONFIRMED, REJECTED, CANCELLED, SUBMITTED, COMPLETED, REVERSED, DECLINED."""


class DtOneProvider:
    """Speaks DVS v1. `url` ends in `/v1`; `secret` is asked for at each call."""

    name = "dtone"
    holds_expired = True

    def __init__(
        self,
        url: str,
        key: str,
        secret: Callable[[], str],
        *,
        limits: Limits | None = None,
    ) -> None:
        self._exchange = Exchange(url, limits)
        self._key = key
        self._secret = secret

    def __repr__(self) -> str:
        return f"DtOneProvider({self._exchange!r})"

    def offers(self) -> Outcome[tuple[Offer, ...]]:
        """Brazilian products with a value in reais."""
        listed = self._pages("/products", {"country_iso_code": "BRA"})
        return Done(offers_in(listed)) if isinstance(listed, list) else _of_question(listed)

    def reserve(self, request: ReserveRequest) -> Outcome[Standing]:
        """Create under `external_id`; one that is known already is refused (1007001)."""
        if not 0 < len(request.key) <= MAX_KEY or not request.product.isdecimal():
            return Refused(RefusalClass.INTERNAL, "", "O código da recarga ou do produto não serve à DT One.")
        body: dict[str, object] = {
            "external_id": request.key,
            "product_id": int(request.product),
            "auto_confirm": False,
            "credit_party_identifier": {"mobile_number": f"+{_COUNTRY}{request.line.digits}"},
        }
        if request.variable:
            amount = float(reais(request.face))
            body["calculation_mode"] = "DESTINATION_AMOUNT"
            body["destination"] = {"unit_type": "CURRENCY", "unit": BRL, "amount": amount}
        answer = self._ask("POST", "/async/transactions", body=body)
        match answer:
            case Rejection():
                return answer.of_effect(DTONE)
            case NotSent() | Uncertain():
                return answer
        return _reserved(answer, request)

    def confirm(self, ref: ReserveRef) -> Outcome[Standing]:
        """Instruct. "Already confirmed" (1007002) is what was asked for, and as little final."""
        return self._decide(
            ref, f"/async/transactions/{_number(ref)}/confirm", "1007002", RemoteWord.PROCESSING
        )

    def cancel(self, ref: ReserveRef) -> Outcome[Standing]:
        """Let a CREATED transaction go. "Already cancelled" (1007005) is what was asked for."""
        return self._decide(ref, f"/transactions/{_number(ref)}/cancel", "1007005", RemoteWord.CANCELLED)

    def _decide(self, ref: ReserveRef, path: str, already: str, word: RemoteWord) -> Outcome[Standing]:
        if not ref.provider_ref:
            return NotSent("Falta o número da transação na DT One. Consulte com F5. Nada foi enviado.")
        answer = self._ask("POST", path)
        match answer:
            case Rejection(code=code) if code == already:
                return Done(Standing(ref.key, word, ref.provider_ref))
            case Rejection():
                return answer.of_effect(DTONE)
            case NotSent() | Uncertain():
                return answer
        outcome = _told(answer, ref)
        if isinstance(outcome, Done) and outcome.answer.word is RemoteWord.RESERVED:
            return unknown_word("CREATED")
        return outcome

    def status(self, ref: ReserveRef) -> Outcome[Standing]:
        """Ask by DT One's number where it is known, else by our key."""
        if ref.provider_ref:
            answer = self._ask("GET", f"/transactions/{_number(ref)}")
        else:
            answer = self._ask("GET", "/transactions", {"external_id": ref.key})
        match answer:
            case Rejection(code="1008004"):
                return Done(Standing(ref.key, RemoteWord.ABSENT, ref.provider_ref))
            case Rejection():
                return answer.of_question(DTONE)
            case NotSent() | Uncertain():
                return answer
            case []:
                return Done(Standing(ref.key, RemoteWord.ABSENT))
            case [only]:
                return _told(only, ref)
        return _told(answer, ref)

    def pendings(self) -> Outcome[tuple[Standing, ...]]:
        """Every transaction that is CREATED."""
        listed = self._pages("/transactions", {"status_id": _CREATED})
        if not isinstance(listed, list):
            return _of_question(listed)
        rows = tuple(_standing(entry, RemoteWord.RESERVED) for entry in listed)
        created = all(_class_of(entry) == "1" for entry in listed)
        return Done(rows) if created and all(row.key for row in rows) else NOT_UNDERSTOOD

    def balance(self) -> Outcome[Balance]:
        """The account's balance, when it is kept in reais."""
        answer = self._ask("GET", "/balances")
        match answer:
            case Rejection():
                return answer.of_question(DTONE)
            case NotSent() | Uncertain():
                return answer
            case [dict() as only]:
                answer = only
        if json_text(answer, "unit") not in ("", BRL):
            return Uncertain(f"O saldo está em {clean(json_text(answer, 'unit'), 10)}, não em reais.")
        try:
            limit = nearest_centavos(json_text(answer, "credit_limit"))
            return Done(Balance(limit, nearest_centavos(json_text(answer, "available"))))
        except ValueError:
            return NOT_UNDERSTOOD

    def close(self) -> None:
        """Send nothing more."""
        self._exchange.close()

    def _pages(self, path: str, query: Mapping[str, str]) -> "list[Json] | Rejection | NotSent | Uncertain":
        """Every entry of a list that comes in pages."""
        entries: list[Json] = []
        for page in range(1, _MAX_PAGES + 1):
            ending = self._send("GET", path, {**query, "page": str(page), "per_page": _PER_PAGE})
            if not isinstance(ending, Response):
                return ending
            answer = _read(ending)
            if isinstance(answer, Rejection | Uncertain):
                return answer
            if not isinstance(answer, list):
                return NOT_UNDERSTOOD
            entries += answer
            total = ending.headers.get("x-total-pages", "1")
            if not total.isdecimal() or page >= int(total):
                return entries
        return Uncertain("A lista do provedor é longa demais para ser lida inteira.")

    def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> "Json | Rejection | NotSent | Uncertain":
        ending = self._send(method, path, query, body)
        return _read(ending) if isinstance(ending, Response) else ending

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> "Response | NotSent | Uncertain":
        pair = base64.b64encode(f"{self._key}:{self._secret()}".encode()).decode("ascii")
        headers = {"Authorization": f"Basic {pair}", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        content = b"" if body is None else json.dumps(body).encode()
        return self._exchange.send(method, path, query=query, headers=headers, body=content)


def _read(response: Response) -> "Json | Rejection | Uncertain":
    """Tell success from error by the body; the HTTP status only ever takes trust away."""
    if response.status >= 500:
        return SERVER_FAILED
    said = parse_json(response.body)
    errors = json_list(said, "errors")
    if errors is not None:
        code = json_text(errors[0], "code") if len(errors) == 1 else ""
        return rejection(code, json_text(errors[0], "message")) if code else NOT_UNDERSTOOD
    if response.status not in (200, 201, 202) or not isinstance(said, dict | list):
        return NOT_UNDERSTOOD
    return said


def _of_question(answer: "Rejection | NotSent | Uncertain") -> "Refused | NotSent | Uncertain":
    return answer.of_question(DTONE) if isinstance(answer, Rejection) else answer


def _number(ref: ReserveRef) -> str:
    return quote(ref.provider_ref, safe="")


def _class_of(transaction: Json) -> str:
    return json_text(json_child(json_child(transaction, "status"), "class"), "id")


def _reserved(transaction: Json, request: ReserveRequest) -> Outcome[Standing]:
    """Read the answer to a reserve: ours, still waiting, and of the right line and value."""
    word = _CLASSES.get(_class_of(transaction))
    if word is None:
        return unknown_word(_class_of(transaction))
    standing = _standing(transaction, word)
    product = json_text(json_child(transaction, "product"), "id")
    if standing.key != request.key or not standing.provider_ref:
        return wrong_echo("um código de recarga")
    if standing.line not in ("", request.line.digits):
        return wrong_echo("um número de linha")
    if standing.face not in (None, request.face) or product not in ("", request.product):
        return wrong_echo("um valor")
    if word is RemoteWord.REFUSED:
        return _refusal(transaction)
    return Done(standing)


def _refusal(transaction: Json) -> Refused:
    """Name why a transaction was rejected or declined; the class alone already says that it was."""
    message = clean(json_text(json_child(transaction, "status"), "message"), 80)
    for reason, code in DTONE_REASONS.items():
        if reason in message and code.reason is not None:
            return Refused(code.reason, reason, code.words)
    return Refused(RefusalClass.UNKNOWN, message, message)


def _told(transaction: Json, ref: ReserveRef) -> Outcome[Standing]:
    """Read what a transaction says of the one we asked about."""
    word = _CLASSES.get(_class_of(transaction))
    if word is None:
        return unknown_word(_class_of(transaction))
    standing = _standing(transaction, word)
    if standing.key != ref.key or (ref.provider_ref and standing.provider_ref != ref.provider_ref):
        return wrong_echo("um código de recarga")
    return Done(replace(standing, refusal=_refusal(transaction)) if word is RemoteWord.REFUSED else standing)


def _standing(transaction: Json, word: RemoteWord) -> Standing:
    party = digits(json_text(json_child(transaction, "credit_party_identifier"), "mobile_number"))
    wholesale = json_child(json_child(transaction, "prices"), "wholesale")
    return Standing(
        key=json_text(transaction, "external_id"),
        word=word,
        provider_ref=clean(json_text(transaction, "id"), 40),
        nsu=clean(json_text(transaction, "operator_reference"), 60),
        line=party.removeprefix(_COUNTRY),
        face=_credit(transaction),
        cost=brl(wholesale),
        expires_at=_instant(json_text(transaction, "confirmation_expiration_date")),
    )


def _credit(transaction: Json) -> int | None:
    """Centavos the line gets, where the benefits name an amount in reais."""
    for benefit in json_list(transaction, "benefits") or []:
        if json_text(benefit, "type") == "CREDITS" and json_text(benefit, "unit") == BRL:
            return brl({"unit": BRL, "amount": json_text(json_child(benefit, "amount"), "base")})
    return None


def _instant(text: str) -> datetime | None:
    """Read an instant with its zone; one without is of no use."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else None
