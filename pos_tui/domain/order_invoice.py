"""The note of an order as it is typed or scanned: number, series and key, held against each other.

Source: facts/orders.md §5. The key itself is read by `domain.fiscal`.
"""

from datetime import datetime

from pos_tui.domain.errors import FieldError
from pos_tui.domain.fiscal import KEY_LENGTH, FiscalKey, KeyProblem, parse_key
from pos_tui.domain.order import Invoice
from pos_tui.domain.text import clean, digits

ZEROS = "0" * KEY_LENGTH
"""What the manual writes where no note is issued. It passes the check digit: refused as a typed key."""

NO_INVOICE = Invoice("0", "0", ZEROS)
"""*Sem nota*: the manual's zeros, written only when a person says so."""

_MODELS = ("55", "65")
_STATES = frozenset({*range(11, 18), *range(21, 30), 31, 32, 33, 35, 41, 42, 43, 50, 51, 52, 53})
"""IBGE's codes of the states."""


def bare_key(text: str) -> str:
    """Return a key as scanners and people write it without its spaces, dots and the `NFe` before it."""
    bare = "".join(char for char in clean(text).upper() if char.isascii() and char.isalnum())
    return bare.removeprefix("NFE")


def read_key(text: str) -> FiscalKey:
    """Read the key of an NF-e or NFC-e. Raises FieldError on `key`; also for 44 zeros, which mean no note."""
    bare = bare_key(text)
    if bare == ZEROS:
        raise FieldError("key", "44 zeros não são uma chave: para não emitir nota, escolha «sem nota».")
    if len(bare) != KEY_LENGTH:
        raise FieldError("key", f"A chave tem {KEY_LENGTH} caracteres, e esta tem {len(bare)}.")
    if not bare[:6].isdigit() or not bare[18:].isdigit():
        raise FieldError("key", "A chave tem só números; letras, apenas no CNPJ do emitente.")
    try:
        found = parse_key(bare)
    except KeyProblem:
        raise FieldError("key", "O dígito verificador da chave não confere: confira os 44 dígitos.") from None
    month = int(found.month[2:])
    if int(found.state) not in _STATES or found.model not in _MODELS or not 1 <= month <= 12:
        raise FieldError("key", "A chave não é de uma NF-e: estado, mês ou modelo não existem.")
    return found


def check_invoice(number: str, series: str, key: str, cnpj: str, today: datetime) -> Invoice:
    """Return the note that was typed, checked against its own key.

    Args:
        cnpj: The shop's, bare; empty checks nothing about the issuer.
        today: An aware instant in the shop's zone.

    Raises:
        FieldError: on `number`, `series` or `key`.
    """
    number, series = digits(number), digits(series)
    if not 1 <= int(number or 0) <= 999_999_999:
        raise FieldError("number", "Informe o número da nota, de 1 a 999999999.")
    if not 1 <= len(series) <= 3:
        raise FieldError("series", "Informe a série da nota, de 0 a 999.")
    found = read_key(key)
    if found.number != int(number):
        raise FieldError("number", f"A chave é da nota {found.number}, e o número digitado é {int(number)}.")
    if found.series != int(series):
        raise FieldError("series", f"A chave é da série {found.series}, e a série digitada é {int(series)}.")
    if cnpj and found.document != cnpj:
        raise FieldError("key", "A chave é de uma nota de outro CNPJ, não do desta loja.")
    if found.month > f"{today:%y%m}":
        raise FieldError("key", "A chave é de um mês que ainda não chegou.")
    return Invoice(str(int(number)), str(int(series)), found.key)
