"""A sale closes only when the confirmed lines, less change, equal what is due."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_tui.domain.errors import FieldError
from pos_tui.domain.payment import Decision, Method, PaymentState
from pos_tui.domain.tally import PaidLine, Tally, check_line, why_not_save

S = PaymentState
CONFIRMED = PaymentState.CONFIRMED
amounts = st.integers(1, 10_000)
lines = st.builds(
    PaidLine,
    st.sampled_from(Method),
    amounts,
    st.sampled_from(PaymentState),
    st.sampled_from(Decision),
    st.integers(-50, 50),
    st.integers(0, 500),
)
tallies = st.builds(Tally, amounts, st.lists(lines, max_size=5).map(tuple))


def test_mixed_payment_with_change() -> None:
    tally = Tally(10_000, (PaidLine(Method.TEF, 4000, CONFIRMED), PaidLine(Method.CASH, 7000)))
    assert (tally.missing, tally.change, tally.excess, tally.into_drawer) == (0, 1000, 0, 6000)
    assert why_not_save(tally) is None
    assert not tally.settled


@given(tallies)
def test_the_books_balance(tally: Tally) -> None:
    counted = sum(line.amount for line in tally.lines if line.counts)
    assert counted - tally.change - tally.excess + tally.missing == tally.due
    assert tally.change <= sum(line.amount for line in tally.lines if line.method is Method.CASH)


@given(tallies)
def test_a_settled_sale_is_exact_and_sure(tally: Tally) -> None:
    if tally.settled:
        sure = [line for line in tally.lines if line.counts]
        assert all(line.state is CONFIRMED for line in sure)
        assert sum(line.amount for line in sure) - tally.change == tally.due


@given(tallies)
def test_what_may_be_saved_would_settle(tally: Tally) -> None:
    if why_not_save(tally) is None:
        live = [line for line in tally.lines if line.counts]
        saved = tuple(PaidLine(x.method, x.amount, CONFIRMED, discount=x.discount) for x in live)
        assert Tally(tally.total, saved).settled


@given(amounts, st.lists(st.tuples(st.sampled_from(Method), amounts), max_size=6))
def test_accepted_lines_never_overpay_but_in_cash(total: int, wanted: list[tuple[Method, int]]) -> None:
    tally = Tally(total)
    for method, amount in wanted:
        try:
            line = check_line(tally, method, amount)
        except FieldError as refused:
            assert refused.field == "amount"
            continue
        tally = Tally(total, (*tally.lines, line))
    assert tally.excess == 0


def test_cash_drawn_on_a_card_leaves_the_drawer() -> None:
    tally = Tally(4170, (PaidLine(Method.TEF, 4170, S.APPROVED, cash_out=2000),))
    assert (tally.missing, tally.change, tally.into_drawer, tally.opens_drawer) == (0, 0, -2000, True)


def test_partial_approval_leaves_the_rest_to_pay() -> None:
    assert Tally(4170, (PaidLine(Method.TEF, 3000, S.APPROVED),)).missing == 1170


def test_a_network_discount_lowers_what_is_due() -> None:
    tally = Tally(4170, (PaidLine(Method.TEF, 4000, CONFIRMED, discount=170),))
    assert (tally.due, tally.missing, tally.settled) == (4000, 0, True)


def test_the_drawer_stays_shut_without_cash() -> None:
    assert not Tally(100, (PaidLine(Method.PIX_STATIC, 100),)).opens_drawer
    assert not Tally(100, (PaidLine(Method.CASH, 100, S.CANCELLED),)).opens_drawer


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (PaidLine(Method.TEF, 100, S.UNCERTAIN), "incerto"),
        (PaidLine(Method.TEF, 100, S.SENT), "aguarda resposta"),
        (PaidLine(Method.PIX_DYNAMIC, 100), "não foi enviado"),
        (PaidLine(Method.TEF, 100, S.APPROVED, Decision.UNDO), "desfazendo"),
        (PaidLine(Method.PIX_STATIC, 99), "Faltam R$ 0,01"),
        (PaidLine(Method.PIX_STATIC, 101), "passam do total em R$ 0,01"),
        (PaidLine(Method.TEF, 100, S.REFUSED), "Faltam R$ 1,00"),
    ],
)
def test_reasons_not_to_save(line: PaidLine, reason: str) -> None:
    message = why_not_save(Tally(100, (line,)))
    assert message is not None
    assert reason in message


@pytest.mark.parametrize(
    ("method", "amount", "reason"),
    [
        (Method.CASH, 0, "maior que zero"),
        (Method.TEF, 101, "não dá troco"),
        (Method.CARD, -1, "maior que zero"),
    ],
)
def test_lines_that_are_refused(method: Method, amount: int, reason: str) -> None:
    with pytest.raises(FieldError, match=reason):
        check_line(Tally(100), method, amount)
    with pytest.raises(FieldError, match="Não falta nada"):
        check_line(Tally(100, (PaidLine(Method.CASH, 100),)), method, 1)
