"""Any report for screen, paper and file. What each holds is told in `reports/`."""

import csv
from collections.abc import Generator, Iterator
from itertools import islice
from pathlib import Path

from pos_tui.domain.commission import Rates
from pos_tui.domain.errors import RuleError, StoreError
from pos_tui.domain.people import Action
from pos_tui.domain.values import replace
from pos_tui.printing.receipt import Kind, Table
from pos_tui.printing.slips.common import StoreHead
from pos_tui.printing.slips.report import ReportSlip, report_receipt
from pos_tui.reports.cells import period_words
from pos_tui.reports.definition import Asked, Choice, Definition, Filter, Ground, Line, Quick
from pos_tui.reports.periods import days_within
from pos_tui.reports.report import Heading, Summary, csv_line, csv_totals, labelled
from pos_tui.services.context import Context
from pos_tui.services.files import appearing
from pos_tui.services.guard import Approval, Guard
from pos_tui.services.papers import Letterhead
from pos_tui.services.spool import NO_PRINTER, Spool
from pos_tui.store import reports
from pos_tui.store.ids import new_key

PAGE = 200
MOST_ON_PAPER = 500
"""Rows; a longer report belongs in a file."""
NOT_ALL = "sem o servidor da loja, só o que este caixa vendeu nas últimas 36 horas"
"""What a report holds that was made from a till's copy (`store.local_copy`)."""


class Reports:
    """Reads reports, prints them and writes them to files.

    What walks a whole report is an iterator that yields after each page: whoever stops taking stops it.
    """

    def __init__(
        self,
        context: Context,
        spool: Spool,
        head: Letterhead,
        guard: Guard,
        rates: Rates | None = None,
        card_rates: tuple[str, ...] = (),
    ) -> None:
        self._context = context
        self._spool = spool
        self._head = head
        self._guard = guard
        self._ground = Ground(context.zone, head.service, rates or Rates(), card_rates)

    def may_read(self, report: Definition, approval: Approval | None = None) -> None:
        """Raise NeedsApproval unless the person here, or an approval, lets them see a report."""
        if report.supervised:
            self._guard.allow(Action.READ_REPORTS, report.name, approval)

    def at_first(self, report: Definition, asked: Asked) -> Asked:
        """Return what a report shows before anything was chosen: who may see no other unit sees their own."""
        if not report.own_unit or self._guard.may(Action.READ_REPORTS):
            return asked
        return replace(asked, chosen={**asked.chosen, "branch": self._context.branch})

    def may_ask(self, report: Definition, asked: Asked, approval: Approval | None = None) -> None:
        """Raise NeedsApproval unless the person here, or an approval, lets them see the units asked for."""
        if report.own_unit and asked.get("branch") != self._context.branch:
            self._guard.allow(Action.READ_REPORTS, report.name, approval)

    def heading(self, report: Definition, asked: Asked) -> Heading:
        """Return what stands above a report."""
        used = [(one.label, _label(one, asked.get(one.name))) for one in report.filters]
        if self._context.store.away:
            used.append(("Incompleto", NOT_ALL))
        filters = tuple((label, value) for label, value in used if value)
        return Heading(report.title(self._ground), period_words(asked, self._context.zone), filters)

    def choices(self, one: Filter) -> list[Choice]:
        """Return the values a filter can have."""
        if one.found is None:
            return list(one.choices)
        with self._context.store.reading() as tx:
            return [Choice(value, value) for value in one.found(tx)]

    def page(self, report: Definition, asked: Asked, after: str = "") -> list[Line]:
        """Return the page after a line; fewer lines than `PAGE` end the report."""
        with self._context.store.reading() as tx:
            return report.page(tx, self._ground, asked, after, PAGE)

    def pages(self, report: Definition, asked: Asked) -> Iterator[tuple[list[Line], Summary]]:
        """Yield each page with what the report adds up to so far."""
        summary, after = Summary(), ""
        while True:
            page = self.page(report, asked, after)
            summary = summary.add(after, page)
            yield page, summary
            if len(page) < PAGE:
                return
            after = page[-1].key

    def page_before(self, report: Quick, asked: Asked, before: str = "") -> list[Line]:
        """Return the page before a line, or the last one."""
        with self._context.store.reading() as tx:
            return report.page_before(tx, self._ground, asked, before, PAGE)

    def sums(self, report: Definition, asked: Asked) -> Iterator[Summary]:
        """Yield what the report adds up to so far: a day at a time where the database adds it up."""
        if not isinstance(report, Quick):
            yield from (summary for _, summary in self.pages(report, asked))
            return
        summary = Summary()
        for since, until in days_within(asked.since, asked.until, self._context.zone):
            with self._context.store.reading() as tx:
                part = report.part(tx, self._ground, replace(asked, since=since, until=until))
            summary = summary.plus(part)
            yield summary

    def text(self, report: Definition, asked: Asked) -> Iterator[str]:
        """Yield the report as plain lines, each row as labelled values."""
        heading, summary = self.heading(report, asked), Summary()
        yield heading.title
        yield heading.period
        yield from (f"{label}: {value}" for label, value in heading.filters)
        for page, summary in self.pages(report, asked):  # noqa: B007  the last one is told below
            for line in page:
                yield ""
                yield from labelled(report, line)
        if not summary.lines:
            yield "Nenhum registro."
        yield ""
        yield from (f"{label}: {value}" for label, value in summary.totals(report))

    def print(self, report: Definition, asked: Asked) -> None:
        """Queue a report's paper.

        Raises:
            RuleError: it is too long for paper, or there is no printer.
        """
        if not self._spool.prints:
            raise RuleError(NO_PRINTER)
        lines: list[Line] = []
        summary = Summary()
        for page, summary in islice(self.pages(report, asked), MOST_ON_PAPER // PAGE + 1):  # noqa: B007
            lines += page
        if len(lines) > MOST_ON_PAPER:
            raise RuleError(
                f"O relatório passa das {MOST_ON_PAPER} linhas que cabem no papel: escolha um período menor "
                "ou grave em CSV."
            )
        heading, head = self.heading(report, asked), self._head
        right = tuple(index for index, column in enumerate(report.columns) if column.right)
        titles = tuple(column.title for column in report.columns)
        slip = ReportSlip(
            StoreHead(head.name, head.cnpj, head.city),
            heading.title,
            Table(titles, tuple(line.cells for line in lines), right),
            summary.totals(report),
            (("Período", heading.period), *heading.filters),
        )
        receipt = report_receipt(
            slip, at=self._context.clock(), tz=self._context.zone, training=head.training
        )
        subject = new_key()
        document = receipt.to_json()
        self._context.store.write(lambda tx: self._spool.enqueue(tx, Kind.REPORT, document, subject, subject))
        self._spool.wake()

    def write_csv(self, report: Definition, asked: Asked, path: Path) -> Generator[Summary]:
        """Write a report as spreadsheets here open it: `;` between cells, a mark for the accents.

        The file is there whole, under its name, once the iterator has ended; stopped before, it is not.

        Raises:
            StoreError: it cannot be written.
        """
        try:
            with appearing(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
                write = csv.writer(file, delimiter=";", lineterminator="\r\n").writerow
                write([column.title for column in report.columns])
                summary = Summary()
                for page, summary in self.pages(report, asked):
                    for line in page:
                        write(csv_line(line.cells))
                    yield summary
                for total in csv_totals(report, summary):
                    write(total)
                if self._context.store.away:
                    write([NOT_ALL])
        except OSError as error:
            raise StoreError(
                f"{path} não pôde ser gravado ({error.strerror}). Escolha outro lugar."
            ) from error

    def margin(self, since: int, until: int) -> tuple[int, int, int]:
        """Return what confirmed top-ups sold for, what they cost, and what of it has no known cost."""
        with self._context.store.reading() as tx:
            rows = reports.margins(tx, since, until)
        sold, cost, unknown = (sum(row[index] for row in rows) for index in (2, 3, 4))
        return sold, cost, unknown


def _label(one: Filter, key: str) -> str:
    return next((choice.label for choice in one.choices if choice.key == key), key)
