"""Any report as paper: a title, what was chosen, a table and its totals."""

from datetime import datetime, tzinfo

from msgspec import Struct

from pos_tui.printing.receipt import Align, Kind, Pair, Receipt, Rule, Table, Text
from pos_tui.printing.slips.common import StoreHead, local, pairs, store_head, title


class ReportSlip(Struct, frozen=True):
    """A report whose cells are already text."""

    store: StoreHead
    title: str
    table: Table
    totals: tuple[tuple[str, str], ...] = ()
    filters: tuple[tuple[str, str], ...] = ()


def report_receipt(report: ReportSlip, *, at: datetime, tz: tzinfo, training: bool = False) -> Receipt:
    """Return a report as paper."""
    blocks = (
        *store_head(report.store),
        title(report.title),
        *pairs(*report.filters),
        Pair("Emitido em", local(at, tz)),
        Rule(),
        report.table if report.table.rows else Text("Nenhum registro.", Align.CENTRE),
        Rule(),
        *(Pair(label, value, bold=True) for label, value in report.totals),
    )
    return Receipt(Kind.REPORT, blocks, training=training)
