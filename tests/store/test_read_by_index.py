"""What grows with the years is never read from end to end: by no idle till, sale, desk or report.

Every statement that they run is kept, and SQLite is asked how it would find the rows.
"""

import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from pos_tui.domain.sale import SaleFilter
from pos_tui.domain.trail import TrailFilter
from pos_tui.reports.definition import Asked
from pos_tui.reports.registry import REPORTS
from pos_tui.screens.desks import DESKS
from pos_tui.screens.sale import SaleScreen
from pos_tui.store.values import each_branch, each_seller, each_till
from pos_tui.till import Till
from tests.databases import needs_file
from tests.sandbox import SandboxControl
from tests.screens.desk import add_topup, at_desk, pay_cash
from tests.tills import SELLER, add, new_sale, open_till, pay_and_save

GROWING = {
    "acquirer_event", "acquirer_part", "acquirer_sale", "card_edition", "card_link", "card_receipt",
    "cash_move", "customer", "customer_word", "journal", "online_order", "online_order_step", "payment",
    "print_job", "sale", "sale_item", "tef_operation", "topup",
}  # fmt: skip
"""What grows with every sale; of recurring charges, people and goods there are some thousands in years."""
ALIKE = {
    "branch", "decision", "erased_at", "kind", "method", "provider", "seller", "state", "till",
}  # fmt: skip
"""Columns in which thousands of rows hold the same: an index entered by these alone is nearly read whole."""
_SCAN = re.compile(r"SCAN (\w+)")
_SEARCH = re.compile(r"SEARCH (\w+) USING (?:COVERING )?INDEX (\w+) \((.+)\)")

pytestmark = needs_file


class Kept(logging.Handler):
    """The statements that peewee tells its log."""

    def __init__(self) -> None:
        super().__init__()
        self.statements: dict[str, tuple[object, ...]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one of each."""
        text, values = record.msg[0], record.msg[1]
        self.statements.setdefault(text, tuple(values or ()))


@contextmanager
def kept() -> Iterator[Kept]:
    """Keep what is asked meanwhile."""
    log, handler = logging.getLogger("peewee"), Kept()
    before = log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    try:
        yield handler
    finally:
        log.removeHandler(handler)
        log.setLevel(before[0])
        log.propagate = before[1]


def scanned(file: Path, statements: dict[str, tuple[object, ...]]) -> list[str]:
    """Return the statements that read a growing table whole, each with the table's name."""
    found = []
    with closing(sqlite3.connect(file)) as db:
        made = db.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'")
        partial = {str(name) for (name,) in made}
        for text, values in statements.items():
            if not re.match(r"(?i)\s*(SELECT|WITH|UPDATE|DELETE)", text):
                continue
            steps = [str(step) for *_, step in db.execute(f"EXPLAIN QUERY PLAN {text}", values)]
            # In the order of its index a walk ends after its first rows, and the least value is one.
            short = " LIMIT " in text and not any("FOR ORDER BY" in step for step in steps)
            short |= "MIN(" in text or "0 = 1" in text
            for step in steps:
                scan = _SCAN.match(step) or (None if short else _among_many(step, partial))
                table = scan and _named(text, scan[1])
                # A page of the whole, in the order of an index, ends after its last row.
                paged = "USING" in step and " LIMIT " in text and " WHERE " not in text
                if table in GROWING and not paged:
                    found.append(f"{table}: {' '.join(text.split())}")
    return found


def _among_many(step: str, partial: set[str]) -> re.Match[str] | None:
    """Whether a step enters an index of every row by what thousands have alike.

    SQLite, which counts no rows, takes each equality for a rare one.
    """
    found = _SEARCH.match(step)
    if found is None or found[2] in partial:
        return None
    columns = {part.strip().rstrip("?").rstrip("=<>") for part in found[3].split(" AND ")}
    return found if columns <= ALIKE else None


def _named(text: str, alias: str) -> str:
    """The table that a name in a statement stands for."""
    found = re.findall(rf'"?(\w+)"?(?: AS)? "?{alias}"?(?!\w)', text)
    return next((name for name in found if name in GROWING), alias)


def file_of(till: Till) -> Path:
    return Path(str(till.context.store.db.database))


async def test_a_sale_an_idle_till_and_every_desk(till: Till) -> None:
    with kept() as asked:
        async with at_desk(till, (100, 30)) as desk:
            await add_topup(desk, "67999991234", "2")
            await pay_cash(desk)
            for _ in range(3):
                await desk.press("f4")
            sale = desk.app.screen
            assert isinstance(sale, SaleScreen)
            sale._minute()
            for place in DESKS:
                await desk.app.push_screen(place.open(till, SELLER))
                await desk.app.keyboard.settle()
                await desk.press("f5")
                desk.app.pop_screen()
    assert len(asked.statements) > 60
    assert scanned(file_of(till), asked.statements) == []


def test_what_is_asked_behind_the_screen(till: Till) -> None:
    one_saved(till)
    with kept() as asked:
        for rounds in (till.sweeper, till.late, till.recurring.watch):
            rounds.ask_due()
            rounds.sleep_seconds()
        till.sweeper.sweep(SELLER)
        till.catch_up(SELLER)
        till.reconciliation.daily(SELLER)
    assert scanned(file_of(till), asked.statements) == []


def test_every_report_and_what_its_filters_offer(till: Till) -> None:
    one_saved(till)
    with kept() as asked:
        for report in REPORTS:
            values = {one.name: one.choices[-1].key if one.choices else "1" for one in report.filters}
            for chosen in ({}, *({name: value} for name, value in values.items()), values):
                list(till.reports.pages(report, Asked(0, till.context.now() + 1, chosen)))
        till.audit.trail(TrailFilter(*till.day(), till=till.context.till, printing=False))
        with till.context.store.reading() as tx:
            assert each_branch(tx) and each_seller(tx) == [SELLER] and each_till(tx) == [till.context.till]
            assert all(one.found(tx) is not None for report in REPORTS for one in report.filters if one.found)
    assert scanned(file_of(till), asked.statements) == []


def test_what_was_given_back_is_found_from_there(till: Till) -> None:
    """A year's sales are many, and what went back of them is little."""
    one_saved(till)
    with kept() as asked:
        till.sales.page(SaleFilter(*till.day(), given_back=True))
    with closing(sqlite3.connect(file_of(till))) as db:
        plans = [
            db.execute(f"EXPLAIN QUERY PLAN {text}", values) for text, values in asked.statements.items()
        ]
        steps = [str(step) for plan in plans for *_, step in plan]
    for index in ("payment_given_back", "cash_move_given_back"):
        assert any(index in step for step in steps)
    assert not any(step.startswith("SEARCH sale") and "saved_at" in step for step in steps)
    assert scanned(file_of(till), asked.statements) == []


def test_a_statement_that_reads_all_is_found(till: Till) -> None:
    """An index over every row is no help for what is set, and the judge sees it."""
    file = file_of(till)
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE INDEX every_line ON journal (subject)")
    whole = "SELECT t.id FROM journal AS t WHERE t.subject IS NOT NULL LIMIT ?"
    one = "SELECT t.id FROM topup AS t WHERE t.open_since IS NOT NULL LIMIT ?"
    assert scanned(file, {whole: (5,), one: (5,)}) == [f"journal: {whole}"]


def one_saved(till: Till) -> None:
    """A sale with a top-up, paid and saved."""
    sale = new_sale(till)
    add(till, sale)
    pay_and_save(till, sale)


@pytest.fixture
def till(tmp_path: Path, sandbox: SandboxControl) -> Iterator[Till]:
    """A till in training."""
    opened = open_till(tmp_path, sandbox)
    yield opened
    opened.close()
