"""The states and guards of an order (facts/orders.md §2, seed 5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_tui.domain.errors import FieldError
from pos_tui.domain.order import DeliveryState as D
from pos_tui.domain.order import Invoice, OrderState, PayMethod, Shipment, jumps
from pos_tui.domain.order import PaymentState as P
from pos_tui.domain.order_rules import (
    NOT_BY_HAND,
    Demand,
    OrderAction,
    achieved,
    as_data,
    check_shipment,
    from_data,
    next_action,
    next_words,
    shortfalls,
    why_not,
)
from tests.orders.make import PLAIN, order

A = OrderAction
KEY = "33150308370779000149550010001100931002410775"


@pytest.mark.parametrize("method", [PayMethod.BILLET, PayMethod.CARD, PayMethod.PIX, PayMethod.OTHER])
def test_billet_and_card_are_not_judged_by_hand(method: PayMethod) -> None:
    pending = order(method=method)
    assert why_not(A.APPROVE, pending) == NOT_BY_HAND == why_not(A.CANCEL, pending)
    assert "não aprove nem cancele manualmente" in NOT_BY_HAND
    assert (next_action(pending), next_words(pending)) == (None, "Aguardar")


def test_a_deposit_is_judged_by_hand() -> None:
    assert why_not(A.APPROVE, PLAIN) is None is why_not(A.CANCEL, PLAIN)
    assert next_action(PLAIN) is A.APPROVE
    approved = order(payment=P.APPROVED)
    assert "já está Aprovado" in str(why_not(A.APPROVE, approved))
    assert "já está Aprovado" in str(why_not(A.CANCEL, approved))


ALLOWED = {
    (D.UNFULFILLED, A.RELEASE), (D.ATTENDED, A.UNRELEASE), (D.ATTENDED, A.INVOICE),
    (D.INVOICED, A.INVOICE), (D.INVOICED, A.SHIP), (D.SHIPPED, A.DELIVER),
}  # fmt: skip


@given(st.sampled_from(list(D)), st.sampled_from([a for a in A if a not in (A.APPROVE, A.CANCEL)]))
def test_each_step_follows_the_one_before(delivery: D, action: A) -> None:
    reason = why_not(action, order(payment=P.APPROVED, delivery=delivery))
    assert (reason is None) == ((delivery, action) in ALLOWED)
    assert reason is None or reason.endswith(".")


@given(
    st.sampled_from(list(A)), st.sampled_from([OrderState.CANCELED, OrderState.ARCHIVED, OrderState.UNKNOWN])
)
def test_nothing_is_done_with_what_is_over(action: A, state: OrderState) -> None:
    assert why_not(action, order(state=state, payment=P.APPROVED)) is not None


@given(st.sampled_from([state for state in P if state is not P.APPROVED]))
def test_only_what_is_paid_is_released(payment: P) -> None:
    assert "só depois de aprovado" in str(why_not(A.RELEASE, order(payment=payment)))


def test_the_seeds_path_by_next_actions() -> None:
    path = [PLAIN, order(payment=P.APPROVED)]
    path += [order(payment=P.APPROVED, delivery=delivery) for delivery in list(D)[1:5]]
    assert [next_words(each) for each in path] == [
        "Aprovar", "Liberar", "Faturar", "Despachar", "Entregar", "-",
    ]  # fmt: skip


def test_several_allowed_moves_between_two_readings_are_no_jump() -> None:
    assert jumps(PLAIN, order(payment=P.APPROVED, delivery=D.SHIPPED)) == []


def test_forbidden_jumps_are_told() -> None:
    (told,) = jumps(order(delivery=D.DELIVERED), order(delivery=D.SHIPPED))
    assert "de Entregue a Enviado" in told
    shipped = order(payment=P.APPROVED, delivery=D.SHIPPED)
    (late,) = jumps(shipped, order(payment=P.CHARGEBACK, delivery=D.SHIPPED))
    assert "contestado com o pedido já enviado" in late
    (back,) = jumps(order(state=OrderState.CANCELED), PLAIN)
    assert "O pedido" in back


def test_what_was_done_is_told_by_the_order_itself() -> None:
    note = Demand(A.INVOICE, Invoice("007", "1", KEY))
    assert achieved(note, order(delivery=D.INVOICED, invoice=Invoice("7", "1", KEY)))
    assert not achieved(note, order(delivery=D.INVOICED, invoice=Invoice("8", "1", KEY)))
    assert not achieved(note, order(delivery=D.ATTENDED, invoice=Invoice("7", "1", KEY)))
    parcel = Demand(A.SHIP, shipment=Shipment("PAC", "AA123456785BR"))
    assert achieved(parcel, order(delivery=D.DELIVERED, shipment=parcel.shipment))
    assert not achieved(parcel, order(delivery=D.SHIPPED, shipment=Shipment("PAC", "OUTRO")))


def test_a_dispatch_needs_carrier_and_code() -> None:
    assert check_shipment(" PAC ", "aa123456785br") == Shipment("PAC", "AA123456785BR")
    for carrier, code, field in [
        ("", "X", "carrier"),
        ("PAC", "", "code"),
        ("4111111111111111", "X", "carrier"),
    ]:
        with pytest.raises(FieldError) as error:
            check_shipment(carrier, code)
        assert error.value.field == field


def test_short_lines_are_named() -> None:
    assert shortfalls(PLAIN, {"1": 2, "2": 5}) == []
    (told,) = shortfalls(PLAIN, {"1": 2, "2": 3})
    assert told == "variação 2 Adesivo: pedido 5, há 3."


@given(st.sampled_from(list(A)), st.text("AB1", max_size=4), st.text("ab2", max_size=4))
def test_a_demand_survives_being_written_down(action: A, one: str, other: str) -> None:
    demand = Demand(action, Invoice(one, other, KEY), Shipment(other, one))
    assert from_data(as_data(demand)) == demand
