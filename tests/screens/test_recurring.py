"""*Crédito recorrente* by keys: finalise, link, reload, cancel, paid by itself, manual mode, filter."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.domain.errors import RuleError
from pos_tui.domain.recurring import AttemptState
from pos_tui.domain.sale import SaleState
from pos_tui.services.refunds import Warrant
from pos_tui.till import Till
from tests.items.goods import stock
from tests.printing.emulator import ZBARIMG, read_codes
from tests.recurring.os import Platform, customer, monthly, sent
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk, at_desk
from tests.screens.test_pix_qr import picture
from tests.tills import EVER, SELLER, Watch, open_till

WARNING = "ATENÇÃO: existem pagamentos pendentes nesta OS."


@pytest.fixture
def till(tmp_path: Path, sandbox: SandboxControl, watch: Watch) -> Iterator[Till]:
    """A till that charges every month, with a customer and something to sell."""
    opened = open_till(tmp_path / "till", sandbox, monthly(), watch)
    stock(opened)
    customer(opened)
    yield opened
    opened.close()


@pytest.fixture
def manual(tmp_path: Path, sandbox: SandboxControl, watch: Watch) -> Iterator[Till]:
    """The same in the manual mode."""
    opened = open_till(tmp_path / "till", sandbox, monthly("manual"), watch)
    stock(opened)
    customer(opened)
    yield opened
    opened.close()


async def finalise(desk: Desk, instalments: str = "3") -> None:
    """Sell a haircut to Maria in instalments, up to the OS with its warning."""
    await desk.type("maria", "enter", "1")
    await desk.see("Cliente: Maria Souza.")
    await desk.press("f9")
    await desk.type("COR1", "enter", "f10")
    await desk.see("[3 Pagamento]")
    await desk.type(f"3{instalments}", "enter")
    await desk.see("Finalize a OS com F10", "F10 Finalizar OS")
    await desk.press("f10")
    await desk.see("OS 1: Crédito recorrente", WARNING)


async def test_the_link_is_shown_and_the_os_finishes_by_itself(
    till: Till, sandbox: SandboxControl, watch: Watch
) -> None:
    platform = Platform(sandbox)
    async with at_desk(till) as desk:
        await finalise(desk)
        await desk.see("Aguardando o pagamento", "/asaas/i/pay_", "3 x R$ 15,00")
        await desk.until(lambda: "▀" in desk.words(), "the QR")
        await desk.press("f5")
        await desk.see("Aguardando o pagamento.")
        attempt = till.recurring.attempts.latest(till.sales.with_pendings()[0].id)
        await desk.press("f9")
        await desk.see("Link na fila de impressão.")
        platform.pay(attempt)
        watch.advance(120)
        await desk.see("O cliente pagou: a OS 1 foi finalizada sozinha.", "OS finalizada.", "Confirmado")
        await desk.press("escape")
        await desk.see("Corte de ca")
        await desk.until(lambda: not till.spool.owed(), "the papers printed")
    papers = b"".join(path.read_bytes() for path in (till.folder / "papers").glob("*.bin"))
    assert b"PAGAMENTO RECORRENTE" in papers and b"COMPROVANTE DE VENDA" in papers


async def test_only_the_attempt_is_cancelled_and_another_one_made(till: Till) -> None:
    async with at_desk(till) as desk:
        await finalise(desk)
        await desk.see("Aguardando o pagamento", "/asaas/i/pay_")
        await desk.press("f8", "c")
        await desk.see("A tentativa está cancelada e a OS continua pendente.", WARNING)
        await desk.press("e")
        await desk.see("Aguardando o pagamento", "/asaas/i/pay_")
        await desk.press("escape")
        await desk.see("Pagamento pendente", "Abrir OS")
    (line,) = till.sales.with_pendings()
    assert till.sales.get(line.id).state is SaleState.AWAITING


async def test_the_race_lost_is_an_alert_and_the_money_goes_back(till: Till, sandbox: SandboxControl) -> None:
    platform = Platform(sandbox)
    async with at_desk(till) as desk:
        await finalise(desk)
        await desk.see("/asaas/i/pay_")
        platform.pay(till.recurring.attempts.latest(till.sales.with_pendings()[0].id))
        await desk.press("f8", "c")
        await desk.see("ATENÇÃO: o cliente pagou a tentativa cancelada. Aceite (A) ou devolva (D).")
        await desk.press("d")
        await desk.see("Devolver o pagamento")
        await desk.type("Marta", "enter")
        await desk.type("cliente desistiu", "enter")
        await desk.see("Devolvida")
    assert platform.paid() == 0


async def test_a_late_payment_is_accepted_by_key(till: Till, sandbox: SandboxControl) -> None:
    platform = Platform(sandbox)
    async with at_desk(till) as desk:
        await finalise(desk)
        await desk.see("/asaas/i/pay_")
        platform.pay(till.recurring.attempts.latest(till.sales.with_pendings()[0].id))
        await desk.press("f8", "c")
        await desk.see("PAGA DEPOIS DE CANCELADA")
        await desk.press("a")
        await desk.type("cliente quer mesmo", "enter")
        await desk.see("OS finalizada.")


async def test_an_instalment_goes_back_and_the_rest_is_called_off(
    till: Till, sandbox: SandboxControl
) -> None:
    platform = Platform(sandbox)
    async with at_desk(till) as desk:
        await finalise(desk)
        await desk.see("/asaas/i/pay_")
        await desk.press("d")
        await desk.see("Só há o que aceitar ou devolver depois que o cliente paga.")
        platform.pay(till.recurring.attempts.latest(till.sales.with_pendings()[0].id))
        await desk.press("f5")
        await desk.see("a OS 1 foi finalizada sozinha.", "Confirmado", "F8 Encerrar")
        await desk.press("down", "d")
        await desk.see("A parcela 2 está aguardando")
        await desk.press("up", "d")
        await desk.see("a parcela 1, de R$ 15,00", "F8 as encerra")
        await desk.type("Marta", "enter")
        await desk.type("serviço não foi feito", "enter")
        await desk.see("Parcela 1 devolvida.", "Cancelado")
        assert platform.paid() == 0
        await desk.press("f8")
        await desk.see("Encerrar as 2 cobranças que faltam, R$ 30,00")
        await desk.type("Marta", "enter")
        await desk.type("cliente desistiu", "enter")
        await desk.see("Cobranças encerradas: nada mais será cobrado desta OS.")
        await desk.press("f8")
        await desk.see("Não falta cobrança nenhuma")
        await desk.press("escape", "f8")
        await desk.see("Nenhum pagamento desta venda pode ser estornado.")


async def test_a_refund_without_an_answer_is_told_and_found_out(till: Till, sandbox: SandboxControl) -> None:
    platform = Platform(sandbox)
    attempt = sent(till)
    platform.pay(attempt)
    till.recurring.attempts.ask(attempt.id, SELLER)
    async with at_desk(till) as desk:
        await desk.press("f4", "enter")
        await desk.see("OS finalizada.", "Confirmado")
        sandbox.fault("lost", "refund")
        await desk.press("d")
        await desk.see("Devolver a parcela")
        await desk.type("Marta", "enter")
        await desk.type("serviço não foi feito", "enter")
        await desk.see("ainda não se sabe o fim: F5 pergunta")
        await desk.press("d")
        await desk.see("já foi pedida")
        await desk.press("f5")
        await desk.see("Cancelado")
    assert platform.paid() == 0


async def test_by_hand_a_confirmed_instalment_goes_back_with_a_supervisor(manual: Till) -> None:
    async with at_desk(manual) as desk:
        await finalise(desk, "2")
        await desk.see("Manual", "Aguardando", "22,50")
        await desk.press("enter", "1")
        await desk.type("NSU 4471", "enter", "enter")
        await desk.see("OS finalizada.", "Confirmado")
        await desk.press("enter")
        await desk.see("D devolve o dinheiro, com o supervisor")
        await desk.press("d")
        await desk.see("devolva antes na maquininha")
        await desk.type("Marta", "enter")
        await desk.type("serviço não foi feito", "enter")
        await desk.see("Parcela 1 devolvida.", "Cancelado")


async def test_the_os_comes_back_to_be_paid_in_another_way(till: Till) -> None:
    async with at_desk(till) as desk:
        await finalise(desk)
        await desk.see("/asaas/i/pay_")
        await desk.press("r")
        await desk.see("Há uma tentativa em andamento: cancele-a antes (F8).")
        await desk.press("f8", "c")
        await desk.see("A tentativa está cancelada")
        await desk.press("r")
        await desk.see("OS de volta ao balcão", "[3 Pagamento]")
        await desk.press("1", "enter", "f10")
        await desk.see("Venda 1 salva.")


async def test_the_list_is_narrowed_to_what_waits_or_failed(till: Till, sandbox: SandboxControl) -> None:
    platform = Platform(sandbox)
    first, second, third = sent(till), sent(till), sent(till)
    platform.pay(third)
    till.recurring.attempts.ask(third.id, SELLER)
    till.recurring.attempts.cancel(second.id, SELLER)
    platform.pay(second, removed=True)
    till.recurring.attempts.ask(second.id, SELLER)
    async with at_desk(till, (100, 30)) as desk:
        await desk.press("f4")
        await desk.see("Pagamento pendente", "PAGA DEPOIS")
        await desk.press("f6")
        await desk.see("Status dos Pagamentos")
        await desk.press("enter", "enter")
        await desk.see("2 Pagamento pendente", "3 Pagamento com erro")
        await desk.press("3", "enter", "enter", "enter")
        await desk.see("Vendas de", "Pagamento com erro")
        await desk.gone("Corte de cabelo")
        assert [row.key for row in desk.rows()] == [second.sale_id]
        await desk.press("f6", "enter", "enter", "2", "enter", "enter", "enter")
        await desk.until(lambda: len(desk.rows()) == 2, "two waiting")
        assert {row.key for row in desk.rows()} == {first.sale_id, second.sale_id}


async def test_the_manual_mode_moves_instalments_by_hand(manual: Till) -> None:
    async with at_desk(manual) as desk:
        await finalise(desk, "2")
        await desk.see("Manual", "Aguardando", "22,50")
        await desk.press("f5")
        await desk.see("No modo manual não há plataforma")
        await desk.press("enter")
        await desk.see("Parcela 1 de R$ 22,50", "Confirmado", "Negado", "Cancelado")
        await desk.press("2")
        await desk.type("cartão recusado na maquininha", "enter", "enter")
        await desk.see("Pagamento negado: cartão recusado", "Negado")
        await desk.press("enter", "1")
        await desk.type("NSU 4471", "enter", "enter")
        await desk.see("OS finalizada.", "Confirmado", "NSU 4471")
    attempt = manual.recurring.attempts.latest(manual.sales.get(desk_sale(manual)).id)
    assert attempt.state is AttemptState.PAID
    one, two = manual.recurring.attempts.instalments(attempt.id)
    assert (one.words, one.moved_by, one.reason) == ("Confirmado", SELLER, "NSU 4471")
    assert two.words == "Aguardando"


def desk_sale(till: Till) -> str:
    """The only sale of the day."""
    from pos_tui.domain.sale import SaleFilter

    (line,) = till.sales.page(SaleFilter(*EVER))
    return line.id


async def test_without_a_mode_of_operation_it_is_not_offered(tmp_path: Path, sandbox: SandboxControl) -> None:
    till = open_till(tmp_path / "till", sandbox, monthly(""))
    stock(till)
    async with at_desk(till) as desk:
        await desk.press("f9")
        await desk.type("COR1", "enter", "f10")
        await desk.see("[3 Pagamento]", "Dinheiro")
        assert "Crédito recorrente" not in desk.words()
        await desk.press("f4", "f6")
        await desk.see("Filtrar vendas")
        assert "Status dos Pagamentos" not in desk.words()
    till.close()


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_the_os_fits_the_window(till: Till, size: tuple[int, int]) -> None:
    attempt = sent(till)
    async with at_desk(till, size) as desk:
        await desk.press("f4", "enter")
        await desk.see("OS 1: Crédito recorrente", WARNING, "F5")
        if size == (40, 12):
            await desk.see("O QR não cabe nesta janela")
            assert attempt.link in "".join(desk.lines())


@pytest.mark.skipif(
    ZBARIMG is None and os.environ.get("CI") != "true", reason="zbarimg not installed: run .ci/judges"
)
async def test_the_qr_is_read_from_80_by_24(till: Till, tmp_path: Path) -> None:
    attempt = sent(till)
    async with at_desk(till) as desk:
        await desk.press("f4", "enter")
        await desk.see("OS 1: Crédito recorrente", WARNING)
        await desk.until(lambda: "▀" in desk.words(), "the QR")
        shown = picture(desk, tmp_path / "screen.png")
        assert [payload for _, payload in read_codes(shown)] == [attempt.link]


def test_a_recurring_payment_is_not_refunded_at_the_drawer(till: Till, sandbox: SandboxControl) -> None:
    attempt = sent(till)
    Platform(sandbox).pay(attempt)
    till.recurring.attempts.ask(attempt.id, SELLER)
    sale = till.sales.get(attempt.sale_id)
    with pytest.raises(RuleError, match="se devolve por parcela"):
        till.refunds.refund(sale, sale.payments[0], Warrant(SELLER, "Marta", "cliente desistiu"))


async def test_a_lost_answer_is_practised_and_found_by_asking(till: Till) -> None:
    async with at_desk(till) as desk:
        await desk.press("ctrl+z", "5", "2", "1", "1")
        await desk.see("Crédito recorrente · Enviar a cobrança: Faz, e a resposta se perde")
        await desk.press("escape")
        await finalise(desk)
        await desk.see("Incerta [verificar]", "Nada se repete.")
        await desk.press("f5")
        await desk.see("Aguardando o pagamento", "/asaas/i/pay_")
