"""The commit that saves a sale beside raw sqlite3 writing the same rows.

A number of sales are paid and set aside, and the database is copied. Then the till saves each, and raw
sqlite3 writes the rows that came of it into the copy, in one IMMEDIATE transaction with the same settings.
Both make one fsync.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.database import RAW, raw
from bench.result import Row
from bench.shop import DATABASE, KEPT
from pos_tui.config import Config
from pos_tui.domain.item import ItemKind, Product
from pos_tui.domain.payment import Method
from pos_tui.domain.sale import Sale
from pos_tui.settings.printer import PrinterSettings
from pos_tui.till import Till

GROWN = ("journal", "print_job", "cash_move")
"""The tables that a saved sale adds rows to."""
SAVED = (
    "UPDATE sale SET state = 'saved', number = ?, saved_at = ?, total = ?, change = ?, version = version + 1 "
    "WHERE id = ?"
)
PAID = "UPDATE payment SET state = ?, settled_at = ?, version = version + 1 WHERE id = ?"
COUNTED = "INSERT OR REPLACE INTO counter (value, name) VALUES (?, ?)"
PRODUCT = Product("p" * 32, "1", "", "Chip", 1500, ItemKind.PRODUCT)

Written = list[tuple[str, tuple[object, ...]]]


def commit_rows(commits: int) -> list[Row]:
    """Measure saving a sale paid in cash: sale, payment, counter, journal, drawer's book and spool."""
    pairs = []
    with racing(commits) as race:
        for sale in race.waiting:
            ours = _seconds(lambda: race.save(sale))  # noqa: B023  called at once
            written = race.written(sale)
            pairs.append((ours, _seconds(lambda: race.write(written))))  # noqa: B023
    ours, base = (statistics.median(pair[side] for pair in pairs) * 1e6 for side in (0, 1))
    return [Row("commit of a sale (sale, payment, journal, drawer, spool), median", "µs", ours, base, 2, RAW)]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def racing(count: int) -> Iterator["Race"]:
    """A race of so many sales in a folder of its own, on the disk that the shops lie on."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=KEPT) as name:
        race = Race(Path(name), count)
        yield race
        race.close()


class Race:
    """A till with paid sales that wait to be saved, and a copy of its database for raw sqlite3."""

    def __init__(self, folder: Path, count: int) -> None:
        self._till = Till.open(Config(printer=PrinterSettings(transport="capture")), folder=folder)
        self._till.spool.stop()
        self._source = raw(folder / DATABASE)
        self.waiting = [self._paid() for _ in range(count)]
        copy = folder / "copy.db"
        self._source.execute("VACUUM INTO ?", (str(copy),))
        self._copy = raw(copy)
        self._marks = self._ends()

    def close(self) -> None:
        """Close all three."""
        self._till.close()
        self._source.close()
        self._copy.close()

    def save(self, sale: Sale) -> None:
        """Save one the till's way."""
        self._till.sales.save(sale)

    def written(self, sale: Sale) -> Written:
        """Return what saving it wrote: an update by key for each row changed, an insert for each new one."""
        counter = f"sale/{self._till.context.till}"
        done = [
            *self._of(SAVED, "SELECT number, saved_at, total, change, id FROM sale WHERE id = ?", sale.id),
            *self._of(PAID, "SELECT state, settled_at, id FROM payment WHERE sale_id = ?", sale.id),
            *self._of(COUNTED, "SELECT value, name FROM counter WHERE name = ?", counter),
        ]
        for table, mark in self._marks.items():
            rows = self._source.execute(f"SELECT * FROM {table} WHERE rowid > ?", (mark,)).fetchall()
            done += [(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row) for row in rows]
        self._marks = self._ends()
        return done

    def write(self, written: Written) -> None:
        """Write the same into the copy."""
        self._copy.execute("BEGIN IMMEDIATE")
        for sql, values in written:
            self._copy.execute(sql, values)
        self._copy.execute("COMMIT")

    def _paid(self) -> Sale:
        """A paid sale, set aside under another till's number: a till has one open sale."""
        sales = self._till.sales
        sale = sales.store(sales.current("1 Balcão", "Vendedor"))
        self._till.items.add(sale, PRODUCT)
        sale = sales.get(sale.id)
        sale = sales.add_payment(sale, Method.CASH, sale.tally.missing)
        self._source.execute("UPDATE sale SET till = 99 WHERE id = ?", (sale.id,))
        return sale

    def _ends(self) -> dict[str, int]:
        count = "SELECT COALESCE(MAX(rowid), 0) FROM {}"
        return {table: self._source.execute(count.format(table)).fetchone()[0] for table in GROWN}

    def _of(self, write: str, read: str, key: str) -> Written:
        return [(write, row) for row in self._source.execute(read, (key,))]
