"""Payments with their NFC-e codes, for another system (facts/payments.md §4.1)."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.cli import main
from pos_tui.domain.payment import Method
from pos_tui.domain.values import replace
from pos_tui.reports.definition import Asked
from pos_tui.reports.payments import Payments
from pos_tui.reports.report import Summary
from pos_tui.services import reports
from pos_tui.till import Till
from tests.paying import CARD, METHODS, WARRANT, TefFolders, charge, take_cards
from tests.sandbox import SandboxControl
from tests.tills import SELLER, add, new_sale, open_till, pay_and_save, settings


@pytest.fixture
def till(tmp_path: Path, sandbox: SandboxControl) -> Iterator[Till]:
    folders = TefFolders(tmp_path / "tef")
    config = replace(settings(), payment=METHODS)
    with folders.manager():
        till = take_cards(open_till(tmp_path / "till", sandbox, config), folders)
        yield till
        till.close()


def sell_three_ways(till: Till, sandbox: SandboxControl) -> None:
    """R$ 60,00 by debit, dynamic Pix and cash with change."""
    sale = new_sale(till)
    add(till, sale, 6000)
    charge(till, sale, Method.TEF, 2000, kind="debit")
    line = charge(till, sale, Method.PIX_DYNAMIC, 1000)
    sandbox.pay(line.request_key)
    till.payments.ask(line.id, SELLER)
    till.sales.add_payment(till.sales.get(sale.id), Method.CASH, 5000)
    saved = till.closing.finish(till.sales.save(till.sales.get(sale.id)).id).sale
    till.sales.set_invoice(saved, "=1+1")


def read(till: Till, **chosen: str) -> tuple[list[dict[str, str]], Summary]:
    report = Payments()
    titles = [column.title for column in report.columns]
    rows, summary = [], Summary()
    for page, summary in till.reports.pages(report, Asked(*till.day(), chosen)):  # noqa: B007
        rows += [dict(zip(titles, line.cells, strict=True)) for line in page]
    return rows, summary


def test_every_payment_carries_its_fiscal_codes(till: Till, sandbox: SandboxControl) -> None:
    sell_three_ways(till, sandbox)
    rows, summary = read(till)
    assert [(row["tPag"], row["vPag"], row["vTroco"]) for row in rows] == [
        ("04", "20,00", "0,00"), ("17", "10,00", "0,00"), ("01", "50,00", "20,00"),
    ]  # fmt: skip
    card = rows[0]
    assert card["tpIntegra"] == "1" and card["NSU"] and card["cAut"] and card["Situação"] == "confirmado"
    assert {row["NF"] for row in rows} == {"=1+1"} and {row["Vendedor"] for row in rows} == {SELLER}
    assert summary.sums["vPag"] - summary.sums["vTroco"] == 6000


def test_only_what_counts_of_the_seller_and_branch_that_is_wanted(till: Till) -> None:
    sale = new_sale(till)
    add(till, sale)
    till.sales.add_payment(till.sales.get(sale.id), Method.CARD, 1500, CARD)
    saved = till.sales.save(till.sales.get(sale.id))
    assert [row["tpIntegra"] for row in read(till, seller=SELLER)[0]] == ["2"]
    assert read(till, seller="Outra")[0] == read(till, branch="Outra")[0] == []
    till.refunds.refund(saved, saved.payments[0], WARRANT)
    assert read(till)[0] == []


def test_pages_join_without_gap_or_repeat(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        sale = new_sale(till)
        add(till, sale)
        till.sales.add_payment(till.sales.get(sale.id), Method.CARD, 1000, CARD)
        pay_and_save(till, sale)
    whole, _ = read(till)
    monkeypatch.setattr(reports, "PAGE", 1)
    assert read(till)[0] == whole and len(whole) == 6


def test_the_file_for_another_system(
    till: Till, sandbox: SandboxControl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sell_three_ways(till, sandbox)
    monkeypatch.setenv("POS_TUI_DATA_DIR", str(till.folder))
    file = tmp_path / "pagamentos.csv"
    assert main(["report", "pagamentos", "--csv", str(file)]) == 0
    titles, *rows = csv.reader(file.read_text("utf-8-sig").splitlines(), delimiter=";")
    assert [row[titles.index("tPag")] for row in rows[:3]] == ["04", "17", "01"]
    assert rows[0][titles.index("NF")] == "'=1+1", "no spreadsheet runs it"
