"""Litestream beside a selling till: it is ended and started again, and what it restores is whole.

Killed without a word while a till sells, it may go on with a replica that restores no more (measured: two of
four times): then it must begin anew, as docs/scale.md says.
"""

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from pos_tui.services.context import Context
from pos_tui.store.database import open_store
from pos_tui.store.models import SaleRow
from pos_tui.till import Till
from tests.databases import needs_file
from tests.items.goods import CUT, stock
from tests.sandbox import SandboxControl
from tests.tills import new_sale, open_till, pay_and_save

pytestmark = needs_file

PROGRAM = Path(sys.executable).with_name("litestream")
TRIES, PAUSE_SECONDS = 120, 0.25


@contextmanager
def litestream(
    database: Path, replica: Path, ended: signal.Signals = signal.SIGTERM
) -> Iterator[subprocess.Popen[bytes]]:
    """Have it follow a database for the time being, and end it by a signal."""
    with (replica.parent / "log").open("ab") as log:
        command = [str(PROGRAM), "replicate", str(database), f"file://{replica}"]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.send_signal(ended)
        process.wait(60)


def sell(till: Till, count: int) -> None:
    (cut,) = till.products.find(CUT.code)
    for _ in range(count):
        sale = new_sale(till)
        till.items.add(sale, cut, 1)
        pay_and_save(till, sale)


def restored(replica: Path, target: Path) -> list[int]:
    """The numbers of the sales in what is restored now, which must be whole whenever it is."""
    shutil.rmtree(target.parent, ignore_errors=True)
    target.parent.mkdir()
    command = [str(PROGRAM), "restore", "-o", str(target), f"file://{replica}"]
    if subprocess.run(command, capture_output=True, timeout=60, check=False).returncode:
        return []
    store = open_store(f"sqlite:///{target}")
    assert store.quick_check() is None
    assert Context(store, 1, "").journal.verify(whole=True) is None
    with store.reading() as tx:
        query = SaleRow.select(SaleRow.number).where(SaleRow.number.is_null(False))
        numbers = [int(row[0]) for row in tx.rows(query.order_by(SaleRow.number))]
    store.end()
    return numbers


def wait_for(count: int, replica: Path, target: Path) -> None:
    """Wait until a restore holds every sale."""
    pause = threading.Event()
    for _ in range(TRIES):
        found = restored(replica, target)
        assert found == list(range(1, len(found) + 1)), "a sale is missing in the middle"
        if len(found) == count:
            return
        pause.wait(PAUSE_SECONDS)
    pytest.fail(f"{len(found)} of {count} sales; {(replica.parent / 'log').read_text()}")


def test_what_it_restores_has_every_sale(tmp_path: Path, sandbox: SandboxControl) -> None:
    replica, target = tmp_path / "replica", tmp_path / "restored" / "pos.db"
    till, file = stocked(tmp_path, sandbox)
    with closing(till):
        with litestream(file, replica):
            sell(till, 10)
            wait_for(10, replica, target)
            sell(till, 5)
        # Ended in order: the till does not notice, and what it sells meanwhile follows later.
        sell(till, 5)
        with litestream(file, replica):
            sell(till, 5)
            wait_for(25, replica, target)
        assert till.context.store.quick_check() is None


def test_killed_it_begins_anew_and_has_every_sale(tmp_path: Path, sandbox: SandboxControl) -> None:
    target = tmp_path / "restored" / "pos.db"
    till, file = stocked(tmp_path, sandbox)
    with closing(till):
        with litestream(file, tmp_path / "replica", signal.SIGKILL):
            sell(till, 10)
            wait_for(10, tmp_path / "replica", target)
            sell(till, 5)
        sell(till, 5)
        shutil.rmtree(file.with_name(f".{file.name}-litestream"))
        with litestream(file, tmp_path / "new"):
            sell(till, 5)
            wait_for(25, tmp_path / "new", target)
        assert till.context.store.quick_check() is None


def stocked(folder: Path, sandbox: SandboxControl) -> tuple[Till, Path]:
    """A till with something to sell, and its file."""
    till = open_till(folder / "till", sandbox)
    assert till.database_file is not None
    stock(till)
    return till, till.database_file
