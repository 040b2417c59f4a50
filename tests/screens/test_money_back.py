"""Money that goes back, by keys: with a supervisor's PIN, and Pix that was paid after it was given up."""

import pytest

from pos_tui.domain.late_payment import FIRST_MS
from pos_tui.domain.payment import PaymentState
from pos_tui.domain.sale import SaleFilter
from pos_tui.till import Till
from tests.paying import TefFolders, take_cards
from tests.people.staff import ANA, ANA_PIN, BOSS, BOSS_PIN, WHY, hire
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk, add_topup, at_desk, pay_cash
from tests.tills import EVER, LINE, Watch

TEF, PIX = "4", "3"
S = PaymentState


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    # Who asks about late money sleeps by the machine's clock, which nobody moves.
    monkeypatch.setattr("pos_tui.services.late_payments.LONGEST_SLEEP", 0.1)
    return Watch()


async def enter(desk: Desk, number: str, pin: str) -> None:
    await desk.see("Operador nº")
    await desk.press(*number, "enter", *pin, "enter")
    await desk.see("Bem-vindo(a)")


async def by_supervisor(desk: Desk, pin: str = BOSS_PIN) -> None:
    await desk.see("Autorizar: devolver dinheiro", f"{ANA} pede")
    await desk.press("1", "enter", *pin, "enter", *WHY, "enter")


async def test_a_cashier_gives_a_card_back_with_a_supervisors_pin(paytill: Till, folders: TefFolders) -> None:
    hire(paytill)
    async with at_desk(paytill) as desk:
        await enter(desk, "2", ANA_PIN)
        await add_topup(desk, LINE, "4")
        await desk.press("f10", TEF, "enter", "2", "enter")
        await desk.see("Pagamento completo")
        await desk.press("f10")
        await desk.see("confirmada com sucesso")
        await desk.press("f8")
        await desk.see("Estornar um pagamento", "recarga confirmada, que não pode mais ser cancelada")
        await desk.press("1")
        await desk.press("enter")
        await by_supervisor(desk, "999999")
        await desk.see("Número ou PIN errado.")
        assert folders.ledger.effect == 1500, "a wrong PIN gives nothing back"
        await desk.press(*BOSS_PIN, "enter", "enter")
        await desk.see("TEF de R$ 15,00: estornado")
        assert folders.ledger.effect == 0
        await desk.see("Estornada · Confirmada")
        await desk.press("enter")
        await desk.see("ESTORNADO: TEF de R$ 15,00.", WHY)
    (sale,) = [paytill.sales.get(line.id) for line in paytill.sales.page(_today(paytill))]
    assert sale.payments[0].decided_by == f"{BOSS} (a pedido de {ANA})"
    assert sale.payments[0].reason == WHY


async def test_a_cashier_gives_cash_back_with_a_supervisors_pin(paytill: Till) -> None:
    hire(paytill)
    async with at_desk(paytill) as desk:
        await enter(desk, "2", ANA_PIN)
        await add_topup(desk, LINE, "4")
        await pay_cash(desk, "20")
        await desk.press("f8")
        await desk.see("Estornar um pagamento")
        await desk.press("1")
        await desk.press("enter")
        await by_supervisor(desk)
        await desk.see("Dinheiro de R$ 20,00: estornado")
    (sale,) = [paytill.sales.get(line.id) for line in paytill.sales.page(_today(paytill))]
    assert sale.payments[0].details["returned"] == "1500"


async def test_a_card_in_the_open_sale_goes_back_with_a_supervisors_pin(
    paytill: Till, folders: TefFolders
) -> None:
    hire(paytill)
    folders.play("CRT final")
    async with at_desk(paytill) as desk:
        await enter(desk, "2", ANA_PIN)
        await add_topup(desk, LINE, "4")
        await desk.press("f10", TEF, "enter", "2", "enter")
        await desk.see("Pagamento completo")
        await desk.press("f8")
        await by_supervisor(desk)
        await desk.see("estornado", "Faltam R$ 15,00")
        assert folders.ledger.effect == 0


async def given_up(desk: Desk) -> str:
    """A code shown and given up; returns its txid."""
    await add_topup(desk, LINE, "4")
    await desk.press("f10", PIX, "enter")
    await desk.see("Aguardando o pagamento")
    await desk.press("escape")
    await desk.see("cancelado", "Faltam R$ 15,00")
    return desk.till.sales.current("", "").payments[0].request_key


async def test_pix_paid_late_is_told_and_given_back_from_the_list(
    paytill: Till, sandbox: SandboxControl, watch: Watch
) -> None:
    async with at_desk(paytill) as desk:
        txid = await given_up(desk)
        await desk.press("1", "enter", "f10")
        await desk.see("salva.")
        sandbox.pay(txid, late=True)
        watch.advance(FIRST_MS / 1000 + 1)
        await desk.see("1 PIX A DEVOLVER")
        await desk.press("f4")
        await desk.see("Pendentes de toda a loja", "Pix pago depois de cancelado")
        await desk.press("f8")
        await desk.see("Estornar um pagamento")
        await desk.press("1")
        await desk.type("Marta", "enter")
        await desk.type("pagou duas vezes", "enter")
        await desk.see("Pix de R$ 15,00: estornado")
        await desk.gone("PIX A DEVOLVER")
    assert sandbox.ledger().credits[f"devolucao/{txid}"] == (1, 1500)


async def test_pix_paid_late_is_accepted_in_its_open_sale(
    paytill: Till, sandbox: SandboxControl, watch: Watch
) -> None:
    async with at_desk(paytill) as desk:
        txid = await given_up(desk)
        sandbox.pay(txid, late=True)
        watch.advance(FIRST_MS / 1000 + 1)
        await desk.see("1 PIX A DEVOLVER", "foi pago depois de cancelado")
        await desk.press("ctrl+y")
        await desk.see("aceito nesta venda", "Pagamento completo")
        await desk.gone("PIX A DEVOLVER")
        await desk.press("f10")
        await desk.see("salva.")
    (sale,) = [paytill.sales.get(line.id) for line in paytill.sales.page(_today(paytill))]
    assert [line.state for line in sale.payments] == [S.CONFIRMED]


async def test_pix_paid_late_of_an_abandoned_sale_goes_back_from_supervision(
    paytill: Till, sandbox: SandboxControl, watch: Watch
) -> None:
    async with at_desk(paytill) as desk:
        txid = await given_up(desk)
        await desk.press("f2", "a", "a")
        await desk.see("Venda abandonada")
        sandbox.pay(txid, late=True)
        watch.advance(FIRST_MS / 1000 + 1)
        await desk.see("1 PIX A DEVOLVER")
        await desk.press("f4", "f4")
        await desk.see("aband.", "Pix pago depois de cancelado")
        await desk.press("f12")
        await desk.see("Supervisão")
        await desk.press("6")
        await desk.see("Pix R$ 15,00: pago depois de cancelado", "Venda abandonada.")
        await desk.press("enter")
        await desk.see("O cliente pagou mesmo assim")
        await desk.type("Marta", "enter")
        await desk.type("pagou depois", "enter")
        await desk.see("Nada pendente em nenhum caixa.")
    assert sandbox.ledger().credits[f"devolucao/{txid}"] == (1, 1500)


async def test_a_ruling_from_supervision_lets_the_next_card_through(
    paytill: Till, folders: TefFolders
) -> None:
    """An answer that nobody can read, ruled from the oversight, does not stay and refuse every new card."""
    take_cards(paytill, folders, window=0.5)
    folders.play("CRT garbage")
    async with at_desk(paytill) as desk:
        await add_topup(desk, LINE, "4")
        await desk.press("f10", TEF, "enter", "2", "enter")
        await desk.see("TEF: incerto")
        await desk.press("enter", "f12")
        await desk.see("Supervisão")
        await desk.press("6")
        await desk.see("TEF R$ 15,00: incerto")
        await desk.press(*_down_to(desk, "TEF R$"), "enter")
        await desk.see("Decidir o pagamento")
        await desk.press("1")
        await desk.type("Marta", "enter")
        await desk.type("relatório sem a venda", "enter")
        await desk.gone("TEF R$ 15,00: incerto")
        assert not (folders.resp / "intpos.001").exists()


def _down_to(desk: Desk, text: str) -> list[str]:
    places = [place for place, row in enumerate(desk.rows()) if any(text in cell for cell in row.cells)]
    return ["down"] * places[0]


def _today(till: Till) -> SaleFilter:
    return SaleFilter(*EVER)


async def test_cash_goes_back_without_the_change_and_says_so(till: Till) -> None:
    """R$ 50,00 for R$ 15,00: a cashier who reads 50 hands 50 out."""
    async with at_desk(till) as desk:
        await add_topup(desk, LINE, "4")
        await desk.press("f10", "1", *"50", "enter")
        await desk.see("Troco R$ 35,00")
        await desk.press("f10")
        await desk.see("Venda 1 salva")
        await desk.press("f8")
        await desk.see("Dinheiro de R$ 50,00 (menos o troco: R$ 15,00)")
        await desk.press(*"Marta", "enter", *WHY, "enter")
        await desk.see("Entregue R$ 15,00 ao cliente.", "comprovante de estorno")
