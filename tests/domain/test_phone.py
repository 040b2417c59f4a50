"""Our rule for mobile numbers, judged by the phonenumbers library."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_tui.domain.phone import DDDS, first_difference, parse_mobile, shown, uf_of, why_not_mobile


def test_the_67_area_codes() -> None:
    assert len(DDDS) == 67
    assert uf_of("67") == "MS"


@given(st.from_regex(r"[1-9][0-9]9[0-9]{8}", fullmatch=True))
def test_agrees_with_phonenumbers(text: str) -> None:
    number = phonenumbers.parse(f"+55{text}")
    # A leading 90 is read as the prefix of a collect call, and what is left as a shorter number.
    judged = phonenumbers.is_valid_number(number) and str(number.national_number) == text
    assert (why_not_mobile(text) is None) == judged


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("10", "DDD 10"),
        ("678", "começa com 9"),
        ("6799", "Faltam 7"),
        ("679999999990", "demais"),
        ("20999999999", "DDD"),
    ],
)
def test_reasons(typed: str, reason: str) -> None:
    assert reason in str(why_not_mobile(typed))


def test_second_typing() -> None:
    assert first_difference("67999999999", "6799") is None
    assert first_difference("67999999999", "6789") == 2
    assert first_difference("67", "679") == 2
    assert str(parse_mobile("(67) 99999-1234")) == "67 99999-1234"


@pytest.mark.parametrize(
    ("stored", "read"),
    [("67999991234", "67 99999-1234"), ("1133334444", "11 3333-4444"), ("", ""), ("+55 67 9", "+55 67 9")],
)
def test_a_stored_number_is_read_in_groups(stored: str, read: str) -> None:
    assert shown(stored) == read
