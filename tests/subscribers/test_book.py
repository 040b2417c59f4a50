"""The book's file: read whole or not at all, and what comes of it at the desk."""

import base64
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pos_tui.cli import main
from pos_tui.domain.subscriber import BillState, Charge, ContractState
from pos_tui.services.subscriber_book import BadBook, keep, read
from tests.sandbox import SandboxControl
from tests.subscribers.desk import desk_till, visit

ZONE = ZoneInfo("America/Campo_Grande")
XML = "<a>ç</a>\r\n".encode()
ONE = {
    "id": "77",
    "name": "Zélia [bold] \x1b[31mRamos",
    "document": "529.982.247-25",
    "phone": "+55 67 99999-0077",
    "password": "segredo",
    "contracts": [{"id": "770", "plan": "Fibra", "state": "Suspenso", "logins": "zelia,zelia2"}],
    "bills": [
        {"id": "1", "due": "10/12/2026", "amount": "1.129,90", "charge": "Débito automático"},
        {"id": "2", "due": "2026-11-10", "amount": 129.9, "paid_on": "2026-11-09", "paid": "129.90"},
    ],
    "notes": [{"id": "9", "model": "62", "issued": "2026-11-03", "xml": base64.b64encode(XML).decode()}],
    "tickets": [
        {"id": "5", "opened": "2026-11-20 10:00", "events": [{"at": "2026-11-20", "text": "Visita"}]}
    ],
}


def book(*subscribers: object) -> bytes:
    return json.dumps({"subscribers": subscribers}).encode()


def test_everything_is_read(tmp_path: Path, sandbox: SandboxControl) -> None:
    with desk_till(tmp_path, sandbox, "local") as till:
        assert keep(till.context, read(book(ONE), ZONE), "importação") == 1
        zelia = visit(till.centre)
        questions = till.centre.questions
        assert zelia.subscriber.name == "Zélia [bold] [31mRamos"
        assert (zelia.subscriber.phone, zelia.subscriber.document) == ("67999990077", "52998224725")
        (plan,) = zelia.subscriber.contracts
        assert (plan.state, plan.logins) == (ContractState.SUSPENDED, ("zelia", "zelia2"))
        (opened,) = questions.open_bills(zelia)
        assert (opened.amount, opened.charge) == (112990, Charge.DIRECT_DEBIT)
        (settled,) = questions.settled_bills(zelia)
        assert (settled.state, settled.paid) == (BillState.SETTLED, 12990)
        (note,) = questions.notes(zelia)
        assert questions.note_file(zelia, note).content == XML
        (ticket,) = questions.tickets(zelia)
        assert questions.history(zelia, ticket)[0].text == "Visita"


def test_the_same_again_replaces_it(tmp_path: Path, sandbox: SandboxControl) -> None:
    with desk_till(tmp_path, sandbox, "local") as till:
        for _ in range(2):
            keep(till.context, read(book(ONE), ZONE), "importação")
        assert len(till.centre.questions.open_bills(visit(till.centre))) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "não é um JSON"),
        (b"[]", "não é um JSON"),
        (book({"id": "1"}), "nº 1"),
        (book(ONE, "texto"), "nº 2"),
        (book({"id": "1/2", "name": "Ana"}), "nº 1"),
        (book({**ONE, "notes": [{"id": "9", "xml": "*"}]}), "base64"),
        (book(ONE, {**ONE, "id": "78"}), "duas vezes"),
    ],
)
def test_what_cannot_be_taken_is_told(content: bytes, words: str) -> None:
    with pytest.raises(BadBook, match=words):
        read(content, ZONE)


def test_the_command_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POS_TUI_DATA_DIR", str(tmp_path / "data"))
    file = tmp_path / "assinantes.json"
    file.write_bytes(book(ONE))
    assert main(["subscribers", "import", str(file)]) == 0
    assert "1 importado(s)" in capsys.readouterr().out
    file.write_bytes(b"{}")
    assert main(["subscribers", "import", str(file)]) != 0
