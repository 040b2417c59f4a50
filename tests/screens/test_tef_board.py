"""The TEF desk, the pinpad on Início, and the balance with its margins, by keys."""

import asyncio

import pytest

from pos_tui.domain.payment import PaymentState
from pos_tui.till import Till
from tests.paying import WARRANT, TefFolders, silent
from tests.people.staff import ANA_PIN, BOSS_PIN, WHY, hire
from tests.sandbox import SandboxControl
from tests.screens.desk import at_desk
from tests.screens.test_at_once import slow
from tests.tills import SELLER, add, new_sale, pay_and_save

SIZES = [(80, 24), (40, 12)]


@pytest.mark.parametrize("size", SIZES)
async def test_the_menu_of_the_manager(paytill: Till, size: tuple[int, int]) -> None:
    async with at_desk(paytill, size) as desk:
        await desk.app.screen.action_command("tef")  # type: ignore[attr-defined]
        await desk.see("Nenhuma operação do menu")
        await desk.press("f8")
        await desk.see("O TEF não guarda resposta sem venda.")
        await desk.press("f5")
        await desk.see("O TEF responde.")
        await desk.press("enter")
        await desk.see("Menu do TEF: confirmado.")
    (done,) = paytill.tef.operations()
    assert done.state is PaymentState.CONFIRMED


@pytest.mark.parametrize("size", SIZES)
async def test_an_older_answer_is_undone_by_f8(paytill: Till, size: tuple[int, int]) -> None:
    folders, sale = TefFolders(paytill.folder.parent / "tef"), new_sale(paytill)
    add(paytill, sale)
    older = silent(paytill, sale, folders, 1000)
    paytill.refunds.rule(older, PaymentState.CANCELLED, WARRANT)
    folders.play("ADM older")
    paytill.tef.menu(SELLER)
    async with at_desk(paytill, size) as desk:
        await desk.see("O TEF guarda uma resposta")
        await desk.app.screen.action_command("tef")  # type: ignore[attr-defined]
        await desk.see("R$ 10,00", "F8")
        await desk.press("f8")
        await desk.see("Supervisor", "Motivo")
        await desk.press(*"Marta", "enter", *WHY, "enter")
        await desk.see("Resposta do TEF: desfeito.")
    assert folders.ledger.effect == 0 and folders.ledger.pending() is None


async def test_a_final_answer_is_only_seen_and_the_question_promises_nothing(paytill: Till) -> None:
    folders = TefFolders(paytill.folder.parent / "tef")
    folders.play("ADM stranger")
    paytill.tef.menu(SELLER)
    async with at_desk(paytill) as desk:
        await desk.app.screen.action_command("tef")  # type: ignore[attr-defined]
        await desk.see("É definitiva", "F8 a dá por vista")
        await desk.press("f8")
        await desk.see("Confira antes no relatório do TEF.", "Supervisor")
        assert "devolve" not in desk.words()
        await desk.press(*"Marta", "enter", *WHY, "enter")
        await desk.see("Resposta do TEF: confirmado. É definitiva")


async def test_an_older_look_does_not_cover_what_was_found_since(
    paytill: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = TefFolders(paytill.folder.parent / "tef")
    job = slow(monkeypatch, paytill.tef, "operations")
    async with at_desk(paytill) as desk:
        await desk.app.screen.action_command("tef")  # type: ignore[attr-defined]
        await asyncio.to_thread(job.begun.wait)
        folders.play("ADM stranger")
        await desk.press("enter")
        await desk.see("Menu do TEF: confirmado.", "F8 a dá por vista")
        job.go_on.set()
        await desk.app.workers.wait_for_complete()
        await desk.press("f8")
        await desk.see("Confira antes no relatório do TEF.")
        await desk.press("escape")
        await desk.see("F8 a dá por vista", "nº")


async def test_one_question_at_a_time(paytill: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    job = slow(monkeypatch, paytill.tef, "alive")
    async with at_desk(paytill) as desk:
        await desk.app.screen.action_command("tef")  # type: ignore[attr-defined]
        await desk.see("Nenhuma operação do menu")
        await desk.press("f5")
        await asyncio.to_thread(job.begun.wait)
        await desk.press("f5")
        await desk.see("A consulta anterior ainda espera a resposta")
        job.go_on.set()
        await desk.see("O TEF responde.")
    assert job.calls == 1


async def test_who_has_read_an_answer_may_ask_again(paytill: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_desk(paytill) as desk:
        await desk.app.screen.action_command("tef")  # type: ignore[attr-defined]
        await desk.see("Nenhuma operação do menu")
        await desk.app.workers.wait_for_complete()
        job = slow(monkeypatch, paytill, "rest")  # what a thread does once its answer is told
        await desk.press("f5")
        await desk.see("O TEF responde.")
        await asyncio.to_thread(job.begun.wait)
        await desk.press("f5")
        await desk.see("Perguntando ao TEF…")
        job.go_on.set()
        await desk.see("O TEF responde.")


async def test_a_cashier_opens_the_menu_with_a_supervisors_pin(paytill: Till) -> None:
    hire(paytill)
    async with at_desk(paytill) as desk:
        await desk.see("Operador nº")
        await desk.press("2", "enter", *ANA_PIN, "enter")
        await desk.see("Bem-vindo(a)")
        await desk.app.screen.action_command("tef")  # type: ignore[attr-defined]
        await desk.see("Nenhuma operação do menu")
        await desk.press("m")
        await desk.see("Autorizar: devolver dinheiro")
        await desk.press("1", "enter", *BOSS_PIN, "enter", *WHY, "enter")
        await desk.see("Menu do TEF: confirmado.")


async def test_a_till_without_tef_says_so(till: Till) -> None:
    async with at_desk(till) as desk:
        await desk.press("f8")
        await desk.see("Este caixa não tem pinpad")
        await desk.app.screen.action_command("tef")  # type: ignore[attr-defined]
        await desk.see("Este caixa não recebe por TEF.")


async def test_the_customer_is_found_by_what_is_typed_on_the_pinpad(paytill: Till) -> None:
    document = paytill.tef.ask_document()
    paytill.customers.register("Rian Ricardo Coelho", document, "", "", SELLER)
    async with at_desk(paytill) as desk:
        await desk.press("f8")
        await desk.see("1 Rian Ricardo Coelho")


@pytest.mark.parametrize("size", SIZES)
async def test_balance_and_margin_of_each_topup(till: Till, size: tuple[int, int]) -> None:
    sale = new_sale(till)
    topup = add(till, sale)
    pay_and_save(till, sale)
    done = till.topups.confirm(topup.id, SELLER)
    assert done.cost is not None
    async with at_desk(till, size) as desk:
        await desk.press("ctrl+v")
        await desk.see("Saldo disponível na operadora: R$", "(agora)", "Saldo lido agora.")
        await desk.press("enter")
        await desk.see("Margem por recarga", "15,00")


async def test_an_old_balance_is_told_with_its_age(till: Till, sandbox: SandboxControl) -> None:
    till.offers.balance()
    async with at_desk(till) as desk:
        sandbox.fault("down", "balance")
        await desk.press("ctrl+v")
        await desk.see("Saldo disponível na operadora: R$", "lidos às", "O saldo não pôde ser lido.")


async def test_the_balance_is_the_supervisors(till: Till) -> None:
    hire(till)
    async with at_desk(till) as desk:
        await desk.see("Operador nº")
        await desk.press("2", "enter", *ANA_PIN, "enter")
        await desk.see("Bem-vindo(a)")
        await desk.press("ctrl+v")
        await desk.see("Autorizar:")
        await desk.press("escape")
        await desk.see("Sem autorização")
        assert "R$" not in desk.words()
        await desk.press("enter", "f5")
        await desk.see("O saldo e a margem são do supervisor.")
        assert till.offers.last_balance is None
