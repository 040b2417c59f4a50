"""Decimal reais become whole centavos, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_tui.providers.amounts import centavos, nearest_centavos, reais


@given(st.integers(0, 10**9))
def test_there_and_back(amount: int) -> None:
    assert centavos(reais(amount)) == amount == nearest_centavos(reais(amount))


@pytest.mark.parametrize(
    "text", ["", "NaN", "1e3", "1,50", "1.234,50", "١", "1.", ".5", "0x1", "1.005", "1" * 20]
)
def test_not_an_amount(text: str) -> None:
    with pytest.raises(ValueError):
        centavos(text)


def test_fractions_of_a_centavo_go_to_the_nearest() -> None:
    assert [nearest_centavos(text) for text in ("14.475", "14.474", "0.005", "48.25")] == [
        1448,
        1447,
        1,
        4825,
    ]
