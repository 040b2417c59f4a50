"""The seed's own report, from its own sales."""

import csv
import io
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pos_tui.cli import main
from pos_tui.domain.errors import RuleError, StoreError
from pos_tui.domain.instants import to_ms
from pos_tui.domain.phone import Mobile
from pos_tui.domain.sale import Sale, SaleState
from pos_tui.domain.topup import FINAL, Offer, TopUpState
from pos_tui.reports.definition import Asked, Quick
from pos_tui.reports.registry import find
from pos_tui.reports.report import Summary, safe_cell
from pos_tui.reports.topups import StatusFilter
from pos_tui.services.drafting import draft
from pos_tui.store import sales, topups
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models import TopUpRow
from pos_tui.till import Till

TOP_UPS = find("recargas")
ZONE = ZoneInfo("America/Campo_Grande")
C, N, R = TopUpState.CONFIRMED, TopUpState.NOT_SENT, TopUpState.RESERVED
ADRIANA, ISRAEL, RIAN = "Adriana Gonçalves", "Israel Veiga", "RIAN RICARDO COELHO BARROS"
SALES = (
    (3637565, "12/05/2021 16:24:32", ADRIANA, "CLIENTE 16377663", [("67999999999", C, 400)]),
    (3637580, "12/05/2021 17:30:47", ADRIANA, "CLIENTE 16377651", [("67981111111", C, 400)]),
    (3637581, "12/05/2021 18:07:04", ADRIANA, "CLIENTE 16377651", [("67981812181", C, 499)]),
    (3637582, "12/05/2021 18:13:40", ADRIANA, "CLIENTE 16377651", [("67985465464", C, 6000)]),
    (
        3637583,
        "13/05/2021 11:25:49",
        ADRIANA,
        "CLIENTE 16377661",
        [("67984115159", C, 499), ("24996559859", N, 499), ("24958456126", N, 1500)],
    ),
    (3637620, "18/05/2021 09:33:15", ISRAEL, RIAN, [("24998855662", R, 1500)]),
)
COLUMNS = (
    "Nº da Venda",
    "Data",
    "Filial",
    "Vendedor",
    "Cliente",
    "Operadora",
    "Número da Linha",
    "Status da recarga",
    "Valor total das recargas",
)
"""The seed's own."""
WORDS = {C: "Confirmada", N: "Pendente (Envio não realizado)", R: "Pendente"}
SOLD = [
    (
        str(number),
        at,
        "52 Centro",
        seller,
        customer,
        "Vivo",
        f"{line[:2]} {line[2:7]}-{line[7:]}",
        WORDS[state],
        face,
    )
    for number, at, seller, customer, items in SALES
    for line, state, cents in items
    for face in [f"{cents // 100},{cents % 100:02d}"]
]


def instant(text: str) -> int:
    return to_ms(datetime.strptime(text, "%d/%m/%Y %H:%M:%S").replace(tzinfo=ZONE))


def enter(
    till: Till, number: int, at: str, seller: str, customer: str, items: list[tuple[str, TopUpState, int]]
) -> None:
    """Write a sale of the seed down as it is in the table."""
    saved = instant(at)
    sale = Sale(
        new_key(), 1, number, SaleState.SAVED, "52 Centro", "1", seller, None, customer, "", saved, saved,
        sum(face for _, _, face in items), 0, 0,
    )  # fmt: skip

    def work(tx: Transaction) -> None:
        sales.insert(tx, sale)
        for position, (line, state, face) in enumerate(items, 1):
            offer = Offer("2088", "Vivo", f"V{face}", "VIVO", face)
            topup = draft(tx, till.context, "rv", sale, Mobile(line[:2], line[2:]), offer, face)
            topups.insert(tx, topup)
            ended = {"open_since": None} if state in FINAL else {}
            assert tx.claim(TopUpRow, topup.id, 0, state=state, position=position, **ended)

    till.context.store.write(work)


@pytest.fixture
def seed(till: Till) -> Till:
    """A till with the seed's sales."""
    for number, at, seller, customer, items in SALES:
        enter(till, number, at, seller, customer, items)
    return till


def may(since: str = "01/05/2021 00:00:00", until: str = "19/05/2021 00:00:00", **chosen: str) -> Asked:
    return Asked(instant(since), instant(until), chosen)


def whole(till: Till, asked: Asked) -> tuple[list[tuple[str, ...]], Summary]:
    """Every row, and what they add up to."""
    rows, summary = [], Summary()
    for page, summary in till.reports.pages(TOP_UPS, asked):  # noqa: B007  the last one is returned
        rows += [line.cells for line in page]
    return rows, summary


CHOSEN: list[dict[str, str]] = [
    {},
    {"status": StatusFilter.CONFIRMED},
    {"status": StatusFilter.PENDING},
    {"seller": ADRIANA},
    {"seller": "Ninguém"},
]


@pytest.mark.parametrize("chosen", CHOSEN)
def test_what_the_database_adds_up_is_what_the_lines_come_to(seed: Till, chosen: dict[str, str]) -> None:
    enter(seed, 3637630, "18/05/2021 23:59:59", ISRAEL, RIAN, [("24998855662", TopUpState.CANCELLED, 700)])
    asked = may(**chosen)
    *_, added = seed.reports.sums(TOP_UPS, asked)
    _, read = whole(seed, asked)
    assert (added.lines, dict(added.sums)) == (read.lines, dict(read.sums))
    for plot in TOP_UPS.plots:
        assert added.plotted(plot) == read.plotted(plot)


@pytest.mark.parametrize("chosen", CHOSEN)
def test_read_from_its_end_it_is_the_same(seed: Till, chosen: dict[str, str]) -> None:
    assert isinstance(TOP_UPS, Quick)
    rows, _ = whole(seed, may(**chosen))
    last = seed.reports.page_before(TOP_UPS, may(**chosen))
    assert [line.cells for line in last] == rows
    for index, line in enumerate(last):
        before = seed.reports.page_before(TOP_UPS, may(**chosen), line.key)
        assert [each.cells for each in before] == rows[:index]


def test_the_seeds_table(seed: Till) -> None:
    heading = seed.reports.heading(TOP_UPS, may())
    assert heading.title == "Resumo de Recargas Conekta Vendidas"
    assert (heading.period, heading.filters) == ("01/05/2021 - 18/05/2021", ())
    assert tuple(column.title for column in TOP_UPS.columns) == COLUMNS
    rows, summary = whole(seed, may())
    assert rows == SOLD
    assert summary.totals(TOP_UPS) == (("Total", "112,97"),)


@pytest.mark.parametrize(
    ("narrowed", "count", "total"),
    [
        ({"status": StatusFilter.CONFIRMED}, 5, "77,98"),
        ({"status": StatusFilter.PENDING}, 3, "34,99"),
        ({"status": StatusFilter.UNSENT}, 2, "19,99"),
        ({"status": StatusFilter.CANCELLED}, 0, "0,00"),
        ({"seller": ISRAEL}, 1, "15,00"),
        ({"branch": "52 Centro"}, 8, "112,97"),
        ({"branch": "Outra"}, 0, "0,00"),
        ({"until": "18/05/2021 00:00:00"}, 7, "97,97"),
        ({"since": "12/05/2021 16:24:33"}, 7, "108,97"),
    ],
)
def test_it_is_narrowed(seed: Till, narrowed: dict[str, str], count: int, total: str) -> None:
    rows, summary = whole(seed, may(**narrowed))
    assert (len(rows), summary.lines) == (count, count)
    assert summary.totals(TOP_UPS)[0] == ("Total", total)


def test_what_was_cancelled_is_listed_outside_the_total(seed: Till) -> None:
    enter(seed, 3637621, "18/05/2021 10:00:00", ISRAEL, RIAN, [("24998855662", TopUpState.CANCELLED, 2000)])
    _, summary = whole(seed, may())
    assert summary.totals(TOP_UPS) == (("Total", "112,97"), ("Canceladas, fora do total", "20,00"))


def test_pages_join_without_gap_or_repeat(seed: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos_tui.services.reports.PAGE", 3)
    assert whole(seed, may())[0] == SOLD


def test_confirmed_ones_are_drawn_by_operator_and_day(seed: Till) -> None:
    _, summary = whole(seed, may())
    by_operator, by_day = TOP_UPS.plots
    assert summary.plotted(by_operator) == [("Vivo", 7798)]
    assert summary.plotted(by_day) == [("12/05/21", 7299), ("13/05/21", 499)]


def test_csv_runs_no_formula(seed: Till, tmp_path: Path) -> None:
    enter(seed, 3637622, "18/05/2021 11:00:00", ISRAEL, '=HYPERLINK("http://x")', [("24998855662", R, 400)])
    file = tmp_path / "recargas.csv"
    assert [summary.lines for summary in seed.reports.write_csv(TOP_UPS, may(), file)] == [9]
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";"))
    assert tuple(rows[0]) == COLUMNS
    assert [tuple(row) for row in rows[1:9]] == SOLD
    assert rows[9][4].startswith("'=HYPERLINK")
    assert rows[-1][-2:] == ["Total", "116,97"]
    cells = ("@x", "+1", "-1", "a=1", "-1.234,56", "-1,50+A1")
    assert [safe_cell(cell) for cell in cells] == ["'@x", "'+1", "'-1", "a=1", "-1.234,56", "'-1,50+A1"]


def test_a_csv_that_is_stopped_leaves_nothing(
    seed: Till, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_tui.services.reports.PAGE", 3)
    file = tmp_path / "out" / "recargas.csv"
    file.parent.mkdir()
    with closing(seed.reports.write_csv(TOP_UPS, may(), file)) as pages:
        assert next(pages).lines == 3
        assert [path.name for path in file.parent.iterdir()] == [".recargas.csv.part"]
    assert list(file.parent.iterdir()) == []
    with pytest.raises(StoreError, match="não pôde ser gravado"):
        list(seed.reports.write_csv(TOP_UPS, may(), tmp_path / "nowhere" / "x.csv"))


def test_it_is_printed(seed: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    seed.reports.print(TOP_UPS, may(seller=ISRAEL))
    (job,) = seed.spool.owed()
    words = seed.papers.preview(job.document)
    assert "Israel Veiga" in words and "15,00" in words and "01/05/2021 - 18/05/2021" in words
    monkeypatch.setattr("pos_tui.services.reports.MOST_ON_PAPER", 7)
    with pytest.raises(RuleError, match="CSV"):
        seed.reports.print(TOP_UPS, may())


def test_the_command_line(
    seed: Till, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_TUI_DATA_DIR", str(seed.folder))
    asked = ["report", "recargas", "--from", "01/05/2021", "--to", "2021-05-18"]
    # The till itself is open meanwhile.
    assert main(asked) == 0
    out = capsys.readouterr().out
    assert "Total: 112,97" in out and out.count("Pendente (Envio não realizado)") == 2
    file = tmp_path / "maio.csv"
    assert main([*asked, "--status", "confirmadas", "--csv", str(file)]) == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbf") and "77,98" in file.read_text("utf-8-sig")
    assert main([*asked, "--print"]) == 0
    assert [job.kind for job in seed.spool.owed()] == ["report"]
    assert main(["report", "recargas", "--from", "31/02/2021", "--to", "01/03/2021"]) == 2
    assert main(["report", "recargas", "--from", "02/03/2021", "--to", "01/03/2021"]) == 1
    assert main([*asked, "--period", "hoje"]) == 1
    capsys.readouterr()
    assert main(["report", "recargas", "--period", "ontem"]) == 0
    assert "Nenhum registro." in capsys.readouterr().out


def test_plain_lines_name_every_cell(seed: Till) -> None:
    lines = list(seed.reports.text(TOP_UPS, may(seller=ISRAEL)))
    assert "Cliente: RIAN RICARDO COELHO BARROS" in lines and lines[-1] == "Total: 15,00"
    assert "Vendedor: Israel Veiga" in lines[:4]
    assert "Nenhum registro." in list(seed.reports.text(TOP_UPS, may(branch="Outra")))
