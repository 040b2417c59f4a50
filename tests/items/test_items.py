"""Services, products and bills in a sale: what they cost, print, count, and whom they are told to."""

from dataclasses import dataclass, field

import pytest

from pos_tui.domain.errors import Conflict, FieldError, RuleError
from pos_tui.domain.item import Item, ItemKind, ItemState, parse_entry, price_of
from pos_tui.domain.payment import Method
from pos_tui.domain.sale import Sale, SaleFilter, SaleState
from pos_tui.domain.values import replace
from pos_tui.services.items import Items
from pos_tui.store.database import Transaction
from pos_tui.till import Till
from tests.items.goods import stock
from tests.tills import EVER, SELLER, add, new_sale, pay_and_save


@dataclass
class Biller:
    """Stands behind bills; remembers what it was told."""

    items: Items | None = None
    told: list[tuple[str, str]] = field(default_factory=list)

    def item_sold(self, tx: Transaction, sale: Sale, item: Item) -> Item:
        assert self.items is not None
        self.told.append(("sold", item.subject))
        return self.items.move(tx, item, ItemState.PENDING, sale.seller)

    def item_removed(self, tx: Transaction, sale: Sale, item: Item) -> None:
        self.told.append(("removed", item.subject))


@pytest.fixture
def biller(till: Till) -> Biller:
    """Bills of this till belong to it."""
    biller = Biller()
    till.__dict__["items"] = biller.items = Items(till.context, {ItemKind.BILL: lambda: biller})
    return biller


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("7891000100103", (1, "7891000100103")),
        ("3*7891000100103", (3, "7891000100103")),
        ("2 x corte", (2, "corte")),
        ("12X SH10", (12, "SH10")),
        ("xampu", (1, "xampu")),
        ("3*", (1, "3*")),
    ],
)
def test_a_quantity_may_stand_before_what_is_read(typed: str, read: tuple[int, str]) -> None:
    assert parse_entry(typed) == read


@pytest.mark.parametrize("quantity", [0, 1000])
def test_a_quantity_has_its_bounds(quantity: int) -> None:
    with pytest.raises(FieldError):
        price_of(100, quantity)


def test_a_sum_beyond_a_counters_is_refused() -> None:
    with pytest.raises(FieldError):
        price_of(99_999_999, 2)


def test_items_and_top_ups_make_one_sum(till: Till) -> None:
    goods = stock(till)
    sale = new_sale(till)
    add(till, sale, 1500)
    till.items.add(sale, goods["SH10"], 3)
    till.items.add(sale, goods["COR1"])
    sale = till.sales.get(sale.id)
    assert sale.due == 1500 + 3 * 2390 + 4500
    assert [(item.position, item.quantity, item.amount) for item in sale.items] == [
        (1, 3, 7170),
        (2, 1, 4500),
    ]
    saved = pay_and_save(till, sale)
    assert saved.total == sale.due
    (line,) = till.sales.page(SaleFilter(*EVER))
    assert (line.total, line.items, line.owed_back) == (sale.due, 2, 0)


def test_a_sale_may_hold_items_only_and_prints_them(till: Till) -> None:
    goods = stock(till)
    sale = new_sale(till)
    till.items.add(sale, goods["SH10"], 2)
    saved = pay_and_save(till, sale)
    assert saved.state is SaleState.SAVED
    paper = till.spool.paper_of(saved.id, "sale")
    assert paper is not None
    text = till.papers.preview(paper.document)
    assert "Xampu neutro 300 ml" in text and "2 x 23,90" in text and "47,80" in text
    (copy,) = till.papers.reprint_sale(saved, SELLER)
    assert "REIMPRESSÃO" in till.papers.text(copy)


def test_a_removed_item_costs_nothing_and_is_gone_for_good(till: Till) -> None:
    goods = stock(till)
    sale = new_sale(till)
    till.items.add(sale, goods["SH10"])
    item = till.items.add(sale, goods["COR1"])
    till.items.remove(sale, item)
    assert till.sales.get(sale.id).due == 2390
    with pytest.raises(Conflict):
        till.items.remove(sale, item)
    saved = pay_and_save(till, sale)
    with pytest.raises(RuleError):
        till.items.remove(saved, saved.goods[0])
    with pytest.raises(RuleError):
        till.items.add(saved, goods["COR1"])


def test_what_is_out_of_sale_is_neither_found_nor_sold(till: Till) -> None:
    goods = stock(till)
    off = replace(goods["SH10"], active=False)
    till.products.change(off, SELLER)
    assert (
        till.products.find("SH10") == till.products.find("7891000100103") == till.products.find("xampu") == []
    )
    with pytest.raises(RuleError):
        till.items.add(new_sale(till), off)


def test_a_bill_is_told_to_its_owner_when_sold(till: Till, biller: Biller) -> None:
    sale = new_sale(till)
    bill = till.items.add_bill(sale, "bill/77", "77", "Fatura 77 de João", 8990)
    saved = pay_and_save(till, sale)
    assert biller.told == [("sold", "bill/77")]
    assert till.items.get(bill.id).state is ItemState.PENDING
    assert saved.due == 8990
    pending = till.items.get(bill.id)
    till.context.store.write(
        lambda tx: till.items.move(tx, pending, ItemState.UNDONE, SELLER, why="sem rede")
    )
    assert till.sales.get(saved.id).owed_back == 8990
    (line,) = till.sales.page(SaleFilter(*EVER))
    assert line.owed_back == 8990


def test_a_bill_stands_in_one_sale_only_until_it_is_let_go(till: Till, biller: Biller) -> None:
    sale = new_sale(till)
    bill = till.items.add_bill(sale, "bill/77", "77", "Fatura 77", 8990)
    with pytest.raises(Conflict):
        till.items.add_bill(sale, "bill/77", "77", "Fatura 77", 8990)
    assert till.items.holding("bill/77") == bill
    till.items.remove(sale, bill)
    assert till.items.holding("bill/77") is None
    till.items.add_bill(sale, "bill/77", "77", "Fatura 77", 8990)
    till.sales.discard(sale)
    assert biller.told == [("removed", "bill/77"), ("removed", "bill/77")]
    assert till.items.holding("bill/77") is None


def test_a_sale_is_not_given_up_without_what_joins_it_meanwhile(
    till: Till, biller: Biller, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = new_sale(till)
    read = till.sales.get

    def joined(key: str) -> Sale:
        found = read(key)
        monkeypatch.undo()
        till.items.add_bill(found, "bill/77", "77", "Fatura 77", 8990)
        return found

    monkeypatch.setattr(till.sales, "get", joined)
    with pytest.raises(Conflict):
        till.sales.discard(sale)
    assert till.sales.get(sale.id).state is SaleState.OPEN
    till.sales.discard(sale)
    assert biller.told == [("removed", "bill/77")]


def test_a_sale_is_handed_over_with_what_has_joined_it_since(till: Till) -> None:
    sale = new_sale(till)
    till.items.add(sale, stock(till)["COR1"])
    taken = till.sales.hand_over(sale, "Beto Lima")
    assert (taken.seller, len(taken.items)) == ("Beto Lima", 1)


def test_an_owner_that_fails_keeps_the_sale_open(till: Till, biller: Biller) -> None:
    sale = new_sale(till)
    till.items.add_bill(sale, "bill/77", "77", "Fatura 77", 8990)
    biller.items = None
    with pytest.raises(AssertionError):
        pay_and_save(till, sale)
    assert till.sales.get(sale.id).state is SaleState.OPEN
    assert till.spool.paper_of(sale.id, "sale") is None


def test_the_closing_counts_items_by_kind_seller_and_method(till: Till) -> None:
    goods = stock(till)
    till.cash.open(1000, SELLER)
    sale = new_sale(till)
    till.items.add(sale, goods["SH10"], 2)
    till.items.add(sale, goods["COR1"])
    sale = till.sales.add_payment(till.sales.get(sale.id), Method.CASH, 10_000)
    till.sales.save(sale)
    reading = till.cash.reading()
    assert [(total.name, total.count, total.amount) for total in reading.kinds] == [
        ("Produto", 2, 4780),
        ("Serviço", 1, 4500),
    ]
    assert [(total.name, total.amount) for total in reading.sellers] == [(SELLER, 9280)]
    assert [(total.name, total.amount) for total in reading.methods] == [("Dinheiro", 9280)]
    assert reading.drawer.expected == 1000 + 9280
