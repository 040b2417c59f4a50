"""End to end on a real Medusa 2.21.2: both kinds of orders through every state, by the very services."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos_tui.domain.errors import Conflict, RuleError
from pos_tui.domain.order import DeliveryState, Order, OrderState, PaymentState, PayMethod, Shipment
from pos_tui.domain.order_invoice import NO_INVOICE
from pos_tui.domain.order_kept import KeptOrder, OrderFilter
from pos_tui.domain.order_rules import NOT_BY_HAND, Demand, OrderAction
from pos_tui.domain.outcome import Done, Refused
from pos_tui.domain.values import replace
from pos_tui.providers.orders.medusa import MedusaOrders
from pos_tui.providers.smtp import Smtp
from pos_tui.services.order_mail import Outbox, Wording
from pos_tui.services.orders import Orders
from pos_tui.till import Till
from tests.medusa.shop import PRICE, MedusaShop
from tests.orders.post_office import PostOffice
from tests.tills import SELLER, settings

pytestmark = pytest.mark.medusa
A = OrderAction
PARCEL = Shipment("PAC", "AA123456785BR", "https://rastreamento.example/AA123456785BR")


@pytest.fixture
def shop(medusa: MedusaShop) -> MedusaOrders:
    return MedusaOrders(medusa.url, lambda: medusa.token)


@pytest.fixture
def post() -> Iterator[PostOffice]:
    with PostOffice() as opened:
        yield opened


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    opened = Till.open(settings(), folder=tmp_path / "till")
    yield opened
    opened.close()


@pytest.fixture
def orders(till: Till, shop: MedusaOrders, post: PostOffice) -> Orders:
    outbox = Outbox(till.context, Smtp(post.server, lambda: "").send, Wording("Loja", "loja@example.com"))
    return Orders(till.context, "medusa", lambda: shop, outbox)


def kept(orders: Orders, remote_id: str) -> KeptOrder:
    orders.refresh()
    chosen = OrderFilter(0, 2**53, text=remote_id.lower())
    (found,) = orders.book.page(chosen)
    return found


def read(shop: MedusaOrders, key: str) -> Order:
    found = shop.order(key)
    assert isinstance(found, Done), found
    return found.answer


def walk(orders: Orders, key: str, *demands: Demand) -> KeptOrder:
    for demand in demands:
        acted = orders.act(key, demand, SELLER)
        assert acted.done, acted.words
    return orders.book.get(key)


DELIVERY = (
    Demand(A.RELEASE),
    Demand(A.UNRELEASE),
    Demand(A.RELEASE),
    Demand(A.INVOICE, invoice=NO_INVOICE),
    Demand(A.SHIP, shipment=PARCEL),
    Demand(A.DELIVER),
)


def test_a_deposit_from_pending_to_delivered(medusa: MedusaShop, orders: Orders, post: PostOffice) -> None:
    found = kept(orders, medusa.place_by_deposit())
    assert (found.told.method, found.told.payment) == (PayMethod.MANUAL, PaymentState.PENDING)
    assert found.told.total == 2 * PRICE and found.told.items[0].code == "CAN-AZ"
    after = walk(orders, found.id, Demand(A.APPROVE), *DELIVERY)
    assert after.told.badges == ("Aprovado", "Entregue") and after.alert == ""
    assert after.told.invoice == NO_INVOICE and after.told.shipment.code == PARCEL.code
    assert orders.outbox.send_next() and not orders.outbox.send_next()
    (letter,) = post.letters
    assert letter["To"] == "joana@example.com" and "AA123456785BR" in letter.get_content()
    assert "Entregue" in {step.what for step in orders.book.history(after)}


def test_a_parcel_without_a_link_shows_none(
    medusa: MedusaShop, orders: Orders, post: PostOffice, shop: MedusaOrders
) -> None:
    """Another carrier, or the counter: nothing but the code is told, and nobody is written to."""
    found = kept(orders, medusa.place_by_deposit())
    pick_up = Shipment("Retirada", "PRODUTO AGUARDANDO RETIRADA.")
    walk(orders, found.id, Demand(A.APPROVE), *DELIVERY[:4], Demand(A.SHIP, shipment=pick_up))
    told = read(shop, found.told.remote_id).shipment
    assert (told.code, told.url) == (pick_up.code, "")
    assert not orders.outbox.send_next() and post.letters == []


def test_a_gateways_order_waits_for_the_gateway(medusa: MedusaShop, orders: Orders) -> None:
    remote_id = medusa.place_by_gateway()
    found = kept(orders, remote_id)
    assert (found.told.method, found.told.payment) == (PayMethod.OTHER, PaymentState.PENDING)
    with pytest.raises(RuleError, match=NOT_BY_HAND[:40]):
        orders.act(found.id, Demand(A.APPROVE), SELLER)
    with pytest.raises(RuleError, match="só depois de aprovado"):
        orders.act(found.id, Demand(A.RELEASE), SELLER)
    medusa.capture(remote_id)
    # A payment does not touch updated_at: only reading the order itself shows it.
    assert kept(orders, remote_id).told.payment is PaymentState.APPROVED
    assert walk(orders, found.id, *DELIVERY).told.delivery is DeliveryState.DELIVERED


def test_a_deposit_that_never_came(medusa: MedusaShop, orders: Orders) -> None:
    found = kept(orders, medusa.place_by_deposit())
    after = walk(orders, found.id, Demand(A.CANCEL))
    assert after.told.state is OrderState.CANCELED and after.told.badges[0] == "Cancelado"
    with pytest.raises(Conflict):
        orders.act(found.id, Demand(A.CANCEL), SELLER)


def test_two_tills_release_once(medusa: MedusaShop, orders: Orders, shop: MedusaOrders) -> None:
    found = kept(orders, medusa.place_by_deposit())
    walk(orders, found.id, Demand(A.APPROVE))
    stale = read(shop, found.told.remote_id)
    walk(orders, found.id, Demand(A.RELEASE))
    again = shop.perform(stale, Demand(A.RELEASE))
    assert isinstance(again, Refused) and again.code == "400"
    assert read(shop, found.told.remote_id).delivery is DeliveryState.ATTENDED


def test_stock_is_what_lies_there(medusa: MedusaShop, orders: Orders) -> None:
    found = kept(orders, medusa.place_by_deposit(3))
    (count,) = orders.stock(found.id).values()
    assert count >= 3


def test_ignored_filters_and_pages(
    medusa: MedusaShop, shop: MedusaOrders, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = {medusa.place_by_deposit() for _ in range(3)}
    monkeypatch.setattr("pos_tui.providers.orders.medusa.LIMIT", 2)
    seen: set[str] = set()
    after, since = "", datetime.now(UTC) - timedelta(days=1)
    while True:
        page = shop.page(since, after)
        assert isinstance(page, Done) and len(page.answer.orders) <= 2
        seen |= {order.remote_id for order in page.answer.orders}
        after = page.answer.after
        if not after:
            break
    assert placed <= seen and len(seen) == page.answer.total


def test_a_wrong_token_says_whom_to_call(medusa: MedusaShop) -> None:
    refused = MedusaOrders(medusa.url, lambda: "sk_errado").page(datetime.now(UTC))
    assert isinstance(refused, Refused) and "token" in refused.text


def test_a_parcel_of_a_part_is_left_to_the_panel(
    medusa: MedusaShop, orders: Orders, shop: MedusaOrders
) -> None:
    found = kept(orders, medusa.place_by_deposit(2))
    walk(orders, found.id, Demand(A.APPROVE))
    order = read(shop, found.told.remote_id)
    half = replace(order, items=(replace(order.items[0], quantity=1),))
    assert shop.perform(half, Demand(A.RELEASE)) == Done(None)
    part = kept(orders, found.told.remote_id)
    assert part.told.partial and part.told.badges[1] == "Atendido em parte"
    with pytest.raises(RuleError, match="painel"):
        orders.act(found.id, Demand(A.INVOICE, invoice=NO_INVOICE), SELLER)
