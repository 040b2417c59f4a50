"""What is true of every report of the registry, whoever wrote it."""

import csv
import io
from pathlib import Path

import pytest

from pos_tui.cli import main
from pos_tui.domain.errors import RuleError
from pos_tui.reports.definition import Asked, Definition
from pos_tui.reports.registry import REPORTS, find
from pos_tui.till import Till
from tests.tills import add, new_sale, pay_and_save

HUB = 63
"""Cells that a line of the hub has."""
every = pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)


@pytest.fixture
def busy(till: Till) -> Till:
    """A till with something for every report: a sale of two top-ups, an open drawer, a withdrawal."""
    till.cash.open(10_000, "Adriana Gonçalves")
    for face in (1500, 2000):
        sale = new_sale(till)
        topup = add(till, sale, face, f"6799999{face}")
        pay_and_save(till, sale)
        till.topups.confirm(topup.id, sale.seller)
    till.cash.withdraw(3_000, "depósito no cofre", "Adriana Gonçalves")
    return till


@every
def test_each_has_a_name_of_its_own_and_columns_for_its_cells(report: Definition, busy: Till) -> None:
    assert [one.name for one in REPORTS].count(report.name) == 1 and find(report.name) is report
    assert report.name.isascii() and report.about.endswith(".")
    assert len(f"{report.label}: {report.about}") <= HUB, "it stands whole in the hub at 80 columns"
    lines = busy.reports.page(report, Asked(*busy.day()))
    titles = {plot.title for plot in report.plots}
    assert len({line.key for line in lines}) == len(lines)
    for line in lines:
        assert len(line.cells) == len(report.columns)
        assert {title for title, _, _ in line.bars} <= titles
        assert all(isinstance(amount, int) for _, amount in line.sums)


@every
def test_each_is_paged_without_gap_or_repeat(
    report: Definition, busy: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(*busy.day())
    whole = busy.reports.page(report, asked)
    monkeypatch.setattr("pos_tui.services.reports.PAGE", max(1, len(whole)))
    assert [line for page, _ in busy.reports.pages(report, asked) for line in page] == whole


@every
def test_each_ends_empty_in_a_period_without_anything(report: Definition, busy: Till) -> None:
    _, end = busy.day()
    asked = Asked(end, end + 86_400_000)
    assert busy.reports.page(report, asked) == []
    assert "Nenhum registro." in list(busy.reports.text(report, asked))


@every
def test_each_filter_narrows_to_what_it_says(report: Definition, busy: Till) -> None:
    asked = Asked(*busy.day())
    whole = {line.key for line in busy.reports.page(report, asked)}
    for one in report.filters:
        for choice in busy.reports.choices(one):
            found = busy.reports.page(report, Asked(*busy.day(), {one.name: choice.key}))
            assert {line.key for line in found} <= whole
            used = busy.reports.heading(report, Asked(*busy.day(), {one.name: choice.key}))
            assert used.filters == ((one.label, choice.label),)


@every
def test_each_is_a_command_a_paper_and_a_file(
    report: Definition,
    busy: Till,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POS_TUI_DATA_DIR", str(busy.folder))
    assert main(["report", report.name]) == 0
    asked = Asked(*busy.day())
    assert busy.reports.heading(report, asked).title in capsys.readouterr().out
    file = tmp_path / f"{report.name}.csv"
    assert main(["report", report.name, "--period", "hoje", "--csv", str(file)]) == 0
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";"))
    assert rows[0] == [column.title for column in report.columns]
    before = len(busy.spool.owed())
    assert main(["report", report.name, "--print"]) == 0
    assert len(busy.spool.owed()) == before + 1
    assert main(["report", report.name, "--help"]) == 0


def test_an_unknown_report_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "lucros"]) == 2
    assert "vendas" in capsys.readouterr().err
    with pytest.raises(RuleError, match="vendas, recargas"):
        find("lucros")
    assert main(["report", "caixa", "--till", "um"]) == 2
