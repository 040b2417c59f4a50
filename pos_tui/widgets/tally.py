"""What a sale costs, what has been paid of it, what is missing or goes back."""

from pos_tui.domain.money import format_brl
from pos_tui.domain.payment import LABELS
from pos_tui.domain.sale import Sale
from pos_tui.widgets.lines import Line, LineWidget, fit
from pos_tui.widgets.theme import BOLD, DIM, PLAIN


class TallyLines(LineWidget):
    """One line per form of payment, then the sums."""

    MOST = 5

    def __init__(self) -> None:
        super().__init__(height=3)
        self._sale: Sale | None = None

    def show(self, sale: Sale) -> None:
        """Show a sale."""
        self._sale = sale
        paid = [line for line in sale.payments if line.weight.counts]
        self.styles.height = min(len(paid), self.MOST) + 3
        self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """Payments, sums, blank."""
        if self._sale is None:
            return []
        sale, tally = self._sale, self._sale.tally
        paid = [line for line in sale.payments if line.weight.counts][-self.MOST :]
        rows: list[Line] = [
            (
                (
                    fit(
                        f"  + {LABELS[line.method]:<20} {format_brl(line.amount):>12}  {line.words}",
                        width,
                    ),
                    PLAIN,
                ),
            )
            for line in paid
        ]
        if not paid:
            rows.append(((" Nenhuma forma de pagamento ainda.", DIM),))
        last = f"Troco {format_brl(tally.change)}" if tally.change else f"Faltam {format_brl(tally.missing)}"
        sums = f" Total {format_brl(tally.due)}   Pago {format_brl(tally.paid)}   {last}"
        return [*rows, ((fit(sums, width), BOLD),)]
