"""What is returned by a commit is what it wrote: the sale is not read again, and nothing is read twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.domain.card import Brand, CardDetails, CardKind
from pos_tui.domain.item import Item, ItemKind, ItemState, Product
from pos_tui.domain.payment import Decision, Method
from pos_tui.domain.sale import Sale
from pos_tui.domain.topup import Decision as OfTopUp
from pos_tui.domain.values import replace
from pos_tui.services.items import Items
from pos_tui.store.database import Transaction
from pos_tui.till import Till
from tests.databases import needs_file
from tests.paying import charge
from tests.sandbox import SandboxControl
from tests.tills import SELLER, add, new_sale, open_till, pay_and_save, settings

CHIP = Product("p" * 32, "1", "", "Chip", 1500, ItemKind.PRODUCT)
CARD = CardDetails(CardKind.DEBIT, Brand.VISA, nsu="1")


class Biller:
    """Stands behind bills."""

    items: Items

    def item_sold(self, tx: Transaction, sale: Sale, item: Item) -> Item:
        return self.items.move(tx, item, ItemState.PENDING, sale.seller)

    def item_removed(self, tx: Transaction, sale: Sale, item: Item) -> None:
        """Nothing follows."""


@pytest.fixture
def confirming(tmp_path: Path, sandbox: SandboxControl) -> Iterator[Till]:
    """A till that confirms top-ups by itself."""
    config = settings()
    config = replace(config, topup=replace(config.topup, auto_confirm=True))
    till = open_till(tmp_path / "confirming", sandbox, config)
    yield till
    till.close()


def test_a_sale_by_card_and_cash_comes_back_as_stored(till: Till) -> None:
    sale = new_sale(till)
    add(till, sale)
    till.items.add(sale, CHIP)
    by_card = till.sales.add_payment(sale, Method.CARD, 2000, CARD)
    assert by_card == till.sales.get(sale.id)
    by_both = till.sales.add_payment(by_card, Method.CASH, 5000)
    assert by_both == till.sales.get(sale.id)
    till.sales.remove_payment(by_both)
    till.sales.add_payment(by_card, Method.CASH, 1100)
    saved = till.sales.save(sale)
    assert (saved.total, saved.change) == (3000, 100)
    assert saved == till.sales.get(sale.id)


def test_what_is_decided_in_the_commit_comes_back_decided(confirming: Till) -> None:
    sale = new_sale(confirming)
    add(confirming, sale)
    saved = pay_and_save(confirming, sale)
    assert [topup.decision for topup in saved.topups] == [OfTopUp.CONFIRM]
    assert saved == confirming.sales.get(sale.id)


def test_an_approved_payment_comes_back_to_be_confirmed(paytill: Till, sale: Sale) -> None:
    charge(paytill, sale, Method.TEF, 6000)
    saved = paytill.sales.save(sale)
    assert [line.decision for line in saved.payments] == [Decision.CONFIRM]
    assert saved == paytill.sales.get(sale.id)


def test_a_bill_comes_back_as_its_owner_left_it(till: Till) -> None:
    biller = Biller()
    till.__dict__["items"] = biller.items = Items(till.context, {ItemKind.BILL: lambda: biller})
    sale = new_sale(till)
    till.items.add_bill(sale, "bill/1", "1", "Conta de luz", 9000)
    till.items.add(sale, CHIP)
    saved = pay_and_save(till, sale)
    assert [item.state for item in saved.items] == [ItemState.PENDING, ItemState.IN_SALE]
    assert saved == till.sales.get(sale.id)


@needs_file
def test_a_sale_and_the_end_of_the_chain_are_read_once(till: Till) -> None:
    sale = new_sale(till)
    till.items.add(sale, CHIP)
    sale = till.sales.add_payment(sale, Method.CASH, 1500)
    asked: list[str] = []
    connection = till.context.store.db.connection()  # type: ignore[no-untyped-call]
    connection.set_trace_callback(asked.append)
    till.sales.save(sale)
    connection.set_trace_callback(None)
    read = [text.rpartition(" FROM ")[2].split()[0] for text in asked if text.startswith("SELECT")]
    counters = ["counter", "counter"]
    assert sorted(read) == sorted(["sale", "payment", "sale_item", "journal", "shift", *counters])
    assert sum(text.startswith("INSERT INTO journal") for text in asked) == 3
    assert till.context.journal.verify(whole=True) is None


def test_a_transaction_repeated_does_not_go_on_from_a_line_that_was_taken_back(till: Till) -> None:
    sale = new_sale(till)
    till.items.add(sale, CHIP)
    till.sales.add_payment(sale, Method.CASH, 1500)

    def lost(tx: Transaction) -> None:
        till.papers.for_sale(tx, till.sales.get(sale.id))
        raise KeyError

    with pytest.raises(KeyError):
        till.context.store.write(lost)
    till.sales.save(sale)
    assert till.context.journal.verify(whole=True) is None
    assert till.sales.get(sale.id).seller == SELLER
