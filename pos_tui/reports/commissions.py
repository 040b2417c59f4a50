"""Comissões por vendedor: what each seller's confirmed top-ups left the store, and their part of it."""

from pos_tui.domain.commission import format_percent
from pos_tui.domain.money import format_money
from pos_tui.reports.definition import Asked, Cell, Definition, Ground, Line, Order, Plot
from pos_tui.reports.filters import BRANCH, SELLER
from pos_tui.store import reports
from pos_tui.store.database import Row, Transaction

BY_SELLER = "Comissão por vendedor"


class Commissions(Definition):
    """One line a seller. Margin is what was sold less what the provider charged for it.

    What the provider told no cost for is outside the margin, and told in a column of its own.
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
        Cell("Comissão", 9, right=True),
    )
    filters = (SELLER, BRANCH)
    sums = ("Vendido", "Margem", "Comissão")
    plots = (Plot(BY_SELLER, Order.BY_AMOUNT),)
    supervised = True

    def page(self, tx: Transaction, ground: Ground, asked: Asked, after: str, limit: int) -> list[Line]:
        """All sellers on one page: a store has few."""
        if after:
            return []
        found = reports.margins(tx, asked.since, asked.until, asked.get("seller"), asked.get("branch"))
        return [_line(row, ground) for row in found]


def _line(row: Row, ground: Ground) -> Line:
    seller, count, sold, cost, unknown = row
    margin = sold - unknown - cost
    earned = ground.rates.earned(seller, sold, margin)
    cells = (
        seller, str(count), format_money(sold), format_money(cost), format_money(unknown),
        format_money(margin), format_percent(ground.rates.of(seller)), format_money(earned),
    )  # fmt: skip
    sums = (("Vendido", sold), ("Margem", margin), ("Comissão", earned))
    return Line(seller, cells, sums, ((BY_SELLER, seller, earned),))
