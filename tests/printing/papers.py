"""One example of every paper, for the tests that go through all of them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pos_tui.domain.phone import Mobile
from pos_tui.domain.values import replace
from pos_tui.printing.profiles import PROFILES
from pos_tui.printing.receipt import Copy, Receipt, Table
from pos_tui.printing.slips import testpage
from pos_tui.printing.slips.boleto import BoletoSlip, boleto_receipt
from pos_tui.printing.slips.cash import (
    CashMove,
    CashReading,
    FormTotal,
    cash_in,
    cash_open,
    cash_out,
    x_reading,
    z_reading,
)
from pos_tui.printing.slips.common import Paid, SaleHead, StoreHead, reprint_mark
from pos_tui.printing.slips.order import OrderItem, OrderSlip, order_receipt, packing_slip, picking_list
from pos_tui.printing.slips.pix import PixSlip, pix_receipt
from pos_tui.printing.slips.recurring import RecurringSlip, recurring_receipt
from pos_tui.printing.slips.refund import RefundSlip, Returned, refund_receipt
from pos_tui.printing.slips.report import ReportSlip, report_receipt
from pos_tui.printing.slips.sale import Item, SaleSlip, sale_receipt
from pos_tui.printing.slips.subscriber import (
    Protocol,
    Statement,
    Subscriber,
    protocol_receipt,
    statement_receipt,
)
from pos_tui.printing.slips.tef import tef_receipt
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
FOREIGN = replace(TOP_UP, sale=replace(SALE, customer="Nguyễn Ștefan 漢字"))
"""A name with letters no printer of the table has: they are changed, and the paper says how many."""
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


CARD = (
    "             REDE EXEMPLO",
    "   COMPROVANTE CRÉDITO  PARCELADO LOJA",
    "",
    "VISA        **** 1234   NSU 000998",
    "VALOR:                      R$     30,00",
)
RECURRING = RecurringSlip(
    STORE, SALE, "Plano Família 50 GB", 9990, 12, "https://pagamento.example/r/8f3c2a", "30/11/2026"
)
MOVE = CashMove(STORE, "7", AT, "1", "Ana", 25000, "Depósito no cofre", "Beatriz")
OPEN = CashReading(
    store=STORE,
    number="42",
    till="1",
    operator="Ana",
    opened_at=AT,
    printed_at=AT,
    totals=(FormTotal("Dinheiro", 12, 48000), FormTotal("Cartão de crédito à vista", 3, 9000)),
    float_in=10000,
    supplied=5000,
    withdrawn=25000,
    expected=38000,
    pending=2,
)
ORDER = OrderSlip(
    store=STORE,
    number="5012",
    channel="Loja virtual",
    at=AT,
    customer="Antônia Gonçalves",
    items=(
        OrderItem("CAM-01", "Camiseta", 2, 4990, "Azul M", "A-03"),
        OrderItem("CAP-9", "Capa de celular com suporte e película", 1, 3000, place="B-01"),
    ),
    total=14480,
    phone="(67) 99999-8888",
    address=("Av. Afonso Pena, 4785, ap. 12", "Santa Fé, Campo Grande/MS, 79031-010"),
    delivery="Sedex",
    payment="Pix",
    freight=1500,
    tracking="AA123456785BR",
    note="Presente: não mostrar o preço.",
)
SUBSCRIBER = Subscriber("José da Silva", "52998224725", "9-881", "Fibra 500")
CALLS = Table(
    ("Data", "Destino", "Tipo", "Duração", "Valor"),
    (
        ("01/11 08:10", "(67) 3321-0000", "Local", "00:03:12", "0,30"),
        ("02/11 19:45", "(11) 99876-5432", "LDN Móvel", "00:12:01", "4,80"),
    ),
    right=(3, 4),
)
PIX = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000"
    "520400005303986540510.005802BR5913LOJA 52 CENTRO6012CAMPO GRANDE62070503***6304ABCD"
)
BAR_CODE = "00191876500000100000000001234567000000000017"
BOLETO = BoletoSlip(
    store=STORE,
    beneficiary="Provedor Exemplo Ltda",
    beneficiary_document="12345678000195",
    payer="José da Silva",
    payer_document="52998224725",
    due="10/12/2026",
    amount=10000,
    line="00190000090123456700400000000017187650000010000",
    our_number="1234567",
    bar_code=BAR_CODE,
    pix=PIX,
    instructions=("Não receber após 30 dias do vencimento.",),
)


def papers() -> dict[str, Receipt]:
    """Return every kind of paper, by name."""
    top_up = top_up_receipt(TOP_UP, tz=TZ, drawer=True)
    closed = replace(OPEN, closed_at=AT, counted=37950, seal="9f2c77d0a1b2")
    statement = Statement(
        STORE, SUBSCRIBER, "EXTRATO DE LIGAÇÕES", "01/11 a 30/11/2026", CALLS, (("Total", "R$ 5,10"),)
    )
    protocol = Protocol(
        STORE, SUBSCRIBER, "HABILITAÇÃO PROVISÓRIA", "20261123-0042", "Ana", (("Válida até", "26/11/2026"),)
    )
    report = ReportSlip(STORE, "VENDAS DO DIA", CALLS, (("Total", "R$ 5,10"),), (("De", "23/11/2026"),))
    return {
        "top-up-client": top_up,
        "top-up-store": top_up_receipt(TOP_UP, tz=TZ, copy=Copy.STORE),
        "top-up-reprint": top_up.reprinted(reprint_mark(2, AT, "Beatriz", TZ)),
        "top-up-training": top_up_receipt(FOREIGN, tz=TZ, training=True),
        "sale": sale_receipt(PARTIAL_SALE, tz=TZ, drawer=True),
        "tef-client": tef_receipt(CARD, copy=Copy.CLIENT),
        "tef-store": tef_receipt(CARD, copy=Copy.STORE),
        "recurring": recurring_receipt(RECURRING, tz=TZ),
        "refund": refund_receipt(
            RefundSlip(
                STORE, SALE, Returned("Crédito recorrente", 1500, "não foi feito", "Marta", "2 de 12"), AT
            ),
            tz=TZ,
        ),
        "cash-out": cash_out(MOVE, tz=TZ),
        "cash-in": cash_in(MOVE, tz=TZ),
        "cash-open": cash_open(replace(MOVE, reason="", supervisor=""), tz=TZ),
        "x": x_reading(OPEN, tz=TZ),
        "z": z_reading(closed, tz=TZ),
        "order": order_receipt(ORDER, tz=TZ),
        "picking": picking_list((ORDER, ORDER), at=AT, tz=TZ),
        "packing": packing_slip(ORDER, tz=TZ),
        "statement": statement_receipt(statement, at=AT, tz=TZ),
        "protocol": protocol_receipt(protocol, at=AT, tz=TZ),
        "boleto": boleto_receipt(BOLETO, at=AT, tz=TZ),
        "pix": pix_receipt(PixSlip(STORE, 1000, PIX, AT), at=AT, tz=TZ),
        "report": report_receipt(report, at=AT, tz=TZ),
        "test": testpage.test_page(PROFILES["epson-tm-t20"]),
    }
