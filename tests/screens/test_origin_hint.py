"""State and first operator of a number: shown as a hint, and named one (issue 3)."""

import pytest

from pos_tui.domain.phone import parse_mobile
from pos_tui.screens.recharge_form import origin_hint
from pos_tui.till import Till
from tests.screens.desk import at_desk

HINT = "É só indicação: pode ter sido portada."


@pytest.mark.parametrize(
    ("line", "chosen", "told", "tone"),
    [
        ("67999991234", "", "DDD 67: MS, origem Vivo.", "normal"),
        ("67999991234", "Vivo", "DDD 67: MS, origem Vivo.", "normal"),
        ("11981234567", "Vivo", "DDD 11: SP, origem TIM, não Vivo: confira.", "pending"),
        ("11999999999", "TIM BRASIL", "DDD 11: SP, origem Vivo, não TIM BRASIL: confira.", "pending"),
        ("67900000000", "Vivo", "DDD 67: MS.", "normal"),
    ],
)
def test_it_says_that_it_is_a_hint(line: str, chosen: str, told: str, tone: str) -> None:
    assert origin_hint(parse_mobile(line), chosen) == (f"{told} {HINT}", tone)


async def test_it_stands_there_once_the_number_is_typed(till: Till) -> None:
    async with at_desk(till) as desk:
        await desk.press("f3")
        await desk.see("1 Vivo")
        await desk.type("211981234567")
        await desk.see("origem TIM, não Claro: confira.", HINT)
