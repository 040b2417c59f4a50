"""The server is killed at random while a till sells: nothing is lost, nothing is there twice.

`POS_TUI_KILLS=200 make server-death` is the long form.
"""

import os
import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos_tui.domain.topup import TopUpState
from pos_tui.services.context import Context
from pos_tui.store import shadow
from pos_tui.store.database import open_store
from pos_tui.store.models import CashMoveRow, JournalRow, PaymentRow, SaleRow, TopUpRow
from pos_tui.till import Till
from tests.items.goods import CUT, stock
from tests.postgres import Postgres, needed, running
from tests.sandbox import SandboxControl
from tests.scale.islands import address, make_database, shadowed, store_of
from tests.scale.selling import open_one
from tests.tills import SELLER, add, new_sale, pay_and_save

pytestmark = needed()

KILLS = int(os.environ.get("POS_TUI_KILLS", "5"))


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A server that will die often."""
    with running() as postgres:
        make_database(postgres.port)
        yield postgres


class Seller(threading.Thread):
    """Sells without a pause until it is told to stop: mostly haircuts, now and then a top-up."""

    def __init__(self, till: Till) -> None:
        super().__init__(name="seller")
        self._till = till
        self.enough = threading.Event()
        self.sold: list[int] = []
        self.credited: set[str] = set()
        self.broken: BaseException | None = None

    def run(self) -> None:
        """Sell."""
        try:
            (cut,) = self._till.products.find(CUT.code)
            while not self.enough.is_set():
                sale = new_sale(self._till)
                if len(self.sold) % 4 == 0:
                    topup = add(self._till, sale, 1500, f"679{90_000_000 + len(self.sold):08}")
                else:
                    topup = None
                    self._till.items.add(sale, cut, 1)
                self.sold.append(pay_and_save(self._till, sale).number or 0)
                if topup is not None:
                    assert self._till.topups.confirm(topup.id, SELLER).state is TopUpState.CONFIRMED
                    self.credited.add(topup.line)
        except BaseException as error:
            self.broken = error
        finally:
            self._till.context.store.close()


def test_killed_at_random(
    server: Postgres, tmp_path: Path, sandbox: SandboxControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shadow, "RETURN_SECONDS", 0.1)
    chance = random.Random(13)
    with shadowed(server.port):
        till = open_one(tmp_path / "1", sandbox.url, 1)
    till.offers.catalogue()
    stock(till)
    seller = Seller(till)
    seller.start()
    for _ in range(KILLS):
        seller.enough.wait(chance.uniform(0, 0.6))
        server.kill()
        assert until(lambda: store_of(till).away or not seller.is_alive()), "it is noticed"
        seller.enough.wait(chance.uniform(0, 0.4))
        server.start()
        if chance.random() < 0.5:
            # It may die again in the middle of the upload.
            seller.enough.wait(chance.uniform(0, 0.3))
            continue
        assert until(lambda: not store_of(till).away or not seller.is_alive()), "it comes back"
    seller.enough.set()
    seller.join()
    assert seller.broken is None, seller.broken
    assert until(lambda: store_of(till).come_back())
    till.close()
    check(server, seller, sandbox)


def until(condition: Callable[[], bool]) -> bool:
    """Wait for a condition; say whether it came."""
    pause = threading.Event()
    return any(condition() or pause.wait(0.02) for _ in range(3000))


def check(server: Postgres, seller: Seller, sandbox: SandboxControl) -> None:
    """Compare what the seller was told with what stands on the server."""
    store = open_store(address(server.port))
    with store.reading() as tx:
        sales = tx.rows(SaleRow.select(SaleRow.number, SaleRow.total).where(SaleRow.state == "saved"))
        paid = tx.rows(PaymentRow.select(PaymentRow.amount).where(PaymentRow.state == "confirmed"))
        moves = tx.rows(CashMoveRow.select(CashMoveRow.amount))
        topups = tx.rows(TopUpRow.select(TopUpRow.line, TopUpRow.state))
        lines = tx.rows(JournalRow.select(JournalRow.seq).order_by(JournalRow.seq))
    assert seller.sold == list(range(1, len(seller.sold) + 1))
    assert sorted(number for number, _ in sales) == seller.sold
    assert sum(total for _, total in sales) == sum(amount for (amount,) in paid) == sum(m for (m,) in moves)
    assert {line for line, state in topups if state == TopUpState.CONFIRMED} == seller.credited
    assert sandbox.ledger().credits == dict.fromkeys(seller.credited, (1, 1500))
    assert [seq for (seq,) in lines] == list(range(1, len(lines) + 1))
    assert Context(store, 1, "").journal.verify(whole=True) is None
    store.end()
