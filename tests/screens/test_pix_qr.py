"""The Pix QR of the payment tab fits 80×24 and is read back from the painted screen."""

import os
from pathlib import Path

import pytest
from PIL import Image
from rich.segment import Segment

from pos_tui.domain import brcode
from pos_tui.domain.values import replace
from pos_tui.settings.payment import PaymentSettings, PixSettings
from pos_tui.settings.store import StoreSettings
from pos_tui.till import Till
from tests.printing.emulator import ZBARIMG, read_codes
from tests.screens.desk import Desk, at_desk
from tests.tills import SELLER, add, new_sale

DARK, PAPER, INK = 18, 255, 0
"""Grey of the terminal itself, of the code's paper and of its modules."""

KEYS = ("", "123e4567-e12b-12d1-a456-426655440000", "+5567999991234", "11222333000181", "52998224725")
"""The training key, then one of each kind a store may have."""


def cells(segment: Segment) -> list[tuple[int, int]]:
    """Grey of the upper and lower half of each cell."""
    style = segment.style
    painted = style is not None and style.bgcolor is not None and style.bgcolor.name == "white"
    back, front = (PAPER, INK) if painted else (DARK, DARK)
    halves = {"█": (front, front), "▀": (front, back), "▄": (back, front)}
    return [halves.get(char, (back, back)) for char in segment.text]


def picture(desk: Desk, path: Path) -> Path:
    """Paint the screen in a file as a dark terminal would show it."""
    rows: list[list[int]] = []
    for strip in desk.app.screen._compositor.render_strips():
        line = [cell for segment in strip for cell in cells(segment)]
        rows += [[upper for upper, _ in line], [lower for _, lower in line]]
    image = Image.new("L", (len(rows[0]), len(rows)))
    image.putdata([grey for row in rows for grey in row])
    image.resize((image.width * 6, image.height * 6), Image.Resampling.NEAREST).save(path)
    return path


@pytest.mark.skipif(
    ZBARIMG is None and os.environ.get("CI") != "true", reason="zbarimg not installed: run .ci/judges"
)
@pytest.mark.parametrize("key", KEYS)
async def test_it_is_read_from_80_by_24(till: Till, tmp_path: Path, key: str) -> None:
    till.config = replace(
        till.config,
        store=StoreSettings(name="Loja 52 Centro Campo Gran", city="Campo Grande MS"),
        payment=PaymentSettings(pix=PixSettings(key=key)),
    )
    sale = new_sale(till)
    add(till, sale, 10000)
    async with at_desk(till) as desk:
        await desk.press("f10", "3", "enter")
        await desk.see("Pix de R$ 100,00")
        (read,) = read_codes(picture(desk, tmp_path / "screen.png"))
    assert read == ("QR-Code", till.static_pix(sale.id, 10000))
    assert brcode.parse(read[1]).amount == 10000


async def test_a_small_window_offers_copy_and_paste(till: Till) -> None:
    add(till, new_sale(till))
    async with at_desk(till, (40, 12)) as desk:
        await desk.press("f10", "f6")
        await desk.see("O QR não cabe nesta janela", "Copia e cola:", "S Recebido")
        await desk.press("s")
        await desk.see("Pagamento completo.")


async def test_where_the_code_has_no_room_it_is_printed(till: Till) -> None:
    add(till, new_sale(till))
    sale = till.sales.current("1", SELLER)
    async with at_desk(till, (40, 12)) as desk:
        await desk.press("f10", "f6")
        await desk.see("O QR não cabe nesta janela", "I imprime o QR", "I Imprimir o QR")
        await desk.press("i")
        await desk.see("QR na fila de impressão.")
        await desk.press("s")
        await desk.see("Pagamento completo.")
    (paper,) = till.spool.papers_of_sale(sale.id)
    text = till.papers.preview(paper.document)
    assert "NÃO É COMPROVANTE DE PAGAMENTO" in text and "R$ 15,00" in text
    assert till.static_pix(sale.id, 1500) in paper.document


async def test_without_a_printer_only_the_text_is_offered(till: Till) -> None:
    add(till, new_sale(till))
    till.spool.prints = False
    async with at_desk(till, (40, 12)) as desk:
        await desk.press("f10", "f6")
        await desk.see("O QR não cabe nesta janela", "Use o copia e cola.")
        assert "Imprimir" not in desk.words()
