"""The report, the balance, what the provider holds without us, and a reserve that runs out."""

from pathlib import Path

from pos_tui.domain.outcome import Done
from pos_tui.domain.topup import RemoteWord, Standing, TopUpState
from pos_tui.domain.values import replace
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.screens.desk import add_topup, at_desk
from tests.services.scripted import script
from tests.tills import LINE, SELLER, Watch, add, new_sale, open_till, pay_and_save, settings


async def test_the_report_is_printed_kept_and_moved_to_another_day(till: Till) -> None:
    sale = new_sale(till)
    topup = add(till, sale)
    pay_and_save(till, sale)
    till.topups.confirm(topup.id, SELLER)
    async with at_desk(till) as desk:
        await desk.press("ctrl+s", "2")
        await desk.see("Relatório de Recargas Conekta", "1 linha(s)", "Total: 15,00", "67 99999-1234")
        await desk.press("g")
        await desk.see("Gravado em")
        await desk.press("i")
        await desk.see("na fila de impressão")
        await desk.press("2")
        await desk.see("Ontem", "Nada neste período")
    assert list(till.folder.glob("recargas-*.csv"))


async def test_the_balance_and_the_margin(till: Till) -> None:
    sale = new_sale(till)
    topup = add(till, sale)
    pay_and_save(till, sale)
    till.topups.confirm(topup.id, SELLER)
    async with at_desk(till) as desk:
        await desk.press("ctrl+v")
        await desk.see(
            "Saldo disponível na operadora: R$", "confirmadas nas vendas de hoje: R$ 15,00", "Margem: R$"
        )


async def test_a_pending_without_a_sale_stands_among_the_pendings(till: Till) -> None:
    provider = script(till)
    provider.pending = Done((Standing("555", RemoteWord.RESERVED, "777", line="67988887777", face=2000),))
    async with at_desk(till) as desk:
        await desk.see("1 pendente(s) na operadora sem venda local")
        await desk.press("f4", "f4")
        await desk.see("67988887777", "Pendente sem venda local")
        await desk.press("enter")
        await desk.see(
            "Pendente sem venda local.",
            "Compra 555 · Protocolo 777",
            "Não refaça nenhuma venda",
            "Suporte: Conekta SAC",
        )


async def test_a_reserve_runs_out_before_the_payment_and_is_made_again(
    tmp_path: Path, sandbox: SandboxControl, watch: Watch
) -> None:
    config = settings()
    config = replace(config, topup=replace(config.topup, reserve_seconds=240))
    till = open_till(tmp_path / "till", sandbox, config, clock=watch)
    sandbox.settings(ttl=240)
    async with at_desk(till) as desk:
        await add_topup(desk, LINE, "4")
        await desk.see("Pendente, expira em 3:")
        watch.advance(241)
        sandbox.advance(241)
        await desk.press("f10", "1", "enter")
        await desk.see("A reserva de 67 99999-1234 expirou")
        await desk.press("f3", "f5")
        await desk.see("Cancelada (expirou)")
        await desk.press("e")
        await desk.see("Receba o pagamento")
        await desk.press("f10", "1", "enter", "f10")
        await desk.see("Venda 1 salva")
    assert [row["state"] for row in sandbox.ledger().rows] == ["expired", "reserved"]
    till.close()


async def test_verify_says_why_and_when(till: Till, sandbox: SandboxControl) -> None:
    sale = new_sale(till)
    topup = add(till, sale)
    pay_and_save(till, sale)
    sandbox.fault("lost", "confirm")
    assert till.topups.confirm(topup.id, SELLER).state is TopUpState.UNCERTAIN
    sandbox.fault("garbage", "status", times=None)
    async with at_desk(till) as desk:
        await desk.press("f4", "enter")
        await desk.see("Pendente [verificar]", "Erro de webservice", "Próxima consulta automática às")
        await desk.see("Não refaça a venda", "Suporte: Conekta SAC")


async def test_an_open_sale_in_doubt_says_when_it_is_asked_and_what_not_to_do(
    till: Till, sandbox: SandboxControl
) -> None:
    sale = new_sale(till)
    sandbox.fault("lost", "reserve")
    assert add(till, sale).state is TopUpState.UNCERTAIN
    sandbox.fault("garbage", "status", times=None)
    async with at_desk(till) as desk:
        await desk.press("f3")
        await desk.see("[verificar]: não refaça. Próxima consulta às", "F5 consulta agora")
        sandbox.clear()
        await desk.press("f5")
        await desk.gone("[verificar]")


async def test_what_goes_back_is_on_list_and_confirmation(till: Till) -> None:
    sale = new_sale(till)
    kept, dropped = add(till, sale), add(till, sale, 6000, "67999995678")
    pay_and_save(till, sale)
    till.topups.confirm(kept.id, SELLER)
    till.topups.cancel(dropped.id, "linha errada", SELLER)
    async with at_desk(till) as desk:
        await desk.press("f4")
        await desk.see("Devolver")
        await desk.press("enter")
        await desk.see("RESULTADO PARCIAL: 1 de 2", "A DEVOLVER AO CLIENTE: R$ 60,00", "F7, parte")
