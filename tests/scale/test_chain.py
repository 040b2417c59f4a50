"""A chain: whatever is cut or killed, the centre is complete afterwards, equal to what the stores hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.domain.sale import SaleFilter
from pos_tui.till import Till
from tests.items.goods import COMB, CUT, stock
from tests.postgres import needed
from tests.sandbox import SandboxControl
from tests.scale.chain import OFFICE, Chain, chain, until
from tests.scale.islands import shadowed, store_of
from tests.scale.selling import open_one
from tests.tills import SELLER, add, new_sale, pay_and_save

pytestmark = needed()

SOLD = 3 * 2 * 3 + 3
"""Three sales in both stores three times, and three more in one."""


@pytest.fixture(scope="module")
def three() -> Iterator[Chain]:
    """Two stores and a centre."""
    with chain() as started:
        yield started


@pytest.fixture
def tills(three: Chain, tmp_path: Path, sandbox: SandboxControl) -> Iterator[list[Till]]:
    """Till 1 of each store, with the same number and the same folder's name."""
    opened = []
    for name, server in three.stores.items():
        with shadowed(server.port):
            opened.append(open_one(tmp_path / name / "1", sandbox.url, 1))
    yield opened
    for till in opened:
        till.close()


def sell(till: Till, sales: int = 3) -> None:
    """Sell goods in cash."""
    (cut,) = till.products.find(CUT.code)
    for _ in range(sales):
        sale = new_sale(till)
        till.items.add(sale, cut, 1)
        pay_and_save(till, sale)


def test_whatever_is_cut_or_killed(
    three: Chain, tills: list[Till], tmp_path: Path, sandbox: SandboxControl
) -> None:
    with shadowed(three.centre.port):
        centre = open_one(tmp_path / "centre" / str(OFFICE), sandbox.url, OFFICE)
    stock(centre)
    assert until(lambda: all(till.products.find(COMB.code) for till in tills)), "goods flow down"
    first, second = tills
    for till in tills:
        sell(till)
    topup = add(first, new_sale(first))
    assert until(three.complete), "both stores"

    three.cables["loja1"].pull()
    for till in tills:
        sell(till)
    first.topups.cancel(topup.id, "desistiu", SELLER)
    assert until(lambda: three.rows("sale", three.stores["loja2"]) <= three.rows("sale", three.centre))
    assert not three.complete(), "nothing came through the cable that was pulled"
    three.cables["loja1"].plug()
    assert until(three.complete), "the cable is back"

    three.centre.kill()
    for till in tills:
        sell(till)
    three.centre.start()
    assert until(three.complete), "the centre was killed"

    store_of(second).refresh()
    three.stores["loja2"].kill()
    sell(second)
    three.stores["loja2"].start()
    assert until(lambda: not second.context.store.away), "the till is back at its server"
    assert until(three.complete), "a store's server was killed"
    check(three, centre)
    centre.close()


def check(three: Chain, centre: Till) -> None:
    """The centre reads all stores; nothing is there twice."""
    assert len(three.rows("sale", three.centre)) == SOLD
    assert centre.sales.with_pendings() == []
    shown = centre.sales.page(SaleFilter(*centre.day()))
    assert len(shown) == SOLD, "the list of the centre shows the sales of all stores"
