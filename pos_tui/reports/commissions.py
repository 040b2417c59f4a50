"""Comissões por vendedor: what each seller's confirmed top-ups left the store, and their part of it."""

from pos_tui.domain.commission import format_percent
from pos_tui.domain.money import format_money
from pos_tui.reports.definition import Asked, Cell, Definition, Ground, Line, Order, Plot
from pos_tui.reports.filters import BRANCH, SELLER
from pos_tui.store import reports
from pos_tui.store.database import Row, Transaction

BY_SELLER = "Comissão por vendedor"


class Commissions(Definition):
    """One line a seller. Margin is what top-ups were sold for less what the provider charged.

    What the provider told no cost for is outside the margin, and told in a column of its own. Services and
    products have a rate of their own, of what they were sold for.
    """

    name = "comissoes"
    label = "Comissões por vendedor"
    about = "Vendido, margem e comissão."
    columns = (
        Cell("Vendedor", 10, flex=True),
        Cell("Recargas", 8, right=True, priority=4),
        Cell("Vendido", 9, right=True),
        Cell("Custo", 9, right=True, priority=3),
        Cell("Sem custo informado", 9, "Sem custo", right=True, priority=5),
        Cell("Margem", 9, right=True, priority=1),
        Cell("Percentual", 6, "%", right=True, priority=2),
        Cell("Serviços e produtos", 9, "Itens", right=True, priority=6),
        Cell("Comissão", 9, right=True),
    )
    filters = (SELLER, BRANCH)
    sums = ("Vendido", "Margem", "Itens", "Comissão")
    plots = (Plot(BY_SELLER, Order.BY_AMOUNT),)
    supervised = True

    def page(self, tx: Transaction, ground: Ground, asked: Asked, after: str, limit: int) -> list[Line]:
        """All sellers on one page: a store has few."""
        if after:
            return []
        chosen = (asked.since, asked.until, asked.get("seller"), asked.get("branch"))
        margins = {str(row[0]): row[1:] for row in reports.margins(tx, *chosen)}
        goods = reports.goods(tx, *chosen)
        nothing = (0, 0, 0, 0)
        return [
            _line(seller, margins.get(seller, nothing), goods.get(seller, 0), ground)
            for seller in sorted({*margins, *goods})
        ]


def _line(seller: str, topups: Row, items: int, ground: Ground) -> Line:
    count, sold, cost, unknown = topups
    margin = sold - unknown - cost
    earned = ground.rates.earned(seller, sold, margin) + ground.rates.earned_of_items(items)
    cells = (
        seller, str(count), format_money(sold), format_money(cost), format_money(unknown),
        format_money(margin), format_percent(ground.rates.of(seller)), format_money(items),
        format_money(earned),
    )  # fmt: skip
    sums = (("Vendido", sold), ("Margem", margin), ("Itens", items), ("Comissão", earned))
    return Line(seller, cells, sums, ((BY_SELLER, seller, earned),))
