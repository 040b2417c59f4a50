"""A card's slip is checked, and no whole card number gets into the till however it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_tui.domain.card import (
    BRAND_WORDS,
    KIND_WORDS,
    Brand,
    CardDetails,
    CardKind,
    brand_of,
    check_card,
    looks_like_pan,
    refuse_pan,
)
from pos_tui.domain.errors import FieldError

# Published test numbers of the schemes, plus a Diners of 14 and a Visa of 13 digits.
PANS = [
    "4111111111111111",
    "5555555555554444",
    "378282246310005",
    "30569309025904",
    "4222222222222",
    "6362970000457013",
]


@pytest.mark.parametrize("pan", PANS)
@pytest.mark.parametrize("gap", ["", " ", ".", "-", " - ", "/", "_", "\u00a0", "\u200b"])
def test_a_card_number_is_seen_however_grouped(pan: str, gap: str) -> None:
    grouped = gap.join(pan[place : place + 4] for place in range(0, len(pan), 4))
    assert looks_like_pan(grouped)
    assert looks_like_pan(f"cartão:{grouped} val 12/28 cvv 123")
    assert looks_like_pan(f"12/28 {grouped}x")
    with pytest.raises(FieldError, match="número de cartão") as refused:
        refuse_pan("note", grouped)
    assert refused.value.field == "note"


def test_digits_of_other_scripts_count() -> None:
    assert looks_like_pan("４１１１ １１１１ １１１１ １１１１")
    assert looks_like_pan("٤١١١١١١١١١١١١١١١")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4111111111111112",
        "Pedido 123, 2 camisetas",
        "67 99999-1234",
        "12.345.678/0001-95",
        "89551012345678901237",
        "411111111111111100000",
        "4111 e 1111 e 1111 e 1111",
        "NSU 000123456 AUT A1B2C3",
    ],
)
def test_what_is_not_a_card_number_passes(text: str) -> None:
    assert refuse_pan("note", text) == text


@given(st.from_regex(r"[2-6][0-9]{11,17}", fullmatch=True), st.text("abc ", max_size=3))
def test_every_number_with_its_check_digit_is_seen(stem: str, around: str) -> None:
    check = next(digit for digit in "0123456789" if _passes_luhn(stem + digit))
    assert looks_like_pan(f"{around}{stem}{check}{around}")


def _passes_luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    assert looks_like_pan(text) in (True, False)


def test_a_slip_is_tidied() -> None:
    card = CardDetails(CardKind.CREDIT, Brand.VISA, " 000123 ", 3, "a1b2c3", "1234")
    assert check_card(card) == CardDetails(CardKind.CREDIT, Brand.VISA, "000123", 3, "A1B2C3", "1234")


@pytest.mark.parametrize(
    ("card", "field"),
    [
        (CardDetails(CardKind.DEBIT, Brand.ELO, "1", 2), "instalments"),
        (CardDetails(CardKind.CREDIT, Brand.ELO, "1", 0), "instalments"),
        (CardDetails(CardKind.CREDIT, Brand.ELO, "1", 100), "instalments"),
        (CardDetails(CardKind.CREDIT, Brand.ELO, " "), "nsu"),
        (CardDetails(CardKind.CREDIT, Brand.ELO, "12-3"), "nsu"),
        (CardDetails(CardKind.CREDIT, Brand.ELO, "4111111111111111"), "nsu"),
        (CardDetails(CardKind.CREDIT, Brand.ELO, "1", 1, "A" * 21), "authorisation"),
        (CardDetails(CardKind.CREDIT, Brand.ELO, "1", 1, "", "411111"), "last_four"),
        (CardDetails(CardKind.CREDIT, Brand.ELO, "1", 1, "", "１２３４"), "last_four"),
    ],
)
def test_a_wrong_slip_names_its_field(card: CardDetails, field: str) -> None:
    with pytest.raises(FieldError) as refused:
        check_card(card)
    assert refused.value.field == field


def test_brands_by_their_names() -> None:
    assert brand_of("VISA ELECTRON") is Brand.VISA
    assert brand_of("Mastercard") is brand_of("MAESTRO") is Brand.MASTERCARD
    assert brand_of("American Express") is Brand.AMEX
    assert brand_of("BANESCARD") is brand_of("") is Brand.OTHER


def test_every_kind_and_brand_has_a_word() -> None:
    assert set(KIND_WORDS) == set(CardKind)
    assert set(BRAND_WORDS) == set(Brand)
