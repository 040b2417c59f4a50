"""The boleto: the vectors of facts/cards-and-isp.md B.2, and the rules turned round."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_tui.domain.boleto import (
    BoletoError,
    Form,
    bar_code,
    collection_line,
    due_date,
    due_factor,
    line_of,
    mod10,
    mod11_collection,
    punctuated,
    read,
)

TODAY = date(2026, 11, 23)
VECTORS = {
    "23793381286000782713695000063305975520000370000": (370000, date(2018, 6, 11)),
    "23793380296099605290241006333300689690000143014": (143014, date(2022, 4, 28)),
    "34191.09123 34567.800056 71234.570001 5 15390000012750": (12750, date(2026, 8, 15)),
    "00190.00009 01234.567004 00000.123182 9 15390000012750": (12750, date(2026, 8, 15)),
    "23791.23405 60000.000004 02005.678905 9 15390000012750": (12750, date(2026, 8, 15)),
    "75691.31662 01006.726101 27210.000017 7 73380000001000": (1000, date(2017, 11, 9)),
}
BB = "00193373700000001000500940144816060680935031"
SICOOB = "75697733800000010001316601006726102721000001"
ILLUSTRATIVE = "74891.12347 02320.907239 21132.371060 1 95430000020000"
days = st.dates(BASE := date(2000, 7, 3), date(2040, 1, 1))


@pytest.mark.parametrize("line", VECTORS)
def test_a_line_says_amount_and_due_date(line: str) -> None:
    amount, due = VECTORS[line]
    boleto = read(line, due)
    assert (boleto.form, boleto.amount, boleto.due, boleto.warnings) == (Form.BANK, amount, due, ())
    assert line_of(boleto.bar_code) == boleto.line


def test_a_bar_code_becomes_its_line() -> None:
    boleto = read(BB, date(2007, 12, 1))
    assert (boleto.form, boleto.amount, boleto.due) == (Form.BAR_CODE, 100, date(2007, 12, 31))
    assert boleto.punctuated == "00190.50095 40144.816069 06809.350314 3 37370000000100"
    assert (
        read(SICOOB, date(2017, 11, 1)).punctuated == "75691.31662 01006.726101 27210.000017 7 73380000001000"
    )


def test_wrong_digits_are_told_and_not_refused() -> None:
    boleto = read(ILLUSTRATIVE, date(2023, 11, 1))
    assert boleto.amount == 20000
    assert boleto.warnings[0].startswith("Dígito verificador não confere no campo 2 e 3")


@pytest.mark.parametrize("text", ["", "123", "7" * 46, "8" * 47 + "x", "1" * 48, "٣" * 47])
def test_what_is_no_boleto_is_refused(text: str) -> None:
    with pytest.raises(BoletoError):
        read(text, TODAY)


def test_the_factor_starts_over_after_21_02_2025() -> None:
    assert due_factor(date(2000, 7, 3)) == 1000
    assert due_factor(date(2025, 2, 21)) == 9999
    assert due_factor(date(2025, 2, 22)) == 1000


def test_the_nearest_cycle_dates_old_and_new_slips() -> None:
    assert due_date(1000, date(2025, 2, 1)) == date(2025, 2, 22)
    assert due_date(9999, date(2025, 3, 1)) == date(2025, 2, 21)
    assert due_date(3737, date(2007, 12, 1)) == date(2007, 12, 31)
    assert due_date(0, TODAY) is None


@given(days, st.integers(-4000, 4000))
def test_a_factor_read_near_its_day_is_that_day(due: date, off: int) -> None:
    reference = max(BASE, due + timedelta(days=off))
    assert due_date(due_factor(due), reference) == due


@given(st.text("0123456789", min_size=25, max_size=25), st.integers(0, 10**10 - 1), days)
def test_what_is_composed_is_read_back(free: str, amount: int, due: date) -> None:
    bar = bar_code("756", due, amount, free)
    boleto = read(line_of(bar), due)
    assert (boleto.bar_code, boleto.amount, boleto.due) == (bar, amount or None, due)
    assert boleto.warnings == ()


@given(st.sampled_from("6789"), st.text("0123456789", min_size=40, max_size=40))
def test_a_collection_is_read_in_both_forms(kind: str, rest: str) -> None:
    digit = mod10 if kind in "67" else mod11_collection
    bar = f"82{kind}{digit(f'82{kind}{rest}')}{rest}"
    line = collection_line(bar)
    assert len(line) == 48
    read_bar, read_line = read(bar, TODAY), read(punctuated(line), TODAY)
    assert (read_bar.form, read_line.form) == (Form.BAR_CODE, Form.COLLECTION)
    assert read_line.bar_code == bar and read_line.line == line == read_bar.line
    assert read_bar.warnings == read_line.warnings == ()
    assert read_bar.amount == ((int(rest[:11]) or None) if kind in "68" else None)


@given(st.sampled_from(sorted(VECTORS)), st.integers(0, 32), st.integers(1, 9))
def test_one_wrong_digit_before_the_amount_is_never_silent(line: str, place: int, off: int) -> None:
    digits = [char for char in line if char.isdigit()]
    digits[place] = str((int(digits[place]) + off) % 10)
    assert read("".join(digits), TODAY).warnings
