"""Money is typed and shown as Brazilians write it."""

import pytest

from pos_tui.domain.money import format_brl, format_money, parse_money


@pytest.mark.parametrize(
    ("text", "centavos"),
    [("12", 1200), ("12,5", 1250), ("12,50", 1250), ("1.234,56", 123456), ("R$ 4,00", 400), ("0,01", 1)],
)
def test_typed_amounts(text: str, centavos: int) -> None:
    assert parse_money(text) == centavos


@pytest.mark.parametrize(
    "text", ["", "12.50", "1.23", ",5", "-1", "12,345", "7891000100103", "1e3", "R$", "１２"]
)
def test_refused_amounts(text: str) -> None:
    with pytest.raises(ValueError):
        parse_money(text)


def test_written_amounts() -> None:
    assert format_brl(400) == "R$ 4,00"
    assert format_money(123456789) == "1.234.567,89"
    assert format_money(-5) == "-0,05"
