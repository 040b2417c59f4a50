"""A contracted rate as somebody types it: read, or refused in a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_tui.domain.fees import parse_rate


@pytest.mark.parametrize(
    ("band", "percent", "why"),
    [("²", "2", "parcelas"), ("0", "2", "parcelas"), ("6-2", "2", "parcelas"), ("1", "nan", "taxa em %")]
    + [("1", percent, "taxa em %") for percent in ("-1", "100", "inf", "2%", "snan")],
)
def test_what_is_no_rate_is_told_in_words(band: str, percent: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_rate(f"rede * credit {band} {percent}")


@given(st.text(max_size=4), st.text(max_size=6))
def test_anything_typed_is_a_rate_or_a_sentence(band: str, percent: str) -> None:
    try:
        rate = parse_rate(f"rede * credit {band} {percent}")
    except ValueError as error:
        assert "invalid" not in str(error)
    else:
        assert 0 <= rate.percent < 100
