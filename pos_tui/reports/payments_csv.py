"""Every payment of some sales with its NFC-e group, for an ERP that issues the fiscal document.

Columns carry the layout's own names (facts/payments.md §4.1). Amounts are reais with a dot. The change
stands on the first cash line of its sale: `Σ vPag − vTroco` is what was due.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import tzinfo

from pos_tui.domain.card import Brand, CardDetails, CardKind
from pos_tui.domain.instants import from_ms
from pos_tui.domain.nfce import NfcePayment, nfce_payment
from pos_tui.domain.payment import Method
from pos_tui.domain.sale import PaymentLine, Sale

HEADER = (
    "venda", "data", "filial", "caixa", "cliente", "nf", "forma", "situacao", "indPag", "tPag", "xPag",
    "vPag", "tpIntegra", "tBand", "cAut", "idTermPag", "nsu", "parcelas", "vTroco", "desconto", "saque",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def payments_csv(sales: Iterable[Sale], zone: tzinfo) -> str:
    """Return the table as CSV with semicolons, as spreadsheets here expect."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    for sale in sales:
        writer.writerows(_rows(sale, zone))
    return out.getvalue()


def nfce_of(line: PaymentLine) -> NfcePayment:
    """Return the fiscal group of a payment line, from what is kept of it."""
    told = line.details
    card = None
    if told.get("kind") in set(CardKind):
        card = CardDetails(
            CardKind(told["kind"]),
            Brand(told.get("brand", Brand.OTHER)),
            told.get("nsu", ""),
            int(told.get("instalments", "1")),
            told.get("authorisation", ""),
            told.get("last_four", ""),
        )
    return nfce_payment(line.method, line.amount, card, told.get("terminal", ""))


def _rows(sale: Sale, zone: tzinfo) -> Iterator[tuple[str, ...]]:
    at = from_ms(sale.saved_at or sale.opened_at).astimezone(zone)
    head = (
        str(sale.number or ""),
        f"{at:%Y-%m-%d %H:%M:%S}",
        sale.branch,
        str(sale.till),
        sale.customer_name,
    )
    change = sale.change
    for line in sale.payments:
        if not line.weight.counts:
            continue
        group, told = nfce_of(line), line.details
        integra = str(group.tp_integra.value) if group.tp_integra else ""
        back, change = (change, 0) if line.method is Method.CASH else (0, change)
        cells = (
            *head, sale.invoice, line.method.value, line.words, str(group.ind_pag.value), group.t_pag.value,
            group.x_pag, _reais(group.v_pag), integra, group.t_band, group.c_aut, group.id_term_pag,
            told.get("nsu", ""), told.get("instalments", "1"), _reais(back), _reais(line.discount),
            _reais(line.cash_out),
        )  # fmt: skip
        yield tuple(_harmless(cell) for cell in cells)


def _reais(centavos: int) -> str:
    sign, whole = "-" if centavos < 0 else "", abs(centavos)
    return f"{sign}{whole // 100}.{whole % 100:02d}"


def _harmless(cell: str) -> str:
    """A spreadsheet runs a text that begins like a formula; a negative number stays one."""
    number = cell.removeprefix("-").replace(".", "", 1).isdecimal()
    return f"'{cell}" if cell.startswith(_FORMULA) and not number else cell
