"""What a sale costs, what has been paid of it, what is missing or goes back."""

from rich.cells import cell_len

from pos_tui.domain.money import format_brl, format_money
from pos_tui.domain.payment import LABELS
from pos_tui.domain.sale import PaymentLine, Sale
from pos_tui.domain.tally import Tally
from pos_tui.domain.topup import TopUp, TopUpState
from pos_tui.widgets.lines import Line, LineWidget, fit
from pos_tui.widgets.theme import BOLD, DIM, PLAIN, SIGNS, TONES


class TallyLines(LineWidget):
    """One line per form of payment, then the sums."""

    MOST = 5

    def __init__(self) -> None:
        super().__init__(height=3)
        self._sale: Sale | None = None
        self._ends = ""

    def show(self, sale: Sale, ends: str = "") -> None:
        """Show a sale, and what is to be known of its reserves, such as when the first `ends`."""
        self._sale, self._ends = sale, ends
        paid = _shown(sale)
        height = min(len(paid), self.MOST) + 3 + bool(_lost(sale)) + bool(ends)
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
        self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """Payments, sums, blank."""
        if self._sale is None:
            return []
        sale, tally = self._sale, self._sale.tally
        paid = _shown(sale)[-self.MOST :]
        rows: list[Line] = [((fit(_payment(line, width), width), PLAIN),) for line in paid]
        if not paid:
            rows.append(((" Nenhuma forma de pagamento ainda.", DIM),))
        if _lost(sale):
            rows.append(((fit(_partial(sale), width), BOLD),))
        if self._ends:
            rows.append(((fit(f"{SIGNS['pending']}{self._ends}", width), TONES["pending"]),))
        last = f"Faltam {format_brl(tally.missing)}"
        if tally.excess:
            last = f"A devolver {format_brl(tally.excess)}"
        elif tally.change:
            last = f"Troco {format_brl(tally.change)}"
        brought = _brought(tally)
        sums = f" Total {format_brl(tally.due)}   {brought}   {last}"
        if cell_len(sums) > width:
            # What is missing or goes back is what a narrow window must not cut.
            sums = f" {last}   {brought}   Total {format_brl(tally.due)}".replace("R$ ", "")
        return [*rows, ((fit(sums, width), BOLD),)]


def _shown(sale: Sale) -> list[PaymentLine]:
    """What counts, and what is still on its way back."""
    return [line for line in sale.payments if line.counts or line.waits]


def _payment(line: PaymentLine, width: int) -> str:
    """One form of payment; where it stands is what a narrow window must not cut."""
    text = f"  + {LABELS[line.method]:<20} {format_brl(line.amount):>12}  {line.words}"
    if cell_len(text) <= width:
        return text
    return f" + {LABELS[line.method]} {format_money(line.amount)} {line.words}"


def _brought(tally: Tally) -> str:
    """What was paid, and apart from it what nobody is sure of and what has not come yet."""
    parts = [f"Pago {format_brl(tally.paid - tally.uncertain - tally.awaited)}"]
    if tally.uncertain:
        parts.append(f"Incerto {format_brl(tally.uncertain)}")
    if tally.awaited:
        parts.append(f"A receber {format_brl(tally.awaited)}")
    return "   ".join(parts)


def _lost(sale: Sale) -> list[TopUp]:
    """What did not come about though nobody took it off the sale."""
    return [topup for topup in sale.undone if topup.state is not TopUpState.CANCELLED]


def _partial(sale: Sale) -> str:
    lost = _lost(sale)
    less = format_brl(sum(topup.face for topup in lost))
    return f" {len(lost)} de {len(sale.topups)} recargas não realizadas: {less} a menos."
