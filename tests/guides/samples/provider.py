"""A provider that nobody has: five calls in JSON. Goes to `providers/topup/eco.py`."""

import json
from collections.abc import Callable, Mapping

from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.topup import Balance, Offer, RemoteWord, ReserveRequest, Standing
from pos_tui.providers.base import ReserveRef
from pos_tui.providers.http import Exchange, Limits, Response
from pos_tui.providers.safe_json import Json, JsonObject, json_list, json_text, parse_json
from pos_tui.providers.topup.codes import Code, Codes
from pos_tui.providers.topup.verdict import (
    NOT_UNDERSTOOD,
    SERVER_FAILED,
    Rejection,
    rejection,
    unknown_word,
    wrong_echo,
)

CODES: Codes = {
    "absent": Code(RefusalClass.NOT_FOUND, "Recarga inexistente"),
    "expired": Code(RefusalClass.EXPIRED, "Reserva expirada"),
    "confirmed": Code(RefusalClass.STATE, "Já confirmada"),
    "cancelled": Code(RefusalClass.STATE, "Já cancelada"),
    "pending_limit": Code(RefusalClass.PENDING_LIMIT, "Recargas pendentes demais"),
    "line": Code(RefusalClass.DATA, "Número da linha inválido"),
}
WORDS = {
    "reserved": RemoteWord.RESERVED,
    "processing": RemoteWord.PROCESSING,
    "credited": RemoteWord.CONFIRMED,
    "cancelled": RemoteWord.CANCELLED,
    "expired": RemoteWord.EXPIRED,
    "absent": RemoteWord.ABSENT,
}
Answer = JsonObject | Rejection | NotSent | Uncertain


class EcoProvider:
    """Speaks Eco."""

    name = "eco"
    holds_expired = False

    def __init__(self, url: str, secret: Callable[[], str], *, limits: Limits | None = None) -> None:
        self._exchange = Exchange(url, limits)
        self._secret = secret

    def offers(self) -> Outcome[tuple[Offer, ...]]:
        """All values."""
        rows = self._rows("offers")
        if not isinstance(rows, list):
            return rows
        try:
            return Done(tuple(_offer(row) for row in rows))
        except ValueError:
            return NOT_UNDERSTOOD

    def reserve(self, request: ReserveRequest) -> Outcome[Standing]:
        """Hold the credit."""
        line = request.line.ddd + request.line.number
        answer = self._post(
            "reserve",
            {
                "key": request.key,
                "line": line,
                "operator": request.operator,
                "product": request.product,
                "face": request.face,
            },
        )
        said = _standing(answer, request.key)
        if isinstance(said, Done) and (said.answer.line, said.answer.face) != (line, request.face):
            return wrong_echo("uma linha ou um valor")
        return said

    def confirm(self, ref: ReserveRef) -> Outcome[Standing]:
        """Credit the line."""
        return _standing(self._post("confirm", {"key": ref.key}), ref.key)

    def cancel(self, ref: ReserveRef) -> Outcome[Standing]:
        """Let the reserve go."""
        return _standing(self._post("cancel", {"key": ref.key}), ref.key)

    def status(self, ref: ReserveRef) -> Outcome[Standing]:
        """Ask by our key."""
        return _standing(self._post("status", {"key": ref.key}), ref.key, question=True)

    def pendings(self) -> Outcome[tuple[Standing, ...]]:
        """What waits for a decision."""
        rows = self._rows("pendings")
        if not isinstance(rows, list):
            return rows
        held = RemoteWord.RESERVED
        return Done(tuple(Standing(json_text(row, "key"), held, json_text(row, "ref")) for row in rows))

    def balance(self) -> Outcome[Balance]:
        """The store's credit."""
        answer = self._post("balance", {})
        if not isinstance(answer, dict):
            return _of_question(answer)
        try:
            return Done(Balance(int(json_text(answer, "limit")), int(json_text(answer, "available"))))
        except ValueError:
            return NOT_UNDERSTOOD

    def close(self) -> None:
        """Send nothing more."""
        self._exchange.close()

    def _rows(self, what: str) -> list[Json] | Refused | NotSent | Uncertain:
        answer = self._post(what, {})
        if not isinstance(answer, dict):
            return _of_question(answer)
        rows = json_list(answer, "rows")
        return NOT_UNDERSTOOD if rows is None else rows

    def _post(self, what: str, asked: Mapping[str, object]) -> Answer:
        headers = {"Authorization": f"Bearer {self._secret()}", "Content-Type": "application/json"}
        body = json.dumps(asked).encode()
        ending = self._exchange.send("POST", f"/eco/{what}", headers=headers, body=body)
        if not isinstance(ending, Response):
            return ending
        if ending.status >= 500:
            return SERVER_FAILED
        said = parse_json(ending.body)
        if not isinstance(said, dict):
            return NOT_UNDERSTOOD
        if error := json_text(said, "error"):
            return rejection(error, "")
        return said if ending.status == 200 else NOT_UNDERSTOOD


def _offer(row: Json) -> Offer:
    """Read one value. Raises ValueError."""
    operator, name, product = (json_text(row, field) for field in ("operator", "operator_name", "product"))
    return Offer(operator, name, product, json_text(row, "name"), int(json_text(row, "face")))


def _standing(answer: Answer, key: str, *, question: bool = False) -> Outcome[Standing]:
    if isinstance(answer, Rejection):
        return answer.of_question(CODES) if question else answer.of_effect(CODES)
    if not isinstance(answer, dict):
        return answer
    if json_text(answer, "key") != key:
        return wrong_echo("um código de recarga")
    word = WORDS.get(json_text(answer, "state"))
    if word is None:
        return unknown_word(json_text(answer, "state"))
    face = json_text(answer, "face")
    return Done(
        Standing(
            key,
            word,
            json_text(answer, "ref"),
            line=json_text(answer, "line"),
            face=int(face) if face.isdecimal() else None,
        )
    )


def _of_question(answer: Rejection | NotSent | Uncertain) -> Refused | NotSent | Uncertain:
    return answer.of_question(CODES) if isinstance(answer, Rejection) else answer
