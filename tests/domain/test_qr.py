"""The split of a QR code's text, judged by segno's count of bits and by what the parts join to."""

import segno
from hypothesis import given
from hypothesis import strategies as st

from pos_tui.domain.qr import Mode, segments


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=120))
def test_the_parts_join_to_the_text_and_fit_their_modes(text: str) -> None:
    parts = segments(text)
    assert "".join(part for part, _ in parts) == text
    for part, mode in parts:
        assert mode is not Mode.NUMERIC or part.isdecimal()
        assert mode is not Mode.ALPHANUMERIC or part == part.upper()


@given(st.text("0123456789.abcXYZ", min_size=1, max_size=120))
def test_a_split_is_never_larger_than_one_part(text: str) -> None:
    modes = {Mode.NUMERIC: 1, Mode.ALPHANUMERIC: 2, Mode.BYTE: 4}
    parts = [(part, modes[mode]) for part, mode in segments(text)]
    split = segno.make(parts, error="l", micro=False)  # type: ignore[arg-type]
    assert len(split.matrix) <= len(segno.make(text, error="l", micro=False).matrix)
