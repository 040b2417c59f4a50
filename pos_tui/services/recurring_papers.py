"""The paper with the link of a recurring payment."""

from pos_tui.domain.errors import RuleError
from pos_tui.domain.instalments import split
from pos_tui.domain.item import describe
from pos_tui.domain.recurring import Attempt
from pos_tui.domain.sale import Sale
from pos_tui.printing.receipt import Kind, Receipt
from pos_tui.printing.slips.recurring import RecurringSlip, recurring_receipt
from pos_tui.services.context import Context
from pos_tui.services.papers import Papers
from pos_tui.services.spool import Spool


class RecurringPapers:
    """Makes and queues it; it is no proof of payment, so it may be printed as often as it is wanted."""

    def __init__(self, context: Context, spool: Spool, papers: Papers) -> None:
        self._context = context
        self._spool = spool
        self._papers = papers

    def receipt(self, sale: Sale, attempt: Attempt) -> Receipt:
        """Return the paper. Raises RuleError while there is no link."""
        if not attempt.link:
            raise RuleError("Ainda não há link: recarregue com F5.")
        amounts = split(attempt.total, attempt.count)
        slip = RecurringSlip(
            store=self._papers.store_head(),
            sale=self._papers.sale_head(sale),
            description=describe(sale.goods),
            amount=amounts[-1],
            instalments=attempt.count,
            link=attempt.link,
            first=amounts[0] if amounts[0] != amounts[-1] else 0,
        )
        return recurring_receipt(slip, tz=self._context.zone, training=self._papers.training)

    def print(self, sale: Sale, attempt: Attempt, who: str) -> None:
        """Queue the paper. Raises RuleError while there is no link."""
        document = self.receipt(sale, attempt).to_json()
        self._context.store.write(
            lambda tx: self._spool.enqueue(tx, Kind.RECURRING, document, sale.id, attempt.id, who=who)
        )
        self._spool.wake()
