"""Coming in, the screen lock and the hand-over, by keys (issue 6)."""

import threading
from pathlib import Path

import pytest

from pos_tui.domain.people import Action
from pos_tui.domain.sale import SaleFilter
from pos_tui.domain.values import replace
from pos_tui.screens.outside import OutsideWait
from pos_tui.settings.store import OperatorsSettings
from pos_tui.store.models import OperatorRow
from pos_tui.till import Till
from pos_tui.widgets.dialog import TextPage
from tests.people.staff import ANA, ANA_PIN, BETO, BETO_PIN, BOSS, BOSS_PIN, hire
from tests.people.test_boards import open_desk
from tests.people.test_operators import Clock, journal
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk, at_desk
from tests.tills import EVER, Watch, add, new_sale, open_till, settings

SIZES = [(80, 24), (40, 12)]


async def enter(desk: Desk, number: str, pin: str) -> None:
    """Type number and PIN."""
    await desk.see("Operador nº")
    await desk.press(*number, "enter", *pin, "enter")


async def test_training_needs_nobody_and_says_so(till: Till) -> None:
    async with at_desk(till) as desk:
        await desk.see("TREINAMENTO", "Início")
        await desk.press("ctrl+e")
        await desk.see("Em treinamento sem operadores não há bloqueio")


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_but_a_right_pin_leads_in(till: Till, size: tuple[int, int]) -> None:
    hire(till)
    async with at_desk(till, size) as desk:
        await desk.see("Entrar no caixa")
        await desk.press("escape", "f3", "f7", "f12")
        await desk.see("Entrar no caixa")
        await enter(desk, "2", "0001")
        await desk.see("Número ou PIN errado.")
        assert "0001" not in desk.words()
        await enter(desk, "2", ANA_PIN)
        await desk.see("Início", f"Bem-vindo(a), {ANA}.")


async def test_the_first_supervisor_of_a_store(
    till: Till, tmp_path: Path, sandbox: SandboxControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Till, "login_required", property(lambda _: True))  # as outside training
    async with at_desk(till) as desk:
        await desk.see("Primeiro supervisor")
        await desk.press(*BOSS, "enter", *"123456", "enter", *"123456", "enter")
        await desk.see("PIN fácil demais")
        await desk.press(*["backspace"] * 6, *BOSS_PIN, "enter", *["backspace"] * 6, *"999", "enter")
        await desk.see("Os dois PINs são diferentes.")
        await desk.press(*["backspace"] * 3, *BOSS_PIN, "enter")
        await desk.see(f"Bem-vindo(a), {BOSS}.")
    (boss,) = till.operators.all()
    assert (boss.number, boss.role.value) == (1, "supervisor")


async def test_g51_somebody_else_takes_over_the_open_sale(till: Till) -> None:
    hire(till)
    add(till, new_sale(till, ANA))
    async with at_desk(till) as desk:
        await enter(desk, "2", ANA_PIN)
        await desk.see(ANA)
        await desk.press("f10", "f7")
        await desk.see("Caixa fechado.")
        await desk.press("ctrl+e")
        await desk.see("Tela bloqueada (tecla)")
        await enter(desk, "2", ANA_PIN)
        await desk.see("Caixa fechado.")
        await desk.press("f11")
        await enter(desk, "3", BETO_PIN)
        await desk.see("[3 Pagamento]", f"{BETO} assume a venda em andamento de {ANA}.")
        await desk.press("1", "enter", "f10")
        await desk.see("Venda 1 salva.")
    (line,) = till.sales.page(SaleFilter(*EVER))
    assert line.seller == BETO
    assert [event for _, kind, event, _ in journal(till) if kind == "operator"][-5:] == [
        "entered", "left", "entered", "left", "entered",
    ]  # fmt: skip


async def test_the_screen_locks_itself_after_minutes_without_a_key(
    tmp_path: Path, sandbox: SandboxControl
) -> None:
    clock = Clock()
    config = replace(settings(), operators=OperatorsSettings(idle_minutes=2))
    till = open_till(tmp_path / "idle", sandbox, config, clock)
    hire(till)
    async with at_desk(till) as desk:
        await enter(desk, "2", ANA_PIN)
        await desk.see(ANA)
        clock.go(119)
        desk.app.lock_when_idle()
        await desk.press("f3")
        clock.go(119)
        desk.app.lock_when_idle()
        assert till.guard.may(Action.SELL), "a key keeps it awake"
        clock.go(1)
        desk.app.lock_when_idle()
        await desk.see("Tela bloqueada (inatividade)")
        assert not till.guard.may(Action.SELL)
    till.close()


async def test_an_answer_that_comes_while_the_screen_is_locked_does_not_unlock_it(till: Till) -> None:
    hire(till)
    go_on = threading.Event()
    async with at_desk(till) as desk:
        await enter(desk, "2", ANA_PIN)
        await desk.see(ANA)
        wait = OutsideWait(till, "TEF de R$ 15,00", ["Siga o pinpad."], go_on.wait)
        desk.app.push_screen(wait)
        await desk.see("Siga o pinpad.")
        desk.app.action_lock("inatividade")
        await desk.see("Tela bloqueada (inatividade)")
        go_on.set()
        await desk.until(lambda: not list(desk.app.workers), "the answer")
        await desk.see("Tela bloqueada (inatividade)")
        await enter(desk, "2", ANA_PIN)
        await desk.see("[1 Início]")


async def test_what_comes_while_the_screen_is_locked_is_shown_to_who_waited_for_it(till: Till) -> None:
    hire(till)
    async with at_desk(till) as desk:
        await enter(desk, "2", ANA_PIN)
        await desk.see(ANA)
        desk.app.action_lock("tecla")
        await desk.see("Tela bloqueada (tecla)")
        desk.app.push_screen(TextPage("Resultado", ["2 de 3 feitos"]))
        await desk.press("escape")
        await desk.see("Tela bloqueada (tecla)")
        await enter(desk, "2", ANA_PIN)
        await desk.see("2 de 3 feitos")
        await desk.press("escape", "ctrl+e")
        await desk.see("Tela bloqueada (tecla)")
        desk.app.push_screen(TextPage("Resultado", ["2 de 3 feitos"]))
        await enter(desk, "3", BETO_PIN)
        await desk.see("[1 Início]", f"Bem-vindo(a), {BETO}.")


async def test_who_is_switched_off_elsewhere_is_out(till: Till) -> None:
    _, ana, _ = hire(till)
    async with at_desk(till) as desk:
        await enter(desk, "2", ANA_PIN)
        await desk.see(ANA)
        till.context.store.write(
            lambda tx: tx.run(OperatorRow.update(active=False).where(OperatorRow.id == ana.id))
        )
        desk.app.lock_when_idle()
        await desk.see("Tela bloqueada (operador desativado)")
        await enter(desk, "2", ANA_PIN)
        await desk.see("Operador desativado.")


async def test_twenty_wrong_pins_lock_and_a_supervisor_releases(till: Till, watch: Watch) -> None:
    hire(till)
    async with at_desk(till) as desk:
        for tries in range(1, 21):
            await enter(desk, "2", "0001")
            await desk.until(lambda: till.operators.all()[1].failures == tries, "the try counted")  # noqa: B023
            await desk.see("Número ou PIN errado")
            watch.advance(3_600)
        await enter(desk, "2", ANA_PIN)
        await desk.see("Operador bloqueado por PINs errados")
        assert till.guard.operator is None
        await enter(desk, "1", BOSS_PIN)
        await desk.see(f"Bem-vindo(a), {BOSS}.")
        await open_desk(desk, "people")
        await desk.see("Operadores", "bloqueado")
        await desk.press("down", "l")
        await desk.see(f"{ANA}: liberado.")
        await desk.press("escape", "ctrl+e")
        await enter(desk, "2", ANA_PIN)
        await desk.see(ANA)
