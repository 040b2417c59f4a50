"""The server is back and does not take what a till kept for it: said with why, and nothing is lost."""

import logging
from pathlib import Path

import pytest

from pos_tui import doctor
from pos_tui.domain.instants import show
from pos_tui.store import shadow
from pos_tui.till import Till
from tests.postgres import needed
from tests.sandbox import SandboxControl
from tests.scale.islands import shadowed, store_of
from tests.scale.selling import open_one
from tests.scale.test_server_away import Shop, postgres, sell, shop
from tests.screens.desk import at_desk

__all__ = ["postgres", "shop"]

pytestmark = needed()

HINDER = "ALTER TABLE sale ADD CONSTRAINT nada_novo CHECK (number < 2)"
FREE = "ALTER TABLE sale DROP CONSTRAINT nada_novo"


def at_the_server(shop: Shop, text: str) -> None:
    """Somebody there changes the tables."""
    with shop.server.reading() as tx:
        tx.database.execute_sql(text)  # type: ignore[no-untyped-call]


def database_of(till: Till) -> doctor.Finding:
    """What the doctor says of the database."""
    (found,) = [one for one in doctor.of_till(till, alone=False) if one.name == "database"]
    return found


def get_stuck(shop: Shop) -> None:
    """Two sales wait, and the server that is back refuses them."""
    shop.line.pull()
    sell(shop.first)
    sell(shop.first)
    at_the_server(shop, HINDER)
    shop.line.plug()
    assert not store_of(shop.first).come_back()


def test_the_doctor_says_why_and_since_when(shop: Shop) -> None:
    shop.line.pull()
    sell(shop.first)
    found = database_of(shop.first)
    assert found.level is doctor.Level.WARNING and "não responde" in found.words
    shop.line.plug()
    get_stuck(shop)
    found, since = database_of(shop.first), shop.first.unsent_since()
    assert found.level is doctor.Level.FAILURE and since is not None
    assert "gravação(ões) deste caixa esperam por ele desde" in found.words
    assert show(since, shop.first.context.zone) in found.words and "nada_novo" in found.words
    assert shop.first.context.now() - since < 60_000


def test_it_goes_on_and_arrives_once_it_is_free(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    get_stuck(shop)
    caplog.clear()
    with caplog.at_level(logging.ERROR, shadow.__name__):
        assert not store_of(shop.first).come_back()
    assert not caplog.records, "said once, not at every try"
    assert sell(shop.first).number == 4
    at_the_server(shop, FREE)
    assert store_of(shop.first).come_back()
    assert shop.numbers() == [1, 2, 3, 4] and not shop.first.hindrance() and shop.first.unsent() is None


def test_the_till_opens_though_it_is_stuck(shop: Shop, sandbox: SandboxControl, tmp_path: Path) -> None:
    get_stuck(shop)
    shop.first.close()
    with shadowed(shop.line.port):
        again = open_one(tmp_path / "1", sandbox.url, 1)
    assert store_of(again).away and "nada_novo" in again.hindrance()
    assert sell(again).number == 4
    at_the_server(shop, FREE)
    assert store_of(again).come_back()
    assert shop.numbers() == [1, 2, 3, 4]
    again.close()


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_the_cashier_sees_that_it_is_not_the_network(shop: Shop, size: tuple[int, int]) -> None:
    get_stuck(shop)
    async with at_desk(shop.first, size) as desk:
        await desk.see("ENVIO PARADO")
