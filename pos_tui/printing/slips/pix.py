"""The paper of a Pix to be paid, for a window in which its QR has no room (facts/payments.md §3.3)."""

from datetime import datetime, tzinfo

from msgspec import Struct

from pos_tui.domain.money import format_brl
from pos_tui.printing.receipt import Align, Kind, Pair, QrCode, Receipt, Rule, Text, Verbatim
from pos_tui.printing.slips.common import StoreHead, local, store_head, title


class PixSlip(Struct, frozen=True):
    """A charge. `amount` in centavos, `code` the *copia e cola*, `until` an aware instant."""

    store: StoreHead
    amount: int
    code: str
    until: datetime | None = None


def pix_receipt(slip: PixSlip, *, at: datetime, tz: tzinfo, training: bool = False) -> Receipt:
    """Return the paper; it proves nothing, for nobody has paid yet."""
    ends = (Pair("Vale até", f"{slip.until.astimezone(tz):%d/%m/%Y %H:%M:%S}"),) if slip.until else ()
    blocks = (
        *store_head(slip.store),
        title("PAGUE COM PIX"),
        Pair("Valor", format_brl(slip.amount), bold=True),
        *ends,
        QrCode(slip.code),
        Text("Pix copia e cola:"),
        Verbatim((slip.code,)),
        Rule(),
        Text("NÃO É COMPROVANTE DE PAGAMENTO", Align.CENTRE, bold=True),
        Pair("Impresso em", local(at, tz)),
    )
    return Receipt(Kind.PIX, blocks, training=training)
