"""The seed's own report, from its own sales."""

import csv
import io
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pos_tui.cli import main
from pos_tui.domain.errors import RuleError
from pos_tui.domain.instants import to_ms
from pos_tui.domain.phone import Mobile
from pos_tui.domain.sale import Sale, SaleState
from pos_tui.domain.topup import FINAL, Offer, TopUpState
from pos_tui.reports.report import Report, as_csv, as_lines, safe_cell
from pos_tui.reports.topups import COLUMNS, StatusFilter, TopUpFilter
from pos_tui.services.drafting import draft
from pos_tui.store import sales, topups
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models import TopUpRow
from pos_tui.till import Till

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


def may(**values: object) -> TopUpFilter:
    fields = {"since": instant("01/05/2021 00:00:00"), "until": instant("19/05/2021 00:00:00"), **values}
    return TopUpFilter(**fields)  # type: ignore[arg-type]


def test_the_seeds_table(seed: Till) -> None:
    report = seed.reports.topups(may())
    assert report.title == "Resumo de Recargas Conekta Vendidas"
    assert report.period == "01/05/2021 - 18/05/2021"
    assert report.columns == COLUMNS
    assert list(report.rows) == SOLD
    assert report.totals == (("Total", "112,97"),)


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
        ({"until": instant("18/05/2021 00:00:00")}, 7, "97,97"),
        ({"since": instant("12/05/2021 16:24:33")}, 7, "108,97"),
    ],
)
def test_it_is_narrowed(seed: Till, narrowed: dict[str, object], count: int, total: str) -> None:
    report = seed.reports.topups(may(**narrowed))
    assert (len(report.rows), report.totals[0]) == (count, ("Total", total))


def test_what_was_cancelled_is_listed_outside_the_total(seed: Till) -> None:
    enter(seed, 3637621, "18/05/2021 10:00:00", ISRAEL, RIAN, [("24998855662", TopUpState.CANCELLED, 2000)])
    report = seed.reports.topups(may())
    assert report.totals == (("Total", "112,97"), ("Canceladas, fora do total", "20,00"))


def test_pages_join_without_gap_or_repeat(seed: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos_tui.services.reports.PAGE", 3)
    assert list(seed.reports.topups(may()).rows) == SOLD


def test_csv_runs_no_formula(seed: Till) -> None:
    enter(seed, 3637622, "18/05/2021 11:00:00", ISRAEL, '=HYPERLINK("http://x")', [("24998855662", R, 400)])
    text = as_csv(seed.reports.topups(may()))
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert tuple(rows[0]) == COLUMNS
    assert [tuple(row) for row in rows[1:9]] == SOLD
    assert rows[9][4].startswith("'=HYPERLINK")
    assert rows[-1][-2:] == ["Total", "116,97"]
    assert [safe_cell(cell) for cell in ("@x", "+1", "-1", "a=1")] == ["'@x", "'+1", "'-1", "a=1"]


def test_it_is_printed(seed: Till) -> None:
    seed.reports.print(seed.reports.topups(may(seller=ISRAEL)))
    (job,) = seed.spool.owed()
    words = seed.papers.preview(job.document)
    assert "Israel Veiga" in words and "15,00" in words and "01/05/2021 - 18/05/2021" in words
    rows = tuple(("x",) * 9 for _ in range(501))
    with pytest.raises(RuleError, match="CSV"):
        seed.reports.print(Report("t", "p", COLUMNS, rows))


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


def test_plain_lines_name_every_cell(seed: Till) -> None:
    lines = list(as_lines(seed.reports.topups(may(seller=ISRAEL))))
    assert "Cliente: RIAN RICARDO COELHO BARROS" in lines and lines[-1] == "Total: 15,00"
    assert "Nenhum registro." in list(as_lines(seed.reports.topups(may(branch="Outra"))))
