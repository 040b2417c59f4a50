"""How many sales each seller made. Goes to `reports/sellers.py`."""

from pos_tui.reports.definition import Asked, Cell, Definition, Ground, Line
from pos_tui.store.database import Transaction
from pos_tui.store.models import SaleRow


class Sellers(Definition):
    """One line a sale, so that the page after a key is easily found."""

    name = "vendedores"
    label = "Vendas por vendedor"
    about = "Cada venda, com quem vendeu."
    columns = (Cell("Nº", 8, right=True), Cell("Vendedor", 20, flex=True))

    def page(self, tx: Transaction, ground: Ground, asked: Asked, after: str, limit: int) -> list[Line]:
        """The oldest first."""
        first = int(after) if after else 0
        query = (
            SaleRow.select(SaleRow.number, SaleRow.seller)
            .where(SaleRow.saved_at >= asked.since, SaleRow.saved_at < asked.until, SaleRow.number > first)
            .order_by(SaleRow.number)
            .limit(limit)
        )
        return [Line(str(number), (str(number), seller)) for number, seller in tx.rows(query)]
