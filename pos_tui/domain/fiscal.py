"""Fiscal notes: the 44-character access key, CNPJ with letters included, and the older MD5 authenticator.

Source: facts/cards-and-isp.md C (MOC and XSD of NF-e, NFC-e, NFCom and NF3e).
"""

import re
from itertools import cycle

from msgspec import Struct

from pos_tui.domain.errors import PosError

KEY_LENGTH = 44
_KEY = re.compile(r"[0-9]{6}[0-9A-Z]{12}[0-9]{26}")
_AUTHENTICATOR = re.compile(r"[0-9a-fA-F]{32}")

MODELS = {
    "21": "NFSC mod. 21",
    "22": "NFST mod. 22",
    "55": "NF-e",
    "57": "CT-e",
    "62": "NFCom",
    "65": "NFC-e",
    "66": "NF3e",
}
"""Model numbers and how the counter calls them."""
_WITH_SITE = ("62", "66")
"""Models whose key names the authorising site and has a shorter code."""


class KeyProblem(PosError):
    """This is no access key."""

    title = "Chave de acesso inválida"


class FiscalKey(Struct, frozen=True):
    """What an access key says."""

    key: str
    state: str
    """IBGE's code of the federal unit, two digits."""
    month: str
    """Of issue, `AAMM`."""
    document: str
    """The issuer's CNPJ, bare; letters possible since 2026-07."""
    model: str
    series: int
    number: int
    emission: str
    site: str
    """Only NFCom and NF3e name one."""
    code: str

    @property
    def grouped(self) -> str:
        """Eleven groups of four, as DANFEs print it."""
        return " ".join(self.key[at : at + 4] for at in range(0, KEY_LENGTH, 4))


def check_digit(body: str) -> str:
    """Return the last character of a key from the 43 before it; a letter weighs its code minus 48."""
    weights = cycle(range(2, 10))
    total = sum((ord(char) - 48) * weight for char, weight in zip(reversed(body), weights, strict=False))
    rest = total % 11
    return "0" if rest < 2 else str(11 - rest)


def parse_key(text: str) -> FiscalKey:
    """Read an access key; spaces are skipped.

    Raises:
        KeyProblem: it has another shape, or its check digit is wrong.
    """
    key = "".join(text.split()).upper()
    if not _KEY.fullmatch(key):
        raise KeyProblem(
            "A chave de acesso não tem 44 caracteres na forma prevista. Peça a nota ao provedor."
        )
    if check_digit(key[:-1]) != key[-1]:
        raise KeyProblem("O dígito verificador da chave de acesso não confere. Confira com o provedor.")
    model = key[20:22]
    site, code = (key[35], key[36:43]) if model in _WITH_SITE else ("", key[35:43])
    return FiscalKey(
        key, key[:2], key[2:6], key[6:20], model, int(key[22:25]), int(key[25:34]), key[34], site, code
    )


def problem(text: str) -> str | None:
    """Say what is wrong with the key or authenticator of a note, or None when it can be right.

    Notes of models 21 and 22 carry 32 hexadecimal digits (Convênio 115) that nothing in them proves.
    """
    bare = "".join(text.split())
    if not bare:
        return "O provedor não mandou a chave desta nota."
    if _AUTHENTICATOR.fullmatch(bare):
        return None
    try:
        parse_key(bare)
    except KeyProblem as error:
        return error.message
    return None


def model_words(model: str) -> str:
    """Name a model as the counter does."""
    return MODELS.get(model, f"mod. {model}" if model else "")
