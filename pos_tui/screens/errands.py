"""What is opened over the sale and leaves it as it is: papers owed, reports, balance."""

from functools import partial

from pos_tui.domain.sale import Sale
from pos_tui.screens.background import Background
from pos_tui.screens.commanded import Commanded
from pos_tui.till import Till
from pos_tui.widgets.dialog import TextPage


class Errands(Commanded, Background):
    """Mixed into the sale's screen."""

    till: Till
    sale: Sale

    def refresh_chrome(self) -> None:
        """Draw tabs, status and keys as things stand."""
        raise NotImplementedError

    async def do_owed_papers(self) -> None:
        """Papers the printer still owes."""
        from pos_tui.screens.papers import OwedPapers

        self.app.push_screen(OwedPapers(self.till, self.sale.seller), self._after_papers)

    async def _after_papers(self, _: None) -> None:
        self.refresh_chrome()

    async def do_printer(self) -> None:
        """Find the printer with the person."""
        from pos_tui.screens.printer_setup import PrinterSetup

        self.app.push_screen(PrinterSetup(self.till), self._after_papers)

    async def do_reports(self) -> None:
        """What was sold."""
        from pos_tui.screens.reports import TopUpReport

        self.app.push_screen(TopUpReport(self.till))

    async def do_balance(self) -> None:
        """What the store has left at the provider, and what it earned today."""
        from pos_tui.screens.balance import balance_lines

        self.say("Consultando o saldo na operadora…")
        self.background(partial(balance_lines, self.till), self._balance_read)

    async def _balance_read(self, lines: list[str]) -> None:
        self.say("")
        self.app.push_screen(TextPage("Saldo e margem", lines))
