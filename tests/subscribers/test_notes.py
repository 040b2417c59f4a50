"""nfelib's sample notes open in the viewer; what is no note does not, and hostile XML does nothing."""

import stat
from datetime import date
from pathlib import Path

import pytest

from pos_tui.domain.errors import StoreError
from pos_tui.domain.fiscal import parse_key
from pos_tui.domain.subscriber import Note
from pos_tui.providers.subscribers.note_xml import read_note
from pos_tui.services.subscriber_extracts import note_lines, save
from tests.domain.test_fiscal import samples


@pytest.mark.parametrize("path", samples(), ids=lambda path: path.name[:30])
def test_every_sample_opens(path: Path) -> None:
    view = read_note(path.read_bytes())
    assert view is not None
    key = parse_key(view.key)
    assert (int(view.number), int(view.series)) == (key.number, key.series)
    assert view.issuer and view.model in ("NF-e", "NFC-e", "NFCom", "NF3e")
    note = Note("1", key.model, view.number, view.key, date(2026, 1, 1), view.total)
    lines = note_lines(note, view)
    assert any(line.startswith(f"Emitente: {view.issuer}") for line in lines)
    assert not any(line.startswith("ATENÇÃO") for line in lines)


def test_most_samples_tell_items_and_a_total() -> None:
    views = [read_note(path.read_bytes()) for path in samples()]
    told = [view for view in views if view and view.items and view.total]
    assert len(told) >= 18


def test_the_xml_of_another_note_is_told() -> None:
    first, second = (read_note(path.read_bytes()) for path in samples()[:2])
    assert first is not None and second is not None
    lines = note_lines(Note("1", "55", "1", first.key, None, 0), second)
    assert any("de outra nota" in line for line in lines)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><NFe><infNFe Id="NFe1">&b;</infNFe></NFe>',
        b"<a>" * 5000,
    ],
)
def test_what_is_no_note_is_not_opened(content: bytes) -> None:
    assert read_note(content) is None


def test_a_file_is_closed_to_others_and_kept_byte_for_byte(tmp_path: Path) -> None:
    content = b"<?xml version='1.0'?>\r\n<a> \xc3\xa7 </a>\n"
    folder = tmp_path / "notas"
    folder.mkdir()
    older = folder / "nota.xml"
    older.write_bytes(b"older")
    older.chmod(0o666)
    assert save(folder, "nota.xml", content) == older
    assert older.read_bytes() == content
    assert stat.S_IMODE(older.stat().st_mode) == 0o600


def test_a_name_leads_nowhere_else(tmp_path: Path) -> None:
    saved = save(tmp_path / "notas", "../../../etc/passwd.xml", b"")
    assert saved.parent == tmp_path / "notas"


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError):
        save(tmp_path / "file", "a.xml", b"")
