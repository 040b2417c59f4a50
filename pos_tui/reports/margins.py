"""Margem por recarga: what each confirmed top-up brought and cost the store, where the provider tells it."""

from pos_tui.domain.money import format_money
from pos_tui.domain.phone import Mobile
from pos_tui.domain.topup import TopUpState
from pos_tui.reports.cells import to_second
from pos_tui.reports.definition import Asked, Cell, Definition, Ground, Line, Order, Plot
from pos_tui.reports.filters import BRANCH, SELLER
from pos_tui.store import reports
from pos_tui.store.database import Row, Transaction

BY_OPERATOR = "Margem por operadora"
UNTOLD = "Sem custo informado"


class Margins(Definition):
    """One line a top-up. What the provider told no cost for stands outside cost and margin."""

    name = "margem"
    label = "Margem por recarga"
    about = "Valor, custo e margem de cada uma."
    columns = (
        Cell("Nº da Venda", 8, "Nº", right=True),
        Cell("Data", 19, priority=4),
        Cell("Filial", 6, flex=True, priority=7),
        Cell("Vendedor", 8, flex=True, priority=5),
        Cell("Operadora", 9, flex=True, priority=3),
        Cell("Número da Linha", 13, "Linha", priority=2),
        Cell("Valor", 9, right=True),
        Cell("Custo", 9, right=True),
        Cell("Margem", 9, right=True),
        Cell("Margem %", 6, "%", right=True, priority=1),
    )
    filters = (SELLER, BRANCH)
    sums = ("Vendido", "Custo", "Margem")
    plots = (Plot(BY_OPERATOR, Order.BY_AMOUNT),)
    supervised = True

    def page(self, tx: Transaction, ground: Ground, asked: Asked, after: str, limit: int) -> list[Line]:
        """The oldest sale first."""
        states = (TopUpState.CONFIRMED,)
        query = reports.TopUpQuery(asked.since, asked.until, states, asked.get("seller"), asked.get("branch"))
        return [_line(row, ground) for row in reports.topup_rows(tx, query, limit, reports.edge(after))]


def _line(row: Row, ground: Ground) -> Line:
    sale, position, number, at, branch, seller, _, operator, line, _, face, cost = row
    margin = None if cost is None else face - cost
    told = ("", "", "")
    sums: tuple[tuple[str, int], ...] = (("Vendido", face), (UNTOLD, face))
    if margin is not None:
        told = (format_money(cost), format_money(margin), f"{100 * margin / face:.1f}".replace(".", ","))
        sums = (("Vendido", face), ("Custo", cost), ("Margem", margin))
    cells = (
        str(number), to_second(at, ground.zone), branch, seller, operator, str(Mobile(line[:2], line[2:])),
        format_money(face), *told,
    )  # fmt: skip
    bars = () if margin is None else ((BY_OPERATOR, operator, margin),)
    return Line(f"{at}/{sale}/{position}", cells, sums, bars)
