"""The receipt of one top-up (facts/printing.md §5)."""

from collections.abc import Iterator
from datetime import tzinfo

from msgspec import Struct

from pos_tui.domain.money import format_brl
from pos_tui.domain.phone import Mobile
from pos_tui.printing.receipt import Align, Blank, Block, Copy, Kind, Pair, Receipt, Rule, Text, Verbatim
from pos_tui.printing.slips.common import (
    Paid,
    SaleHead,
    StoreHead,
    contacts,
    pairs,
    payments,
    phone,
    sale_head,
    store_head,
    title,
)

NO_REFUND = "NÃO HÁ ESTORNO APÓS A CONFIRMAÇÃO DA RECARGA"
IN_ERROR = "Em caso de erro na recarga, procure a operadora e informe o NSU."


class TopUpSlip(Struct, frozen=True):
    """A confirmed top-up and the sale it was part of. Money in centavos."""

    store: StoreHead
    sale: SaleHead
    operator: str
    line: Mobile
    face: int
    validity: str = ""
    """How long the credit lasts, in the provider's words: `30 dias`."""
    nsu: str = ""
    provider_code: str = ""
    """The provider's own number of the transaction (protocolo)."""
    service: str = ""
    """The label of the provider: `Recarga Conekta`."""
    pin: str = ""
    """The code of a PIN product; printed on the client's copy only."""
    paid: tuple[Paid, ...] = ()
    change: int = 0
    promo: str = ""
    provider_lines: tuple[str, ...] = ()
    """The provider's own receipt, printed as it came."""


def top_up_receipt(
    slip: TopUpSlip, *, tz: tzinfo, copy: Copy = Copy.CLIENT, training: bool = False, drawer: bool = False
) -> Receipt:
    """Return the paper of one top-up; `drawer` when the sale was paid in cash."""
    blocks = (
        *store_head(slip.store),
        title("COMPROVANTE DE RECARGA DE CELULAR"),
        *sale_head(slip.sale, tz),
        Rule(),
        *_credit(slip, copy),
        *payments(slip.paid, slip.change),
        Rule(),
        *_words(slip, copy),
        *contacts(slip.store),
    )
    return Receipt(Kind.TOP_UP, blocks, copy=copy, drawer=drawer, training=training)


def _credit(slip: TopUpSlip, copy: Copy) -> Iterator[Block]:
    yield from pairs(("Serviço", slip.service), ("Operadora", slip.operator))
    yield Pair("Telefone", phone(slip.line), bold=True)
    yield Pair("Valor da recarga", format_brl(slip.face), bold=True)
    yield from pairs(
        ("Validade", slip.validity), ("NSU operadora", slip.nsu), ("Protocolo", slip.provider_code)
    )
    if slip.pin and copy is not Copy.STORE:
        yield Pair("PIN", slip.pin, bold=True)


def _words(slip: TopUpSlip, copy: Copy) -> Iterator[Block]:
    if slip.provider_lines:
        yield Verbatim(slip.provider_lines)
        yield Blank()
    if slip.promo and copy is not Copy.STORE:
        yield Text(slip.promo, Align.CENTRE)
        yield Blank()
    yield Text(NO_REFUND, Align.CENTRE, bold=True)
    yield Text(IN_ERROR, Align.CENTRE)
