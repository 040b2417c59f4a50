"""From the sale to the paper: till, spool, worker, TCP, and a printer of other hands at the end."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.domain.payment import Method
from pos_tui.printing.answers import Condition
from pos_tui.settings.printer import PrinterSettings
from pos_tui.till import Till
from tests.printing import emulator
from tests.printing.emulator import Emulator, Paper, running
from tests.sandbox import SandboxControl
from tests.services.test_sales import CARD
from tests.tills import SELLER, add, new_sale, open_till, settings

pytestmark = emulator.needed()

COLUMNS = 48
PATIENCE = 60


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running(tmp_path_factory.mktemp("judge")) as emulated:
        yield emulated


@pytest.fixture
def till(tmp_path: Path, sandbox: SandboxControl, judge: Emulator) -> Iterator[Till]:
    """A till whose printer is the emulated one, its worker running."""
    network = PrinterSettings(
        transport="network",
        host="127.0.0.1",
        port=judge.ports[COLUMNS],
        profile="epson-tm-t20",
        columns=COLUMNS,
    )
    opened = open_till(tmp_path / "till", sandbox, settings(printer=network))
    opened.start("sistema")
    yield opened
    opened.close()


def printed(till: Till) -> None:
    """Wait until nothing is owed."""
    news = threading.Event()
    unwatch = till.spool.watch(news.set)
    till.spool.wake()
    while till.spool.count_owed():
        assert news.wait(PATIENCE), till.spool.owed()
        news.clear()
    unwatch()


def words(paper: Paper) -> list[str]:
    return [line.rstrip() for line in paper.lines if line.strip()]


@pytest.mark.parametrize(
    ("method", "drawer"), [(Method.CASH, "open"), (Method.CARD, "closed"), (Method.PIX_STATIC, "closed")]
)
def test_a_sale_confirmed_is_the_paper_it_previews(
    till: Till, judge: Emulator, method: Method, drawer: str
) -> None:
    sale = new_sale(till)
    topup = add(till, sale)
    details = CARD if method is Method.CARD else None
    till.sales.save(till.sales.add_payment(till.sales.get(sale.id), method, 1500, details))
    printed(till)
    assert judge.papers(COLUMNS) == [], "no paper before the credit"
    assert judge.drawer(COLUMNS) == drawer

    till.topups.confirm(topup.id, SELLER)
    printed(till)
    (paper,) = judge.papers(COLUMNS)
    original = till.spool.paper_of(topup.id, "top_up")
    assert original is not None
    assert words(paper) == [
        line.rstrip() for line in till.papers.preview(original.document).splitlines() if line.strip()
    ]

    copy = till.papers.reprint(till.topups.get(topup.id), SELLER)
    printed(till)
    (again,) = judge.papers(COLUMNS)
    assert words(again) == [line.rstrip() for line in till.papers.text(copy).splitlines() if line.strip()]
    assert any("2ª VIA - REIMPRESSÃO" in line for line in words(again))
    assert judge.drawer(COLUMNS) == "closed", "one kick at most, with the sale and never with a paper"
    assert judge.complaints() == []


def test_a_printer_without_paper_holds_no_sale_up(till: Till, judge: Emulator) -> None:
    judge.fault(COLUMNS, "paper-out", active=True)
    sale = new_sale(till)
    topup = add(till, sale)
    till.sales.save(till.sales.add_payment(till.sales.get(sale.id), Method.CARD, 1500, CARD))
    assert till.topups.confirm(topup.id, SELLER).settled_at is not None
    news = threading.Event()
    unwatch = till.spool.watch(news.set)
    till.spool.wake()
    while (status := till.spool.printer) is None or status.condition is not Condition.PAPER_OUT:
        assert news.wait(PATIENCE)
        news.clear()
    unwatch()
    assert judge.papers(COLUMNS) == [] and till.spool.count_owed() == 1
    judge.fault(COLUMNS, "paper-out", active=False)
    printed(till)
    assert len(judge.papers(COLUMNS)) == 1
