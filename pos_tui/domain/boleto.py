"""The boleto: bar code (44), linha digitável of a bank (47) and of arrecadação (48), and its due date.

Sources: facts/cards-and-isp.md B.1 (FEBRABAN's rules, recomputed there) and B.2 (vectors). What an ERP sends
with wrong check digits is read all the same and told with a warning: the counter must see it, and ask.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from itertools import cycle

from msgspec import Struct

from pos_tui.domain.errors import PosError

BASE = date(1997, 10, 7)
CYCLE = 9000
"""Days until a fator comes again: it ran from 1000 to 9999 until 21/02/2025, and starts over at 1000."""
FIRST = 1000


class BoletoError(PosError):
    """This text is no bar code and no linha digitável."""

    title = "Boleto não reconhecido"


class Form(StrEnum):
    """What was read."""

    BAR_CODE = "44"
    BANK = "47"
    COLLECTION = "48"


FORM_WORDS = {
    Form.BAR_CODE: "código de barras (44)",
    Form.BANK: "linha digitável de banco (47)",
    Form.COLLECTION: "linha digitável de arrecadação (48)",
}


class Boleto(Struct, frozen=True):
    """What a boleto says of itself."""

    form: Form
    """The form it was given in."""
    bar_code: str
    """44 digits."""
    line: str
    """47 or 48 digits, as they were given where a line was."""
    amount: int | None
    """Centavos; None when the payer tells it."""
    due: date | None
    warnings: tuple[str, ...] = ()
    """What does not add up, as whole sentences."""

    @property
    def punctuated(self) -> str:
        """The line as banks print it."""
        return punctuated(self.line)


def read(text: str, reference: date) -> Boleto:
    """Read a boleto in any of its forms; punctuation is skipped.

    Args:
        reference: The day it was issued, else today: its due date is the one nearest to it.

    Raises:
        BoletoError: it has not 44, 47 or 48 digits.
    """
    digits = bare(text)
    match len(digits):
        case 44 if digits[0] == "8":
            return _collection(Form.BAR_CODE, collection_line(digits), digits)
        case 44:
            return _bank(Form.BAR_CODE, line_of(digits), digits, reference)
        case 47:
            return _bank(Form.BANK, digits, bar_code_of(digits), reference)
        case 48 if digits[0] == "8":
            return _collection(Form.COLLECTION, digits, "".join(block[:11] for block in _blocks(digits)))
        case _:
            raise BoletoError(
                f"O código tem {len(digits)} dígitos: código de barras tem 44, linha digitável 47 ou 48. "
                "Peça o boleto de novo ao provedor."
            )


def bare(text: str) -> str:
    """Return the digits without their punctuation; nothing when anything else is among them."""
    digits = "".join(char for char in text if char not in " .-")
    return digits if digits.isascii() and digits.isdigit() else ""


# Check digits


def mod10(digits: str) -> str:
    """Weights 2, 1 from the right; the digits of each product are added."""
    products = (int(digit) * weight for digit, weight in zip(reversed(digits), cycle((2, 1)), strict=False))
    return str(-sum(product // 10 + product % 10 for product in products) % 10)


def _sum11(digits: str) -> int:
    weights = cycle(range(2, 10))
    return sum(int(digit) * weight for digit, weight in zip(reversed(digits), weights, strict=False))


def mod11(digits: str) -> str:
    """The general digit of a bank's bar code: 0, 10 and 11 become 1."""
    result = 11 - _sum11(digits) % 11
    return str(result) if result < 10 else "1"


def mod11_collection(digits: str) -> str:
    """The digits of an arrecadação whose third digit is 8 or 9: a rest of 0 or 1 gives 0."""
    rest = _sum11(digits) % 11
    return "0" if rest < 2 else str(11 - rest)


# Bank: 44 and 47


def line_of(bar: str) -> str:
    """Write a bank's bar code as its linha digitável."""
    free = bar[19:]
    fields = (bar[:4] + free[:5], free[5:15], free[15:])
    return "".join(field + mod10(field) for field in fields) + bar[4] + bar[5:19]


def bar_code_of(line: str) -> str:
    """Write a bank's linha digitável as its bar code; its own check digits fall away."""
    return line[:4] + line[32] + line[33:] + line[4:9] + line[10:20] + line[21:31]


def bar_code(bank: str, due: date | None, amount: int, free: str) -> str:
    """Compose a bank's bar code. Raises ValueError when a part has the wrong shape."""
    if len(bank) != 3 or len(free) != 25 or not (bank + free).isdigit() or not 0 <= amount < 10**10:
        raise ValueError("bar_code: bank 3, free field 25 digits, amount in centavos")
    rest = f"{due_factor(due):04d}{amount:010d}{free}" if due else f"0000{amount:010d}{free}"
    return f"{bank}9{mod11(f'{bank}9{rest}')}{rest}"


def _bank(form: Form, line: str, bar: str, reference: date) -> Boleto:
    amount = int(bar[9:19])
    return Boleto(
        form, bar, line, amount or None, due_date(int(bar[5:9]), reference), tuple(_doubts(line, bar))
    )


def _doubts(line: str, bar: str) -> Iterator[str]:
    fields = (line[:10], line[10:21], line[21:32])
    wrong = [str(number) for number, field in enumerate(fields, 1) if mod10(field[:-1]) != field[-1]]
    if wrong:
        yield (
            f"Dígito verificador não confere no campo {' e '.join(wrong)} da linha digitável: "
            "confira com o provedor antes de entregar."
        )
    if mod11(bar[:4] + bar[5:]) != bar[4]:
        yield "O dígito geral do código de barras não confere: confira com o provedor antes de entregar."
    if bar[3] != "9":
        yield "A moeda do boleto não é o real: confira com o provedor."


# Due dates


def due_factor(due: date) -> int:
    """Return the fator of a due date: days since 07/10/1997, from 22/02/2025 on starting over at 1000."""
    days = (due - BASE).days
    return days if days <= 9999 else (days - FIRST) % CYCLE + FIRST


def due_date(factor: int, reference: date) -> date | None:
    """Return the date of a fator that is nearest to `reference`; None for 0000.

    An old slip read against its own day keeps its year: only the nearest cycle is right on both sides of the
    roll-over.
    """
    if factor == 0:
        return None
    first = BASE + timedelta(days=factor)
    cycles = max(0, round((reference - first).days / CYCLE))
    return first + timedelta(days=CYCLE * cycles)


# Arrecadação: 44 and 48


def collection_line(bar: str) -> str:
    """Write the bar code of an arrecadação as its linha digitável."""
    digit = _collection_digit(bar)
    return "".join(part + digit(part) for part in (bar[at : at + 11] for at in range(0, 44, 11)))


def _blocks(line: str) -> list[str]:
    return [line[at : at + 12] for at in range(0, 48, 12)]


def _collection_digit(bar: str) -> Callable[[str], str]:
    return mod10 if bar[2] in "67" else mod11_collection


def _collection(form: Form, line: str, bar: str) -> Boleto:
    # The third digit says whether the eleven digits are reais or a quantity of another unit.
    amount = int(bar[4:15]) if bar[2] in "68" else 0
    return Boleto(form, bar, line, amount or None, None, tuple(_collection_doubts(line, bar)))


def _collection_doubts(line: str, bar: str) -> Iterator[str]:
    if bar[2] not in "6789":
        yield "O terceiro dígito da arrecadação não diz como conferir: confira com o provedor."
        return
    digit = _collection_digit(bar)
    wrong = [str(number) for number, part in enumerate(_blocks(line), 1) if digit(part[:11]) != part[11]]
    if wrong:
        yield (
            f"Dígito verificador não confere no bloco {' e '.join(wrong)} da arrecadação: "
            "confira com o provedor antes de entregar."
        )
    if digit(bar[:3] + bar[4:]) != bar[3]:
        yield "O dígito geral da arrecadação não confere: confira com o provedor antes de entregar."


def punctuated(line: str) -> str:
    """Write a linha digitável in its fields.

    47: `AAAAA.AAAAA BBBBB.BBBBBB CCCCC.CCCCCC D EEEEEEEEEEEEEE`; 48: four blocks `AAAAAAAAAAA-A`.

    Raises:
        ValueError: neither 47 nor 48 digits.
    """
    digits = bare(line)
    if len(digits) == 48:
        return " ".join(f"{block[:11]}-{block[11]}" for block in _blocks(digits))
    if len(digits) != 47:
        raise ValueError("linha digitável: 47 or 48 digits")
    parts = (digits[:10], digits[10:21], digits[21:32])
    return " ".join((*(f"{part[:5]}.{part[5:]}" for part in parts), digits[32], digits[33:]))
