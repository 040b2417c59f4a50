"""Medusa's adapter on canned answers: what the real server of tests/medusa cannot be made to say."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from pos_tui.domain.order import DeliveryState, Invoice, Order, OrderState, PaymentState, PayMethod, Source
from pos_tui.domain.order_rules import Demand, OrderAction
from pos_tui.domain.outcome import Done, NotSent, Refused, Uncertain
from pos_tui.providers.http import Limits
from pos_tui.providers.orders.medusa import MedusaOrders
from pos_tui.providers.orders.medusa_reading import read_order
from pos_tui.providers.safe_json import json_child, parse_json
from tests.providers.canned import CannedServer

ORDER: dict[str, Any] = {
    "id": "order_1",
    "display_id": 7,
    "status": "pending",
    "payment_status": "captured",
    "fulfillment_status": "fulfilled",
    "email": "joana@example.com",
    "metadata": None,
    "created_at": "2026-05-18T12:33:07.080Z",
    "updated_at": "2026-05-18T12:33:07.080Z",
    "total": 68.4,
    "item_subtotal": 68.4,
    "items": [
        {
            "id": "item_1",
            "variant_sku": None,
            "variant_id": "v1",
            "title": "Caneca",
            "quantity": 2,
            "unit_price": 34.2,
        }
    ],
    "shipping_methods": [{"name": "PAC"}],
    "fulfillments": [
        {
            "id": "ful_1",
            "canceled_at": "2026-05-19T09:00:00Z",
            "created_at": "2026-05-18T13:00:00Z",
            "labels": [],
        },
        {"id": "ful_2", "canceled_at": None, "created_at": "2026-05-19T10:00:00Z", "labels": []},
    ],
    "payment_collections": [
        {
            "id": "pay_col_1",
            "payments": [{"provider_id": "pp_gateway", "captured_at": "2026-05-18T12:40:00Z"}],
        }
    ],
}


def told(**changes: object) -> Order:
    """The order as read from JSON text, floats and all."""
    body = json.dumps({"order": {**ORDER, **changes}}).encode()
    return read_order(json_child(parse_json(body), "order"))


@pytest.fixture
def canned() -> Iterator[CannedServer]:
    server = CannedServer()
    yield server
    server.stop()


def shop(canned: CannedServer, location: str = "") -> MedusaOrders:
    return MedusaOrders(canned.url, lambda: "sk_1", location=location, limits=Limits(deadline=3))


def test_floats_become_centavos() -> None:
    assert (told().total, told().items[0].price, told(total=0.1).total) == (6840, 3420, 10)


def test_a_missing_sku_is_named_by_its_variation() -> None:
    assert told().items[0].code == "variação v1"


def test_the_live_parcel_is_the_one_acted_on() -> None:
    assert told().handle == "ful_2"
    assert {step.what for step in told().steps} >= {"Atendido", "Atendimento cancelado", "Pagamento aprovado"}
    assert {step.source for step in told().steps} == {Source.CUSTOMER, Source.API}


def test_a_note_in_the_metadata_makes_it_invoiced() -> None:
    note = {"nfe_number": "12", "nfe_series": "1", "nfe_token": "abc"}
    assert told(metadata=note).invoice == Invoice("12", "1", "ABC")
    assert told(metadata=note).delivery is DeliveryState.INVOICED
    assert told(metadata=note, fulfillment_status="not_fulfilled").delivery is DeliveryState.UNFULFILLED


@pytest.mark.parametrize(
    ("changes", "payment", "method"),
    [
        ({"payment_status": "not_paid", "payment_collections": []}, PaymentState.PENDING, PayMethod.MANUAL),
        ({"payment_status": "authorized"}, PaymentState.PENDING, PayMethod.OTHER),
        ({"payment_status": "captured"}, PaymentState.APPROVED, PayMethod.OTHER),
        ({"payment_status": "refunded"}, PaymentState.REFUNDED, PayMethod.OTHER),
    ],
)
def test_payments(changes: dict[str, object], payment: PaymentState, method: PayMethod) -> None:
    assert (told(**changes).payment, told(**changes).method) == (payment, method)


def test_unknown_words_are_told() -> None:
    order = told(status="esperando", payment_status="quase", fulfillment_status="voando")
    assert (order.state, order.payment, order.delivery) == (
        OrderState.UNKNOWN, PaymentState.UNKNOWN, DeliveryState.UNKNOWN,
    )  # fmt: skip
    assert all(word in order.strange for word in ("esperando", "quase", "voando"))


def test_the_key_goes_as_basic(canned: CannedServer) -> None:
    canned.will_say(json.dumps({"orders": [], "count": 0}).encode())
    assert isinstance(shop(canned).page(datetime(2026, 5, 1, tzinfo=UTC)), Done)
    assert b"Basic " + base64.b64encode(b"sk_1:") in canned.heads[0]
    assert b"payment_status%5B" not in canned.heads[0] and b"updated_at%5B" not in canned.heads[0]


def test_one_unreadable_order_does_not_hide_the_page(canned: CannedServer) -> None:
    rows = [ORDER, {**ORDER, "id": "order_2", "display_id": 8, "total": "muito"}]
    canned.will_say(json.dumps({"orders": rows, "count": 2}).encode())
    page = shop(canned).page(datetime(2026, 5, 1, tzinfo=UTC))
    assert isinstance(page, Done) and len(page.answer.orders) == 1
    assert page.answer.unread[0].startswith("O pedido 8 não pôde ser lido")


def test_several_stocks_need_a_choice(canned: CannedServer) -> None:
    canned.will_say(json.dumps({"stock_locations": [{"id": "a"}, {"id": "b"}]}).encode())
    unsent = shop(canned).perform(told(), Demand(OrderAction.RELEASE))
    assert isinstance(unsent, NotSent) and "orders.medusa.location" in unsent.why
    assert len(canned.heads) == 1
    canned.will_say(b"{}")
    assert shop(canned, "b").perform(told(), Demand(OrderAction.RELEASE)) == Done(None)
    assert json.loads(canned.bodies[1])["location_id"] == "b"


def test_an_approval_cut_short_goes_on_with_what_it_left(canned: CannedServer) -> None:
    left = told(payment_status="not_paid", fulfillments=[], payment_collections=[{"id": "pay_col_9"}])
    canned.will_say(b"{}")
    assert shop(canned).perform(left, Demand(OrderAction.APPROVE)) == Done(None)
    assert canned.heads[0].startswith(b"POST /admin/payment-collections/pay_col_9/mark-as-paid")


def test_a_parcel_that_is_not_there_is_not_sent(canned: CannedServer) -> None:
    bare = told(fulfillments=[], fulfillment_status="not_fulfilled")
    assert isinstance(shop(canned).perform(bare, Demand(OrderAction.DELIVER)), NotSent)
    assert canned.heads == []


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        ("400 Bad Request", b'{"message": "No stock reservation found"}', Refused),
        ("401 Unauthorized", b'{"message": "Unauthorized"}', Refused),
        ("400 Bad Request", b"<html>", Uncertain),
        ("500 Oops", b"{}", Uncertain),
        ("302 Found", b"{}", Uncertain),
        ("200 OK", b"<html>", Uncertain),
    ],
)
def test_what_answers_prove(canned: CannedServer, status: str, body: bytes, kind: type) -> None:
    canned.will_say(body, status)
    assert isinstance(shop(canned).perform(told(), Demand(OrderAction.DELIVER)), kind)


def test_an_answer_about_another_order_proves_nothing(canned: CannedServer) -> None:
    canned.will_say(json.dumps({"order": {**ORDER, "id": "order_2"}}).encode())
    assert isinstance(shop(canned).order("order_1"), Uncertain)
