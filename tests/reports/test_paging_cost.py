"""A page costs the same wherever it stands: the index is entered at its edge."""

from collections.abc import Callable

import pytest

from pos_tui.domain.payment import Method, PaymentState
from pos_tui.domain.sale import SaleState
from pos_tui.domain.topup import TopUpState
from pos_tui.reports.definition import Asked
from pos_tui.reports.registry import find
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models import PaymentRow, SaleRow, TopUpRow
from pos_tui.till import Till
from tests.databases import needs_file

pytestmark = needs_file

SALES, PAGE = 2_000, 50


@pytest.fixture
def long_day(till: Till, monkeypatch: pytest.MonkeyPatch) -> Till:
    """A till with two thousand sales of today, a second apart."""
    monkeypatch.setattr("pos_tui.services.reports.PAGE", PAGE)
    since, _ = till.day()
    till.context.store.write(lambda tx: _fill(tx, since))
    return till


def _fill(tx: Transaction, since: int) -> None:
    for number in range(1, SALES + 1):
        key, at = new_key(), since + number * 1000
        tx.insert(
            SaleRow, id=key, till=1, number=number, state=SaleState.SAVED, branch="L", pdv="1", seller="V",
            customer_name="C", customer_folded="c", opened_at=at, saved_at=at, total=1500, change=0,
        )  # fmt: skip
        tx.insert(
            TopUpRow, id=new_key(), sale_id=key, position=1, till=1, provider="rv", provider_key=str(number),
            operator="1", operator_name="Vivo", product="p", product_name="p", line="67999991234", face=1500,
            state=TopUpState.CONFIRMED, requested_at=at,
        )  # fmt: skip
        tx.insert(
            PaymentRow, id=new_key(), sale_id=key, position=1, method=Method.CASH, amount=1500, till=1,
            state=PaymentState.CONFIRMED,
        )  # fmt: skip


def steps(till: Till, work: Callable[[], object]) -> int:
    """How many hundreds of SQLite's own instructions a piece of work takes in this thread."""
    with till.context.store.reading():
        connection = till.context.store.db.connection()  # type: ignore[no-untyped-call]
    counted = 0

    def tick() -> int:
        nonlocal counted
        counted += 1
        return 0

    connection.set_progress_handler(tick, 100)
    work()
    connection.set_progress_handler(None, 0)
    return counted


@pytest.mark.parametrize("name", ["vendas", "recargas", "pagamentos"])
def test_the_last_page_costs_what_the_second_costs(long_day: Till, name: str) -> None:
    report, asked = find(name), Asked(*long_day.day())
    starts = [page[-1].key for page, _ in long_day.reports.pages(report, asked) if len(page) == PAGE]
    assert len(starts) == SALES // PAGE
    second = steps(long_day, lambda: long_day.reports.page(report, asked, starts[0]))
    last = steps(long_day, lambda: long_day.reports.page(report, asked, starts[-2]))
    assert second > 0 and last <= 2 * second
