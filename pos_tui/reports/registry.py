"""Every report there is, in the order of the hub. A new one needs its module and a row here."""

from pos_tui.domain.errors import RuleError
from pos_tui.reports.card_receipts import CardReceipts
from pos_tui.reports.card_reconciliation import Reconciled
from pos_tui.reports.cash import Closings, Movements
from pos_tui.reports.commissions import Commissions
from pos_tui.reports.definition import Definition
from pos_tui.reports.margins import Margins
from pos_tui.reports.payments import Payments
from pos_tui.reports.recurring import RecurringCredit
from pos_tui.reports.sales import Sales
from pos_tui.reports.topups import TopUps

REPORTS: tuple[Definition, ...] = (
    Sales(),
    TopUps(),
    Movements(),
    Closings(),
    Commissions(),
    RecurringCredit(),
    CardReceipts(),
    Reconciled(),
    Payments(),
    Margins(),
)


def find(name: str) -> Definition:
    """Return a report by its name. Raises RuleError when there is none."""
    for report in REPORTS:
        if report.name == name:
            return report
    raise RuleError(f"O relatório «{name}» não existe. Há: {', '.join(one.name for one in REPORTS)}.")
