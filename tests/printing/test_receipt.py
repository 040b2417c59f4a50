"""A receipt holds no control byte, keeps its one JSON form, and never kicks the drawer twice."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_tui.printing.receipt import (
    Align,
    Blank,
    Copy,
    Itf,
    Kind,
    Pair,
    QrCode,
    Receipt,
    Reprint,
    Rule,
    Size,
    Table,
    Text,
    Verbatim,
)
from tests.printing.papers import papers

WORDS = st.text(max_size=80)
BLOCKS = st.one_of(
    st.builds(Text, WORDS),
    st.builds(Pair, WORDS, WORDS),
    st.builds(Rule, st.booleans()),
    st.builds(Blank, st.integers(1, 3)),
    st.builds(Verbatim, st.lists(WORDS, max_size=5).map(tuple)),
    st.builds(
        Table,
        st.just(("Nº", "Descrição", "Valor")),
        st.lists(st.tuples(WORDS, WORDS, WORDS), max_size=3).map(tuple),
        st.just((2,)),
    ),
)
RECEIPTS = st.builds(
    Receipt,
    st.sampled_from(Kind),
    st.lists(BLOCKS, max_size=12).map(tuple),
    drawer=st.booleans(),
    training=st.booleans(),
)


@given(RECEIPTS)
def test_json_round_trip_is_canonical(receipt: Receipt) -> None:
    text = receipt.to_json()
    assert Receipt.from_json(text) == receipt
    assert Receipt.from_json(text).to_json() == text
    assert not any(unicodedata.category(char)[0] == "C" for char in text)


@pytest.mark.parametrize("name", papers())
def test_every_paper_survives_json(name: str) -> None:
    receipt = papers()[name]
    assert Receipt.from_json(receipt.to_json()) == receipt


def test_a_paper_kept_with_its_defaults_is_read() -> None:
    """As the spool kept them before, every field written."""
    kept = (
        '{"blocks":[{"align":"centre","block":"text","bold":true,"size":"tall","text":"VENDA"},'
        '{"block":"pair","bold":false,"label":"Total","value":"R$ 1,00"},'
        '{"block":"rule","double":false},{"block":"table","header":["a"],"right":[0],"rows":[["1"]]},'
        '{"block":"verbatim","lines":["  x  y"]},{"block":"blank","lines":1}],'
        '"copy":"","drawer":false,"kind":"sale","reprint":{"at":"1/1","by":"Ana","number":2},"training":true}'
    )
    blocks = (
        Text("VENDA", Align.CENTRE, bold=True, size=Size.TALL),
        Pair("Total", "R$ 1,00"),
        Rule(),
        Table(("a",), (("1",),), (0,)),
        Verbatim(("  x  y",)),
        Blank(),
    )
    read = Receipt.from_json(kept)
    assert read == Receipt(Kind.SALE, blocks, training=True, reprint=Reprint(2, "1/1", "Ana"))
    assert len(read.to_json()) < len(kept)


def test_what_a_kept_paper_leaves_out_never_changes() -> None:
    """A field at its default is not kept: another default would change what was printed years ago."""
    kept = (
        '{"kind":"sale","blocks":[{"block":"text","text":"a"},{"block":"pair","label":"b","value":"c"},'
        '{"block":"rule"},{"block":"blank"},{"block":"table","header":["d"],"rows":[["1"]]}]}'
    )
    blocks = (
        Text("a", Align.LEFT, bold=False, size=Size.NORMAL),
        Pair("b", "c", bold=False),
        Rule(double=False),
        Blank(lines=1),
        Table(("d",), (("1",),), right=()),
    )
    written = Receipt(Kind.SALE, blocks, copy=Copy.NONE, drawer=False, training=False, reprint=None)
    assert Receipt.from_json(kept) == written
    assert written.to_json() == kept


def _damaged(**changes: object) -> str:
    data = json.loads(Receipt(Kind.SALE, (Text("x"),)).to_json())
    return json.dumps(data | changes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        _damaged(kind="unheard of"),
        _damaged(surprise=1),
        _damaged(blocks=[{"block": "text", "text": 7, "align": "left", "bold": False, "size": "normal"}]),
        _damaged(blocks=[{"block": "bomb"}]),
        _damaged(blocks=None),
    ],
)
def test_what_is_not_a_receipt_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Receipt.from_json(text)


def test_columns_of_verbatim_lines_are_kept() -> None:
    assert Verbatim(("  VISA\t  1,00  ", "A\x1bB")).lines == ("  VISA    1,00", "AB")


def test_a_reprint_shuts_the_drawer() -> None:
    original = Receipt(Kind.SALE, (), drawer=True)
    mark = Reprint(2, "23/11/2026 13:05", "Ana")
    assert not original.reprinted(mark).drawer
    with pytest.raises(ValueError):
        Receipt(Kind.SALE, (), drawer=True, reprint=mark)
    with pytest.raises(ValueError):
        Reprint(1, "", "")


@pytest.mark.parametrize("data", ["", "a\x1bp", "x" * 2001])
def test_e42_a_qr_code_takes_only_text(data: str) -> None:
    with pytest.raises(ValueError):
        QrCode(data)


@pytest.mark.parametrize("digits", ["1" * 43, "1" * 45, "١" * 44, "a" * 44])
def test_a_bar_code_takes_only_44_digits(digits: str) -> None:
    with pytest.raises(ValueError):
        Itf(digits)
