"""The hint of who first held a number, judged by the phonenumbers library."""

from importlib.resources import files

import phonenumbers
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import carrier

from pos_tui.domain.phone import DDDS, Mobile
from pos_tui.services.carriers import first_holder
from tests.carriers import TODAY, ranges

MOBILES = st.builds(
    Mobile, st.sampled_from(sorted(DDDS)), st.integers(0, 99_999_999).map(lambda number: f"9{number:08d}")
)


@given(MOBILES)
def test_agrees_with_phonenumbers(mobile: Mobile) -> None:
    name = carrier.name_for_number(phonenumbers.parse(f"+55{mobile.digits}"), "en")
    assert first_holder(mobile) == TODAY.get(name, name)


def test_the_ranges_are_those_of_the_source() -> None:
    assert files("pos_tui.services").joinpath("carriers.txt").read_text("utf-8") == ranges()
