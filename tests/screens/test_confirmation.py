"""Confirmação: one, several each by itself, cancel, print, and no way back (seed 1)."""

from itertools import count

import pytest

from pos_tui.domain.payment import Method
from pos_tui.domain.sale import Sale
from pos_tui.domain.topup import TopUpState
from pos_tui.screens.confirmation import Confirmation
from pos_tui.services.topups import PendingLimit
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk, at_desk
from tests.tills import LINE, add, new_sale, pay_and_save

SUCCESS = "Recarga conekta confirmada com sucesso"
LINES = (LINE, "67999991235", "67999991236")


def saved(till: Till, count: int = 1) -> Sale:
    """A saved sale of so many top-ups of R$ 15,00."""
    sale = new_sale(till)
    for line in LINES[:count]:
        add(till, sale, line=line)
    return pay_and_save(till, sale)


async def popup(desk: Desk) -> None:
    """Open the newest sale of the list."""
    await desk.press("f4", "enter")
    await desk.see("Confirmação da recarga: venda 1")


def states(till: Till, sale: Sale) -> list[TopUpState]:
    """Where its top-ups stand."""
    return [topup.state for topup in till.sales.get(sale.id).topups]


async def test_one_asks_directly_and_is_credited_once(till: Till, sandbox: SandboxControl) -> None:
    saved(till)
    async with at_desk(till) as desk:
        await popup(desk)
        await desk.see("Confirmar a recarga de R$ 15,00 para 67 99999-1234?")
        assert sandbox.ledger().credits == {}
        await desk.press("enter", "enter", "enter")
        await desk.see(f"{SUCCESS}.", "Situação: Confirmada", "O comprovante está sendo impresso.")
        await desk.press("enter")
        await desk.see("já está confirmada")
        await desk.press("escape")
        await desk.see("[4 Lista de vendas]", "0 de 5 pendências")
        assert "Confirmada" in desk.line("Consumidor")
    assert sandbox.ledger().credits == {LINE: (1, 1500)}


async def test_several_are_a_list_each_confirmed_by_itself(
    till: Till, sandbox: SandboxControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = saved(till, 3)
    monkeypatch.setattr(Confirmation, "clock", count().__next__)  # a second between two keys
    async with at_desk(till) as desk:
        await popup(desk)
        await desk.see("> *1 Vivo", "*2 Vivo", "*3 Vivo")
        await desk.press("2")
        await desk.see("> *2 Vivo")
        await desk.press("enter")
        await desk.see(f"{SUCCESS}. Faltam 2.")
        assert states(till, sale) == [TopUpState.RESERVED, TopUpState.CONFIRMED, TopUpState.RESERVED]
        assert "> *1 Vivo" in desk.words(), "the mark goes on to one that waits"
        await desk.press("enter")
        await desk.see(f"{SUCCESS}. Falta 1.", "> *3 Vivo")
        await desk.press("enter")
        await desk.see(f"{SUCCESS}. O comprovante")
    assert sandbox.ledger().credits == dict.fromkeys(LINES, (1, 1500))


async def test_arrows_and_numbers_mark(till: Till) -> None:
    saved(till, 3)
    async with at_desk(till) as desk:
        await popup(desk)
        await desk.press("down", "down", "down")
        await desk.see("> *3 Vivo")
        await desk.press("up")
        await desk.see("> *2 Vivo")
        await desk.press("9")
        await desk.see("> *2 Vivo")


@pytest.mark.parametrize(
    ("paid", "told"),
    [(0, "Nada foi pago ainda."), (500, "A venda não está salva: o que já foi recebido continua nela.")],
)
async def test_cancelling_before_the_sale_is_saved_says_whose_its_money_is(
    till: Till, paid: int, told: str
) -> None:
    sale = new_sale(till)
    add(till, sale)
    if paid:
        till.sales.add_payment(till.sales.get(sale.id), Method.CASH, paid)
    async with at_desk(till) as desk:
        await desk.press("f4", "f4", "enter")
        await desk.see("Confirmação da recarga: venda aberta")
        await desk.press("f8")
        await desk.see("Cancelar recarga", told)


async def test_cancel_needs_a_reason(till: Till, sandbox: SandboxControl) -> None:
    sale = saved(till)
    async with at_desk(till) as desk:
        await popup(desk)
        await desk.press("f8")
        await desk.see("Cancelar recarga", "O valor volta ao cliente.")
        await desk.press("enter")
        await desk.see("Preencha este campo.")
        await desk.press("escape")
        await desk.see("Situação: Pendente")
        await desk.press("c")
        await desk.type("cliente desistiu", "enter")
        await desk.see("Recarga 67 99999-1234: cancelada.", "Situação: Cancelada · cliente desistiu")
        await desk.press("enter")
        await desk.see("Cancelada: não há o que confirmar.")
    assert states(till, sale) == [TopUpState.CANCELLED]
    assert sandbox.ledger().credits == {}


async def test_what_is_confirmed_cannot_be_cancelled(till: Till, sandbox: SandboxControl) -> None:
    saved(till)
    async with at_desk(till) as desk:
        await popup(desk)
        await desk.press("enter")
        await desk.see(SUCCESS)
        await desk.press("f8")
        await desk.see("não pode mais ser cancelada")
        assert "Motivo" not in desk.words()
    assert sandbox.ledger().credits == {LINE: (1, 1500)}


async def test_the_receipt_is_shown_and_printed_again_marked(till: Till) -> None:
    saved(till)
    async with at_desk(till) as desk:
        await popup(desk)
        await desk.press("f9")
        await desk.see("Só recarga confirmada tem comprovante.")
        await desk.press("enter")
        await desk.see(SUCCESS, "COMPROVANTE DE RECARGA DE CELULAR")
        await desk.press("i")
        await desk.see("Comprovante (2ª via)", "REIMPRESSÃO")
        await desk.press("escape", "escape")
        await desk.until(lambda: not till.spool.owed(), "the printer done")
    drawer, first, second = sorted((till.folder / "papers").glob("*.bin"))
    assert drawer.stat().st_size < first.stat().st_size
    assert b"REIMPRESS" not in first.read_bytes()
    assert b"REIMPRESS" in second.read_bytes()


async def test_an_unsent_one_is_sent_from_here(till: Till, sandbox: SandboxControl) -> None:
    sandbox.settings(cap=0)
    sale = new_sale(till)
    with pytest.raises(PendingLimit):
        add(till, sale)
    sandbox.settings(cap=None)
    pay_and_save(till, sale)
    async with at_desk(till) as desk:
        await desk.press("f4")
        await desk.see("Pendentes de toda a loja")
        await desk.press("enter")
        await desk.see("Situação: Pendente (Envio não realizado)")
        await desk.press("enter")
        assert sandbox.ledger().credits == {}
        await desk.press("e")
        await desk.see("Recarga 67 99999-1234: pendente.")
        await desk.press("enter")
        await desk.see(SUCCESS)
    assert sandbox.ledger().credits == {LINE: (1, 1500)}


@pytest.mark.parametrize("key", ["enter", "f5"])
@pytest.mark.parametrize("fault", ["lost", "garbage", "bad_gateway", "unknown_word"])
async def test_an_answer_that_proves_nothing_is_asked_about(
    till: Till, sandbox: SandboxControl, fault: str, key: str
) -> None:
    saved(till)
    async with at_desk(till) as desk:
        await popup(desk)
        sandbox.fault(fault, "confirm")
        await desk.press("enter")
        await desk.see("Situação: Pendente [verificar]", "Não refaça a venda: consulte com F5")
        await desk.press("f8")
        await desk.see("A confirmação já foi decidida", "Situação: Pendente [verificar]")
        await desk.press(key)
        await desk.see(SUCCESS)
    assert sandbox.ledger().credits == {LINE: (1, 1500)}


async def test_a_provider_that_is_down_keeps_the_decision(till: Till, sandbox: SandboxControl) -> None:
    saved(till)
    async with at_desk(till) as desk:
        await popup(desk)
        sandbox.fault("down", times=None)
        await desk.press("enter")
        await desk.see("[verificar]")
        sandbox.clear()
        await desk.press("f5")
        await desk.see("Recarga 67 99999-1234: pendente.")
        await desk.press("f8")
        await desk.see("cancel")
        assert "Motivo" not in desk.words()
        await desk.press("enter")
        await desk.see(SUCCESS)
    assert sandbox.ledger().credits == {LINE: (1, 1500)}


async def test_an_expired_reserve_says_so(till: Till, sandbox: SandboxControl) -> None:
    saved(till)
    async with at_desk(till) as desk:
        await popup(desk)
        sandbox.fault("expire", "confirm")
        await desk.press("enter")
        await desk.see("A reserva expirou e nada foi creditado")
    assert sandbox.ledger().credits == {}


async def test_leaving_while_the_provider_thinks_loses_nothing(till: Till, sandbox: SandboxControl) -> None:
    sale = saved(till)
    async with at_desk(till) as desk:
        await popup(desk)
        sandbox.fault("slow", "confirm", seconds=0.5)
        await desk.press("enter", "escape")
        await desk.see("[4 Lista de vendas]")
        await desk.until(lambda: states(till, sale) == [TopUpState.CONFIRMED], "the answer written down")
        await desk.until(lambda: not till.spool.owed(), "the receipt printed")
        await desk.press("f5")
        await desk.see("Confirmada", "0 de 5 pendências")
    assert sandbox.ledger().credits == {LINE: (1, 1500)}


async def test_an_open_sale_cannot_be_confirmed_before_it_is_paid(
    till: Till, sandbox: SandboxControl
) -> None:
    add(till, new_sale(till))
    async with at_desk(till) as desk:
        await desk.press("f4", "f4", "enter")
        await desk.see("Confirmação da recarga: venda aberta, Consumidor")
        await desk.press("enter")
        await desk.see("A confirmação só deve ocorrer depois do pagamento")
    assert sandbox.ledger().credits == {}


async def test_help_names_the_contacts(till: Till) -> None:
    saved(till)
    async with at_desk(till) as desk:
        await popup(desk)
        await desk.press("f1")
        await desk.see("Ajuda: Confirmação da recarga", "0800 941 4530")


async def test_an_answer_that_did_not_come_is_told_once(till: Till, sandbox: SandboxControl) -> None:
    saved(till)
    async with at_desk(till) as desk:
        await popup(desk)
        sandbox.fault("down", "status", times=9)
        await desk.press("f5")
        await desk.see("o resultado não é conhecido")
        assert desk.words().count("o resultado não é conhecido") == 1
        await desk.press("e")
        await desk.see("O envio já foi realizado.", "o resultado não é conhecido")


async def test_a_sale_of_which_nothing_came_about_is_not_called_partial(till: Till) -> None:
    saved(till)
    async with at_desk(till) as desk:
        await popup(desk)
        await desk.press("f8")
        await desk.type("desistiu", "enter")
        await desk.see("NENHUMA RECARGA REALIZADA. Pago R$ 15,00", "Recarga 67 99999-1234: cancelada.")
        assert "PARCIAL" not in desk.words()


async def test_an_enter_held_down_confirms_one_and_never_those_behind_it(
    till: Till, sandbox: SandboxControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(till, 3)
    now = [100.0]
    monkeypatch.setattr(Confirmation, "clock", lambda _: now[0])
    async with at_desk(till) as desk:
        await popup(desk)
        await desk.press("enter")
        await desk.see(f"{SUCCESS}. Faltam 2.")
        for wait in (0.66, 0.03, 0.03, 0.03):
            now[0] += wait
            await desk.press("enter")
        await desk.see("Enter ficou preso?", "> *2 Vivo")
        assert sandbox.ledger().credits == {LINE: (1, 1500)}
        now[0] += 1
        await desk.press("enter")
        await desk.see(f"{SUCCESS}. Falta 1.")
        await desk.press("3", "enter")
        await desk.see(f"{SUCCESS}. O comprovante")
    assert sandbox.ledger().credits == dict.fromkeys(LINES, (1, 1500))
