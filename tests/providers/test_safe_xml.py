"""XML from outside cannot explode, fetch or bury the till."""

import pytest

from pos_tui.providers.safe_xml import child_text, parse_xml

LATIN = "iso-8859-1"
BOMBS = {
    "billion laughs": b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha">
        <!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;&x;&x;"><!ENTITY z "&y;&y;&y;&y;&y;&y;&y;&y;">]><a>&z;</a>""",
    "external entity": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "external document type": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
    "parameter entity": b'<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><a/>',
    "deep": b"<a>" * 100_000 + b"</a>" * 100_000,
    "unclosed": b"<a><b></a>",
    "two roots": b"<a/><b/>",
    "unknown entity": b"<a>&nada;</a>",
    "unknown encoding": b'<?xml version="1.0" encoding="nada"?><a/>',
    "codec that is no charset": b'<?xml version="1.0" encoding="zlib"?><a/>',
    "control byte": b"<a>\x1b</a>",
    "nothing": b"",
    "html": b"<!DOCTYPE html><html></html>",
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=list(BOMBS))
def test_refused(body: bytes) -> None:
    assert parse_xml(body, LATIN) is None


@pytest.mark.parametrize(
    "body",
    [
        "<a><b> ação </b></a>".encode(LATIN),
        '<?xml version="1.0" encoding="ISO-8859-1"?><a><b>ação</b></a>'.encode(LATIN),
        '<?xml version="1.0" encoding="UTF-8"?><a><b>ação</b></a>'.encode(),
    ],
)
def test_accents_in_any_declared_encoding(body: bytes) -> None:
    root = parse_xml(body, LATIN)
    assert root is not None
    assert child_text(root, "b") == "ação"


def test_only_one_direct_child_counts() -> None:
    root = parse_xml(b"<a><b/><c>1</c><c>2</c><d><e>3</e></d></a>", LATIN)
    assert root is not None
    assert child_text(root, "b") == ""
    assert child_text(root, "c") is None
    assert child_text(root, "e") is None
