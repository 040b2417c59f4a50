"""B, where a till has data: each write of its files, each statement of a migration (facts §6, 11 and 19)."""

import contextlib
import logging
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos_tui.domain.errors import StoreError
from pos_tui.domain.outcome import Done
from pos_tui.logs import logging_to
from pos_tui.printing.receipt import Kind
from pos_tui.reports.definition import Asked
from pos_tui.reports.registry import REPORTS
from pos_tui.services.printer import CapturePrinter
from pos_tui.store import database
from pos_tui.till import Till
from tests.crash import invariants
from tests.crash.hardships import fill
from tests.databases import needs_file
from tests.faults.migrating import KILLED
from tests.sandbox import SandboxControl
from tests.tills import SELLER, add, new_sale, open_till, pay_and_save

STEP = 2
"""Pages of 4 KiB more that are left each time."""


@pytest.fixture
def busy(small_disk: Path, sandbox: SandboxControl) -> Iterator[Till]:
    """A till on a small disk with a day in it."""
    till = open_till(small_disk / "till", sandbox)
    till.cash.open(10_000, SELLER)
    for number in range(3):
        sale = new_sale(till)
        topup = add(till, sale, 1500, f"6799999000{number}")
        pay_and_save(till, sale)
        till.topups.confirm(topup.id, SELLER)
    yield till
    till.close()


def export(till: Till, disk: Path) -> Path:
    """A report as a file."""
    file = disk / "vendas.csv"
    for _ in till.reports.write_csv(REPORTS[0], Asked(*till.day()), file):
        pass
    return file


def backup(till: Till, disk: Path) -> Path:
    """A copy of everything."""
    return till.backups.make(disk / "copia.zip", SELLER)


def paper(till: Till, disk: Path) -> Path:
    """What the training till prints, as a file."""
    job = next(job for job in till.spool.owed() if job.kind == Kind.TOP_UP)
    outcome = CapturePrinter(disk / "papers", "epson-tm-t20", 48).print(job.document)
    if not isinstance(outcome, Done):
        raise OSError(outcome)
    return max((disk / "papers").iterdir())


def readable(disk: Path) -> list[Path]:
    """What stands outside the till's own folder under a name that somebody would open."""
    found = (path for path in disk.rglob("*") if path.is_file() and not path.name.startswith("."))
    return [path for path in found if disk / "till" not in path.parents]


@pytest.mark.crash
@pytest.mark.parametrize("write", [export, backup, paper])
def test_b11_a_file_is_whole_or_not_there_at_each_write(
    write: Callable[[Till, Path], Path], busy: Till, small_disk: Path
) -> None:
    """With two pages more each time, until it is written; what is half has no name that anybody reads."""
    left = 0
    while True:
        fill(small_disk, left)
        try:
            made = write(busy, small_disk)
        except (StoreError, OSError):
            made = None
        (small_disk / "filler").unlink()
        if made is not None:
            break
        assert not readable(small_disk), f"half of it at {left} pages"
        left += STEP
    assert left > 0, "a full disk stops it"
    assert made.stat().st_size > 0
    invariants.check(busy)


@pytest.mark.parametrize("to_the_end", [False, True])
def test_b11_a_log_on_a_full_disk_says_nothing_over_the_screen(
    to_the_end: bool, small_disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with logging_to(small_disk / "pos-tui.log"):
        logging.getLogger("pos_tui").warning("antes")
        fill(small_disk, 0)
        for _ in range(50):
            logging.getLogger("pos_tui").warning("x" * 500)
        if not to_the_end:
            (small_disk / "filler").unlink()
            logging.getLogger("pos_tui").warning("depois")
    assert capsys.readouterr() == ("", "")
    told = (small_disk / "pos-tui.log").read_text("utf-8")
    assert "antes" in told and ("depois" in told) is not to_the_end


LATER = """
from peewee import CharField
from playhouse.migrate import migrate

def up(migrator, db):
    migrate(migrator.add_column("sale", "later", CharField(default="")))
    db.execute_sql("UPDATE sale SET later = seller")
    migrate(migrator.add_index("sale", ("later",), False), migrator.drop_not_null("payment", "amount"))
"""


@needs_file
def test_b19_a_migration_of_a_till_with_data_killed_at_each_statement(
    tmp_path: Path, sandbox: SandboxControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column filled from another, an index, a table made anew: all of it or nothing, and no sale lost."""
    with contextlib.closing(open_till(tmp_path / "till", sandbox)) as till:
        open_sale = new_sale(till)
        add(till, open_sale)
        sale = pay_and_save(till, open_sale)
    later = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, later)
    (later / "9998_later.py").write_text(LATER, "utf-8")
    monkeypatch.setattr(database, "MIGRATIONS", later)
    at, ended = 0, -signal.SIGKILL
    while ended == -signal.SIGKILL:
        at += 1
        folder = tmp_path / f"killed-{at}"
        shutil.copytree(tmp_path / "till", folder)
        url = f"sqlite:///{folder / 'training.db'}"
        run = [sys.executable, "-c", KILLED, url, str(at), str(later)]
        ended = subprocess.run(run, check=False).returncode
        with contextlib.closing(open_till(folder, sandbox)) as till:
            assert till.sales.get(sale.id) == sale
            rows = till.context.store.db.execute_sql("SELECT later = seller FROM sale").fetchall()  # type: ignore[no-untyped-call]
            assert rows == [(1,)]
            invariants.check(till)
    assert (ended, at > 10) == (0, True), "each statement was killed once, and one run ended"
