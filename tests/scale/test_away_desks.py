"""The desks of a till whose server is away: they open, and claim nothing that they do not know."""

import csv
from pathlib import Path

import pytest

from pos_tui.domain.errors import StoreError
from pos_tui.reports.definition import Asked
from pos_tui.reports.registry import REPORTS
from pos_tui.screens.background import Heard
from pos_tui.screens.desks import DESKS
from pos_tui.screens.orders import OrdersDesk
from pos_tui.screens.sale import SaleScreen
from pos_tui.services.reports import NOT_ALL
from tests.people.test_boards import open_desk
from tests.postgres import needed
from tests.scale.test_server_away import Shop, postgres, sell, shop
from tests.screens.desk import at_desk
from tests.tills import SELLER

__all__ = ["postgres", "shop"]

pytestmark = needed()


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_every_desk_opens(shop: Shop, size: tuple[int, int]) -> None:
    async with at_desk(shop.first, size) as desk:
        shop.line.pull()
        sell(shop.first)
        for row in DESKS:
            desk.app.push_screen(row.open(shop.first, SELLER))
            await desk.see("Esc Voltar")
            while not isinstance(desk.app.screen, SaleScreen):
                # One or two: some ask something at once.
                await desk.press("escape")


async def test_a_desk_on_show_stays_when_the_server_goes(shop: Shop) -> None:
    async with at_desk(shop.first) as desk:
        desk.app.push_screen(OrdersDesk(shop.first, SELLER))
        await desk.see("pedido(s) lido(s)")
        shop.line.pull()
        sell(shop.first)
        desk.app.screen_stack[0].post_message(Heard())
        await desk.see("Isto espera o servidor da loja", "1001")


async def test_the_oversight_does_not_say_that_nothing_waits(shop: Shop) -> None:
    async with at_desk(shop.first) as desk:
        shop.line.pull()
        sell(shop.first)
        await open_desk(desk, "oversight")
        await desk.see("Supervisão", "só o que é deste caixa")
        assert "Nada pendente" not in desk.words()
        await desk.press("f7")
        await desk.see("Caixas da loja", "só o que é deste caixa")


def test_a_report_says_that_it_is_not_all(shop: Shop, tmp_path: Path) -> None:
    shop.line.pull()
    sell(shop.first)
    report, asked = REPORTS[0], Asked(*shop.first.day())
    assert ("Incompleto", NOT_ALL) in shop.first.reports.heading(report, asked).filters
    for _ in shop.first.reports.write_csv(report, asked, tmp_path / "vendas.csv"):
        pass
    with (tmp_path / "vendas.csv").open(encoding="utf-8-sig") as file:
        assert list(csv.reader(file, delimiter=";"))[-1] == [NOT_ALL]
    assert ("Incompleto", NOT_ALL) not in shop.second.reports.heading(report, asked).filters


def test_nobody_is_told_that_they_were_forgotten(shop: Shop) -> None:
    shop.line.pull()
    sell(shop.first)
    with pytest.raises(StoreError, match="espera o servidor da loja"):
        shop.first.privacy.find("Maria")
    assert shop.first.privacy.expire(1) == 0
