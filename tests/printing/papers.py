"""One example of every paper, for the tests that go through all of them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pos_tui.domain.phone import Mobile
from pos_tui.printing.receipt import Copy, Receipt
from pos_tui.printing.slips.common import Paid, SaleHead, StoreHead, reprint_mark
from pos_tui.printing.slips.sale import Item, SaleSlip, sale_receipt
from pos_tui.printing.slips.topup import TopUpSlip, top_up_receipt

TZ = ZoneInfo("America/Campo_Grande")
AT = datetime(2026, 11, 23, 17, 5, tzinfo=UTC)

STORE = StoreHead(
    "Loja 52 Centro",
    "12345678000195",
    "Campo Grande/MS",
    "Rua 14 de Julho, 1200",
    ("SAC da operadora: 1058",),
)
SALE = SaleHead("1-000123", AT, "1", "Conceição", "José da Silva", "52998224725")

TOP_UP = TopUpSlip(
    store=STORE,
    sale=SALE,
    operator="Vivo",
    line=Mobile("67", "999998888"),
    face=2000,
    validity="30 dias",
    nsu="123456",
    provider_code="98765432101234567890123",
    service="Recarga Conekta",
    paid=(Paid("Dinheiro", 5000),),
    change=3000,
    promo="Recarregue até 30/11 e ganhe 5 GB de internet – promoção válida só no pré-pago!",
    provider_lines=("  RECARGA EFETUADA      20,00", "AUT  0001   DOC 42"),
)
PARTIAL_SALE = SaleSlip(
    store=STORE,
    sale=SALE,
    items=(
        Item("Recarga Vivo", 2000, detail="(67) 99999-8888 NSU 123456"),
        Item("Recarga Claro", 1500, detail="(67) 98888-7777", state="Cancelada", done=False),
        Item("Chip pré-pago", 3000, quantity=2),
    ),
    paid=(Paid("Dinheiro", 4000), Paid("Cartão", 3000, "Visa crédito 2x NSU 998 AUT 123456")),
    change=500,
)


def papers() -> dict[str, Receipt]:
    """Return every kind of paper by a name fit for a file."""
    top_up = top_up_receipt(TOP_UP, tz=TZ, drawer=True)
    return {
        "top-up-client": top_up,
        "top-up-store": top_up_receipt(TOP_UP, tz=TZ, copy=Copy.STORE),
        "top-up-reprint": top_up.reprinted(reprint_mark(2, AT, "Beatriz", TZ)),
        "top-up-training": top_up_receipt(TOP_UP, tz=TZ, training=True),
        "sale": sale_receipt(PARTIAL_SALE, tz=TZ, drawer=True),
    }
