"""The payment group of the NFC-e for each line, so that an ERP can issue the fiscal document.

Source: facts/payments.md §4.1 (IT 2024.002 v1.11; layout 4.00 of the NF-e).
"""

from enum import IntEnum, StrEnum

from msgspec import Struct

from pos_tui.domain.card import Brand, CardDetails, CardKind
from pos_tui.domain.payment import Method


class TPag(StrEnum):
    """Means of payment that this till can take."""

    CASH = "01"
    CREDIT_CARD = "03"
    DEBIT_CARD = "04"
    FOOD_VOUCHER = "10"
    MEAL_VOUCHER = "11"
    PIX_DYNAMIC = "17"
    PIX_STATIC = "20"
    OTHER = "99"


class IndPag(IntEnum):
    """When it is paid."""

    AT_ONCE = 0
    LATER = 1


class TpIntegra(IntEnum):
    """Whether the card was taken by a system tied to the till."""

    INTEGRATED = 1
    STAND_ALONE = 2


TBAND: dict[Brand, str] = {
    Brand.VISA: "01",
    Brand.MASTERCARD: "02",
    Brand.AMEX: "03",
    Brand.SOROCRED: "04",
    Brand.DINERS: "05",
    Brand.ELO: "06",
    Brand.HIPERCARD: "07",
    Brand.AURA: "08",
    Brand.CABAL: "09",
    Brand.OTHER: "99",
}
_OF_KIND = {
    CardKind.CREDIT: TPag.CREDIT_CARD,
    CardKind.DEBIT: TPag.DEBIT_CARD,
    CardKind.FOOD_VOUCHER: TPag.FOOD_VOUCHER,
    CardKind.MEAL_VOUCHER: TPag.MEAL_VOUCHER,
}
_OF_METHOD = {
    Method.CASH: TPag.CASH,
    Method.PIX_STATIC: TPag.PIX_STATIC,
    Method.PIX_DYNAMIC: TPag.PIX_DYNAMIC,
    Method.RECURRING: TPag.CREDIT_CARD,
}


class NfcePayment(Struct, frozen=True):
    """One `detPag`, under the layout's own names; amounts in centavos."""

    t_pag: TPag
    v_pag: int
    ind_pag: IndPag = IndPag.AT_ONCE
    x_pag: str = ""
    """Description, demanded by `tPag` 99."""
    tp_integra: TpIntegra | None = None
    t_band: str = ""
    c_aut: str = ""
    id_term_pag: str = ""


def nfce_payment(
    method: Method, amount: int, card: CardDetails | None = None, terminal: str = ""
) -> NfcePayment:
    """Map a payment line on the fiscal document's group.

    Args:
        amount: Centavos; for cash what was handed over, since the document tells change apart.
        card: The card's details, of TEF and the stand-alone machine.
        terminal: The card terminal's identification, where TEF tells it.
    """
    if method not in (Method.TEF, Method.CARD):
        later = IndPag.LATER if method is Method.RECURRING else IndPag.AT_ONCE
        return NfcePayment(_OF_METHOD[method], amount, later)
    integra = TpIntegra.INTEGRATED if method is Method.TEF else TpIntegra.STAND_ALONE
    if card is None:
        return NfcePayment(TPag.OTHER, amount, x_pag="Cartão sem tipo informado", tp_integra=integra)
    return NfcePayment(
        _OF_KIND[card.kind],
        amount,
        tp_integra=integra,
        t_band=TBAND[card.brand],
        c_aut=card.authorisation or card.nsu,
        id_term_pag=terminal[:40],
    )
