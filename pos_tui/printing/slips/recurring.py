"""The link by which a customer registers a card for a recurring charge, also as a QR code."""

from datetime import tzinfo

from msgspec import Struct

from pos_tui.domain.money import format_brl
from pos_tui.printing.receipt import Align, Blank, Kind, Pair, QrCode, Receipt, Rule, Text
from pos_tui.printing.slips.common import SaleHead, StoreHead, contacts, pairs, sale_head, store_head, title


class RecurringSlip(Struct, frozen=True):
    """A recurring payment that waits for its link to be opened. `amount` is one instalment, in centavos."""

    store: StoreHead
    sale: SaleHead
    description: str
    amount: int
    instalments: int
    link: str
    expires: str = ""
    """Local date, as printed."""
    first: int = 0
    """The first instalment when it differs, in centavos: what does not divide is in it."""


def recurring_receipt(slip: RecurringSlip, *, tz: tzinfo, training: bool = False) -> Receipt:
    """Return the paper with the link."""
    blocks = (
        *store_head(slip.store),
        title("PAGAMENTO RECORRENTE"),
        *sale_head(slip.sale, tz),
        Rule(),
        *pairs(("Serviço", slip.description)),
        Pair("Parcelas", _instalments(slip), bold=True),
        *pairs(("Link válido até", slip.expires)),
        Blank(),
        Text("Aponte a câmera para o código ou abra o link para cadastrar o cartão:", Align.CENTRE),
        QrCode(slip.link),
        Text(slip.link, Align.CENTRE),
        Text("Este papel não comprova pagamento.", Align.CENTRE, bold=True),
        *contacts(slip.store),
    )
    return Receipt(Kind.RECURRING, blocks, training=training)


def _instalments(slip: RecurringSlip) -> str:
    if not slip.first:
        return f"{slip.instalments} x {format_brl(slip.amount)}"
    return f"{format_brl(slip.first)} + {slip.instalments - 1} x {format_brl(slip.amount)}"
