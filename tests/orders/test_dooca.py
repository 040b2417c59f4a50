"""The adapter against the practice shop: every call, and every trap (issue 10)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pos_tui.domain.order import (
    DeliveryState,
    Invoice,
    Order,
    OrderState,
    PaymentState,
    PayMethod,
    Shipment,
    Source,
)
from pos_tui.domain.order_invoice import NO_INVOICE
from pos_tui.domain.order_rules import Demand, OrderAction
from pos_tui.domain.outcome import Done, NotSent, RefusalClass, Refused, Uncertain
from pos_tui.providers.http import Limits
from pos_tui.providers.orders.base import OrderPage
from pos_tui.providers.orders.dooca import DoocaOrders
from pos_tui.providers.orders.dooca_reading import read_order
from pos_tui.providers.orders.reading import Unreadable
from pos_tui.providers.safe_json import JsonObject
from pos_tui.providers.sandbox import KEY
from pos_tui.providers.sandbox.dooca import PATH
from tests.providers.canned import CannedServer
from tests.sandbox import SandboxControl

A = OrderAction
ZONE = ZoneInfo("America/Sao_Paulo")
PARCEL = Shipment("PAC", "AA123456785BR")


def shop_at(url: str, **options: str) -> DoocaOrders:
    return DoocaOrders(url, lambda: KEY, ZONE, limits=Limits(deadline=30), **options)


@pytest.fixture
def shop(sandbox: SandboxControl) -> DoocaOrders:
    return shop_at(sandbox.url + PATH)


@pytest.fixture
def canned() -> Iterator[CannedServer]:
    server = CannedServer()
    yield server
    server.stop()


def month_ago() -> datetime:
    return datetime.now(UTC) - timedelta(days=30)


def page(shop: DoocaOrders, after: str = "") -> OrderPage:
    found = shop.page(month_ago(), after)
    assert isinstance(found, Done)
    return found.answer


def read(shop: DoocaOrders, key: str) -> Order:
    found = shop.order(key)
    assert isinstance(found, Done), found
    return found.answer


def test_the_list_tells_both_states_and_the_method(shop: DoocaOrders) -> None:
    found = {order.number: order for order in page(shop).orders}
    assert len(found) == 10 and page(shop).after == ""
    assert found["1001"].method is PayMethod.MANUAL and found["1001"].payment is PaymentState.PENDING
    assert found["1007"].badges == ("Aprovado", "Enviado")
    assert found["1005"].invoice.number == "1234" and found["1005"].delivery is DeliveryState.ATTENDED


def test_an_order_whole(shop: DoocaOrders) -> None:
    order = read(shop, "2")
    assert (order.customer, order.document) == ("Papelaria Três Irmãos Ltda", "11222333000181")
    assert (order.subtotal, order.freight, order.discount, order.total) == (3250, 1850, 0, 5100)
    assert order.address[1] == "Rua 14 de Julho 102" and order.shipping == "SEDEX"
    (step,) = order.steps
    assert (step.what, step.source) == ("Pedido feito", Source.CUSTOMER)


def test_the_manuals_whole_path(shop: DoocaOrders, sandbox: SandboxControl) -> None:
    order = read(shop, "1")
    key = read(shop, "5").invoice.key
    for demand in (
        Demand(A.APPROVE),
        Demand(A.RELEASE),
        Demand(A.UNRELEASE),
        Demand(A.RELEASE),
        Demand(A.INVOICE, invoice=NO_INVOICE),
        Demand(A.INVOICE, invoice=Invoice("1234", "1", key)),
        Demand(A.SHIP, shipment=PARCEL),
        Demand(A.DELIVER),
    ):
        assert shop.perform(order, demand) == Done(None)
    order = read(shop, "1")
    assert order.badges == ("Aprovado", "Entregue")
    assert order.invoice == Invoice("1234", "1", key) and order.shipment == PARCEL
    words = [
        "approved",
        "attended",
        "unfulfilled",
        "attended",
        "invoiced",
        "invoiced",
        "shipped",
        "delivered",
    ]
    assert sandbox.shop()["effects"] == [["1", word] for word in words]


def test_cancelling(shop: DoocaOrders) -> None:
    assert shop.perform(read(shop, "1"), Demand(A.CANCEL)) == Done(None)
    order = read(shop, "1")
    assert order.state is OrderState.CANCELED and order.badges[0] == "Cancelado"


@pytest.mark.parametrize(
    ("options", "request_line"),
    [
        ({"cancel": "cancel"}, b"PUT /orders/1/cancel HTTP"),
        ({"cancel": "status"}, b"PUT /orders/1 HTTP"),
        ({"cancel": "canceled"}, b"PUT /order/1/canceled HTTP"),
    ],
)
def test_the_forms_of_cancelling(
    shop: DoocaOrders, canned: CannedServer, options: dict[str, str], request_line: bytes
) -> None:
    canned.will_say(b"{}")
    order = read(shop, "1")
    assert shop_at(canned.url, **options).perform(order, Demand(A.CANCEL)) == Done(None)
    assert canned.heads[0].startswith(request_line)


@pytest.mark.parametrize(
    ("form", "request_line"),
    [
        ("delete", b"DELETE /orders/5/fulfillment HTTP"),
        ("unfulfilled", b"PUT /orders/5/fulfillment/unfulfilled HTTP"),
    ],
)
def test_the_forms_of_cancelar_atendimento(
    shop: DoocaOrders, canned: CannedServer, form: str, request_line: bytes
) -> None:
    canned.will_say(b"", status="204 No Content")
    order = read(shop, "5")
    assert shop_at(canned.url, unrelease=form).perform(order, Demand(A.UNRELEASE)) == Done(None)
    assert canned.heads[0].startswith(request_line)


def test_a_200_that_changes_nothing_is_seen_by_reading_again(
    sandbox: SandboxControl, shop: DoocaOrders
) -> None:
    wrong_form = shop_at(sandbox.url + PATH, cancel="status")
    assert wrong_form.perform(read(shop, "1"), Demand(A.CANCEL)) == Done(None)
    assert read(shop, "1").state is OrderState.OPEN


def test_releasing_twice_is_refused_and_releases_once(shop: DoocaOrders, sandbox: SandboxControl) -> None:
    order = read(shop, "2")
    assert shop.perform(order, Demand(A.RELEASE)) == Done(None)
    again = shop.perform(order, Demand(A.RELEASE))
    assert isinstance(again, Refused) and (again.reason, again.code) == (RefusalClass.STATE, "422")
    assert sandbox.shop()["effects"] == [["2", "attended"]]


def test_unknown_words_are_kept_as_unknown_and_told(shop: DoocaOrders, sandbox: SandboxControl) -> None:
    sandbox.fault("unknown_word", "order")
    order = read(shop, "1")
    assert (order.payment, order.delivery) == (PaymentState.UNKNOWN, DeliveryState.UNKNOWN)
    assert "em_analise" in order.strange and "xpto" in order.strange


def test_a_missing_sku_is_named_by_its_variation(shop: DoocaOrders, sandbox: SandboxControl) -> None:
    sandbox.fault("no_sku", "order")
    assert [item.code for item in read(shop, "4").items] == ["variação 503", "variação 504"]


def test_money_in_words_is_read_and_nonsense_is_not_guessed(
    shop: DoocaOrders, sandbox: SandboxControl
) -> None:
    sandbox.fault("odd_money", "order")
    assert read(shop, "2").total == 5100
    sandbox.fault("wrong_amount", "order")
    assert isinstance(shop.order("2"), Uncertain)


def test_one_unreadable_order_does_not_hide_the_page(shop: DoocaOrders, sandbox: SandboxControl) -> None:
    sandbox.change_order("3", total="muito")
    found = page(shop)
    assert len(found.orders) == 9 and found.total == 10
    assert found.unread == ("O pedido 1003 não pôde ser lido: o valor «total» é 'muito'.",)


def test_an_answer_about_another_order_proves_nothing(shop: DoocaOrders, sandbox: SandboxControl) -> None:
    sandbox.fault("wrong_key", "order")
    assert isinstance(shop.order("2"), Uncertain)


def test_zoneless_times_are_the_platforms() -> None:
    row: JsonObject = {
        "id": "1",
        "total": "1.00",
        "status": "open",
        "payment_status": "paid",
        "fulfillment_status": "",
    }
    naive = read_order({**row, "created_at": "2026-05-18 09:33:07"}, ZONE)
    aware = read_order({**row, "created_at": "2026-05-18T12:33:07Z"}, ZONE)
    assert naive.created_at == aware.created_at
    assert (naive.payment, naive.delivery) == (PaymentState.APPROVED, DeliveryState.UNFULFILLED)
    with pytest.raises(Unreadable):
        read_order({**row, "created_at": "ontem"}, ZONE)


def test_the_discount_is_what_was_really_taken_off() -> None:
    row: JsonObject = {
        "id": "1",
        "total": "94.99",
        "subtotal": "100.00",
        "discount": "5.00",
        "created_at": "2026-05-18 09:33:07",
    }
    assert read_order(row, ZONE).discount == 501


def test_the_document_is_under_either_name() -> None:
    row: JsonObject = {
        "id": "1",
        "total": "1.00",
        "created_at": "2026-05-18 09:33:07",
        "customer": {"doc": "529.982.247-25"},
    }
    assert read_order(row, ZONE).document == "52998224725"


def test_d30_a_token_that_ends_midway_says_whom_to_call(shop: DoocaOrders, sandbox: SandboxControl) -> None:
    order = read(shop, "2")
    sandbox.fault("unauthorized", "move")
    refused = shop.perform(order, Demand(A.RELEASE))
    assert isinstance(refused, Refused) and refused.reason is RefusalClass.STORE_ACCOUNT
    assert "token" in refused.text and sandbox.shop()["effects"] == []


def test_d30_a_rate_limit_says_how_long(shop: DoocaOrders, sandbox: SandboxControl) -> None:
    sandbox.fault("throttled", "orders", seconds=17)
    refused = shop.page(month_ago())
    assert isinstance(refused, Refused) and refused.code == "retry-after 17" and "17 segundos" in refused.text


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n", 1),
        ("Retry-After: já\r\n", 30),
        ("", 30),
        ("Retry-After: 99999\r\n", 600),
    ],
)
def test_odd_rate_limits(canned: CannedServer, header: str, seconds: int) -> None:
    canned.will_say(b"{}", status="429 Too Many Requests", headers=header.encode("ascii", "ignore").decode())
    refused = shop_at(canned.url).page(month_ago())
    assert isinstance(refused, Refused) and refused.code == f"retry-after {seconds}"


def test_an_answer_that_does_not_come_is_uncertain_and_it_happened_once(
    shop: DoocaOrders, sandbox: SandboxControl
) -> None:
    order = read(shop, "2")
    sandbox.fault("held", "move")
    hasty = DoocaOrders(sandbox.url + PATH, lambda: KEY, ZONE, limits=Limits(deadline=2))
    assert isinstance(hasty.perform(order, Demand(A.RELEASE)), Uncertain)
    sandbox.clear()
    sandbox.rest()
    assert sandbox.shop()["effects"] == [["2", "attended"]]


@pytest.mark.parametrize("fault", ["lost", "truncated", "bad_gateway", "garbage", "html", "huge"])
def test_a_move_whose_answer_is_lost_is_uncertain_and_happened_once(
    shop: DoocaOrders, sandbox: SandboxControl, fault: str
) -> None:
    order = read(shop, "2")
    sandbox.fault(fault, "move")
    assert isinstance(shop.perform(order, Demand(A.RELEASE)), Uncertain)
    assert sandbox.shop()["effects"] == [["2", "attended"]]


def test_what_never_left_is_not_sent(shop: DoocaOrders) -> None:
    order = read(shop, "2")
    assert isinstance(shop_at("http://127.0.0.1:1").perform(order, Demand(A.RELEASE)), NotSent)


def test_stock_is_told_by_variation(shop: DoocaOrders) -> None:
    assert shop.stock(read(shop, "4")) == Done({"1": 1, "2": 7})


def test_pages_and_their_end(
    sandbox: SandboxControl, shop: DoocaOrders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_tui.providers.orders.dooca.LIMIT", 4)
    first = page(shop)
    second = page(shop, first.after)
    third = page(shop, second.after)
    assert [len(each.orders) for each in (first, second, third)] == [4, 4, 2]
    assert third.after == "" and first.total == 10
    sandbox.fault("shifted", "orders")
    assert page(shop, first.after).total == 11


def test_an_old_shop_is_not_listed(shop: DoocaOrders) -> None:
    found = shop.page(datetime.now(UTC) - timedelta(hours=25))
    assert isinstance(found, Done) and {order.number for order in found.answer.orders} == {
        "1006",
        "1009",
        "1010",
    }
