"""No line is wider than the paper, and every paper carries its marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_tui.printing.layout import (
    CHANGED,
    CONDENSED,
    NOT_FISCAL,
    REPRINT,
    TRAINING,
    Line,
    as_text,
    lost,
    rows,
    width,
)
from pos_tui.printing.letters import MISSING, to_paper
from pos_tui.printing.receipt import Align, Kind, Pair, Receipt, Size, Text, Verbatim
from tests.printing.papers import papers
from tests.printing.test_receipt import RECEIPTS

COLUMNS = st.sampled_from(sorted(CONDENSED))


def _body(*blocks: Text | Pair | Verbatim, columns: int) -> list[str]:
    """The lines between the head and the foot."""
    lines = [row.text for row in rows(Receipt(Kind.SALE, blocks), columns) if isinstance(row, Line)]
    return lines[2:-2]


@given(RECEIPTS, COLUMNS)
def test_e42_no_line_is_wider_than_the_paper(receipt: Receipt, columns: int) -> None:
    for row in rows(receipt, columns):
        if isinstance(row, Line):
            assert len(row.text) <= width(row, columns)
            assert row.text.encode("cp850").decode("cp850") == row.text
            assert row.text.isprintable()


@pytest.mark.parametrize("columns", CONDENSED)
@pytest.mark.parametrize("name", papers())
def test_the_marks_stand_at_both_ends(name: str, columns: int) -> None:
    receipt = papers()[name]
    lines = [line.strip() for line in as_text(receipt, columns).splitlines()]
    assert lines[0] == lines[-1] == NOT_FISCAL
    assert (lines.count(TRAINING) == 2) is receipt.training
    assert (lines.count(REPRINT) == 2) is (receipt.reprint is not None)
    assert not receipt.copy or receipt.copy.value in lines[:7]


@given(st.text(alphabet="abc ", min_size=1, max_size=60), st.integers(0, 99_999_999), COLUMNS)
def test_money_stands_at_the_right_edge(label: str, centavos: int, columns: int) -> None:
    value = f"R$ {centavos / 100:.2f}".replace(".", ",")
    body = _body(Pair(label, value), columns=columns)
    assert body[-1].endswith(value)
    assert len(body[-1]) == columns


def test_long_values_break_at_words() -> None:
    assert _body(Pair("Endereço", "Rua Quatorze de Julho, 1200, Centro"), columns=32) == [
        "Endereço",
        "  Rua Quatorze de Julho, 1200,",
        "  Centro",
    ]


def test_alignment_and_big_letters() -> None:
    assert _body(Text("centro", Align.CENTRE), columns=32) == [" " * 13 + "centro"]
    assert _body(Text("direita", Align.RIGHT), columns=32) == [" " * 25 + "direita"]
    assert _body(Text("dezesseis letras aqui", size=Size.BIG), columns=32) == ["dezesseis letras", "aqui"]


def test_verbatim_lines_are_not_rewrapped() -> None:
    card = ("VIA CLIENTE            40 colunas  fim.|", "  VISA   1,00")
    assert len(card[0]) == 40
    assert _body(Verbatim(card), columns=48) == list(card)
    narrow = [row for row in rows(Receipt(Kind.TEF, (Verbatim(card),)), 32) if isinstance(row, Line)][2:-2]
    assert [row.text for row in narrow] == list(card)
    assert all(row.condensed for row in narrow)
    assert _body(Verbatim(("x" * 50,)), columns=32) == ["x" * 42, "x" * 8]


@given(st.text(max_size=40), COLUMNS)
def test_who_reads_the_paper_sees_how_many_letters_were_changed(name: str, columns: int) -> None:
    receipt = Receipt(Kind.SALE, (Pair("Cliente", name),))
    changed = lost(rows(receipt, columns))
    told = f"{CHANGED}: {changed}"
    assert (told in as_text(receipt, columns)) is (changed > 0)


def test_nothing_is_lost_in_silence() -> None:
    assert to_paper("São João – “às” 5 € …") == ('São João - "às" 5 EUR ...', 0)
    assert to_paper("Ștefan 漢字 🎁") == (f"Stefan {MISSING}{MISSING} {MISSING}", 4)
    assert lost(rows(Receipt(Kind.SALE, (Text("漢"), Pair("字", "Ș"))), 32)) == 3


def test_a_width_nobody_sells_is_refused() -> None:
    with pytest.raises(ValueError):
        rows(Receipt(Kind.SALE, ()), 40)
