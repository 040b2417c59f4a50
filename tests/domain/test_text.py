"""The one sanitiser lets nothing through that could act on a screen, a printer or a spreadsheet."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pos_tui.domain.text import clean, clean_line, digits, fold, to_ascii


def test_examples() -> None:
    assert clean("José\x1b[31m da\r\nSilva\x00") == "José[31m da Silva"
    assert clean("a\u202eb\u200bc") == "abc"
    assert clean("  x \t y\u00a0z ") == "x y z"
    assert fold("JOSÉ Ção") == "jose cao"
    assert digits("(67) 9٣9999") == "6799999"


@given(st.text())
def test_nothing_unwanted_remains(text: str) -> None:
    result = clean(text)
    assert all(unicodedata.category(char)[0] != "C" for char in result)
    assert clean(result) == result


def test_a_megabyte_is_cut() -> None:
    assert len(clean("a" * 1_000_000)) == 500


def test_a_laid_out_line_keeps_its_spaces() -> None:
    assert clean_line("  VALOR   \x1b@\t10,00  ") == "  VALOR   @ 10,00"


def test_ascii_keeps_case_and_drops_what_it_cannot_hold() -> None:
    assert to_ascii("São João\x1b\n— Ação 漢") == "Sao Joao Acao"
