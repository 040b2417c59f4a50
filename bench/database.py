"""Queries and commits of the till's services beside the same statements run by raw sqlite3."""

import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.result import Row, alternate
from bench.shop import KEPT, year
from pos_tui.config import Config
from pos_tui.domain.item import ItemKind, Product
from pos_tui.domain.payment import Method
from pos_tui.domain.sale import Sale, SaleFilter
from pos_tui.reports.definition import Asked
from pos_tui.reports.registry import find
from pos_tui.settings.printer import PrinterSettings
from pos_tui.store.database import Store
from pos_tui.till import Till

RAW = "sqlite3 cru, as mesmas instruções"
Statement = tuple[str, tuple[Any, ...]]
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=1", "busy_timeout=5000", "cache_size=-8192")


def timed(work: Callable[[], object], repeat: int = 1) -> Callable[[], float]:
    """Return a function that measures `work` in microseconds, the mean of `repeat` runs."""

    def measure() -> float:
        began = time.perf_counter()
        for _ in range(repeat):
            work()
        return (time.perf_counter() - began) / repeat * 1e6

    return measure


class Recorder:
    """Writes down the statements a service makes, so that raw sqlite3 can make the very same ones."""

    def __init__(self, store: Store) -> None:
        self._db: Any = store.db
        self.made: list[Statement] = []

    @contextmanager
    def recording(self) -> Iterator[list[Statement]]:
        """Record what is run inside."""
        run = self._db.execute_sql

        def execute(sql: str, params: Any = None, *rest: Any, **named: Any) -> Any:
            self.made.append((sql, tuple(params or ())))
            return run(sql, params, *rest, **named)

        self.made = []
        self._db.execute_sql = execute
        try:
            yield self.made
        finally:
            self._db.execute_sql = run


def raw(path: Path) -> sqlite3.Connection:
    """Open a database with the till's own settings."""
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        db.execute(f"PRAGMA {pragma}")
    return db


def reading_rows(folder: Path, rounds: int) -> list[Row]:
    """Measure what a cashier looks at."""
    till = Till.beside(Config(), folder=folder)
    db = raw(folder / "training.db")
    since, until = year()
    middle = (since + until) // 2
    everything = SaleFilter(since, until)
    later = till.sales.page(SaleFilter(since, middle))[-1]
    last = till.sales.page(everything)[0].number or 0
    report = find("recargas")
    asked = Asked(since, until)
    work: dict[str, tuple[Callable[[], object], float, int]] = {
        "abrir a lista de vendas": (lambda: till.sales.page(everything), 2, 5),
        "página seguinte, no meio do ano": (lambda: till.sales.page(everything, later), 2, 5),
        "filtrar por vendedor": (lambda: till.sales.page(SaleFilter(since, until, "Adriana")), 2, 5),
        "procurar o número de uma venda": (
            lambda: till.sales.page(SaleFilter(since, until, "", str(last))),
            2,
            1,
        ),
        "achar as pendências": (till.sales.with_pendings, 2, 20),
        "cliente por partes do nome": (lambda: till.customers.search("adri gonc"), 3, 1),
        "cliente por CPF": (lambda: till.customers.search("00000012345"), 3, 20),
        "cliente por telefone": (lambda: till.customers.search("67000012345"), 3, 20),
        "relatório de recargas de um ano, primeira página": (
            lambda: till.reports.page(report, asked),
            1.5,
            1,
        ),
    }
    rows = []
    for what, (ours, goal, repeat) in work.items():
        with Recorder(till.context.store).recording() as made:
            ours()
        statements = list(made)
        mine, base = alternate(rounds, timed(ours, repeat), timed(_again(db, statements), repeat))
        rows.append(Row(what, "µs", mine, base, goal, RAW))
    rows.append(_whole_report(till, db, asked))
    till.close()
    db.close()
    return rows


def _again(db: sqlite3.Connection, statements: list[Statement]) -> Callable[[], object]:
    return lambda: [db.execute(sql, given).fetchall() for sql, given in statements]


def _whole_report(till: Till, db: sqlite3.Connection, asked: Asked) -> Row:
    """Every row of a year's report, beside raw SQL that only adds it up."""
    sql = (
        "SELECT t.state, COUNT(*), SUM(t.face) FROM topup t JOIN sale s ON s.id = t.sale_id "
        "WHERE s.state = 'saved' AND s.saved_at >= ? AND s.saved_at < ? GROUP BY t.state"
    )
    report = find("recargas")
    ours = timed(lambda: sum(len(page) for page, _ in till.reports.pages(report, asked)))()
    base = timed(lambda: db.execute(sql, (asked.since, asked.until)).fetchall())()
    return Row("relatório de recargas de um ano, inteiro", "µs", ours, base, 1.5, "SQL cru que só soma")


def commit_row(commits: int) -> Row:
    """Measure the commit that saves a sale paid in cash: sale, item, payment, journal, drawer and papers."""
    with TemporaryDirectory(dir=KEPT) as name:
        folder, copy = Path(name), Path(name) / "copy.db"
        till = Till.open(Config(printer=PrinterSettings(transport="capture")), folder=folder)
        product = Product("p" * 32, "1", "", "Chip", 1500, ItemKind.PRODUCT)
        _paid(till, product)
        with raw(folder / "training.db") as db:
            db.execute("VACUUM INTO ?", (str(copy),))
        ours, base = _race(till, product, copy, commits)
        till.close()
    return Row("gravar uma venda (venda, diário, caixa, papéis), mediana", "µs", ours, base, 2, RAW)


def _paid(till: Till, product: Product) -> Sale:
    sale = till.sales.store(till.sales.current("1 Balcão", "Vendedor"))
    till.items.add(sale, product)
    sale = till.sales.get(sale.id)
    return till.sales.add_payment(sale, Method.CASH, sale.tally.missing)


def _race(till: Till, product: Product, copy: Path, commits: int) -> tuple[float, float]:
    """Save sales, run what each did on the copy, and time only the commits that save."""
    recorder = Recorder(till.context.store)
    till.sales.discard(till.sales.current("1 Balcão", "Vendedor"))
    db = raw(copy)
    ours, base = [], []
    for _ in range(commits):
        with recorder.recording() as made:
            sale = _paid(till, product)
        for sql, given in made:
            db.execute(sql, given)
        with recorder.recording() as made:
            began = time.perf_counter()
            till.sales.save(sale)
            ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        for sql, given in made:
            db.execute(sql, given)
        base.append(time.perf_counter() - began)
    db.close()
    return statistics.median(ours) * 1e6, statistics.median(base) * 1e6
