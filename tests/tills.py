"""A till for tests: training mode in a folder of its own, against the shared sandbox process."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pos_tui.config import Config
from pos_tui.domain.payment import Method
from pos_tui.domain.phone import parse_mobile
from pos_tui.domain.sale import Sale
from pos_tui.domain.topup import Offer, TopUp
from pos_tui.domain.values import replace
from pos_tui.providers.sandbox.process import SandboxProcess
from pos_tui.settings.printer import PrinterSettings
from pos_tui.settings.store import TillSettings
from pos_tui.settings.topup import TopUpSettings
from pos_tui.till import Till
from tests import databases
from tests.sandbox import SandboxControl

databases.install()

EVER = (0, 2**62)
"""For `till.day()` where the day is not the matter: midnight may come between a sale and a look at it."""
SELLER = "Adriana Gonçalves"
LINE = "67999991234"


def settings(**changes: object) -> Config:
    """Training settings: two sellers, papers captured."""
    base = Config(
        till=TillSettings(sellers=(SELLER, "Israel Veiga")),
        topup=TopUpSettings(deadline_seconds=30),
        printer=PrinterSettings(transport="capture"),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


class Watch:
    """The real time, moved forward on demand: what would take minutes takes none."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time go by."""
        self._ahead += timedelta(seconds=seconds)


class Shared:
    """Stands for the till's own sandbox process: the one the whole test run shares."""

    def __init__(self, url: str) -> None:
        self.url = url

    def stop(self) -> None:
        """It belongs to the test run."""


def open_till(
    folder: Path,
    sandbox: SandboxControl | SandboxProcess,
    config: Config | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Till:
    """Open a till on a folder; its outside world is the given sandbox."""
    till = Till.open(config or settings(), clock or (lambda: datetime.now(UTC)), folder)
    till.__dict__["sandbox"] = Shared(sandbox.url)
    return till


def offer(till: Till, face: int, operator: str = "Vivo", ddd: str = "67") -> Offer:
    """Find the value of an operator."""
    catalogue = till.offers.catalogue()
    code = next(code for code, name in catalogue.operators() if name.casefold() == operator.casefold())
    return next(found for found in catalogue.values(code, ddd) if found.face == face)


def new_sale(till: Till, seller: str = SELLER) -> Sale:
    """Open a sale and store it."""
    return till.sales.store(till.sales.current("1 Balcão", seller))


def add(till: Till, sale: Sale, face: int = 1500, line: str = LINE, operator: str = "Vivo") -> TopUp:
    """Add a top-up to the open sale and send its reserve."""
    mobile = parse_mobile(line)
    topup = till.topups.add(till.sales.get(sale.id), mobile, offer(till, face, operator, mobile.ddd), face)
    return till.topups.reserve(topup.id, sale.seller)


def pay_and_save(till: Till, sale: Sale) -> Sale:
    """Pay what is missing in cash and save."""
    sale = till.sales.get(sale.id)
    sale = till.sales.add_payment(sale, Method.CASH, sale.tally.missing)
    return till.sales.save(sale)
