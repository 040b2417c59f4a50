"""S10 codes and the link (facts/orders.md §5)."""

import pytest

from pos_tui.domain.tracking import check_digit, doubt, is_correios, is_mailed, tracking_link


@pytest.mark.parametrize(
    ("serial", "digit"), [("47312482", "9"), ("12345678", "5"), ("00000000", "5"), ("10083327", "6")]
)
def test_check_digits(serial: str, digit: str) -> None:
    assert check_digit(serial) == digit


@pytest.mark.parametrize("code", ["AA123456785BR", "aa 1234 5678 5 br", "AA100833276BR"])
def test_right_codes_raise_no_doubt(code: str) -> None:
    assert doubt("Correios PAC", code) == ""


@pytest.mark.parametrize("code", ["SS123456789BR", "AA987654321BR"])
def test_the_examples_of_help_pages_are_doubted(code: str) -> None:
    assert "não confere" in doubt("SEDEX", code)


def test_other_carriers_and_pick_up_are_never_doubted() -> None:
    assert doubt("Jadlog", "123") == "" == doubt("Retirada na loja", "Produto aguardando retirada.")
    assert "formato" in doubt("PAC", "Produto aguardando retirada.")


def test_which_carriers_are_correios() -> None:
    assert is_correios("CORREIOS") and is_correios("Pac Mini") and not is_correios("Impacto Log")
    assert is_mailed("Sedex 10") and is_mailed("PAC") and not is_mailed("Motoboy")


def test_the_link_follows_its_template() -> None:
    assert tracking_link("aa123456785br").endswith("?objetos=AA123456785BR")
    assert tracking_link("A/B&C", "https://x.example/{code}") == "https://x.example/A%2FB%26C"
