"""Nothing in the journal changes, vanishes or moves without the chain showing it."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pos_tui.domain.journal import GENESIS, ChainRow, Field, canonical, link, verify

plain: st.SearchStrategy[Field] = st.one_of(st.none(), st.booleans(), st.integers(), st.text())
fields = st.dictionaries(st.text(min_size=1), plain, min_size=1)


ANY = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@given(st.dictionaries(st.text(), ANY))
@example({"who": "Adriana Gonçalves", "odd": '\x7f\x00\x1b\u2028/"\\'})
@example({"who": "\x7f"})
@example({"who": "\ud800"})
@example({"sum": 1 << 64, "less": -(1 << 63) - 1, "é": [True, None, {"z": 1, "a": 2}]})
def test_the_form_that_is_hashed_is_json_in_ascii(row: dict[str, Field]) -> None:
    """Told by the slow way: a chain of years ago is checked by what is written here today."""
    assert canonical(row) == json.dumps(row, sort_keys=True, separators=(",", ":")).encode()


def chain(contents: list[dict[str, Field]]) -> list[ChainRow]:
    rows: list[ChainRow] = []
    previous = GENESIS
    for place, content in enumerate(contents):
        row: dict[str, Field] = {"place": place, "content": content}
        rows.append(ChainRow(previous, row, link(previous, row)))
        previous = rows[-1].hash
    return rows


histories = st.lists(fields, min_size=2, max_size=6).map(chain)


@given(histories)
def test_a_whole_chain_holds(rows: list[ChainRow]) -> None:
    assert verify(rows) is None
    assert verify(rows, head=rows[-1].hash) is None


@given(histories, st.data())
def test_a_change_is_found_where_it_happened(rows: list[ChainRow], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    row = rows[place]
    rows[place] = ChainRow(row.previous, {**row.fields, "forged": True}, row.hash)
    assert verify(rows) == place


@given(histories, st.data())
def test_a_change_with_a_new_hash_is_found_by_the_next_row(rows: list[ChainRow], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(rows) - 2))
    forged = {**rows[place].fields, "forged": True}
    rows[place] = ChainRow(rows[place].previous, forged, link(rows[place].previous, forged))
    assert verify(rows) == place + 1


@given(histories, st.data())
def test_a_removal_is_found(rows: list[ChainRow], data: st.DataObject) -> None:
    head, place = rows[-1].hash, data.draw(st.integers(0, len(rows) - 1))
    del rows[place]
    assert verify(rows, head) == place


@given(histories, st.data())
def test_a_reorder_is_found(rows: list[ChainRow], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(rows) - 2))
    rows[place], rows[place + 1] = rows[place + 1], rows[place]
    assert verify(rows) == place


def test_the_empty_chain() -> None:
    assert verify([]) is None
    assert verify([], head="f" * 64) == 0


def test_one_form_whatever_the_order_of_keys() -> None:
    assert canonical({"b": 1, "a": "é"}) == canonical({"a": "é", "b": 1}) == b'{"a":"\\u00e9","b":1}'
    assert link(GENESIS, {"a": 1}) != link(GENESIS, {"a": "1"}) != link(GENESIS, {"a": True})


@pytest.mark.parametrize("value", [1.5, b"x", {"x": 0.1}, [1.0], {"x": {1: "a"}}])
def test_what_has_no_one_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"field": value})  # type: ignore[dict-item]
