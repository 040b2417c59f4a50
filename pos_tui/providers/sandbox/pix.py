"""A PSP to practise with: the Central Bank's Pix API over the sandbox's ledger (facts/payments.md §3.1).

A charge is a purchase whose key is its txid, whose operator is the Pix key and whose product is its life in
seconds; paying it credits the line `pix/TXID`. A refund is a purchase of its own under the line
`devolucao/TXID`, credited at once: what customers paid is the first less the second.
"""

import base64
import json
import re
from datetime import UTC, datetime

from pos_tui.domain.pix import DynamicPix
from pos_tui.providers.amounts import centavos, reais
from pos_tui.providers.sandbox import KEY, PIX_PATH, PIX_TOKEN_PATH, USER
from pos_tui.providers.sandbox.dialect import Desk, Reply, Request
from pos_tui.providers.sandbox.ledger import Ledger, Purchase, Refusal, Row, State

WIRE = "pix"
_TOKEN = "treinamento"  # noqa: S105 - the sandbox guards nothing, it only tells right from wrong
_TOKEN_SECONDS = 3600
_ISPB = "00000000"
_REMOVED = "REMOVIDA_PELO_USUARIO_RECEBEDOR"
_CHARGE = re.compile(rf"{PIX_PATH}/cob/([^/]+)")
_REFUND = re.compile(rf"{PIX_PATH}/pix/([^/]+)/devolucao/([^/]+)")
_TXID = re.compile(r"[a-zA-Z0-9]{26,35}")
_IDENTIFIER = re.compile(r"[a-zA-Z0-9]{1,35}")
_VALUE = re.compile(r"[0-9]{1,10}\.[0-9]{2}")
_WORDS = {
    State.RESERVED: "ATIVA",
    State.CREDITED: "CONCLUIDA",
    State.CANCELLED: _REMOVED,
    State.EXPIRED: "REMOVIDA_PELO_PSP",
}


class _Problem(Exception):
    """The request is answered with this problem."""

    def __init__(self, status: int, name: str, detail: str, field: str = "") -> None:
        super().__init__(detail)
        self.status, self.name, self.detail, self.field = status, name, detail, field

    def reply(self) -> Reply:
        violations = [{"razao": self.detail, "propriedade": self.field}] if self.field else []
        problem = {
            "type": f"https://pix.bcb.gov.br/api/v2/error/{self.name}",
            "title": self.name,
            "status": self.status,
            "detail": self.detail,
            **({"violacoes": violations} if violations else {}),
        }
        return Reply(self.status, json.dumps(problem).encode(), "application/problem+json")


class PixDialect:
    """The Pix API over the ledger."""

    name = WIRE

    def operation(self, request: Request) -> str | None:
        """Tell charge from question, removal and refund."""
        if request.path == PIX_TOKEN_PATH:
            return "token"
        if _CHARGE.fullmatch(request.path):
            return {"PUT": "reserve", "GET": "status", "PATCH": "cancel"}.get(request.method)
        if _REFUND.fullmatch(request.path):
            return {"PUT": "refund", "GET": "status"}.get(request.method)
        return None

    def answer(self, operation: str, request: Request, desk: Desk) -> Reply:
        """Do the operation; every refusal is a problem of RFC 7807."""
        try:
            if operation == "token":
                return _token(request)
            if request.headers.get("authorization") != f"Bearer {_TOKEN}":
                raise _Problem(401, "AcessoNegado", "Token ausente ou vencido.")
            charge, refund = _CHARGE.fullmatch(request.path), _REFUND.fullmatch(request.path)
            if charge is not None:
                return _answer_charge(operation, charge[1], request, desk)
            assert refund is not None
            return _answer_refund(operation, refund[1], refund[2], request, desk)
        except _Problem as problem:
            return problem.reply()
        except Refusal as refusal:
            return _Problem(429, "LimiteExcedido", refusal.reason.value).reply()


def pay(ledger: Ledger, txid: str, now: float, late: bool = False) -> None:
    """Pay a charge as a customer would. Raises ValueError when it can no longer be paid.

    `late`: the payment was on its way already, and comes in though the charge is over.
    """
    try:
        row = ledger.find(WIRE, txid)
        if not late and now >= row.reserved_at + int(row.purchase.product):
            raise ValueError("a cobrança expirou")
        ledger.confirm(WIRE, txid, given_up=late)
    except Refusal as refusal:
        raise ValueError(refusal.reason.value) from None


def _token(request: Request) -> Reply:
    wanted = base64.b64encode(f"{USER}:{KEY}".encode()).decode()
    if request.method != "POST" or request.headers.get("authorization") != f"Basic {wanted}":
        return Reply(401, b'{"error": "invalid_client"}')
    if request.form().get("grant_type") != "client_credentials":
        return Reply(400, b'{"error": "unsupported_grant_type"}')
    return _json(200, {"access_token": _TOKEN, "token_type": "Bearer", "expires_in": _TOKEN_SECONDS})


def _answer_charge(operation: str, txid: str, request: Request, desk: Desk) -> Reply:
    if not _TXID.fullmatch(txid):
        raise _Problem(400, "CobOperacaoInvalida", "O txid tem de 26 a 35 letras e números.", "cob.txid")
    if operation == "reserve":
        return _create(txid, _body(request), desk)
    try:
        if operation == "status":
            return _json(200, _charge(desk.find(txid), desk))
        if _body(request) != {"status": _REMOVED}:
            raise _Problem(400, "CobOperacaoInvalida", "A remoção vai sozinha.", "cob.status")
        return _json(200, _charge(desk.cancel(txid), desk))
    except Refusal as refusal:
        if refusal.reason == "absent":
            raise _Problem(404, "CobNaoEncontrada", "Cobrança não encontrada.") from None
        raise _Problem(400, "CobOperacaoInvalida", "A cobrança não está ATIVA.", "cob.status") from None


def _create(txid: str, body: dict[str, object], desk: Desk) -> Reply:
    # A known charge is answered as it stands: the sandbox revises none.
    row, known = desk.reserve(_purchase(txid, body))
    if known and row.state is not State.RESERVED:
        raise _Problem(400, "CobOperacaoInvalida", "A cobrança já existe e não está ATIVA.", "cob.status")
    return _json(201, _charge(row, desk))


def _purchase(txid: str, body: dict[str, object]) -> Purchase:
    calendar, value, key = body.get("calendario"), body.get("valor"), body.get("chave")
    seconds = calendar.get("expiracao", 86400) if isinstance(calendar, dict) else None
    original = value.get("original") if isinstance(value, dict) else None
    if not isinstance(seconds, int) or seconds <= 0:
        raise _Problem(400, "CobOperacaoInvalida", "Expiração inválida.", "cob.calendario.expiracao")
    if not isinstance(key, str) or not 1 <= len(key) <= 77:
        raise _Problem(400, "CobOperacaoInvalida", "Chave inválida.", "cob.chave")
    amount = _amount(original, "cob.valor.original")
    return Purchase(txid, f"pix/{txid}", key, str(seconds), amount, 0)


def _amount(value: object, field: str) -> int:
    if not isinstance(value, str) or not _VALUE.fullmatch(value) or centavos(value) == 0:
        raise _Problem(400, "CobOperacaoInvalida", "Valor inválido.", field)
    return centavos(value)


def _charge(row: Row, desk: Desk) -> dict[str, object]:
    bought, txid = row.purchase, row.purchase.key
    location = f"pix.treinamento.example/qr/v2/{txid}"
    told: dict[str, object] = {
        "calendario": {"criacao": _when(row.reserved_at), "expiracao": int(bought.product)},
        "txid": txid,
        "revisao": 0,
        "location": location,
        "status": row.word or _WORDS[row.state],
        "valor": {"original": reais(bought.face)},
        "chave": bought.operator,
        "pixCopiaECola": DynamicPix(location, "LOJA TREINAMENTO", "CAMPO GRANDE").payload(),
    }
    if row.state is State.CREDITED:
        paid = {"txid": txid, "valor": reais(bought.face), "horario": _when(row.reserved_at)}
        told["pix"] = [{"endToEndId": _identity("E", row), **paid}]
    return told


def _answer_refund(operation: str, end_to_end: str, identifier: str, request: Request, desk: Desk) -> Reply:
    charge = next((row for row in desk.rows() if _identity("E", row) == end_to_end), None)
    if charge is None or charge.state is not State.CREDITED or not _IDENTIFIER.fullmatch(identifier):
        raise _Problem(404, "PixNaoEncontrado", "Pix não encontrado.")
    key, line = f"{end_to_end}/{identifier}", f"devolucao/{charge.purchase.key}"
    if operation == "status":
        if not desk.knows(key):
            raise _Problem(404, "PixDevolucaoNaoEncontrada", "Devolução não encontrada.")
        return _json(200, _refund(desk.find(key)))
    amount = _amount(_body(request).get("valor"), "devolucao.valor")
    before = [row for row in desk.rows() if row.purchase.line == line]
    known = next((row for row in before if row.purchase.key == key), None)
    given = sum(row.purchase.face for row in before if row is not known)
    if given + amount > charge.purchase.face or (known is not None and known.purchase.face != amount):
        raise _Problem(400, "PixDevolucaoInvalida", "Valor acima do Pix.", "devolucao.valor")
    if known is None:
        desk.reserve(Purchase(key, line, "devolucao", "0", amount, 0))
        return _json(201, _refund(desk.confirm(key)))
    return _json(201, _refund(desk.find(key)))


def _refund(row: Row) -> dict[str, object]:
    when = _when(row.reserved_at)
    return {
        "id": row.purchase.key.rsplit("/", 1)[-1],
        "rtrId": _identity("D", row),
        "valor": reais(row.purchase.face),
        "horario": {"solicitacao": when, "liquidacao": when},
        "status": row.word or "DEVOLVIDO",
    }


def _identity(letter: str, row: Row) -> str:
    """A letter, the bank, the minute and eleven characters: what names a Pix or its return."""
    minute = datetime.fromtimestamp(row.reserved_at, UTC)
    return f"{letter}{_ISPB}{minute:%Y%m%d%H%M}{row.ref.zfill(11)}"


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _body(request: Request) -> dict[str, object]:
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise _Problem(400, "RequisicaoInvalida", "O corpo não é um objeto JSON.")
    return body


def _json(status: int, value: dict[str, object]) -> Reply:
    return Reply(status, json.dumps(value).encode())
