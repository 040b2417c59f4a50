"""Pix keys, transaction ids, and the BR Codes that a counter shows.

Source: facts/payments.md §3.1–3.2. Strict on what we emit: printable ASCII, every length checked. Reading a
code stands in `pos_tui.domain.brcode`.
"""

import re
from enum import StrEnum

from msgspec import Struct

from pos_tui.domain.brcode import (
    GUI,
    MAX_CITY,
    MAX_INFO,
    MAX_KEY,
    MAX_NAME,
    MAX_TEMPLATE,
    MAX_URL,
    NO_TXID,
    field,
    seal,
)
from pos_tui.domain.documents import parse_document
from pos_tui.domain.errors import FieldError
from pos_tui.domain.phone import parse_mobile
from pos_tui.domain.text import clean, to_ascii

MAX_AMOUNT = 999_999_999_999
"""Centavos: thirteen characters of `1234567890.12`."""

_EVP = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_STATIC_TXID = re.compile(r"[A-Za-z0-9]{1,25}")
_API_TXID = re.compile(r"[A-Za-z0-9]{26,35}")


class KeyKind(StrEnum):
    """The five kinds of Pix key."""

    CPF = "cpf"
    CNPJ = "cnpj"
    PHONE = "phone"
    EMAIL = "email"
    EVP = "evp"


class PixKey(Struct, frozen=True):
    """A Pix key in the form the Central Bank's directory keeps it; made by `parse_key`."""

    kind: KeyKind
    value: str

    def __str__(self) -> str:
        return self.value


def parse_key(text: str) -> PixKey:
    """Read a Pix key, punctuation of CPF, CNPJ and phone allowed.

    Raises:
        FieldError: on `key`, with the Portuguese reason.
    """
    typed = clean(text)
    if "@" in typed:
        return PixKey(KeyKind.EMAIL, _email(typed.lower()))
    if typed.startswith("+"):
        return PixKey(KeyKind.PHONE, _phone(typed))
    if _EVP.fullmatch(typed.lower()):
        return PixKey(KeyKind.EVP, typed.lower())
    try:
        bare = parse_document(typed)
    except ValueError:
        raise FieldError(
            "key",
            "Chave Pix inválida: use CPF, CNPJ, e-mail, celular com +55 ou a chave aleatória completa.",
        ) from None
    return PixKey(KeyKind.CPF if len(bare) == 11 else KeyKind.CNPJ, bare)


def _email(text: str) -> str:
    if len(text) > MAX_KEY or not _EMAIL.fullmatch(text):
        raise FieldError("key", f"Chave Pix inválida: o e-mail não confere ou passa de {MAX_KEY} caracteres.")
    return text


def _phone(text: str) -> str:
    if not text.startswith("+55"):
        raise FieldError("key", "Chave Pix inválida: o celular deve começar com +55.")
    try:
        return f"+55{parse_mobile(text[3:]).digits}"
    except ValueError as reason:
        raise FieldError("key", f"Chave Pix inválida: {reason}") from None


def check_static_txid(text: str) -> str:
    """Return a txid fit for a static code. Raises FieldError unless 1 to 25 letters and digits, or `***`."""
    if text != NO_TXID and not _STATIC_TXID.fullmatch(text):
        raise FieldError("txid", "A identificação do Pix estático tem de 1 a 25 letras ou números.")
    return text


def check_api_txid(text: str) -> str:
    """Return a txid fit for the Central Bank's API. Raises FieldError unless 26 to 35 letters and digits."""
    if not _API_TXID.fullmatch(text):
        raise FieldError("txid", "A identificação da cobrança Pix tem de 26 a 35 letras ou números.")
    return text


def api_txid(key: str) -> str:
    """Make the API's txid out of a payment's own key, a UUID: its 32 hexadecimal digits."""
    return check_api_txid(key.replace("-", ""))


class StaticPix(Struct, frozen=True):
    """A Pix to a key, which a person confirms: the code by itself tells nobody that it was paid."""

    key: PixKey
    name: str
    city: str
    amount: int | None = None
    """Centavos; None lets the payer type it."""
    txid: str = NO_TXID
    info: str | None = None

    def payload(self) -> str:
        """Write the BR Code. Raises FieldError naming the field that does not fit."""
        if self.amount is not None and not 0 < self.amount <= MAX_AMOUNT:
            raise FieldError("amount", "O valor do Pix deve ser maior que zero e ter até 13 caracteres.")
        account = [("01", parse_key(self.key.value).value)]
        if self.info is not None:
            account.append(("02", _fitted("info", "O texto do Pix", self.info, MAX_INFO)))
        txid = check_static_txid(self.txid)
        return seal("".join([_opening(account), _closing(self.amount, self.name, self.city, txid)]))


class DynamicPix(Struct, frozen=True):
    """A Pix charge kept by the PSP at a URL; amount and txid are read there, not here."""

    url: str
    """Without scheme, at most 77 characters."""
    name: str
    city: str

    def payload(self) -> str:
        """Write the BR Code. Raises FieldError naming the field that does not fit."""
        if not 1 <= len(self.url) <= MAX_URL or "://" in self.url or to_ascii(self.url) != self.url:
            raise FieldError(
                "url", f"O endereço da cobrança Pix vai sem https:// e com até {MAX_URL} letras."
            )
        opening = _opening([("25", self.url)], single_use=True)
        return seal(opening + _closing(None, self.name, self.city, NO_TXID))


def _fitted(name: str, label: str, text: str, limit: int) -> str:
    folded = to_ascii(text)
    if not 1 <= len(folded) <= limit:
        raise FieldError(
            name, f"{label} deve ter de 1 a {limit} caracteres no código Pix e tem {len(folded)}."
        )
    return folded


def _opening(account: list[tuple[str, str]], single_use: bool = False) -> str:
    template = field("00", GUI) + "".join(field(identifier, value) for identifier, value in account)
    excess = len(template) - MAX_TEMPLATE
    if excess > 0:
        raise FieldError("info", f"A chave e o texto do Pix não cabem no código: retire {excess} caracteres.")
    return field("00", "01") + (field("01", "12") if single_use else "") + field("26", template)


def _closing(amount: int | None, name: str, city: str, txid: str) -> str:
    """Write what follows the account, in the Central Bank's order. `amount` in centavos."""
    fields = [field("52", "0000"), field("53", "986")]
    if amount is not None:
        fields.append(field("54", f"{amount // 100}.{amount % 100:02d}"))
    fields.append(field("58", "BR"))
    fields.append(field("59", _fitted("name", "O nome da loja", name, MAX_NAME)))
    fields.append(field("60", _fitted("city", "A cidade da loja", city, MAX_CITY)))
    fields.append(field("62", field("05", txid)))
    return "".join(fields)
