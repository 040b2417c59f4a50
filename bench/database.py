"""What the till's services read and write beside raw sqlite3 on the same file.

The raw side is written by hand: the least that brings the same answer, fetched as plain tuples. It knows
nothing of the till's own statements, so that a statement too many in the till shows.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.result import Row, alternate
from bench.shop import DATABASE, SEARCH, year
from pos_tui.config import Config
from pos_tui.domain.sale import SaleFilter
from pos_tui.reports.definition import Asked, Quick
from pos_tui.reports.registry import find
from pos_tui.till import Till

RAW = "raw sqlite3"
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=1", "busy_timeout=5000", "cache_size=-2048")
PENDINGS = 40

_SALE = "id, till, number, saved_at, branch, seller, customer_name, invoice, total, change, state"
_ORDER = "ORDER BY saved_at DESC, id DESC LIMIT 50"
PAGE = f"SELECT {_SALE} FROM sale WHERE state = 'saved' AND saved_at >= ? AND saved_at < ? {_ORDER}"
BY_SELLER = PAGE.replace("AND saved_at >= ?", "AND seller = ? AND saved_at >= ?")
BY_NUMBER = f"SELECT {_SALE} FROM sale WHERE till = 1 AND number = ?"
TOP_UPS = "SELECT sale_id, position, state, decision, face FROM topup WHERE sale_id IN ({})"
WAITING = (
    "SELECT sale_id, position, state, decision, face FROM topup WHERE open_since IS NOT NULL "
    "ORDER BY open_since, id LIMIT 500"
)
SALES = f"SELECT {_SALE} FROM sale WHERE id IN ({{}})"
_CUSTOMER = "SELECT c.id, c.name, c.document, c.phone, c.email FROM customer c"
BY_NAME = f"{_CUSTOMER} JOIN names ON c.rowid = names.rowid WHERE names MATCH ? LIMIT 30"
BY_DOCUMENT = f"{_CUSTOMER} WHERE document >= ? AND document < ? || char(65535) ORDER BY document LIMIT 30"
BY_PHONE = BY_DOCUMENT.replace("document", "phone")
REPORT_SUMS = (
    "SELECT t.state, t.operator_name, COUNT(*), SUM(t.face) FROM sale s JOIN topup t ON t.sale_id = s.id "
    "WHERE s.state = 'saved' AND s.saved_at >= ? AND s.saved_at < ? GROUP BY t.state, t.operator_name"
)
ADDED = "raw sqlite3 adding the year up from covering indexes"


def timed(work: Callable[[], object], repeat: int = 1) -> Callable[[], float]:
    """Return a function that measures `work` in microseconds of processor, the mean of `repeat` runs.

    What is read lies in memory, so that the processor is all that it takes; neighbours do not disturb it.
    """

    def measure() -> float:
        began = time.thread_time()
        for _ in range(repeat):
            work()
        return (time.thread_time() - began) / repeat * 1e6

    return measure


def raw(path: Path) -> sqlite3.Connection:
    """Open a database with the till's own settings."""
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        db.execute(f"PRAGMA {pragma}")
    return db


class Asking:
    """The same questions, put to the till and to raw sqlite3."""

    def __init__(self, folder: Path) -> None:
        self.till = Till.beside(Config(), folder=folder)
        self.db = raw(folder / DATABASE)
        self.db.execute("ATTACH ? AS search", (str(folder / SEARCH),))
        self.since, self.until = year()
        self.middle = (self.since + self.until) // 2
        self.everything = SaleFilter(self.since, self.until)

    def close(self) -> None:
        """Close both."""
        self.till.close()
        self.db.close()

    def pairs(self) -> dict[str, tuple[Callable[[], object], Callable[[], object], float, int]]:
        """Return what is asked: the till's way, the raw way, the goal, and how often in one measure."""
        till, since, until = self.till, self.since, self.until
        edge = till.sales.page(SaleFilter(since, self.middle))[-1]
        last = till.sales.page(self.everything)[0].number or 0
        sale = SaleFilter
        return {
            "open the sale list": (
                lambda: till.sales.page(self.everything),
                lambda: self._page(PAGE, since, until), 2, 5,
            ),
            "next page, in the middle of the year": (
                lambda: till.sales.page(self.everything, edge),
                lambda: self._page(PAGE, since, edge.saved_at), 2, 5,
            ),
            "filter by seller": (
                lambda: till.sales.page(sale(since, until, "Adriana")),
                lambda: self._page(BY_SELLER, "Adriana", since, until), 2, 5,
            ),
            "find a sale by its number": (
                lambda: till.sales.page(sale(since, until, "", str(last))),
                lambda: self._page(BY_NUMBER, last), 2, 20,
            ),
            f"find {PENDINGS} pendings": (till.sales.with_pendings, self._pendings, 2, 5),
            "customer by parts of the name": (
                lambda: till.customers.search("adri gonc"),
                lambda: self._all(BY_NAME, "adri* gonc*"), 3, 5,
            ),
            "customer by one part of the name": (
                lambda: till.customers.search("antôn"),
                lambda: self._all(BY_NAME, "anton*"), 3, 5,
            ),
            "customer by CPF": (
                lambda: till.customers.search("00000012345"),
                lambda: self._all(BY_DOCUMENT, "00000012345", "00000012345"), 3, 20,
            ),
            "customer by the beginning of a phone": (
                lambda: till.customers.search("670000123"),
                lambda: self._all(BY_PHONE, "670000123", "670000123"), 3, 20,
            ),
        }  # fmt: skip

    def _all(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        return self.db.execute(sql, values).fetchall()

    def _page(self, sql: str, *values: object) -> None:
        ids = [row[0] for row in self._all(sql, *values)]
        self._all(TOP_UPS.format(",".join("?" * len(ids))), *ids)

    def _pendings(self) -> None:
        ids = [row[0] for row in self._all(WAITING)]
        self._all(SALES.format(",".join("?" * len(ids))), *ids)


def reading_rows(folder: Path, rounds: int) -> list[Row]:
    """Measure what a cashier looks at."""
    asking = Asking(folder)
    rows = []
    with waiting(asking.db):
        for what, (ours, base, goal, repeat) in asking.pairs().items():
            for warm in (ours, base):
                warm()
            mine, other = alternate(rounds, timed(ours, repeat), timed(base, repeat))
            rows.append(Row(what, "µs", mine, other, goal, RAW))
    rows += report_rows(asking, rounds)
    asking.close()
    return rows


@contextmanager
def waiting(db: sqlite3.Connection) -> Iterator[None]:
    """Let some top-ups of the year wait for as long as this lasts."""
    chosen = f"SELECT id FROM topup WHERE state = 'confirmed' ORDER BY id LIMIT {PENDINGS}"
    ids = [row[0] for row in db.execute(chosen)]
    marks = ",".join("?" * len(ids))
    db.execute(f"UPDATE topup SET state = 'reserved', open_since = requested_at WHERE id IN ({marks})", ids)
    try:
        yield
    finally:
        db.execute(f"UPDATE topup SET state = 'confirmed', open_since = NULL WHERE id IN ({marks})", ids)


def report_rows(asking: Asking, rounds: int) -> list[Row]:
    """Measure a year's report of top-ups beside raw SQL that only adds it up, both from the indexes."""
    report, asked = find("recargas"), Asked(asking.since, asking.until)
    reports = asking.till.reports
    first = timed(lambda: reports.page(report, asked))
    last = timed(lambda: reports.page_before(report, asked) if isinstance(report, Quick) else None)
    sums = timed(lambda: [None for _ in reports.sums(report, asked)])
    base = timed(lambda: asking.db.execute(REPORT_SUMS, (asked.since, asked.until)).fetchall())
    named = (
        ("first screen", first, 0.1),
        ("last screen (End)", last, 0.1),
        ("all its sums, a day at a time", sums, 1.5),
    )
    rows = []
    for what, ours, goal in named:
        mine, other = alternate(max(1, rounds // 2), ours, base)
        rows.append(Row(f"year's report of top-ups: {what}", "ms", mine / 1e3, other / 1e3, goal, ADDED))
    return rows
