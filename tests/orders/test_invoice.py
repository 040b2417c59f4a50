"""An order's note: keys against published vectors, and what is typed against its key (facts/orders.md §5)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_tui.domain.errors import FieldError
from pos_tui.domain.fiscal import check_digit
from pos_tui.domain.order import Invoice
from pos_tui.domain.order_invoice import NO_INVOICE, ZEROS, check_invoice, read_key

TODAY = datetime(2026, 11, 24, tzinfo=UTC)
KEY = "33150308370779000149550010001100931002410775"
VALID = [
    "33150308370779000149550010001100931002410775",
    "13181017921427000125650010000000309887251170",
    "31210617888732102479550010005269381003054430",
    "52060433009911002506550120000007800267301615",
    "35260712ABC34501DE35550010000001231123456787",
]


@pytest.mark.parametrize("key", VALID)
def test_published_keys_are_taken(key: str) -> None:
    found = read_key(key)
    assert found.key == key
    assert read_key(f"NFe{key[:22]} {key[22:]}") == found


def test_the_parts_of_a_key() -> None:
    found = read_key(VALID[0])
    assert (found.document, found.model, found.series, found.number, found.month) == (
        "08370779000149", "55", 1, 110093, "1503",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("52060433009911002506550120000007800267301614", "dígito verificador"),
        ("35260412345678000190550010000231171123456789", "dígito verificador"),
        (VALID[0][:-1], "44 caracteres, e esta tem 43"),
        ("A" + VALID[0][1:], "letras, apenas no CNPJ"),
        (ZEROS, "sem nota"),
        ("", "esta tem 0"),
    ],
)
def test_what_is_no_key_says_why(key: str, why: str) -> None:
    with pytest.raises(FieldError, match=why):
        read_key(key)


def test_a_key_of_no_state_is_refused_though_its_digit_is_right() -> None:
    first = "99" + VALID[0][2:-1]
    with pytest.raises(FieldError, match="não existem"):
        read_key(first + check_digit(first))


@given(st.sampled_from(VALID), st.sampled_from("0123456789"))
def test_only_one_check_digit_is_right(key: str, digit: str) -> None:
    if digit != key[-1]:
        with pytest.raises(FieldError, match="dígito verificador"):
            read_key(key[:-1] + digit)


def test_a_note_is_checked_against_its_key() -> None:
    assert check_invoice("110093", "1", KEY, "", TODAY) == Invoice("110093", "1", KEY)
    for number, series, cnpj, today, field in [
        ("110094", "1", "", TODAY, "number"),
        ("", "1", "", TODAY, "number"),
        ("110093", "2", "", TODAY, "series"),
        ("110093", "", "", TODAY, "series"),
        ("110093", "1", "12345678000195", TODAY, "key"),
        ("110093", "1", "", datetime(2015, 2, 1, tzinfo=UTC), "key"),
    ]:
        with pytest.raises(FieldError) as error:
            check_invoice(number, series, KEY, cnpj, today)
        assert error.value.field == field
    with pytest.raises(FieldError, match="sem nota"):
        check_invoice("1", "1", ZEROS, "", TODAY)


def test_no_note_is_44_zeros() -> None:
    assert (NO_INVOICE.number, NO_INVOICE.series, NO_INVOICE.key) == ("0", "0", "0" * 44)
    assert NO_INVOICE.words == "sem nota"
