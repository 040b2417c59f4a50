"""The receipt of money that went back to a customer: a payment, or an instalment of one."""

from datetime import datetime, tzinfo

from msgspec import Struct

from pos_tui.domain.money import format_brl
from pos_tui.printing.receipt import Blank, Copy, Kind, Pair, Receipt, Rule, Text
from pos_tui.printing.slips.common import (
    SaleHead,
    StoreHead,
    contacts,
    local,
    pairs,
    sale_head,
    store_head,
    title,
)


class Returned(Struct, frozen=True):
    """What went back. `amount` in centavos."""

    form: str
    """The words of the way it had been paid, and goes back."""
    amount: int
    reason: str
    by: str
    """Who asked for it and who allowed it."""
    detail: str = ""
    """Which part: `2 de 12`."""


class RefundSlip(Struct, frozen=True):
    """Money back, of a sale."""

    store: StoreHead
    sale: SaleHead
    back: Returned
    at: datetime
    """When it went, an aware instant."""


def refund_receipt(slip: RefundSlip, *, tz: tzinfo, training: bool = False) -> Receipt:
    """Return the paper, with a place for the customer's signature."""
    back = slip.back
    blocks = (
        *store_head(slip.store),
        title("COMPROVANTE DE ESTORNO"),
        *sale_head(slip.sale, tz),
        Rule(),
        *pairs(
            ("Estornado em", local(slip.at, tz)),
            ("Forma", back.form),
            ("Parcela", back.detail),
            ("Autorizado por", back.by),
            ("Motivo", back.reason),
        ),
        Pair("Valor devolvido", format_brl(back.amount), bold=True),
        Blank(2),
        Rule(),
        Text("Assinatura do cliente"),
        *contacts(slip.store),
    )
    return Receipt(Kind.REFUND, blocks, copy=Copy.CLIENT, training=training)
