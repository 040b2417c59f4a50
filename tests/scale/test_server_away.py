"""The server of the store goes while tills sell: what is theirs goes on, what is the store's waits for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pos_tui.domain.errors import RuleError, StoreError
from pos_tui.domain.item import Product
from pos_tui.domain.sale import Sale, SaleFilter
from pos_tui.domain.topup import TopUpState
from pos_tui.services.context import Context
from pos_tui.services.printer import CapturePrinter
from pos_tui.store import shadow
from pos_tui.store.database import Store, open_store
from pos_tui.store.models import JournalRow, PrintJobRow, SaleRow
from pos_tui.store.models.orders import OrderRow
from pos_tui.till import Till
from tests.cable import Cable, cable
from tests.items.goods import CUT, stock
from tests.postgres import Postgres, needed, running
from tests.sandbox import SandboxControl
from tests.scale.islands import address, make_database, shadowed, store_of
from tests.scale.selling import open_one
from tests.screens.desk import at_desk
from tests.tills import SELLER, add, new_sale, pay_and_save

pytestmark = needed()


@dataclass
class Shop:
    """A server, the cable of till 1, and both tills."""

    first: Till
    second: Till
    line: Cable
    server: Store
    """As somebody sees it who sits at the server."""

    def numbers(self) -> list[int]:
        """The sales of till 1 that the server has."""
        with self.server.reading() as tx:
            query = SaleRow.select(SaleRow.number).where((SaleRow.till == 1) & SaleRow.number.is_null(False))
            return [row[0] for row in tx.rows(query.order_by(SaleRow.number))]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A server of its own."""
    with running() as server:
        yield server


@pytest.fixture
def shop(
    postgres: Postgres, tmp_path: Path, sandbox: SandboxControl, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shop]:
    """Two tills that have sold; the second has a cable of its own, which stays."""
    monkeypatch.setattr(shadow, "RETURN_SECONDS", 3600.0)  # they come back when the test says so
    make_database(postgres.port)
    with cable(postgres.port) as line:
        with shadowed(line.port):
            first = open_one(tmp_path / "1", sandbox.url, 1)
            first.offers.catalogue()
            stock(first)
            sell(first)
        with shadowed(postgres.port):
            second = open_one(tmp_path / "2", sandbox.url, 2)
        server = open_store(address(postgres.port))
        yield Shop(first, second, line, server)
        for till in (first, second):
            till.close()
        server.end()
    drop(postgres)


def drop(postgres: Postgres) -> None:
    """Make room for the next test."""
    import psycopg

    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(b"DROP DATABASE loja WITH (FORCE)")


def haircut(till: Till) -> Product:
    """From the catalogue of goods."""
    (found,) = till.products.find(CUT.code)
    return found


def sell(till: Till) -> Sale:
    """A haircut, in cash."""
    sale = new_sale(till)
    till.items.add(sale, haircut(till), 1)
    return pay_and_save(till, sale)


def test_cash_goes_on_and_arrives_once(shop: Shop, tmp_path: Path) -> None:
    shop.line.pull()
    sold = [sell(shop.first) for _ in range(3)]
    assert store_of(shop.first).away and [sale.number for sale in sold] == [2, 3, 4]
    assert shop.numbers() == [1]
    assert [line.number for line in shop.first.sales.page(SaleFilter(*shop.first.day()))] == [4, 3, 2, 1]
    assert shop.first.context.journal.verify() is None
    waiting = store_of(shop.first).waiting()
    assert waiting >= 3

    shop.line.plug()
    assert store_of(shop.first).come_back()
    assert shop.numbers() == [1, 2, 3, 4] and store_of(shop.first).waiting() == 0
    assert store_of(shop.first).come_back(), "again, with nothing to play"
    assert sell(shop.first).number == 5
    assert shop.numbers() == [1, 2, 3, 4, 5]
    assert Context(shop.server, 1, "").journal.verify(whole=True) is None
    with shop.server.reading() as tx:
        assert len(tx.rows(PrintJobRow.select(PrintJobRow.id).where(PrintJobRow.till == 1))) >= 5


def test_what_was_begun_is_finished(shop: Shop) -> None:
    """A reserve held before the server went is paid, confirmed, and told to the server on its return."""
    sale = new_sale(shop.first)
    topup = add(shop.first, sale)
    shop.line.pull()
    pay_and_save(shop.first, sale)
    assert shop.first.topups.confirm(topup.id, SELLER).state is TopUpState.CONFIRMED
    assert shop.second.topups.get(topup.id).state is TopUpState.RESERVED
    shop.line.plug()
    assert store_of(shop.first).come_back()
    assert shop.second.topups.get(topup.id).state is TopUpState.CONFIRMED


def test_a_top_up_under_way_at_that_moment_is_settled(
    shop: Shop, sandbox: SandboxControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server goes between the request and the answer."""
    sale = new_sale(shop.first)
    provider = shop.first._connect("rv")
    reserve = provider.reserve

    def cut(request: object) -> object:
        shop.line.pull()
        return reserve(request)  # type: ignore[arg-type]

    monkeypatch.setattr(provider, "reserve", cut)
    topup = add(shop.first, sale)
    assert topup.state is TopUpState.RESERVED and store_of(shop.first).away
    shop.line.plug()
    assert store_of(shop.first).come_back()
    assert shop.second.topups.get(topup.id).state is TopUpState.RESERVED
    assert len(sandbox.ledger().rows) == 1


def test_what_is_the_stores_is_refused_with_the_reason(shop: Shop) -> None:
    theirs = new_sale(shop.second)
    topup = add(shop.second, theirs)
    pay_and_save(shop.second, theirs)
    shop.line.pull()
    with pytest.raises(RuleError):
        shop.first.topups.confirm(topup.id, SELLER)
    with pytest.raises(StoreError, match="espera o servidor da loja"), store_of(shop.first).reading() as tx:
        tx.rows(OrderRow.select(OrderRow.id))
    with pytest.raises(StoreError, match="espera o servidor da loja"):
        shop.first.products.change(haircut(shop.first), SELLER)
    assert not shop.first.sales.current("1", SELLER).goods


def test_who_was_first_meanwhile_keeps_it(shop: Shop, sandbox: SandboxControl) -> None:
    """Till 2 still reaches the server and cancels what till 1 confirms alone: the operator decides, once."""
    sale = new_sale(shop.first)
    topup = add(shop.first, sale)
    pay_and_save(shop.first, sale)
    shop.line.pull()
    assert shop.second.topups.cancel(topup.id, "desistiu", SELLER).state is TopUpState.CANCELLED
    here = shop.first.topups.confirm(topup.id, SELLER)
    assert here.state is not TopUpState.CONFIRMED and sandbox.ledger().credits == {}
    shop.line.plug()
    assert store_of(shop.first).come_back()
    for till in (shop.first, shop.second):
        assert till.topups.get(topup.id).state is TopUpState.CANCELLED
    assert Context(shop.server, 1, "").journal.verify(whole=True) is None


def test_it_opens_without_the_server(shop: Shop, sandbox: SandboxControl, tmp_path: Path) -> None:
    shop.line.pull()
    sell(shop.first)
    shop.first.close()
    with shadowed(shop.line.port):
        again = open_one(tmp_path / "1", sandbox.url, 1)
    assert store_of(again).away and again.start("sistema").broken_chain == ""
    assert sell(again).number == 3
    shop.line.plug()
    assert store_of(again).come_back()
    assert shop.numbers() == [1, 2, 3]
    again.close()


def test_a_lost_commit_arrives_once(shop: Shop) -> None:
    """The server goes with the commit under way: done or not, it stands there once."""
    for arrives in (True, False):
        before = shop.numbers()
        shop.line.lose(b"COMMIT\0", arrives=arrives, for_good=True)
        sell(shop.first)
        assert store_of(shop.first).away
        shop.line.plug()
        assert store_of(shop.first).come_back()
        assert shop.numbers() == [*before, before[-1] + 1]
    with shop.server.reading() as tx:
        seqs = [row[0] for row in tx.rows(JournalRow.select(JournalRow.seq).where(JournalRow.till == 1))]
    assert len(seqs) == len(set(seqs)) == max(seqs)


@pytest.mark.parametrize("word", [b'INSERT INTO "sale"', b"COMMIT\0"])
@pytest.mark.parametrize("arrives", [True, False])
def test_an_upload_that_breaks_is_played_again_whole(shop: Shop, word: bytes, arrives: bool) -> None:
    """The server goes once more while the outbox is played."""
    shop.line.pull()
    sell(shop.first)
    sell(shop.first)
    waiting = store_of(shop.first).waiting()
    shop.line.lose(word, arrives=arrives, for_good=True)
    shop.line.plug()
    assert not store_of(shop.first).come_back()
    assert shop.line.lost == 1 and store_of(shop.first).waiting() == waiting
    shop.line.plug()
    assert store_of(shop.first).come_back()
    assert shop.numbers() == [1, 2, 3] and store_of(shop.first).waiting() == 0
    assert Context(shop.server, 1, "").journal.verify(whole=True) is None


async def test_the_cashier_sees_it(shop: Shop) -> None:
    async with at_desk(shop.first) as desk:
        shop.line.pull()
        await desk.press("f4")
        await desk.see("SERVIDOR AUSENTE", "0 a enviar")
        shop.line.plug()
        assert store_of(shop.first).come_back()
        await desk.press("f2")
        await desk.until(lambda: "SERVIDOR AUSENTE" not in desk.words(), "no word of it")


def test_papers_are_printed_meanwhile(shop: Shop, tmp_path: Path) -> None:
    shop.first.spool.prints = True
    shop.line.pull()
    sell(shop.first)
    printer = CapturePrinter(tmp_path / "paper", "epson-tm-t20", 48)
    while shop.first.spool.print_next(printer):
        pass
    assert shop.first.spool.count_owed() == 0
    shop.line.plug()
    assert store_of(shop.first).come_back()
    with shop.server.reading() as tx:
        states = {
            row[0] for row in tx.rows(PrintJobRow.select(PrintJobRow.state).where(PrintJobRow.till == 1))
        }
    assert "queued" not in states and "printed" in states
