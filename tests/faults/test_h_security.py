"""H: the hygiene of security (facts/pos-and-faults.md §6, 58–63)."""

import csv
import io
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_tui.domain.sale import SaleFilter
from pos_tui.domain.trail import TrailFilter
from pos_tui.logs import logging_to
from pos_tui.reports.definition import Asked, Definition
from pos_tui.reports.registry import REPORTS
from pos_tui.reports.report import safe_cell
from pos_tui.till import Till
from tests.crash import invariants
from tests.fuzz.targets import TARGETS
from tests.items.goods import stock
from tests.tills import EVER, SELLER, add, new_sale, pay_and_save

FORMULAS = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', " =1")
NASTY = ("%", "_", "%%", "a%", "' OR 1=1 --", '"; DROP TABLE customer;--', "\\", "\\%", "x' UNION SELECT 1--")


@pytest.fixture
def busy(till: Till) -> Till:
    """A till with something in every report whose every name is a formula."""
    till.cash.open(10_000, SELLER)
    for formula in FORMULAS[:4]:
        sale = new_sale(till)
        customer = till.customers.register(f"{formula} Maria", "", "67999991234", "", SELLER)
        till.sales.set_head(till.sales.get(sale.id), "1 Balcão", formula, customer)
        topup = add(till, sale, 1500)
        pay_and_save(till, sale)
        till.topups.confirm(topup.id, formula)
    till.cash.withdraw(3_000, "=cmd|' /C calc'!A0", SELLER)
    return till


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_h58_no_export_holds_a_formula(report: Definition, busy: Till, tmp_path: Path) -> None:
    file = tmp_path / "saida.csv"
    for _ in busy.reports.write_csv(report, Asked(*busy.day()), file):
        pass
    rows = csv.reader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";")
    for cell in (cell for row in rows for cell in row):
        number = cell.startswith("-") and cell[1:].replace(".", "").replace(",", "").isdigit()
        assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell
    assert file.stat().st_mode & 0o077 == 0


@settings(deadline=None)
@given(st.text(max_size=60))
def test_h58_no_text_becomes_a_formula(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.startswith(("=", "+", "@", "\t", "\r"))
    assert not cell.startswith("-") or cell[1:].replace(".", "").replace(",", "").isdigit()


@pytest.mark.parametrize("typed", NASTY)
def test_h59_wildcards_and_sql_in_every_search(typed: str, till: Till) -> None:
    """What is typed is a text to be found and nothing else: nobody has it, so nobody is found."""
    stock(till)
    till.customers.register("Maria Souza", "52998224725", "67999991234", "", SELLER)
    sale = new_sale(till)
    add(till, sale)
    pay_and_save(till, sale)
    since, until = till.day()
    shown = sorted(line.id for line in till.sales.page(filter_of(till, "")))
    assert till.customers.search(typed) == []
    assert till.products.find(typed) == []
    assert till.sales.page(filter_of(till, typed)) == []
    assert till.audit.trail(TrailFilter(since, until, typed)) == [] or typed in ("_", "\\")
    assert sorted(line.id for line in till.sales.page(filter_of(till, ""))) == shown
    invariants.check(till)


def filter_of(till: Till, text: str) -> SaleFilter:
    """The list of sales, narrowed by a text."""
    return SaleFilter(*EVER, text=text)


OPEN_TO_ALL = """
import logging, os
os.umask(0)
from pos_tui.config import Config, data_dir
from pos_tui.logs import logging_to
from pos_tui.till import Till
with logging_to(data_dir() / "pos-tui.log"):
    till = Till.open(Config())
    logging.getLogger("x").warning("y")
    till.cash.open(10_000, "Ana")
    till.close()
"""


def test_h60_files_are_closed_to_others_whatever_the_umask(tmp_path: Path) -> None:
    """Database, log, lock, pepper and papers, made by the program under the laxest umask."""
    env = {
        **os.environ,
        "POS_TUI_DATA_DIR": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    (tmp_path / "data").mkdir(mode=0o700)
    subprocess.run([sys.executable, "-c", OPEN_TO_ALL], check=True, env=env)
    open_to_others = [
        path.name for path in (tmp_path / "data").rglob("*") if path.is_file() and path.stat().st_mode & 0o077
    ]
    assert open_to_others == []


def test_h60_a_full_log_goes_on_closed(tmp_path: Path) -> None:
    path = tmp_path / "pos-tui.log"
    with logging_to(path):
        for _ in range(1100):
            logging.getLogger("pos_tui").warning("x" * 1000)
    kept = sorted(tmp_path.glob("pos-tui.log*"))
    assert len(kept) > 1
    assert all(each.stat().st_mode & 0o077 == 0 for each in kept)


def test_h61_an_export_does_not_follow_a_link(busy: Till, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("alheio", "utf-8")
    for name in ("saida.csv", ".saida.csv.part"):
        (tmp_path / name).symlink_to(victim)
    for _ in busy.reports.write_csv(REPORTS[0], Asked(*busy.day()), tmp_path / "saida.csv"):
        pass
    assert victim.read_text("utf-8") == "alheio"
    assert not (tmp_path / "saida.csv").is_symlink()


WAYS_OUT = ("sanitiser", "screen", "paper", "log", "table")


@settings(deadline=None)
@given(st.text(st.characters(), max_size=300))
def test_f47_one_sanitiser_for_screen_paper_log_and_table(text: str) -> None:
    """Each way out, by what `make fuzz` fails on; a window title is never written (test_f_terminal.py)."""
    for name in WAYS_OUT:
        TARGETS[name](text.encode("utf-8", "surrogatepass"))
