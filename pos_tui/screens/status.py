"""What the status line of the sale always tells."""

from pos_tui.domain.sale import Sale
from pos_tui.screens.printer_status import printer_words
from pos_tui.till import Till
from pos_tui.widgets.chrome import StatusLine


def show_status(status: StatusLine, till: Till, sale: Sale) -> None:
    """Write branch, till, seller, pendings, printer, provider and clock as they stand."""
    budget = till.topups.budget()
    if till.config.training:
        status.set("training", "TREINAMENTO")
    status.set("branch", till.config.store.name, priority=6)
    status.set("pdv", f"PDV {sale.pdv}", priority=3)
    status.set("seller", sale.seller, priority=4)
    status.set("budget", str(budget), tone="pending" if budget.used or budget.full else "normal")
    words, tone = printer_words(till.spool.prints, till.spool.printer, till.spool.count_owed())
    status.set("printer", words, priority=5 if tone == "normal" else 1, tone=tone)
    status.set("provider", till.config.topup.label, priority=7)
    status.set("clock", till.now().strftime("%H:%M"), priority=2)
