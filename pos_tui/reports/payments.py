"""Pagamentos: every payment of a period's sales with its NFC-e group, for a system that issues the document.

Columns carry the layout's own names (facts/payments.md §4.1). The change stands on the first cash line of its
sale: `Σ vPag − vTroco` is what was due.
"""

from collections.abc import Iterable

from pos_tui.domain.card import Brand, CardDetails, CardKind
from pos_tui.domain.nfce import NfcePayment, nfce_payment
from pos_tui.domain.payment import LABELS, Method
from pos_tui.domain.sale import PaymentLine
from pos_tui.reports.cells import to_second
from pos_tui.reports.definition import Asked, Cell, Definition, Ground, Line, Order, Plot
from pos_tui.reports.filters import BRANCH, SELLER
from pos_tui.store import payments, reports
from pos_tui.store.database import Row, Transaction

BY_CODE = "Pago por código (tPag)"


class Payments(Definition):
    """One line a payment that counts; what was undone or given back has no place on the document."""

    name = "pagamentos"
    label = "Pagamentos com os códigos da NFC-e"
    about = "Para o sistema fiscal."
    columns = (
        Cell("Nº da Venda", 8, "Nº", right=True),
        Cell("Caixa", 2, "Cx", right=True, priority=8),
        Cell("Data", 19, priority=3),
        Cell("Filial", 6, flex=True, priority=9),
        Cell("Vendedor", 8, flex=True, priority=7),
        Cell("Cliente", 8, flex=True, priority=6),
        Cell("NF", 6, priority=2),
        Cell("Forma", 8, flex=True, priority=4),
        Cell("Situação", 10, flex=True, priority=5),
        Cell("indPag", 6, priority=20),
        Cell("tPag", 4),
        Cell("xPag", 8, priority=20),
        Cell("vPag", 9, right=True),
        Cell("tpIntegra", 9, priority=19),
        Cell("tBand", 5, priority=10),
        Cell("cAut", 8, priority=11),
        Cell("idTermPag", 9, priority=18),
        Cell("NSU", 8, priority=12),
        Cell("Parcelas", 8, priority=15),
        Cell("vTroco", 8, right=True, priority=13),
        Cell("Desconto", 8, right=True, priority=16),
        Cell("Saque", 8, right=True, priority=17),
    )
    filters = (SELLER, BRANCH)
    sums = ("vPag", "vTroco")
    plots = (Plot(BY_CODE, Order.BY_AMOUNT),)

    def page(self, tx: Transaction, ground: Ground, asked: Asked, after: str, limit: int) -> list[Line]:
        """The oldest sale first."""
        query = reports.Saved(asked.since, asked.until, asked.get("seller"), asked.get("branch"))
        rows = reports.payment_rows(tx, query, limit, reports.edge(after))
        paid = payments.of_sales(tx, list(dict.fromkeys(str(row[0]) for row in rows)))
        lines = {line.id: line for sale in paid.values() for line in sale}
        gives = {first for sale in paid.values() if (first := _first_cash(sale))}
        return [_line(row, lines[str(row[-1])], ground, str(row[-1]) in gives) for row in rows]


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


def _first_cash(paid: Iterable[PaymentLine]) -> str:
    cash = (line.id for line in paid if line.method is Method.CASH and line.counts)
    return next(cash, "")


def _line(row: Row, line: PaymentLine, ground: Ground, gives: bool) -> Line:
    sale, number, at, branch, seller, customer, invoice, change, position, _ = row
    told, group, back = line.details, nfce_of(line), change if gives else 0
    cells = (
        str(number), str(line.till), to_second(at, ground.zone), branch, seller, customer, invoice,
        LABELS[line.method], line.words, str(group.ind_pag.value), group.t_pag.value, group.x_pag,
        _reais(group.v_pag), str(group.tp_integra.value) if group.tp_integra else "", group.t_band,
        group.c_aut, group.id_term_pag, told.get("nsu", ""), told.get("instalments", "1"), _reais(back),
        _reais(line.discount), _reais(line.cash_out),
    )  # fmt: skip
    return Line(
        f"{at}/{sale}/{position}",
        cells,
        (("vPag", group.v_pag), ("vTroco", back)),
        ((BY_CODE, f"{group.t_pag.value} {LABELS[line.method]}", group.v_pag),),
        line.waits,
    )


def _reais(centavos: int) -> str:
    """Reais as other systems read them: no dots between the thousands."""
    sign, whole = "-" if centavos < 0 else "", abs(centavos)
    return f"{sign}{whole // 100},{whole % 100:02d}"
