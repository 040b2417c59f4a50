"""F7: the drawer's desk by keys, at the design size and at the least one (issue 6)."""

import threading

import pytest

from pos_tui.domain.cash import MoveKind
from pos_tui.domain.people import Action
from pos_tui.printing.receipt import Receipt
from pos_tui.services.cash import Rules
from pos_tui.services.guard import Approval
from pos_tui.till import Till
from tests.people.staff import ANA, ANA_PIN, BOSS, BOSS_PIN, hire
from tests.people.test_cash import sell
from tests.screens.desk import at_desk
from tests.tills import SELLER, add, new_sale

SIZES = [(80, 24), (40, 12)]


@pytest.mark.parametrize("size", SIZES)
async def test_g56_a_whole_day_of_the_drawer(till: Till, size: tuple[int, int]) -> None:
    def choose(number: int) -> list[str]:
        """A small window shows few options at once: there the arrows choose."""
        return [str(number)] if size[1] > 12 else [*["down"] * number, "enter"]

    async with at_desk(till, size) as desk:
        await desk.press("f7")
        await desk.see("Caixa fechado.", "1 Abertura")
        await desk.press(*choose(1), *"100", "enter")
        await desk.see("Caixa aberto.", "Caixa nº 1 aberto em", "R$ 100,00")
        await desk.press(*choose(2), *"50", "enter", *"troco do banco", "enter")
        await desk.see("Suprimento registrado: R$ 50,00", "R$ 150,00")
        await desk.press(*choose(3), *"30", "enter", *"cofre da loja", "enter")
        await desk.see("Sangria registrada: R$ 30,00", "R$ 120,00")
        await desk.press(*choose(5))
        await desk.see("LEITURA X")
        await desk.press("escape")
        await desk.press(*choose(6))
        await desk.see("Contagem do caixa")
        await desk.press("1", "down", "down", "down", "1", *["enter"] * 5)
        await desk.see("Fechar o caixa?", "Contado: R$ 220,00.", "Sobra: R$ 100,00.")
        await desk.press("enter")
        await desk.see("Contagem do caixa")
        await desk.press("backspace", "down", "1", *["enter"] * 7)
        await desk.see("Contado: R$ 120,00.", "Confere.")
        await desk.press("f")
        await desk.see("Fechamento de caixa")
        await desk.press("end", "escape")
        await desk.see("Caixa fechado. O Z está sendo impresso", "O nº 1 fechou em")
    assert till.cash.shift() is None


@pytest.mark.parametrize("size", SIZES)
async def test_a_difference_asks_for_its_reason(till: Till, size: tuple[int, int]) -> None:
    till.cash.open(1_000, SELLER)
    async with at_desk(till, size) as desk:
        await desk.press("f7")
        await desk.see("Caixa nº 1")
        await desk.press(*(["6"] if size[1] > 12 else [*["down"] * 6, "enter"]))
        await desk.see("Contagem do caixa")
        await desk.press(*["down"] * 7, *"9", "enter")
        await desk.see("Fechar o caixa?", "Falta: R$ 1,00.")
        await desk.press("f")
        await desk.see("Diferença no caixa", "Falta: R$ 1,00.", "Motivo")
        await desk.press("escape")
        await desk.see("Fechar o caixa?")
        await desk.press("f")
        await desk.see("Diferença no caixa")
        await desk.press(*"ops", "enter")
        await desk.see("escreva o motivo da diferença")
        await desk.press(*"troco dado a mais", "enter")
        await desk.see("Fechamento de caixa")
    last = till.cash.last()
    assert last is not None and (last.difference, last.reason) == (-100, "troco dado a mais")


async def test_closed_things_say_why(till: Till) -> None:
    async with at_desk(till) as desk:
        await desk.press("f7", "3")
        await desk.see("O caixa está fechado: faça a abertura.")
        await desk.press("1", "0", "enter")
        await desk.see("Caixa aberto.")
        await desk.press("1")
        await desk.see("O caixa já está aberto.")


async def test_errors_stand_at_their_field(till: Till) -> None:
    till.cash.open(1_000, SELLER)
    async with at_desk(till) as desk:
        await desk.press("f7", "3", *"10,01", "enter", *"cofre da loja", "enter")
        await desk.see("o caixa não tem tanto dinheiro")
        await desk.press("f1")
        await desk.see("Ajuda: Caixa", "Nada se fecha")


async def test_cash_back_for_a_cancelled_topup(till: Till) -> None:
    till.cash.open(0, SELLER)
    sale = sell(till, confirm=False)
    till.topups.cancel(sale.topups[0].id, "cliente desistiu", SELLER)
    async with at_desk(till) as desk:
        await desk.press("f7", "4", "9", "enter", *"15", "enter", *"cliente desistiu", "enter")
        await desk.see("Não há venda com este número")
        await desk.press("backspace", "1", "enter", "enter", "enter")
        await desk.see("Devolução registrada: R$ 15,00")
        await desk.press("4", "1", "enter", *"15", "enter", *"cliente desistiu", "enter")
        await desk.see("cartão ou Pix volta por F8 na Lista de vendas")
    (back,) = [move for move in till.cash.moves() if move.kind is MoveKind.REFUND]
    assert (back.amount, back.sale_id) == (1500, sale.id)


async def test_closing_with_pendings_asks_for_the_reason_and_carries_them_over(till: Till) -> None:
    till.cash.open(0, SELLER)
    sale = sell(till, confirm=False)
    async with at_desk(till) as desk:
        await desk.press("f7", "6")
        await desk.see("Contagem do caixa")
        await desk.press(*["down"] * 7, *"15", "enter")
        await desk.see("Fica para o próximo caixa: 1 recarga(s) pendente(s).")
        await desk.press("f")
        await desk.see("Autorizar: fechar o caixa com pendências", "Diga o motivo.", "1 recarga(s)")
        await desk.press("escape")
        await desk.see("Sem autorização: nada foi feito.")
        await desk.press("6")
        await desk.see("Contagem do caixa", "R$ 15,00")
        await desk.press(*["down"] * 7, "enter")
        await desk.see("Fechar o caixa?", "Contado: R$ 15,00")
        await desk.press("f")
        await desk.see("Diga o motivo.")
        await desk.press(*"operadora fora", "enter")
        await desk.see("Fechamento de caixa")
    last = till.cash.last()
    assert last is not None and (last.carried, last.reason, last.difference) == (1, "operadora fora", 0)
    assert till.sales.get(sale.id).topups[0].pending


async def test_a_cashier_takes_money_out_only_with_a_supervisor(till: Till) -> None:
    hire(till)
    async with at_desk(till) as desk:
        await desk.see("Entrar no caixa")
        await desk.press("2", "enter", *ANA_PIN, "enter")
        await desk.see(f"Bem-vindo(a), {ANA}.")
        await desk.press("f7", "1", *"100", "enter")
        await desk.see("Caixa aberto")
        await desk.press("3", *"30", "enter", *"cofre da loja", "enter")
        await desk.see("Autorizar: sangria", f"{ANA} pede", "Sangria de R$ 30,00: cofre da loja")
        await desk.press("2", "enter", *ANA_PIN, "enter", *"cofre cheio", "enter")
        await desk.see("Quem pede não autoriza a si mesmo")
        await desk.press(*["up"] * 1, "backspace", "1", "enter", *BOSS_PIN, "enter", "enter")
        await desk.see("Sangria registrada: R$ 30,00")
    move = till.cash.moves()[-1]
    assert (move.who, move.approved_by, move.amount) == (ANA, BOSS, 3_000)


async def test_blind_closing_never_shows_what_is_expected(till: Till) -> None:
    hire(till)
    till.cash.rules = Rules(required=False, blind=True)
    async with at_desk(till) as desk:
        await desk.press("2", "enter", *ANA_PIN, "enter")
        await desk.see(ANA)
        await desk.press("f7", "1", *"100", "enter")
        await desk.see("Caixa aberto.", "Caixa nº 1 aberto")
        assert "esperado" not in desk.words()
        await desk.press("5")
        await desk.see("Autorizar: leitura X com fechamento às cegas")
        await desk.press("escape", "6")
        await desk.see("Contagem do caixa")
        await desk.press(*["down"] * 7, *"99", "enter")
        await desk.see("Contado: R$ 99,00.")
        assert "Esperado" not in desk.words() and "Falta" not in desk.words()
        await desk.press("f")
        await desk.see("Se sabe de alguma diferença")
        assert "Falta" not in desk.words()
        await desk.press("enter")
        await desk.see("Fechamento de caixa")


async def test_cash_is_not_taken_while_the_drawer_is_closed(till: Till) -> None:
    till.cash.rules = Rules(required=True, blind=False)
    add(till, new_sale(till))
    async with at_desk(till) as desk:
        await desk.press("f10", "1", "enter")
        await desk.see("O caixa está fechado: abra com F7")


async def test_keys_typed_ahead_and_an_enter_that_bounces_move_money_once(till: Till) -> None:
    till.cash.open(1_000, SELLER)
    async with at_desk(till) as desk:
        await desk.press("f7")
        await desk.see("Caixa nº 1")
        supply, withdrawal = ("2", *"50", "enter", *"troco"), ("3", *"30", "enter", *"cofre")
        await desk.press(*supply, "enter", "enter", *withdrawal, "enter")
        await desk.see("Sangria registrada: R$ 30,00", "R$ 30,00")
    drawer = till.cash.reading().drawer
    assert (drawer.supplied, drawer.withdrawn) == (5_000, 3_000)


async def test_one_thing_is_attempted_at_a_time(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    till.cash.open(1_000, SELLER)
    x_reading, go_on, calls = till.cash.x_reading, threading.Event(), []

    def slow(who: str, approval: Approval | None = None) -> Receipt:
        calls.append(who)
        go_on.wait()
        return x_reading(who, approval)

    monkeypatch.setattr(till.cash, "x_reading", slow)
    async with at_desk(till) as desk:
        await desk.press("f7")
        await desk.see("Caixa nº 1")
        await desk.press("5", "5")
        await desk.see("Aguarde: o que foi pedido ainda está sendo feito.")
        go_on.set()
        await desk.see("LEITURA X")
    assert len(calls) == 1


async def test_a_wrong_pin_is_tried_once_however_often_enter_bounces(till: Till) -> None:
    till.cash.open(1_000, SELLER)
    hire(till)
    tries: list[int] = []
    approve, go_on = till.operators.approve, threading.Event()

    def slow(action: Action, subject: str, number: int, pin: str, reason: str, who: str) -> Approval:
        tries.append(number)
        go_on.wait()
        return approve(action, subject, number, pin, reason, who)

    till.operators.approve = slow  # type: ignore[method-assign]
    async with at_desk(till) as desk:
        await desk.see("Operador nº")
        await desk.press("2", "enter", *ANA_PIN, "enter")
        await desk.see(ANA)
        await desk.press("f7")
        await desk.see("Caixa nº 1")
        await desk.press("3", *"5", "enter", *"cofre", "enter")
        await desk.see("Supervisor nº")
        await desk.press("1", "enter", *BOSS_PIN, "enter", *"cofre", "enter", "enter")
        await desk.see("Conferindo")
        go_on.set()
        await desk.see("Sangria registrada: R$ 5,00")
    assert tries == [1]
