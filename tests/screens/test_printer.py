"""The printer as the cashier sees it: its state, what it owes, the word about a paper (issue 5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pos_tui.config import default_path, load
from pos_tui.domain.spool import JobState
from pos_tui.printing.receipt import Kind, Receipt, Text
from pos_tui.printing.transports import Deadlines
from pos_tui.settings.printer import PrinterSettings
from pos_tui.till import Till
from tests.printing import fake_printer as fake
from tests.printing.fake_printer import FakePrinter
from tests.sandbox import SandboxControl
from tests.screens.desk import add_topup, at_desk, pay_cash
from tests.tills import LINE, SELLER, open_till, settings

PAPER = Receipt(Kind.TOP_UP, (Text("Recarga"),)).to_json()


@pytest.fixture
def machine() -> Iterator[FakePrinter]:
    with FakePrinter() as printer:
        yield printer


@pytest.fixture
def till(tmp_path: Path, sandbox: SandboxControl, machine: FakePrinter) -> Iterator[Till]:
    """A till with a printer on loopback that a test makes go wrong."""
    network = PrinterSettings(
        transport="network", host="127.0.0.1", port=machine.port, profile="epson-tm-t20", trust="printer"
    )
    opened = open_till(tmp_path / "till", sandbox, settings(printer=network))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        (fake.PAPER_OUT, "SEM PAPEL"),
        (fake.NEAR_END, "POUCO PAPEL"),
        (fake.COVER_OPEN, "TAMPA ABERTA"),
        (fake.OFF_LINE, "DESLIGADA"),
        (fake.READY, "impressora ok"),
    ],
)
async def test_the_status_line_says_what_the_printer_says(
    till: Till, machine: FakePrinter, answers: dict[bytes, bytes], word: str
) -> None:
    machine.status = dict(answers)
    async with at_desk(till, (120, 24)) as desk:
        await desk.see(word)


async def test_a_sale_goes_on_without_paper_and_its_papers_come_later(
    till: Till, machine: FakePrinter
) -> None:
    machine.status = dict(fake.PAPER_OUT)
    async with at_desk(till) as desk:
        await add_topup(desk, LINE, "4")
        await pay_cash(desk)
        await desk.press("enter")
        await desk.see("Confirmar a recarga de")
        await desk.press("enter")
        await desk.see(
            "confirmada com sucesso", "Impressora: SEM PAPEL. O comprovante espera na fila (Ctrl+O)."
        )
        await desk.press("escape")
        await desk.see("SEM PAPEL · 2 impressões a fazer")
        await desk.press("ctrl+o")
        await desk.see("sem papel: troque a bobina", "Na fila: Abrir gaveta, venda 1")
        await desk.see("Na fila: Recarga, venda 1, (67) 99999-1234")
        machine.status = dict(fake.READY)
        till.spool.wake()
        await desk.see("A impressora está pronta.")
        await desk.press("escape")
        await desk.until(lambda: till.spool.count_owed() == 0, "everything printed")
    assert len(machine.jobs) == 2


@dataclass
class Trouble:
    """A way for a printer to hold up whoever waits for it."""

    status: dict[bytes, bytes]
    drip: bytes = b""
    reads: bool = True


TROUBLES = {
    "hangs": Trouble(fake.READY, reads=False),
    "mute": Trouble(fake.SILENT),
    "swallows": Trouble(fake.READY),
    "drips": Trouble(fake.READY, drip=b"\x14\x00\x00\x0f"),
}


@pytest.mark.parametrize("name", TROUBLES)
async def test_no_printer_holds_up_a_sale(
    till: Till, machine: FakePrinter, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sale ends by the same keys, and what may not be on paper is owed."""
    hasty = Deadlines(connect=5, send=0.2, status=0.2, proof=0.2, close=0.1, fence=0.2)
    monkeypatch.setattr("pos_tui.printing.device.Deadlines", lambda: hasty)
    trouble = TROUBLES[name]
    machine.status, machine.proof = dict(trouble.status), None
    machine.drip, machine.reads = trouble.drip, trouble.reads
    async with at_desk(till) as desk:
        await add_topup(desk, LINE, "4")
        await pay_cash(desk)
        await desk.press("enter")
        await desk.see("Confirmar a recarga de")
        await desk.press("enter")
        await desk.see("confirmada com sucesso")
        await desk.press("escape")
        await desk.see("2 impressões a fazer", "Ctrl+O")
    drawer, paper = till.spool.owed()
    assert (drawer.kind, paper.kind) == ("drawer", "top_up")


async def test_without_a_printer_nobody_is_promised_paper(tmp_path: Path, sandbox: SandboxControl) -> None:
    bare = open_till(tmp_path / "bare", sandbox, settings(printer=PrinterSettings(transport="none")))
    async with at_desk(bare) as desk:
        await add_topup(desk, LINE, "4")
        await pay_cash(desk)
        await desk.press("enter")
        await desk.see("Confirmar a recarga de")
        await desk.press("enter")
        await desk.see("O comprovante fica só na tela: este caixa não tem impressora.")
        await desk.press("f9")
        await desk.see("Este caixa não tem impressora: configure uma")
        await desk.press("escape", "f9")
        await desk.see("Este caixa não tem impressora: configure uma")
        await desk.press("ctrl+o")
        await desk.see("Nada a imprimir", "Este caixa não tem impressora")
    assert bare.spool.owed() == []
    bare.close()


async def test_what_waited_too_long_is_given_up_at_once(till: Till, machine: FakePrinter) -> None:
    machine.status = dict(fake.PAPER_OUT)
    for _ in range(3):
        till.context.store.write(lambda tx: till.spool.enqueue(tx, "top_up", PAPER, None, "subject"))
    for job in till.spool.owed():
        till.spool._settle(job, JobState.HELD, "Esperou demais.", "held")
    async with at_desk(till) as desk:
        await desk.press("ctrl+o")
        await desk.see("4 Desistir de todos os parados")
        await desk.press("4")
        await desk.see("Nada saiu dos papéis que estão parados")
        await desk.press("enter")
        assert till.spool.count_owed() == 3, "Enter answers nothing"
        await desk.press("d")
        await desk.see("Nada a imprimir")
    assert till.spool.count_owed() == 0 and machine.jobs == []


async def test_no_it_did_not_come_out(till: Till, machine: FakePrinter) -> None:
    machine.proof = b"\x0c"
    till.context.store.write(lambda tx: till.spool.enqueue(tx, "top_up", PAPER, None, "subject", who=SELLER))
    async with at_desk(till, (120, 24)) as desk:
        await desk.see("1 impressão a fazer")
        await desk.until(lambda: till.spool.owed()[0].state is JobState.UNCONFIRMED, "a doubt")
        machine.proof = b"\x00"
        await desk.press("ctrl+o")
        await desk.see("Saiu? Recarga")
        await desk.press("1")
        await desk.see("O papel saiu?", "2ª via")
        await desk.press("enter")
        assert till.spool.owed()[0].state is JobState.UNCONFIRMED, "Enter answers nothing"
        await desk.press("n")
        await desk.until(lambda: till.spool.count_owed() == 0, "the copy printed")
    original, copy = machine.jobs
    assert b"REIMPRESS" in copy and b"REIMPRESS" not in original


async def test_the_setup_finds_the_printer_and_writes_it_down(till: Till, machine: FakePrinter) -> None:
    async with at_desk(till) as desk:
        await desk.press("ctrl+x")
        await desk.see("Endereço")
        await desk.press("1", "enter", "enter")
        assert desk.field == "profile"
        await desk.press("enter", "2")
        await desk.see("Qual é a última régua")
        await desk.press("3")
        for word in ("acentos", "QR", "barras", "cortado", "gaveta"):
            await desk.see(word)
            await desk.press("s")
        await desk.see("Gravado em")
    (page,) = machine.jobs
    assert b"TESTE DE IMPRESSORA" in page and b"\x1bp\x00" in page
    found = load(default_path())
    assert found.training
    assert (found.printer.port, found.printer.profile, found.printer.columns) == (
        machine.port,
        "epson-tm-t20",
        48,
    )


async def test_the_setup_names_the_field_and_writes_nothing_when_left(
    till: Till, machine: FakePrinter
) -> None:
    async with at_desk(till) as desk:
        await desk.press("ctrl+x")
        await desk.press("1", "enter", *(["backspace"] * 5), *"999999", "enter")
        await desk.press("enter", "1")
        await desk.see("vai de 1 a 65535")
        assert desk.field == "port"
        await desk.press("escape")
        await desk.see("Início")
    assert machine.jobs == [] and not default_path().exists()
