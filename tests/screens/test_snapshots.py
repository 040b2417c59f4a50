"""The four tabs and the confirmation at 80×24, pinned as pictures; `--snapshot-update` renews them."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from pos_tui.app import PosApp
from pos_tui.domain.sale import Sale
from pos_tui.exits import Exit
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk
from tests.tills import add, new_sale, open_till, pay_and_save

MOMENT = datetime(2021, 5, 18, 13, 33, 15, tzinfo=UTC)
"""09:33:15 in Campo Grande: the seed's last sale."""

Compare = Callable[..., bool]
Steps = Callable[[Desk], Awaitable[None]]


@pytest.fixture(autouse=True)
def same_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture must not depend on the terminal that runs the tests."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    for name in ("NO_COLOR", "COLUMNS", "LINES", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_THEME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def frozen(tmp_path: Path, sandbox: SandboxControl) -> Iterator[Till]:
    """A till whose clock stands still, with one confirmed sale in its list."""
    sandbox.set_clock(MOMENT.timestamp())
    till = open_till(tmp_path / "till", sandbox, clock=lambda: MOMENT)
    sold = saved(till, "Israel Veiga", "67999991234")
    till.topups.confirm(sold.topups[0].id, "Israel Veiga")
    yield till
    till.close()


def saved(till: Till, seller: str, *lines: str) -> Sale:
    """Sell by the services."""
    sale = new_sale(till, seller)
    customer = till.customers.register(f"Rian Ricardo {seller[:6]}", "", "", "", seller)
    sale = till.sales.set_head(sale, sale.pdv, seller, customer)
    for line in lines:
        add(till, sale, line=line)
    return pay_and_save(till, sale)


def is_pinned(compare: Compare, till: Till, steps: Steps) -> bool:
    """Open the app, do the steps, and compare what is on the screen with the stored picture."""
    app = PosApp(till)

    async def before(_: Pilot[Exit]) -> None:
        desk = Desk(app)
        await desk.see("TREINAMENTO")
        await desk.until(lambda: getattr(app.screen, "started", None) is not None, "the start-up sweep")
        await desk.until(lambda: not till.spool.owed(), "the papers printed")
        await steps(desk)

    return compare(app, terminal_size=(80, 24), run_before=before)


def test_start(frozen: Till, snap_compare: Compare) -> None:
    async def steps(desk: Desk) -> None:
        await desk.type("rian", "enter")
        await desk.see("1 Rian Ricardo Israel")

    assert is_pinned(snap_compare, frozen, steps)


def test_recharge(frozen: Till, snap_compare: Compare) -> None:
    async def steps(desk: Desk) -> None:
        await desk.press("f3", *"124998855662" + "24998855662")
        await desk.see("4 R$ 15,00")

    assert is_pinned(snap_compare, frozen, steps)


def test_recharge_with_a_number_that_differs(frozen: Till, snap_compare: Compare) -> None:
    add(frozen, new_sale(frozen), line="24998855662")

    async def steps(desk: Desk) -> None:
        await desk.press("f3", *"124998855662" + "24999")
        await desk.see("O 5º dígito é diferente")

    assert is_pinned(snap_compare, frozen, steps)


def test_payment(frozen: Till, snap_compare: Compare) -> None:
    add(frozen, new_sale(frozen), line="24998855662")

    async def steps(desk: Desk) -> None:
        await desk.press("f10", *"1", *"5", "enter", "2", "enter", "1", "2")
        await desk.see("Faltam R$ 10,00", "NSU")

    assert is_pinned(snap_compare, frozen, steps)


def test_sale_list(frozen: Till, snap_compare: Compare) -> None:
    saved(frozen, "Adriana Gonçalves", "24998855662", "24958456126")

    async def steps(desk: Desk) -> None:
        await desk.press("f4")
        await desk.see("Rian Ric", "2/2")

    assert is_pinned(snap_compare, frozen, steps)


def test_confirmation(frozen: Till, snap_compare: Compare) -> None:
    saved(frozen, "Adriana Gonçalves", "24998855662", "24958456126")

    async def steps(desk: Desk) -> None:
        await desk.press("f4", "enter", "enter")
        await desk.see("Recarga conekta confirmada com sucesso. Falta 1.")

    assert is_pinned(snap_compare, frozen, steps)


def test_confirmed_with_its_receipt(frozen: Till, snap_compare: Compare) -> None:
    async def steps(desk: Desk) -> None:
        await desk.press("f4", "enter")
        await desk.see("COMPROVANTE DE RECARGA")

    assert is_pinned(snap_compare, frozen, steps)
