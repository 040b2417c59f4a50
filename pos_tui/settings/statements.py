"""Card reconciliation: where statements come in, where the remessa goes out, and what was contracted."""

from typing import TYPE_CHECKING

from pos_tui.domain.acquirer import WINDOW_DAYS, Acquirer
from pos_tui.settings import Section, choice

if TYPE_CHECKING:
    from pos_tui.config import Config

MOST_CENTS = 50
"""Beyond it any two sales of a day are alike (facts A.9)."""
LAYOUTS = ("", "stone", "rede", "getnet", "cielo", "teiacard")


class StatementSettings(Section, frozen=True, kw_only=True):
    """Empty folders: nothing is sent and nothing is read."""

    layout: str = ""
    """Whose files come: an acquirer's, or `teiacard` for a conciliator's returns."""
    acquirer: str = ""
    """Whose card machine the counter has, where the slip does not tell; empty: the layout's."""
    wallet: str = ""
    """Which acquirer lists the dynamic Pix; empty: none, and it stays out of the reconciliation."""
    inbox: str = ""
    outbox: str = ""
    establishment: str = ""
    """The code by which the acquirer knows this store; others are entered on the desk."""
    window_days: int = WINDOW_DAYS
    tolerance_cents: int = 2
    """How many centavos a sale suggested for a link by hand may differ; nothing is linked by it alone."""
    rates: tuple[str, ...] = ()
    """Contracted rates: `rede * credit 2-6 2,89`."""

    @property
    def usual(self) -> Acquirer:
        """The acquirer of a slip that names none."""
        name = self.acquirer or self.layout
        return Acquirer(name) if name in frozenset(Acquirer) else Acquirer.OTHER

    def problem(self) -> str | None:
        """Say which value cannot be worked with, or None."""
        acquirers = ("", *(one.value for one in Acquirer if one is not Acquirer.OTHER))
        for name, value, allowed in (
            ("layout", self.layout, LAYOUTS),
            ("acquirer", self.acquirer, acquirers),
            ("wallet", self.wallet, acquirers),
        ):
            if wrong := choice(f"statements.{name}", value, allowed):
                return wrong
        if self.window_days < 1:
            return "«statements.window_days» deve ser pelo menos 1."
        if not 0 <= self.tolerance_cents <= MOST_CENTS:
            return f"«statements.tolerance_cents» deve ir de 0 a {MOST_CENTS}."
        for rate in self.rates:
            # Only where there are any: decimals are slow to import.
            from pos_tui.domain.fees import parse_rate

            try:
                parse_rate(rate)
            except ValueError as error:
                return f"«statements.rates»: {error}."
        return None

    def missing(self, whole: "Config") -> str | None:
        """Say what production lacks, or None."""
        if (self.inbox or self.outbox) and not self.layout:
            return "falta «statements.layout», necessária com «statements.inbox» ou «statements.outbox»."
        return None
