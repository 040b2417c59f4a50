"""A database that fails in the middle of something ends nothing: what could not be done is told."""

import pytest

from pos_tui.domain.errors import StoreError
from pos_tui.till import Till
from tests.people.staff import ANA, ANA_PIN, BETO, BETO_PIN, hire
from tests.people.test_login import enter
from tests.screens.desk import at_desk
from tests.tills import add, new_sale

BUSY = "Outro programa está gravando no banco de dados. Tente de novo."


def fail(*_: object) -> None:
    raise StoreError(BUSY)


async def test_as_a_desk_is_left(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_desk(till) as desk:
        await desk.press("f7")
        await desk.see("Caixa fechado.")
        monkeypatch.setattr(till.sales, "current", fail)
        await desk.press("escape")
        await desk.see("[1 Início]", BUSY)


async def test_as_a_dialog_on_a_desk_is_left(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_desk(till) as desk:
        await desk.press("f7")
        await desk.see("Fechamentos anteriores")
        await desk.press(desk.line("Fechamentos anteriores").split()[0])
        await desk.see("Fechamentos de caixa")
        monkeypatch.setattr(till.cash, "shift", fail)
        await desk.press("escape")
        await desk.see("Abertura", BUSY)


async def test_as_the_papers_are_read(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_desk(till) as desk:
        monkeypatch.setattr(till.spool, "owed", fail)
        await desk.press("ctrl+o")
        await desk.see(BUSY)
        await desk.press("enter")
        await desk.see("Impressões a fazer")


async def test_as_a_top_up_is_added(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_desk(till) as desk:
        monkeypatch.setattr(till.topups, "earlier_today", fail)
        await desk.press("f3")
        await desk.see("1 Vivo")
        await desk.type("1" + "67999991234" * 2 + "4")
        await desk.see("[2 Recarga]", BUSY)


async def test_nobody_works_in_anothers_name(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    hire(till)
    add(till, new_sale(till, ANA))
    async with at_desk(till) as desk:
        await enter(desk, "2", ANA_PIN)
        await desk.see(f"Bem-vindo(a), {ANA}.")
        await desk.press("ctrl+e")
        monkeypatch.setattr(till.sales, "hand_over", fail)
        await enter(desk, "3", BETO_PIN)
        await desk.see("Entrar no caixa", BUSY)
        monkeypatch.undo()
        await enter(desk, "3", BETO_PIN)
        await desk.see(f"{BETO} assume a venda em andamento de {ANA}.")
    assert till.sales.current("", "").seller == BETO


async def test_the_screen_locks_though_it_cannot_be_written_down(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(till)
    async with at_desk(till) as desk:
        await enter(desk, "2", ANA_PIN)
        await desk.see(f"Bem-vindo(a), {ANA}.")
        monkeypatch.setattr(till.operators, "_write_event", fail)
        await desk.press("ctrl+e")
        await desk.see("Tela bloqueada (tecla)")
        assert till.guard.operator is None


async def test_whoever_is_there_stays_while_nobody_can_say_otherwise(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(till)
    async with at_desk(till) as desk:
        await enter(desk, "2", ANA_PIN)
        await desk.see(f"Bem-vindo(a), {ANA}.")
        monkeypatch.setattr(till.operators, "get", fail)
        desk.app.lock_when_idle()
        await desk.see("[1 Início]")
