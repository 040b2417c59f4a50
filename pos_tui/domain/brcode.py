"""The BR Code: EMV QR text of Pix, its fields, its checksum, and how it is read.

Source: facts/payments.md §3.2 (Manual BR Code 2.0.1, Manual de Padrões para Iniciação do Pix 2.10.0).
Reading is structural: what a foreign maker may write (another txid, another order of fields) is taken, what
contradicts the standard is not. Building stands in `pos_tui.domain.pix`.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from pos_tui.domain.errors import PosError

GUI = "br.gov.bcb.pix"
NO_TXID = "***"
"""Stands for "no transaction id"."""
MAX_NAME, MAX_CITY, MAX_INFO, MAX_URL, MAX_KEY, MAX_TEMPLATE = 25, 15, 72, 77, 77, 99

_AMOUNT = re.compile(r"([0-9]{1,10})(?:\.([0-9]{0,2}))?")
_TAIL = len("6304FFFF")


class BRCodeError(PosError):
    """This text is not a BR Code that can be used."""

    title = "Código Pix inválido"


class Malformed(BRCodeError):
    """The text is cut, or is not made of identifier, length and value."""


class BadChecksum(BRCodeError):
    """The last four characters do not match the rest: something was mistyped or altered."""


class NotPix(BRCodeError):
    """A well-formed code that holds no Pix account."""


class BadMeaning(BRCodeError):
    """Well-formed, but its fields contradict the standard."""


class BRCode(Struct, frozen=True):
    """What a BR Code says."""

    key: str | None
    """As written; None in a dynamic code."""
    url: str | None
    """Where a dynamic code's charge is kept, without scheme."""
    name: str
    city: str
    amount: int | None
    """Centavos, None when the payer types it or the URL tells it."""
    txid: str
    info: str | None = None
    single_use: bool = False
    recurrence_url: str | None = None
    """Pix Automático's address in a composite code."""


def crc16(text: str) -> str:
    """CRC-16/CCITT-FALSE of an ASCII text, four upper-case hexadecimal digits."""
    crc = 0xFFFF
    for byte in text.encode("ascii"):
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ (0x1021 if crc & 0x8000 else 0)
        crc &= 0xFFFF
    return f"{crc:04X}"


def field(identifier: str, value: str) -> str:
    """Write one field: identifier, two-digit length, value."""
    return f"{identifier}{len(value):02d}{value}"


def seal(body: str) -> str:
    """Close a code with its checksum, which also covers the checksum's own head."""
    return f"{body}6304{crc16(body + '6304')}"


def parse(payload: str) -> BRCode:
    """Read a BR Code.

    Raises:
        BRCodeError: Malformed, BadChecksum, NotPix or BadMeaning, with the Portuguese reason.
    """
    fields = _read(_unseal(payload.strip()))
    if next(iter(fields.items()), None) != ("00", "01"):
        raise Malformed("O texto não começa como um código Pix. Copie o código inteiro de novo.")
    account = _pix_template(fields, range(26, 52))
    if account is None:
        raise NotPix("Este código é de outro meio de pagamento. Peça um código Pix.")
    recurrence = _pix_template(fields, range(80, 100))
    _check_constants(fields)
    _check_destination(account, composite=recurrence is not None)
    return BRCode(
        key=account.get("01"),
        url=_url(account),
        name=_mandatory(fields, "59", "o nome do recebedor", MAX_NAME),
        city=_mandatory(fields, "60", "a cidade do recebedor", MAX_CITY),
        amount=_amount(fields.get("54")),
        txid=_read(fields.get("62", "")).get("05", NO_TXID),
        info=account.get("02"),
        single_use=fields.get("01") == "12",
        recurrence_url=None if recurrence is None else _url(recurrence),
    )


def _unseal(text: str) -> str:
    """Return the fields before the checksum, once it was found right."""
    if any(not " " <= char <= "~" for char in text) or text[-_TAIL:-4] != "6304":
        raise Malformed("O código Pix está incompleto. Copie o código inteiro de novo.")
    if crc16(text[:-4]) != text[-4:]:
        raise BadChecksum("O código Pix foi alterado ou copiado com erro. Copie de novo.")
    return text[:-_TAIL]


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        head = text[at : at + 4]
        if len(head) < 4 or not head.isdigit():
            raise Malformed("O código Pix está cortado ou malformado. Copie o código inteiro de novo.")
        size = int(head[2:])
        value = text[at + 4 : at + 4 + size]
        if size == 0 or len(value) < size:
            raise Malformed(f"O campo {head[:2]} do código Pix está cortado. Peça um código novo.")
        yield head[:2], value
        at += 4 + size


def _read(text: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for identifier, value in _pieces(text):
        if identifier in fields:
            raise Malformed(f"O campo {identifier} aparece duas vezes no código Pix. Peça um código novo.")
        fields[identifier] = value
    return fields


def _pix_template(fields: dict[str, str], among: range) -> dict[str, str] | None:
    """Find the template that carries Pix's name; other schemes may hold the other identifiers."""
    found = None
    for identifier in map(str, among):
        # Other schemes have their own form inside: only a template that opens as Pix's must be readable.
        if not fields.get(identifier, "").lower().startswith(field("00", GUI)):
            continue
        if found is not None:
            raise BadMeaning("O código traz mais de uma conta Pix. Peça um código novo.")
        found = _read(fields[identifier])
    return found


def _check_constants(fields: dict[str, str]) -> None:
    if fields.get("53") != "986" or fields.get("58") != "BR":
        raise BadMeaning("O código Pix não é em reais ou não é do Brasil. Peça um código novo.")


def _check_destination(account: dict[str, str], composite: bool) -> None:
    if "01" in account and "25" in account:
        raise BadMeaning("O código Pix traz chave e endereço ao mesmo tempo. Peça um código novo.")
    if "01" not in account and "25" not in account and not composite:
        raise BadMeaning("O código Pix não traz chave nem endereço. Peça um código novo.")
    if "02" in account and "01" not in account:
        raise BadMeaning("O código Pix traz um texto que só cabe com chave. Peça um código novo.")


def _url(template: dict[str, str]) -> str | None:
    url = template.get("25")
    if url is not None and ("://" in url or len(url) > MAX_URL):
        raise BadMeaning("O endereço dentro do código Pix está fora do padrão. Peça um código novo.")
    return url


def _mandatory(fields: dict[str, str], identifier: str, label: str, limit: int) -> str:
    value = fields.get(identifier, "")
    if not 1 <= len(value) <= limit:
        raise BadMeaning(f"O código Pix não traz {label} com até {limit} caracteres. Peça um código novo.")
    return value


def _amount(text: str | None) -> int | None:
    if text is None:
        return None
    match = _AMOUNT.fullmatch(text)
    centavos = 0 if match is None else int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
    if centavos == 0:
        raise BadMeaning("O valor dentro do código Pix não é válido. Peça um código novo.")
    return centavos
