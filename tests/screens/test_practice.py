"""Falhas do treinamento, by keys: set, seen in the sale, ended (issue 6)."""

import asyncio

import pytest

from pos_tui.domain.values import replace
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk, at_desk
from tests.screens.test_at_once import slow

SIZES = [(80, 24), (40, 12)]


async def open_faults(desk: Desk) -> None:
    """Ctrl+Z."""
    await desk.press("ctrl+z")
    await desk.see("Nada em falha")


@pytest.mark.parametrize("size", SIZES)
async def test_a_lost_answer_is_chosen_and_met_in_a_sale(till: Till, size: tuple[int, int]) -> None:
    async with at_desk(till, size) as desk:
        await open_faults(desk)
        await desk.press("1", "2", "1", "1")
        await desk.see("Recarga · Reservar: Faz, e a resposta se perde (1 vez)", "Pronto")
        await desk.press("escape", "f3")
        await desk.see("1 Vivo")
        # The first value: how many more a page of a narrow window holds depends on the notice below it.
        await desk.press("1", *"67999991234", *"67999991234", "1")
        await desk.see("Não refaça a venda")
        await desk.press("f5")
        await desk.gone("Não refaça a venda")
        await open_faults(desk)


async def test_faults_add_up_and_f8_ends_them_all(till: Till, sandbox: SandboxControl) -> None:
    async with at_desk(till) as desk:
        await open_faults(desk)
        await desk.press("f8")
        await desk.see("Nada em falha")
        await desk.press("1", "1", "3", "3")
        await desk.see("Recarga · Qualquer pedido: Fora do ar: nada é feito (sempre)")
        await desk.press("2", "3", "2", "2")
        await desk.see("Pix · Consultar: Demora 20 segundos (3 vezes)")
        await desk.press("3", "1", "1", "2")
        await desk.see("TEF · Venda no cartão: Negado pelo banco (3 vezes)")
        assert len(till.practice.in_force()) == 3
        await desk.press("f8")
        await desk.see("Falhas terminadas", "Nada em falha")
    assert till.practice.in_force() == []


async def test_a_fault_of_pix_leaves_top_ups_alone(till: Till, sandbox: SandboxControl) -> None:
    async with at_desk(till) as desk:
        await open_faults(desk)
        await desk.press("2", "1", "3", "3")
        await desk.see("Pix · Qualquer pedido: Fora do ar: nada é feito (sempre)")
        await desk.press("escape", "f3")
        await desk.see("1 Vivo")
        await desk.press("1", *"67999991234", *"67999991234", "4")
        await desk.see("Receba o pagamento")


async def test_what_is_chosen_while_a_fault_is_set_stays(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    job = slow(monkeypatch, till.practice, "set")
    async with at_desk(till) as desk:
        await open_faults(desk)
        await desk.press("1", "2", "1", "1")
        await asyncio.to_thread(job.begun.wait)
        await desk.press("2", "3")
        job.go_on.set()
        await desk.see("Recarga · Reservar: Faz, e a resposta se perde (1 vez)", "Pronto")
        await desk.press("2", "2")
        await desk.see("Pix · Consultar: Demora 20 segundos (3 vezes)")


async def test_there_is_no_such_desk_in_a_real_store(till: Till) -> None:
    async with at_desk(till) as desk:
        real = replace(till.config.till, training=False)
        till.config = replace(till.config, till=real, source=till.folder / "config.toml")
        await desk.press("ctrl+z")
        await desk.see("Só no treinamento.")
        await desk.press("f12")
        await desk.see("Menu")
        assert "Falhas" not in desk.words()
