"""The report sample of seed 1 (01/05/2021 to 18/05/2021), typed as sales through the screens.

One sale after the other, on the day and at the second of the sample. The printed times are the moment of
saving. Sale numbers jump in the sample, as other tills sold in between: each run of numbers is a till of its
own.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pos_tui.config import Config
from pos_tui.domain.instants import to_ms
from pos_tui.domain.sale import SaleFilter
from pos_tui.settings.store import StoreSettings, TillSettings
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk, at_desk
from tests.tills import open_till, settings

ZONE = ZoneInfo("America/Campo_Grande")
ADRIANA, ISRAEL = "Adriana Gonçalves", "Israel Veiga"
RIAN = "RIAN RICARDO COELHO BARROS"
UNSENT = "Pendente (Envio não realizado)"
UNSENT_IN_LIST = "Pendente não enviada"
"""The list's shorter words, which fit 80 columns."""


@dataclass(frozen=True)
class Line:
    """A top-up of the sample: its line, the digit that chooses its value, its state in the seed's words."""

    number: str
    value: str
    words: str


@dataclass(frozen=True)
class Sold:
    """A sale of the sample."""

    number: int
    at: str
    seller: str
    customer: str
    lines: tuple[Line, ...]

    @property
    def moment(self) -> datetime:
        """When it was saved."""
        return datetime.strptime(self.at, "%d/%m/%Y %H:%M:%S").replace(tzinfo=ZONE)


SAMPLE = (
    Sold(
        3637565, "12/05/2021 16:24:32", ADRIANA, "CLIENTE 16377663", (Line("67999999999", "1", "Confirmada"),)
    ),
    Sold(
        3637580, "12/05/2021 17:30:47", ADRIANA, "CLIENTE 16377651", (Line("67981111111", "1", "Confirmada"),)
    ),
    Sold(
        3637581, "12/05/2021 18:07:04", ADRIANA, "CLIENTE 16377651", (Line("67981812181", "2", "Confirmada"),)
    ),
    Sold(
        3637582, "12/05/2021 18:13:40", ADRIANA, "CLIENTE 16377651", (Line("67985465464", "9", "Confirmada"),)
    ),
    Sold(
        3637583,
        "13/05/2021 11:25:49",
        ADRIANA,
        "CLIENTE 16377661",
        (
            Line("67984115159", "2", "Confirmada"),
            Line("24996559859", "2", UNSENT),
            Line("24958456126", "4", UNSENT),
        ),
    ),
    Sold(3637620, "18/05/2021 09:33:15", ISRAEL, RIAN, (Line("24998855662", "4", "Pendente"),)),
)
TOTAL = 11297
"""Centavos: the sample's 112,97."""


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = SAMPLE[0].moment

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(sandbox: SandboxControl) -> Clock:
    """On the day of the first sale, here and at the provider."""
    found = Clock()
    sandbox.set_clock(found.at.timestamp())
    return found


@pytest.fixture
def shop(tmp_path: Path, sandbox: SandboxControl, clock: Clock) -> Callable[[int, int], Till]:
    """Open till `number` of the shop, its sales numbered from `first`; all share one database."""

    def build(number: int, first: int) -> Till:
        return open_till(tmp_path / "shop", sandbox, _config(number, first), clock)

    return build


def _config(number: int, first: int) -> Config:
    return settings(
        store=StoreSettings(name="Baucar", timezone="America/Campo_Grande"),
        till=TillSettings(number=number, sellers=(ADRIANA, ISRAEL), first_sale=first),
    )


@asynccontextmanager
async def serving(till: Till) -> AsyncIterator[Desk]:
    """A wide window, in which no word is cut."""
    async with at_desk(till, (200, 30)) as desk:
        yield desk
    till.close()


async def type_sale(desk: Desk, sandbox: SandboxControl, sold: Sold) -> None:
    """Choose seller and customer, type the top-ups, pay, save, and confirm what the sample has confirmed."""
    await desk.press("f2", "up", "1" if sold.seller == ADRIANA else "2")
    await choose_customer(desk, sold.customer)
    for line in sold.lines:
        await add_line(desk, sandbox, line)
    await desk.press("f10", "1", "enter", "f10")
    await desk.see(f"Venda {sold.number} salva.")
    for line in sold.lines:
        if line.words == "Confirmada":
            await desk.press("enter")
            await desk.see("Confirmar a recarga de", "Situação: Pendente")
            await desk.press("enter")
            await desk.see("Recarga conekta confirmada com sucesso")
            await desk.press("escape")
            await desk.see("Lista de vendas]")


async def choose_customer(desk: Desk, name: str) -> None:
    """Find the customer, or register whom nobody knows."""
    await desk.see("[1 Início]")
    await desk.type(name, "enter")
    await desk.until(lambda: "Ninguém" in desk.words() or "Encontrados" in desk.words(), "an answer")
    if "Ninguém" in desk.words():
        await desk.press("f6", "enter", "enter", "enter", "enter")
    else:
        await desk.press("1")
    await desk.see(f"Cliente: {name}.")


async def add_line(desk: Desk, sandbox: SandboxControl, line: Line) -> None:
    """Add a top-up; what the sample never sent meets a provider that takes no more."""
    await desk.see("1 Vivo")
    if line.words == UNSENT:
        sandbox.settings(cap=0)
    await desk.type(f"1{line.number}{line.number}{line.value}")
    mobile = f"{line.number[:2]} {line.number[2:7]}-{line.number[7:]}"
    if line.words == UNSENT:
        await desk.see(f"{mobile} {_face(line)} {UNSENT}", "canal de conexão simultânea")
        sandbox.settings(cap=None)
    else:
        await desk.see(f"Recarga {mobile}: pendente.")


def _face(line: Line) -> str:
    return {"1": "R$ 4,00", "2": "R$ 4,99", "4": "R$ 15,00", "9": "R$ 60,00"}[line.value]


async def test_the_sample_comes_out_as_it_stands_there(
    shop: Callable[[int, int], Till], sandbox: SandboxControl, clock: Clock
) -> None:
    for till_number, sales in enumerate(runs(), start=1):
        async with serving(shop(till_number, sales[0].number)) as desk:
            for sold in sales:
                clock.at = sold.moment
                await type_sale(desk, sandbox, sold)
    last = shop(9, 1)
    async with serving(last) as desk:
        await desk.press("f4", "f6")
        await desk.press(
            "enter", "1", "1", "ctrl+u", *"01/05/2021", "enter", "ctrl+u", *"18/05/2021", "enter"
        )
        await desk.see("Vendas de 01/05/2021 a 18/05/2021", "3637565", "3637620")
        rows = [desk.line(str(sold.number)) for sold in SAMPLE]
        check_rows(rows)
        check_order(desk)
        await desk.press("f4")
        await desk.see("Pendentes de toda a loja, as mais antigas primeiro: 2 venda(s).")
        total = sum(last.sales.get(key).total for key in sale_keys(last))
    assert total == TOTAL
    credited = {line.number for sold in SAMPLE for line in sold.lines if line.words == "Confirmada"}
    assert set(sandbox.ledger().credits) == credited
    assert all(times == 1 for times, _ in sandbox.ledger().credits.values())


def runs() -> list[list[Sold]]:
    """The sample cut where its numbers jump: each part is sold on a till of its own."""
    found: list[list[Sold]] = []
    for sold in SAMPLE:
        if found and sold.number == found[-1][-1].number + 1:
            found[-1].append(sold)
        else:
            found.append([sold])
    return found


def check_rows(rows: list[str]) -> None:
    """Every row shows what the sample's row shows, in its words."""
    for sold, row in zip(SAMPLE, rows, strict=True):
        words = next((line.words for line in sold.lines if line.words != "Confirmada"), "Confirmada")
        words = UNSENT_IN_LIST if words == UNSENT else words
        # The list leaves out the one branch there is; the report names it.
        for text in (sold.moment.strftime("%d/%m %H:%M"), sold.seller, sold.customer, words):
            assert text in row
        assert row.startswith("*") == (words != "Confirmada")
    assert "2/3" in rows[4] and "1/1" not in rows[5]


def check_order(desk: Desk) -> None:
    """Newest first."""
    shown = [line for line in desk.lines() if " 36375" in line or " 36376" in line]
    assert [int(line.lstrip("* ").split()[0]) for line in shown] == [sold.number for sold in reversed(SAMPLE)]


def sale_keys(till: Till) -> list[str]:
    """Every sale of the sample's period."""
    first = datetime(2021, 5, 1, tzinfo=ZONE)
    return [line.id for line in till.sales.page(SaleFilter(to_ms(first), till.day()[1]))]
