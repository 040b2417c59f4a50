"""What a PSP says of a charge and of a refund, typed (facts/payments.md §3.1).

Lenient on what the specification leaves open, strict on what money hangs on: our txid, our amount, a known
status. Whatever does not fit is `Malformed`.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from msgspec import Struct

from pos_tui.domain import brcode
from pos_tui.domain.errors import FieldError
from pos_tui.domain.payment import PaymentWord
from pos_tui.domain.pix import DynamicPix
from pos_tui.domain.text import clean
from pos_tui.providers.amounts import centavos

Json: TypeAlias = Mapping[str, object]

_WORDS = {
    "ATIVA": PaymentWord.WAITING,
    "CONCLUIDA": PaymentWord.CONFIRMED,
    "REMOVIDA_PELO_USUARIO_RECEBEDOR": PaymentWord.CANCELLED,
    "REMOVIDA_PELO_PSP": PaymentWord.CANCELLED,
}
_REFUND_WORDS = {
    # The customer's money is still the store's until the refund is settled.
    "EM_PROCESSAMENTO": PaymentWord.CONFIRMED,
    "NAO_REALIZADO": PaymentWord.CONFIRMED,
    "DEVOLVIDO": PaymentWord.REFUNDED,
}


class Malformed(ValueError):
    """The answer cannot be read as what was asked for; the message is Portuguese."""


class Charge(Struct, frozen=True):
    """A charge at the PSP."""

    txid: str
    word: PaymentWord
    amount: int = 0
    """Centavos."""
    code: str = ""
    """The BR Code to show, print or copy; empty when the PSP gave none that can be used."""
    expires_at: datetime | None = None
    """Expiry is no status: an expired charge stays WAITING until it is removed."""
    end_to_end: str = ""
    """The Pix that paid it; names it in a refund."""


class Refund(Struct, frozen=True):
    """A refund at the PSP."""

    word: PaymentWord
    amount: int
    failed: bool = False
    """The PSP gave it up: the money stays with the store, and another refund needs another identifier."""
    reason: str = ""


class Merchant(Struct, frozen=True):
    """How the store is named in a BR Code that we must write ourselves."""

    name: str
    city: str


def read_json(body: bytes) -> Json:
    """Read a JSON object. Raises Malformed."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("A resposta do banco não pôde ser entendida.") from None
    return _object(value, "a resposta")


def read_charge(answer: Json, txid: str, amount: int, merchant: Merchant) -> Charge:
    """Read a charge, held against what was asked. Raises Malformed."""
    if answer.get("txid") != txid:
        raise Malformed("A resposta do banco traz uma cobrança diferente da pedida.")
    said = str(answer.get("status", ""))
    word = _WORDS.get(said)
    if word is None:
        raise Malformed(f"O banco respondeu uma situação desconhecida ({clean(said, 40) or 'vazia'}).")
    told = _amount(_object(answer.get("valor"), "valor").get("original"))
    if told != amount:
        raise Malformed("A resposta do banco traz um valor diferente do pedido.")
    return Charge(
        txid=txid,
        word=word,
        amount=told,
        code=_code(answer, merchant),
        expires_at=_expiry(answer),
        end_to_end=_paid_by(answer, txid, amount) if word is PaymentWord.CONFIRMED else "",
    )


def _paid_by(answer: Json, txid: str, amount: int) -> str:
    """Find the Pix that paid the charge. Raises Malformed when another amount came in."""
    received = answer.get("pix")
    pix = [_object(one, "pix") for one in received] if isinstance(received, list) else []
    if not pix:
        return ""
    if sum(_amount(one.get("valor")) for one in pix) != amount or any(
        one.get("txid", txid) != txid for one in pix
    ):
        raise Malformed("O banco recebeu um Pix de outro valor para esta cobrança. Confira o extrato.")
    return clean(str(pix[0].get("endToEndId", "")), 32)


def _code(answer: Json, merchant: Merchant) -> str:
    """The BR Code as sent, when it is one; else our own to the same address."""
    sent = answer.get("pixCopiaECola")
    try:
        if isinstance(sent, str) and brcode.parse(sent).url is not None:
            return sent.strip()
    except brcode.BRCodeError:
        pass
    location = answer.get("location")
    if not isinstance(location, str):
        return ""
    try:
        return DynamicPix(location.removeprefix("https://"), merchant.name, merchant.city).payload()
    except FieldError:
        return ""


def _expiry(answer: Json) -> datetime | None:
    calendar = _object(answer.get("calendario"), "calendario")
    created, seconds = _instant(calendar.get("criacao")), calendar.get("expiracao", 86400)
    # Some banks write the number as text.
    if created is None or not str(seconds).isascii() or not str(seconds).isdecimal():
        return None
    return created + timedelta(seconds=min(int(str(seconds)), 10**9))


def read_refund(answer: Json, identifier: str, amount: int) -> Refund:
    """Read a refund, held against what was asked. Raises Malformed."""
    said = str(answer.get("status", ""))
    word = _REFUND_WORDS.get(said)
    if answer.get("id") != identifier or word is None:
        raise Malformed("A resposta do banco não diz o que houve com esta devolução.")
    if _amount(answer.get("valor")) != amount:
        raise Malformed("A resposta do banco traz uma devolução de outro valor.")
    return Refund(
        word,
        amount,
        failed=said == "NAO_REALIZADO",
        reason=clean(str(answer.get("motivo", "")), 140),
    )


def _object(value: object, name: str) -> Json:
    if not isinstance(value, dict):
        raise Malformed(f"A resposta do banco veio sem {name}.")
    return value


def _amount(value: object) -> int:
    try:
        return centavos(value) if isinstance(value, str) else _no_amount()
    except ValueError:
        return _no_amount()


def _no_amount() -> int:
    raise Malformed("A resposta do banco traz um valor que não é dinheiro.")


def _instant(value: object) -> datetime | None:
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None
