"""B: the disk and the database fail (facts/pos-and-faults.md §6, 11–21)."""

import contextlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from peewee import Database

from pos_tui.domain.errors import StoreError
from pos_tui.services.files import appearing
from pos_tui.store.database import applied, open_store
from tests.crash import invariants
from tests.crash.flows import FLOWS
from tests.crash.hardships import fill
from tests.crash.points import Kill
from tests.crash.runner import Harness
from tests.databases import needs_file
from tests.faults.migrating import KILLED
from tests.faults.program import F3, F10, LINE, database, opened
from tests.sandbox import SandboxControl
from tests.terminal import DEADLINE_SECONDS
from tests.tills import SELLER, Watch, add, new_sale, open_till, pay_and_save

FLOWS_ON_DISK = ("top-up", "TEF", "Pix", "recurring", "bill", "order", "print", "sangria", "close")


@pytest.mark.crash
def test_b11_disk_full_at_each_write(cramped: Harness) -> None:
    """Each time two pages more are left, until the flow comes to its end."""
    for flow in ("top-up", "close"):
        left = 0
        while (run := cramped.run(FLOWS[flow], Kill(), hardship=f"disk {left}")).killed:
            assert run.broken == "", (flow, left)
            left += 2
        assert run.broken == "" and left > 0, "with a full disk nothing can be sold"


@pytest.mark.crash
@pytest.mark.parametrize("flow", FLOWS_ON_DISK)
def test_b11_disk_full_in_the_middle(flow: str, cramped: Harness) -> None:
    run = cramped.run(FLOWS[flow], Kill(), hardship="disk 9")
    assert run.broken == ""


@needs_file
def test_b11_disk_full_is_told_and_the_sale_goes_on_once_there_is_room(small_disk: Path) -> None:
    with opened(small_disk) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send(F3)
        terminal.wait_for("1 Vivo")
        terminal.send(f"1{LINE}{LINE}4{F10}")
        terminal.wait_for("Faltam R$ 15,00")
        fill(small_disk, 0)
        terminal.send("120\r")
        terminal.wait_for("o disco está cheio")
        (small_disk / "filler").unlink()
        terminal.send("\r")
        terminal.wait_for("Troco: R$ 5,00")


def test_b12_what_cannot_be_written_whole_is_not_there(small_disk: Path) -> None:
    """ENOSPC may come as late as the flush: nothing half may get the name."""
    wanted = small_disk / "relatorio.csv"
    wanted.write_text("o de ontem", "utf-8")
    fill(small_disk, 2)
    with pytest.raises(OSError, match="No space"), appearing(wanted) as part, part.open("w") as file:
        file.write("x" * 100_000)
    (small_disk / "filler").unlink()
    assert wanted.read_text("utf-8") == "o de ontem"
    assert [path.name for path in small_disk.iterdir()] == ["relatorio.csv"]


@pytest.mark.parametrize("flow", ["top-up", "TEF", "close"])
def test_b13_b14_read_only_in_the_middle(flow: str, cramped: Harness) -> None:
    run = cramped.run(FLOWS[flow], Kill(), hardship="read-only")
    assert (run.broken, run.killed) == ("", True)


def test_b14_a_folder_that_is_read_only_is_told(small_disk: Path) -> None:
    with opened(small_disk) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send("\x11s")
        assert terminal.wait_exit() == 0
    make_read_only(small_disk)
    with opened(small_disk) as terminal:
        assert terminal.wait_exit() == 4
        # The terminal breaks its lines anywhere.
        told = "".join("".join(terminal.screen()).split())
    assert "sem gravar, o caixa não vende".replace(" ", "") in told


def make_read_only(disk: Path) -> None:
    """Once what the till started is gone too."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while subprocess.run(
        ["mount", "-o", "remount,ro", str(disk)], capture_output=True, check=False
    ).returncode:
        assert time.monotonic() < deadline, "somebody still writes"
        time.sleep(0.05)


@contextlib.contextmanager
def crashed_image(tmp_path: Path, sandbox: SandboxControl) -> Iterator[Path]:
    """What a till leaves on the disk that died with its last sale in the write-ahead log only."""
    till = open_till(tmp_path / "till", sandbox)
    sale = new_sale(till)
    add(till, sale)
    pay_and_save(till, sale)
    shutil.copytree(tmp_path / "till", tmp_path / "image")
    till.close()
    yield tmp_path / "image"


@needs_file
def test_b16_the_log_is_lost(tmp_path: Path, sandbox: SandboxControl) -> None:
    """What it held is gone, the till is sound, and what the provider still holds is shown."""
    with crashed_image(tmp_path, sandbox) as image:
        (image / "training.db-wal").unlink()
        till = open_till(image, sandbox)
        invariants.check(till)
        assert len(till.sweeper.sweep(SELLER).strangers) == 1
        till.close()


@needs_file
def test_b16_the_log_of_another_database_is_not_read(tmp_path: Path, sandbox: SandboxControl) -> None:
    with crashed_image(tmp_path, sandbox) as image:
        other = open_till(tmp_path / "other", sandbox)
        new_sale(other)
        shutil.copy(tmp_path / "other" / "training.db-wal", image / "training.db-wal")
        other.close()
        till = open_till(image, sandbox)
        invariants.check(till)
        till.close()


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program, such as a backup or an antivirus, has the database."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@needs_file
def test_b17_a_locked_database_is_told_and_the_keys_go_on(tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send(F3)
        terminal.wait_for("1 Vivo")
        with locked(database(tmp_path)):
            terminal.send(f"1{LINE}{LINE}4")
            terminal.wait_for("está ocupado por outro programa")
            terminal.send(F10)
            terminal.wait_for("[3 Pagamento]")
            terminal.send(F3)
            terminal.wait_for("[2 Recarga]")
        terminal.send("\r")
        terminal.wait_for("Receba o pagamento")
        terminal.send(f"{F10}120\r")
        terminal.wait_for("Troco: R$ 5,00")
        with locked(database(tmp_path)):
            terminal.send(F10)
            terminal.wait_for("está ocupado por outro programa")
        terminal.send(F10)
        terminal.wait_for("Venda 1 salva.")


def test_b17_who_works_behind_the_screen_waits_for_the_lock(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'pos.db'}")
    told: list[str] = []

    def count() -> None:
        store.write(lambda tx: tx.next_number("b17"))
        store.close()

    def hurried() -> None:
        store.hurry()
        try:
            count()
        except StoreError as error:
            told.append(error.message)
        store.close()

    with locked(tmp_path / "pos.db"):
        patient, key = threading.Thread(target=count), threading.Thread(target=hurried)
        patient.start()
        key.start()
        key.join()
        assert "ocupado por outro programa" in told[0]
        assert patient.is_alive()
    patient.join()
    with store.reading() as tx:
        assert tx.number("b17") == 1
    store.close()


COUNT = """
import sys
from pos_tui.store.database import applied, open_store
store = open_store(sys.argv[1])
for _ in range(40):
    store.write(lambda tx: tx.keep_number("b18", tx.number("b18") + 1))
"""


def test_b18_reading_then_writing_in_two_programs_loses_nothing(tmp_path: Path) -> None:
    """In a deferred transaction SQLite would refuse at once, whatever the patience."""
    url = f"sqlite:///{tmp_path / 'pos.db'}"
    store = open_store(url)
    both = [subprocess.Popen([sys.executable, "-c", COUNT, url]) for _ in range(2)]
    assert [each.wait() for each in both] == [0, 0]
    with store.reading() as tx:
        assert tx.number("b18") == 80
    store.close()


def test_b19_a_migration_killed_at_any_statement_is_done_again(tmp_path: Path) -> None:
    """Every so many statements here; what counts is that each next start finishes what the last began."""
    whole = open_store(f"sqlite:///{tmp_path / 'whole.db'}")
    url = f"sqlite:///{tmp_path / 'pos.db'}"
    killed = 0
    for left in (3, 5, 9, 17, 29, 43, 61, 83):
        ended = subprocess.run([sys.executable, "-c", KILLED, url, str(left)], check=False)
        killed += ended.returncode == -signal.SIGKILL
    assert killed > 3
    store = open_store(url)
    assert shape(store.db) == shape(whole.db)
    assert list(applied(store.db)) == list(applied(whole.db))
    store.close()
    whole.close()


def shape(db: Database) -> list[tuple[str, str]]:
    """Every table and index, as the database has them."""
    asked = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    found = db.execute_sql(asked)  # type: ignore[no-untyped-call]
    return [(str(name), str(sql)) for name, sql in found.fetchall()]


@pytest.mark.parametrize("hours", [-26, -1, 1, 26])
def test_b21_the_providers_clock_is_not_the_tills(
    hours: int, tmp_path: Path, sandbox: SandboxControl
) -> None:
    watch = Watch()
    watch.advance(hours * 3600)
    till = open_till(tmp_path, sandbox, clock=watch)
    sale = new_sale(till)
    topup = add(till, sale)
    pay_and_save(till, sale)
    till.topups.confirm(topup.id, SELLER)
    assert sandbox.ledger().credits == {LINE: (1, 1500)}
    invariants.check(till)
    till.close()
