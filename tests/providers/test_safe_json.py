"""JSON from outside keeps its numbers as they were written, and is never guessed."""

import pytest

from pos_tui.providers.safe_json import Json, json_child, json_list, json_text, parse_json


def test_numbers_stay_text() -> None:
    said = parse_json(
        b'{"a": 15.10, "b": 1e3, "c": 0, "d": "x", "e": true, "f": null, "g": [1], "h": {"i": 2}}'
    )
    assert [json_text(said, name) for name in "abcdefg"] == ["15.10", "1e3", "0", "x", "", "", ""]
    assert json_list(said, "g") == ["1"]
    assert json_child(said, "h") == {"i": "2"}


def test_what_is_not_there_is_empty() -> None:
    nothing: list[Json] = [{}, [], "x", None, True, {"a": ["b"]}]
    for said in nothing:
        assert json_text(said, "a") == ""
        assert json_child(said, "a") == {}
    assert json_list({}, "a") is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b"[" * 100_000 + b"]" * 100_000,
        b"<html></html>",
    ],
    ids=["nothing", "torn", "not utf-8", "no number", "twice", "deep", "html"],
)
def test_refused(body: bytes) -> None:
    assert parse_json(body) is None
