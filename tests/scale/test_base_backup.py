"""The restore drill of docs/scale.md: a base backup, started elsewhere, is whole to the last line."""

import shutil
import subprocess
from pathlib import Path

from pos_tui.services.context import Context
from pos_tui.store.database import open_store
from pos_tui.store.models import SaleRow
from tests.items.goods import CUT, stock
from tests.postgres import BINARIES, needed, running
from tests.sandbox import SandboxControl
from tests.scale.islands import address, make_database, shadowed
from tests.scale.selling import open_one
from tests.tills import new_sale, pay_and_save

pytestmark = needed()


def take(port: int, copy: Path) -> None:
    """Take a base backup, and have it verified."""
    who = ["-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
    for command in (
        ["pg_basebackup", *who, "-D", copy, "-X", "stream", "-c", "fast"],
        ["pg_verifybackup", copy],
    ):
        words = [str(word) for word in command]
        subprocess.run([str(BINARIES / words[0]), *words[1:]], check=True, timeout=120, capture_output=True)


def test_a_base_backup_starts_elsewhere(tmp_path: Path, sandbox: SandboxControl) -> None:
    with running() as server, running() as elsewhere:
        make_database(server.port)
        with shadowed(server.port):
            till = open_one(tmp_path / "1", sandbox.url, 1)
        stock(till)
        (cut,) = till.products.find(CUT.code)
        for _ in range(5):
            sale = new_sale(till)
            till.items.add(sale, cut, 1)
            pay_and_save(till, sale)
        copy = tmp_path / "copy"
        taking = [
            BINARIES / "pg_basebackup",
            "-h",
            "127.0.0.1",
            "-p",
            server.port,
            "-U",
            "postgres",
            "-D",
            copy,
        ]
        subprocess.run([*map(str, taking), "-X", "stream", "-c", "fast"], check=True, timeout=120)
        subprocess.run(
            [str(BINARIES / "pg_verifybackup"), str(copy)], check=True, timeout=120, capture_output=True
        )
        till.close()
        elsewhere.kill()
        elsewhere.restore(copy)
        elsewhere.start()
        store = open_store(address(elsewhere.port))
        assert Context(store, 1, "").journal.verify(whole=True) is None
        with store.reading() as tx:
            numbers = [row[0] for row in tx.rows(SaleRow.select(SaleRow.number).order_by(SaleRow.number))]
        assert numbers == [1, 2, 3, 4, 5]
        store.end()
    shutil.rmtree(copy)
