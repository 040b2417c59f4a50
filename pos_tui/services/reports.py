"""Reports for screen, paper and file."""

from collections.abc import Iterator

from pos_tui.domain.errors import RuleError
from pos_tui.domain.topup import TopUpState
from pos_tui.printing.receipt import Kind, Table
from pos_tui.printing.slips.common import StoreHead
from pos_tui.printing.slips.report import ReportSlip, report_receipt
from pos_tui.reports.report import Report
from pos_tui.reports.topups import STATES, TopUpFilter, TopUpLine, topup_report
from pos_tui.services.context import Context
from pos_tui.services.papers import Letterhead
from pos_tui.services.spool import Spool
from pos_tui.store import reports
from pos_tui.store.database import Row
from pos_tui.store.ids import new_key

PAGE = 200
MOST_ON_PAPER = 500
"""Rows; a longer report belongs in a file."""


class Reports:
    """Reads reports and prints them."""

    def __init__(self, context: Context, spool: Spool, head: Letterhead) -> None:
        self._context = context
        self._spool = spool
        self._head = head

    def topup_page(self, chosen: TopUpFilter, after: TopUpLine | None = None) -> list[TopUpLine]:
        """Return a page of the report of top-ups, the oldest sale first."""
        edge = (after.saved_at, after.sale_id, after.position) if after else None
        query = reports.TopUpQuery(
            chosen.since, chosen.until, STATES[chosen.status], chosen.seller, chosen.branch
        )
        with self._context.store.reading() as tx:
            rows = reports.topup_rows(tx, query, PAGE, edge)
        return [_line(row) for row in rows]

    def topups(self, chosen: TopUpFilter) -> Report:
        """Return the whole report of top-ups."""
        return topup_report(self._head.service, chosen, self._all(chosen), self._context.zone)

    def margin(self, chosen: TopUpFilter) -> tuple[int, int, int]:
        """Return what was sold, what it cost, and what of it has no known cost, in centavos."""
        sold = cost = unknown = 0
        for line in self._all(chosen):
            if line.state is TopUpState.CONFIRMED:
                sold += line.face
                cost += line.cost or 0
                unknown += line.face if line.cost is None else 0
        return sold, cost, unknown

    def branches(self, since: int) -> list[str]:
        """Return which branches sold since an instant."""
        with self._context.store.reading() as tx:
            return reports.branches(tx, since)

    def print(self, report: Report) -> None:
        """Queue a report's paper.

        Raises:
            RuleError: it is too long for paper.
        """
        if len(report.rows) > MOST_ON_PAPER:
            raise RuleError(
                f"O relatório tem {len(report.rows)} linhas e no papel cabem {MOST_ON_PAPER}: "
                "escolha um período menor ou grave em CSV."
            )
        head = self._head
        slip = ReportSlip(
            StoreHead(head.name, head.cnpj, head.city),
            report.title,
            Table(report.columns, report.rows, report.right),
            report.totals,
            (("Período", report.period), *report.filters),
        )
        receipt = report_receipt(
            slip, at=self._context.clock(), tz=self._context.zone, training=head.training
        )
        subject = new_key()
        document = receipt.to_json()
        self._context.store.write(lambda tx: self._spool.enqueue(tx, Kind.REPORT, document, subject, subject))
        self._spool.wake()

    def _all(self, chosen: TopUpFilter) -> Iterator[TopUpLine]:
        page = self.topup_page(chosen)
        while page:
            yield from page
            page = self.topup_page(chosen, page[-1]) if len(page) == PAGE else []


def _line(row: Row) -> TopUpLine:
    values = list(row)
    values[_STATE] = TopUpState(values[_STATE])
    return TopUpLine(*values)


_STATE = 9
