"""The commonest sale: Consumidor, one top-up, cash, confirmed, printed. At most 8 keys (issue 2)."""

import re
from pathlib import Path

from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.screens.desk import at_desk
from tests.tills import LINE

MOST = 8

SALE: tuple[tuple[tuple[str, ...], str], ...] = (
    (("f3",), "1 Vivo"),
    (("1", *LINE, *LINE, "4"), "Receba o pagamento (F10)."),
    (("f10",), "Faltam R$ 15,00"),
    (("1", *"20", "enter"), "Troco: R$ 5,00. Salve com F10."),
    (("f10",), "Venda 1 salva. Troco: R$ 5,00."),
    (("enter",), "Confirmar a recarga de R$ 15,00 para 67 99999-1234?"),
    (("enter",), "Recarga conekta confirmada com sucesso."),
)
"""Keys, and what the cashier sees before going on."""

MANUAL = Path(__file__).parents[2] / "docs" / "manual.md"
COUNT = re.compile(r"\*\*(\d+) teclas\*\* além dos números")
"""How the manual prints the number."""


def beside_digits() -> list[str]:
    """The keys of the sale that are no digits."""
    return [key for keys, _ in SALE for key in keys if not key.isdecimal()]


async def test_the_commonest_sale_takes_at_most_eight_keys(till: Till, sandbox: SandboxControl) -> None:
    async with at_desk(till) as desk:
        await desk.see("Consumidor")
        for keys, expected in SALE:
            await desk.press(*keys)
            await desk.see(expected)
        await desk.until(lambda: not till.spool.owed(), "the receipt printed")
    assert sandbox.ledger().credits == {LINE: (1, 1500)}
    assert b"COMPROVANTE DE RECARGA" in max((till.folder / "papers").glob("*.bin")).read_bytes()
    assert len(beside_digits()) <= MOST


def test_the_manual_prints_the_same_number() -> None:
    printed = COUNT.search(MANUAL.read_text("utf-8"))
    assert printed is not None, "the manual must say: **N teclas** além dos números"
    assert int(printed[1]) == len(beside_digits())
