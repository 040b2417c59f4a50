"""What is kept of a card payment, and the guard that keeps whole card numbers out of the till.

Source: facts/payments.md §2.5 (013, 018, 731), §4.1–4.2 and issue 4: no full PAN anywhere.
"""

import re
import unicodedata
from enum import StrEnum

from msgspec import Struct

from pos_tui.domain.errors import FieldError
from pos_tui.domain.text import clean

MAX_INSTALMENTS = 99
_MAX_NSU, _MAX_AUTHORISATION = 40, 20
_PAN_LENGTHS = range(13, 20)
_ISSUER_DIGITS = frozenset("23456")
"""First digits of payment cards in use here (ISO/IEC 7812). An 8 opens the number of a SIM card instead."""
_GAP = re.compile(r"[\W_]{0,3}")


class CardKind(StrEnum):
    """How a card pays; a voucher is told apart since tax codes tell it apart."""

    CREDIT = "credit"
    DEBIT = "debit"
    FOOD_VOUCHER = "food_voucher"
    MEAL_VOUCHER = "meal_voucher"


class Plan(StrEnum):
    """How a credit sale by TEF is split."""

    AT_ONCE = "at_once"
    STORE = "store"
    ISSUER = "issuer"


PLAN_WORDS = {
    Plan.AT_ONCE: "À vista",
    Plan.STORE: "Parcelado loja (sem juros)",
    Plan.ISSUER: "Parcelado emissor (com juros)",
}


class Brand(StrEnum):
    """Card brands with a code of their own in the NFC-e, and the others."""

    VISA = "visa"
    MASTERCARD = "mastercard"
    AMEX = "amex"
    SOROCRED = "sorocred"
    DINERS = "diners"
    ELO = "elo"
    HIPERCARD = "hipercard"
    AURA = "aura"
    CABAL = "cabal"
    OTHER = "other"


KIND_WORDS = {
    CardKind.CREDIT: "Crédito",
    CardKind.DEBIT: "Débito",
    CardKind.FOOD_VOUCHER: "Vale-alimentação",
    CardKind.MEAL_VOUCHER: "Vale-refeição",
}
BRAND_WORDS = {
    Brand.VISA: "Visa",
    Brand.MASTERCARD: "Mastercard",
    Brand.AMEX: "American Express",
    Brand.SOROCRED: "Sorocred",
    Brand.DINERS: "Diners Club",
    Brand.ELO: "Elo",
    Brand.HIPERCARD: "Hipercard",
    Brand.AURA: "Aura",
    Brand.CABAL: "Cabal",
    Brand.OTHER: "Outra",
}

_BRAND_SIGNS = {
    "VISA": Brand.VISA,
    "MASTER": Brand.MASTERCARD,
    "MAESTRO": Brand.MASTERCARD,
    "AMERICANEXPRESS": Brand.AMEX,
    "AMEX": Brand.AMEX,
    "SOROCRED": Brand.SOROCRED,
    "DINERS": Brand.DINERS,
    "ELO": Brand.ELO,
    "HIPER": Brand.HIPERCARD,
    "AURA": Brand.AURA,
    "CABAL": Brand.CABAL,
}


def brand_of(name: str) -> Brand:
    """Recognise a brand by the name a network writes (`VISA ELECTRON`, `MASTERCARD`, `HIPER`)."""
    letters = "".join(char for char in name.upper() if char.isalpha())
    return next((brand for sign, brand in _BRAND_SIGNS.items() if letters.startswith(sign)), Brand.OTHER)


class CardDetails(Struct, frozen=True):
    """What the slip of a card payment says. Never the card's number beyond its last four digits."""

    kind: CardKind
    brand: Brand
    nsu: str
    """The network's number of the operation, as printed."""
    instalments: int = 1
    authorisation: str = ""
    last_four: str = ""


def check_card(card: CardDetails) -> CardDetails:
    """Return the details with texts trimmed and upper-cased.

    Raises:
        FieldError: naming `instalments`, `nsu`, `authorisation` or `last_four`.
    """
    if not 1 <= card.instalments <= MAX_INSTALMENTS:
        raise FieldError("instalments", f"As parcelas vão de 1 a {MAX_INSTALMENTS}.")
    if card.instalments > 1 and card.kind is not CardKind.CREDIT:
        raise FieldError("instalments", f"{KIND_WORDS[card.kind]} não parcela: use 1.")
    nsu = _slip_text("nsu", "O NSU", card.nsu, _MAX_NSU)
    if not nsu:
        raise FieldError("nsu", "Informe o NSU impresso no comprovante da maquininha.")
    authorisation = _slip_text("authorisation", "A autorização", card.authorisation, _MAX_AUTHORISATION)
    last_four = clean(card.last_four)
    if not re.fullmatch(r"(?:[0-9]{4})?", last_four):
        raise FieldError("last_four", "Informe só os quatro últimos dígitos do cartão, ou deixe em branco.")
    return CardDetails(card.kind, card.brand, nsu, card.instalments, authorisation, last_four)


def _slip_text(field: str, label: str, text: str, limit: int) -> str:
    bare = clean(refuse_pan(field, text)).upper()
    if not re.fullmatch(r"[A-Z0-9]*", bare) or len(bare) > limit:
        raise FieldError(field, f"{label} tem só letras e números, até {limit}.")
    return bare


def looks_like_pan(text: str) -> bool:
    """Tell whether a text holds what may be a whole card number: 13 to 19 digits that pass Luhn's check.

    Digits may be grouped by spaces, dots, dashes and the like, and be of any script.
    """
    ascii_digits = "".join(_ascii_digit(char) for char in text)
    groups = list(re.finditer(r"[0-9]+", ascii_digits))
    for first, group in enumerate(groups):
        number, end = "", group.start()
        for following in groups[first:]:
            if number and not _GAP.fullmatch(ascii_digits, end, following.start()):
                break
            number, end = number + following[0], following.end()
            if len(number) > _PAN_LENGTHS[-1]:
                break
            if len(number) in _PAN_LENGTHS and number[0] in _ISSUER_DIGITS and _luhn(number):
                return True
    return False


PAN_REFUSED = "Isto parece um número de cartão inteiro. Apague: o caixa não guarda números de cartão."


def refuse_pan(field: str, text: str) -> str:
    """Return the text unless it holds a card number; every free-text field passes here.

    Raises:
        FieldError: naming the field.
    """
    if looks_like_pan(text):
        raise FieldError(field, PAN_REFUSED)
    return text


def _ascii_digit(char: str) -> str:
    if unicodedata.category(char) == "Cf":
        return ""
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


def _luhn(number: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(map(int, number[-1::-2])) + sum(doubled)) % 10 == 0
