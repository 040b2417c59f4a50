"""Vendas: every saved sale of a period, and how it was paid."""

from collections.abc import Mapping, Sequence
from itertools import chain

from pos_tui.domain.instants import show
from pos_tui.domain.money import format_money
from pos_tui.domain.payment import LABELS, Method
from pos_tui.domain.sale import PaymentLine, SaleFilter, SaleLine
from pos_tui.reports.cells import day, hour
from pos_tui.reports.definition import Asked, Cell, Definition, Ground, Line, Order, Plot
from pos_tui.reports.filters import BRANCH, SELLER
from pos_tui.store import cash, payments, recurring, sale_lines
from pos_tui.store.database import Transaction

BY_DAY = "Vendas por dia"
BY_HOUR = "Vendas por hora"
BY_METHOD = "Recebido por forma"
BACK = "Devolvido"


class Sales(Definition):
    """One line a sale. Received by method is what stands: less change, refunds in a total of their own."""

    name = "vendas"
    label = "Vendas"
    about = "Cada venda, com as formas e a situação."
    columns = (
        Cell("Nº da Venda", 8, "Nº", right=True),
        Cell("Caixa", 2, "Cx", right=True, priority=7),
        Cell("Data", 16, priority=2),
        Cell("Filial", 6, flex=True, priority=8),
        Cell("Vendedor", 8, flex=True, priority=4),
        Cell("Cliente", 8, flex=True, priority=3),
        Cell("NF", 6, priority=6),
        Cell("Formas", 8, flex=True, priority=1),
        Cell("Situação", 10, flex=True, priority=5),
        Cell("Valor", 9, right=True),
    )
    filters = (SELLER, BRANCH)
    sums = ("Total",)
    plots = (Plot(BY_DAY), Plot(BY_HOUR, Order.BY_LABEL), Plot(BY_METHOD, Order.BY_AMOUNT))

    def page(self, tx: Transaction, ground: Ground, asked: Asked, after: str, limit: int) -> list[Line]:
        """The oldest first."""
        chosen = SaleFilter(
            asked.since, asked.until, asked.get("seller"), branch=asked.get("branch"), unpaid=False
        )
        at, _, key = after.partition("/")
        # The list's own query, from its oldest end.
        found = sale_lines.page(tx, chosen, limit, (int(at), key) if after else None, newer=True)[::-1]
        paid = payments.of_sales(tx, [sale.id for sale in found])
        parts = _given_back_in_part(tx, [sale.id for sale in found if sale.back])
        return [_line(sale, paid.get(sale.id, ()), parts.get(sale.id, {}), ground) for sale in found]


def _given_back_in_part(tx: Transaction, sale_ids: Sequence[str]) -> dict[str, dict[Method, int]]:
    """What went back of some sales out of the drawer and by instalments; a whole payment says so itself."""
    if not sale_ids:
        return {}
    attempts = chain.from_iterable(recurring.of_sales(tx, sale_ids).values())
    instalments, cash_ = recurring.given_back(tx, attempts), cash.refunded_of(tx, sale_ids)
    return {
        key: {Method.CASH: cash_.get(key, 0), Method.RECURRING: instalments.get(key, 0)} for key in sale_ids
    }


def _line(sale: SaleLine, paid: Sequence[PaymentLine], parts: Mapping[Method, int], ground: Ground) -> Line:
    received = _received(sale, paid)
    back = sum(line.given_back for line in paid)
    for method, amount in parts.items():
        rest = max(0, amount - sum(line.given_back for line in paid if line.method is method))
        if rest and LABELS[method] in received:
            received[LABELS[method]] -= rest
            back += rest
    situation = " · ".join(told for told in (sale.back, sale.words) if told)
    cells = (
        str(sale.number), str(sale.till), show(sale.saved_at, ground.zone), sale.branch, sale.seller,
        sale.customer_name, sale.invoice, " + ".join(received), situation, format_money(sale.total),
    )  # fmt: skip
    return Line(
        f"{sale.saved_at}/{sale.id}",
        cells,
        (("Total", sale.total), *received.items(), *([(BACK, back)] if back else [])),
        (
            (BY_DAY, day(sale.saved_at, ground.zone), sale.total),
            (BY_HOUR, hour(sale.saved_at, ground.zone), sale.total),
            *((BY_METHOD, label, amount) for label, amount in received.items()),
        ),
        sale.pendings > 0,
    )


def _received(sale: SaleLine, paid: Sequence[PaymentLine]) -> dict[str, int]:
    """What each form of payment brought; change goes out of the cash."""
    found: dict[str, int] = {}
    for line in paid:
        if line.counts:
            found[LABELS[line.method]] = found.get(LABELS[line.method], 0) + line.amount
    cash = LABELS[Method.CASH]
    if cash in found:
        found[cash] -= sale.change
    return found
