"""The second copy of a boleto for payment (facts/printing.md §5): not the bank's own form, which is wider."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from msgspec import Struct

from pos_tui.domain.boleto import punctuated
from pos_tui.domain.documents import mask_document
from pos_tui.domain.money import format_brl
from pos_tui.printing.receipt import (
    Align,
    Blank,
    Block,
    Itf,
    Kind,
    Pair,
    QrCode,
    Receipt,
    Rule,
    Size,
    Text,
    Verbatim,
)
from pos_tui.printing.slips.common import StoreHead, contacts, local, pairs, store_head, title


class BoletoSlip(Struct, frozen=True):
    """A boleto that is open. `amount` in centavos; `due` as a local date, as printed."""

    store: StoreHead
    beneficiary: str
    beneficiary_document: str
    payer: str
    payer_document: str
    due: str
    amount: int
    line: str
    """The 47 or 48 digits of the linha digitável, with or without punctuation."""
    our_number: str = ""
    bar_code: str = ""
    """The 44 digits; printed as bars along the paper when given."""
    pix: str = ""
    """The Pix copia-e-cola of the same debt."""
    instructions: tuple[str, ...] = ()


def boleto_receipt(slip: BoletoSlip, *, at: datetime, tz: tzinfo, training: bool = False) -> Receipt:
    """Return the second copy. Raises ValueError when the line or the bars have the wrong length."""
    blocks = (
        *store_head(slip.store),
        title("2ª VIA DE BOLETO PARA PAGAMENTO"),
        *pairs(
            ("Beneficiário", slip.beneficiary),
            ("CPF/CNPJ", mask_document(slip.beneficiary_document)),
            ("Pagador", slip.payer),
            ("CPF/CNPJ", mask_document(slip.payer_document)),
            ("Nosso número", slip.our_number),
        ),
        Pair("Vencimento", slip.due, bold=True),
        Pair("Valor", format_brl(slip.amount), bold=True),
        Rule(),
        Text("Linha digitável", bold=True),
        # Its fields hold no spaces, so wrapping at words breaks it at the border of a field.
        Text(punctuated(slip.line), Align.CENTRE, size=Size.TALL),
        *_codes(slip),
        Rule(),
        *(Text(line) for line in slip.instructions),
        Text("Pague somente pelo valor e na data acima.", Align.CENTRE, bold=True),
        Pair("Impresso em", local(at, tz)),
        *contacts(slip.store),
    )
    return Receipt(Kind.BOLETO, blocks, training=training)


def _codes(slip: BoletoSlip) -> Iterator[Block]:
    if slip.bar_code:
        yield Blank()
        yield Itf(slip.bar_code)
    if slip.pix:
        yield Blank()
        yield Text("Ou pague por Pix:", Align.CENTRE, bold=True)
        yield QrCode(slip.pix)
        yield Text("Pix copia e cola:")
        yield Verbatim((slip.pix,))
