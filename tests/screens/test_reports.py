"""F12, Relatórios, by keys: choose, change the period, filter, draw, print, write, interrupt."""

import threading
from collections.abc import Iterator

import pytest

from pos_tui.domain.cash import Count
from pos_tui.domain.errors import StoreError
from pos_tui.reports.definition import Asked, Definition, Line
from pos_tui.reports.report import Summary
from pos_tui.screens.report import ReportScreen
from pos_tui.store.models import PrintJobRow
from pos_tui.till import Till
from pos_tui.widgets.line_list import LineList
from tests.screens.desk import Desk, at_desk
from tests.tills import SELLER, Watch, add, new_sale, pay_and_save

SIZES = [(80, 24), (40, 12)]


def sell(till: Till, *faces: int) -> None:
    """Sell and confirm top-ups, one a sale."""
    for face in faces:
        sale = new_sale(till)
        topup = add(till, sale, face, f"6799999{face:04d}")
        pay_and_save(till, sale)
        till.topups.confirm(topup.id, sale.seller)


async def open_report(desk: Desk, number: str) -> None:
    """Ctrl+S and its number."""
    await desk.press("ctrl+s")
    await desk.see("Relatórios")
    await desk.press(number)


@pytest.mark.parametrize("size", SIZES)
async def test_sales_of_today_yesterday_and_of_days(till: Till, watch: Watch, size: tuple[int, int]) -> None:
    sell(till, 1500, 2000)
    async with at_desk(till, size) as desk:
        await open_report(desk, "1")
        await desk.see("TREINAMENTO", "Hoje:", "2 linha(s)", "Total: 35,00", "Dinheiro: 35,00", "20,00")
        await desk.press("2")
        await desk.see("Ontem:", "0 linha(s)", "Total: 0,00", "Nada neste período.")
        await desk.press("3")
        await desk.see("Últimos 7 dias:", "2 linha(s)")
        await desk.press("f6")
        await desk.see("Filtrar: Vendas")
        await desk.press("6", "ctrl+u", *"01/05/2021", "enter", "ctrl+u", *"18/05/2021", "enter")
        await desk.press("2", "enter")
        await desk.see("01/05/2021 - 18/05/2021", "Vendedor: Adriana Gonçalves", "0 linha(s)")
        await desk.press("escape")
        await desk.see("Relatórios")
        await desk.press("escape")
        await desk.see("Início")


@pytest.mark.parametrize("size", SIZES)
async def test_it_is_drawn_printed_and_written(till: Till, size: tuple[int, int]) -> None:
    sell(till, 1500, 2000)
    async with at_desk(till, size) as desk:
        await open_report(desk, "2")
        await desk.see("2 linha(s)", "Total: 35,00")
        await desk.press("p")
        await desk.see("Confirmadas por operadora", "Vivo", "35,00", "██")
        await desk.press("p")
        await desk.see("Confirmadas por dia")
        await desk.press("p")
        await desk.see("20,00")
        await desk.press("i")
        await desk.see("Relatório na fila de impressão.")
        await desk.press("g")
        await desk.see("Gravado em")
    (file,) = till.folder.glob("recargas-*.csv")
    assert "35,00" in file.read_text("utf-8-sig")
    with till.context.store.reading() as tx:
        assert tx.rows(PrintJobRow.select(PrintJobRow.kind).where(PrintJobRow.kind == "report")) == [
            ("report",)
        ]


def at(shown: LineList) -> str:
    """The number of the sale under the cursor."""
    return shown.row.cells[0] if shown.row else ""


class Endless(Definition):
    """A report whose second page waits until it is let go."""

    name, label, about = "sem-fim", "Sem fim", "Nunca acaba."
    columns = ()

    def __init__(self) -> None:
        self.go = threading.Event()

    def page(self, tx: object, ground: object, asked: Asked, after: str, limit: int) -> list[Line]:
        if after:
            self.go.wait(30)
        first = int(after or "0") + 1
        return [Line(str(key), (), (("Total", 1),)) for key in range(first, first + limit)]


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endless]:
    """It is the first of the hub."""
    report = Endless()
    monkeypatch.setattr("pos_tui.screens.hub.REPORTS", (report,))
    monkeypatch.setattr("pos_tui.screens.hub.find", lambda name: report)
    yield report
    report.go.set()


async def test_a_long_one_shows_its_first_page_at_once_and_is_interrupted(
    till: Till, endless: Endless
) -> None:
    async with at_desk(till) as desk:
        await open_report(desk, "1")
        await desk.see("Somando, 200 linha(s) até aqui", "Esc interrompe")
        await desk.press("escape")
        endless.go.set()
        await desk.see("INTERROMPIDO, só")
        await desk.press("escape")
        await desk.see("Relatórios", "Nunca acaba.")


async def test_writing_a_long_one_is_interrupted_and_leaves_no_file(till: Till, endless: Endless) -> None:
    async with at_desk(till) as desk:
        await open_report(desk, "1")
        await desk.see("Somando")
        await desk.press("g")
        await desk.see("Gravando: 200 linhas")
        await desk.press("g")
        await desk.see("o relatório está sendo gravado")
        await desk.press("escape")
        endless.go.set()
        await desk.see("nenhum arquivo ficou")
    assert [path.name for path in till.folder.iterdir() if "sem-fim" in path.name] == []


async def test_a_print_that_fails_says_nothing_of_the_sums_still_read(
    till: Till, endless: Endless, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(report: Definition, asked: Asked) -> None:
        raise StoreError("O disco está cheio.")

    monkeypatch.setattr(till.reports, "print", no_room)
    async with at_desk(till) as desk:
        await open_report(desk, "1")
        await desk.see("Somando")
        await desk.press("i")
        await desk.see("O disco está cheio.")
        assert "Somando" in desk.words() and "INTERROMPIDO" not in desk.words()


async def test_sums_that_break_off_are_told_as_a_part(
    till: Till, endless: Endless, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Iterator[Summary]:
        yield Summary().add("", [Line("1", (), (("Total", 1),))])
        raise StoreError("O banco de dados não responde.")

    monkeypatch.setattr(till.reports, "sums", broken)
    async with at_desk(till) as desk:
        await open_report(desk, "1")
        await desk.see("INTERROMPIDO, só", "O banco de dados não responde.")


async def test_paging_goes_down_and_up_again(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two lines in a list that holds few: what was forgotten above is read again."""
    sell(till, 1500, 2000, 1500, 2000, 3500)
    monkeypatch.setattr("pos_tui.services.reports.PAGE", 2)
    monkeypatch.setattr("pos_tui.screens.report.PAGE", 2)
    async with at_desk(till) as desk:
        await open_report(desk, "1")
        await desk.see("5 linha(s)", "Total: 105,00")
        screen = desk.app.screen
        assert isinstance(screen, ReportScreen)
        shown = screen.list
        shown.limit = 2
        await desk.press(*["down"] * 6)
        await desk.see("35,00")
        await desk.press(*["up"] * 6)
        await desk.until(lambda: at(shown) == "1", "the first sale")
        await desk.press("end")
        await desk.until(lambda: at(shown) == "5", "the last sale")
        await desk.press("home")
        await desk.until(lambda: at(shown) == "1", "the first sale again")


def test_sums_do_not_change_under_who_reads_them() -> None:
    before = Summary()
    after = before.add("", [Line("1", (), (("Total", 5),), (("P", "x", 5),))])
    assert (before.lines, before.sums, after.sums, after.bars) == (0, {}, {"Total": 5}, {"P": {"x": 5}})


async def test_a_closing_tells_its_reason_at_80_columns(till: Till) -> None:
    till.cash.open(1_000, SELLER)
    till.cash.close(Count({}, 900), SELLER, explained="troco dado a mais")
    async with at_desk(till) as desk:
        await open_report(desk, "4")
        await desk.see("Motivo", "troco d", "-1,00")
