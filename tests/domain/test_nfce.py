"""Each payment line has its code in the NFC-e."""

import pytest

from pos_tui.domain.card import Brand, CardDetails, CardKind
from pos_tui.domain.nfce import TBAND, IndPag, NfcePayment, TPag, TpIntegra, nfce_payment
from pos_tui.domain.payment import Method

VISA = CardDetails(CardKind.CREDIT, Brand.VISA, "000123", 3, "A1B2C3", "1111")


@pytest.mark.parametrize(
    ("method", "code"),
    [(Method.CASH, "01"), (Method.PIX_STATIC, "20"), (Method.PIX_DYNAMIC, "17"), (Method.RECURRING, "03")],
)
def test_methods_without_card(method: Method, code: str) -> None:
    later = IndPag.LATER if method is Method.RECURRING else IndPag.AT_ONCE
    assert nfce_payment(method, 500) == NfcePayment(TPag(code), 500, later)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (CardKind.CREDIT, "03"),
        (CardKind.DEBIT, "04"),
        (CardKind.FOOD_VOUCHER, "10"),
        (CardKind.MEAL_VOUCHER, "11"),
    ],
)
def test_kinds_of_card(kind: CardKind, code: str) -> None:
    assert nfce_payment(Method.CARD, 500, CardDetails(kind, Brand.ELO, "1")).t_pag == code


def test_card_groups() -> None:
    tef = nfce_payment(Method.TEF, 500, VISA, terminal="T" * 50)
    assert (tef.tp_integra, tef.t_band, tef.c_aut, tef.id_term_pag) == (
        TpIntegra.INTEGRATED,
        "01",
        "A1B2C3",
        "T" * 40,
    )
    alone = nfce_payment(Method.CARD, 500, CardDetails(CardKind.DEBIT, Brand.OTHER, "77"))
    assert (alone.tp_integra, alone.t_band, alone.c_aut) == (TpIntegra.STAND_ALONE, "99", "77")


def test_a_card_of_unknown_kind_is_described() -> None:
    unknown = nfce_payment(Method.TEF, 500)
    assert unknown.t_pag is TPag.OTHER
    assert 2 <= len(unknown.x_pag) <= 60


def test_every_brand_has_a_code() -> None:
    assert set(TBAND) == set(Brand)
