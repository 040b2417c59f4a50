"""CPF and CNPJ are checked; a CPF is never shown whole."""

import pytest

from pos_tui.domain.documents import mask_document, parse_document


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("123.456.789-09", "12345678909"),
        ("11.222.333/0001-81", "11222333000181"),
        ("12.abc.345/01de-35", "12ABC34501DE35"),
    ],
)
def test_valid(text: str, bare: str) -> None:
    assert parse_document(text) == bare


@pytest.mark.parametrize(
    "text", ["", "123.456.789-00", "11.222.333/0001-80", "12.ABC.345/01DE-34", "[/]", "1" * 10**6]
)
def test_invalid(text: str) -> None:
    with pytest.raises(ValueError, match=r"CPF|CNPJ"):
        parse_document(text)


def test_masked() -> None:
    assert mask_document("12345678909") == "***.456.789-**"
    assert mask_document("12ABC34501DE35") == "12.ABC.345/01DE-35"
