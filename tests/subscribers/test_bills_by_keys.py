"""Bills of seed 4 by keys: second copies, and what is received at the counter."""

import stat
from contextlib import closing
from pathlib import Path

import pytest

from pos_tui.domain.item import ItemState
from pos_tui.domain.subscriber_action import ActionState
from tests.sandbox import SandboxControl
from tests.screens.desk import at_desk
from tests.subscribers.counter import at_counter, choose_desk, open_somebody, papers
from tests.subscribers.desk import PROVIDERS, desk_till, paid, received
from tests.tills import open_till


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_second_copy_seen_and_printed(provider: str, tmp_path: Path, sandbox: SandboxControl) -> None:
    async with at_counter(tmp_path, sandbox, provider) as (desk, till):
        await open_somebody(desk, provider)
        await desk.press("5")
        await desk.see("VENCIDA", "sem boleto")
        await desk.press("down", "enter")
        await desk.see("Esta conta é de débito automático: não tem boleto.")
        await desk.press("down", "enter")
        await desk.see("Linha digitável de banco", "Pix: F6")
        await desk.press("f9")
        await desk.see("na fila de impressão")
        (paper,) = papers(till, "boleto")
        assert "2ª VIA DE BOLETO" in paper and "00190.00009" in paper and "br.gov.bcb.pix" in paper
        await desk.press("f8")
        await desk.until(lambda: len(papers(till, "boleto")) == 2, "a slip with bars")
        await desk.press("f6")
        await desk.see("Pix de R$ 129,90", "Quem recebe o aviso", "▄▄▄▄▄▄▄")


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_an_overdue_slip_is_the_providers_new_one(
    provider: str, tmp_path: Path, sandbox: SandboxControl
) -> None:
    async with at_counter(tmp_path, sandbox, provider) as (desk, _):
        await open_somebody(desk, provider)
        await desk.press("5")
        await desk.see("VENCIDA")
        await desk.press("enter")
        await desk.see("R$ 142,80", "só o provedor calcula")


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_line_with_wrong_digits_is_shown_with_a_warning(
    provider: str, tmp_path: Path, sandbox: SandboxControl
) -> None:
    async with at_counter(tmp_path, sandbox, provider) as (desk, till):
        await open_somebody(desk, provider)
        await desk.press("5")
        await desk.see("VENCIDA")
        await desk.press("end", "enter")
        await desk.see("ATENÇÃO: Dígito verificador não confere no campo 1", "Linha digitável de banco")
        await desk.press("f9")
        await desk.see("na fila de impressão")
        assert "não confere no campo 1" in " ".join(papers(till, "boleto")[0].split())


async def test_a_pdf_of_the_provider_is_saved_closed(tmp_path: Path, sandbox: SandboxControl) -> None:
    async with at_counter(tmp_path, sandbox, "rbx") as (desk, till):
        await open_somebody(desk, "rbx")
        await desk.press("5")
        await desk.see("VENCIDA")
        await desk.press("enter")
        await desk.see("Linha digitável de banco")
        await desk.press("f7")
        await desk.see("Gravado em")
        (path,) = till.centre.folder.iterdir()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("provider", ["rbx", "local"])
async def test_a_bill_is_received_in_a_sale(provider: str, tmp_path: Path, sandbox: SandboxControl) -> None:
    async with at_counter(tmp_path, sandbox, provider) as (desk, till):
        await open_somebody(desk, provider)
        await desk.press("6")
        await desk.see("VENCIDA")
        await desk.press("enter")
        await desk.see("a baixa sai depois de salvar")
        await desk.press("escape")
        await desk.see("[3 Pagamento]", "142,80")
        await desk.press("1", "enter", "f10")
        await desk.see("1 conta(s) recebida(s) e baixada(s) no provedor.")
        (action,) = till.centre.actions.of_subscriber("10")
        assert action.state is ActionState.DONE
        assert "RECEBIMENTO DE CONTA" in papers(till, "subscriber")[0]
        sale = till.sales.get(action.sale_id or "")
        assert [item.state for item in sale.items] == [ItemState.DONE]
    if provider == "rbx":
        assert sandbox.ledger().credits == {"conta/1001": (1, 14280)}


async def test_a_lost_answer_is_asked_about_by_keys(tmp_path: Path, sandbox: SandboxControl) -> None:
    async with at_counter(tmp_path, sandbox, "rbx") as (desk, _):
        await open_somebody(desk, "rbx")
        await desk.press("6")
        await desk.see("VENCIDA")
        await desk.press("f10")
        await desk.see("a baixa sai depois de salvar")
        await desk.see("Mensalidade na venda 142,80")
        assert "VENCIDA" not in desk.words()
        sandbox.fault("lost", "confirm")
        await desk.press("escape")
        await desk.see("[3 Pagamento]", "142,80")
        await desk.press("1", "enter", "f10")
        await desk.see("baixa incerta")
        await desk.press("f12")
        await desk.see("Mesas")
        await choose_desk(desk)
        await desk.see("1 baixa(s) ou habilitação(ões) esperam")
        await desk.press("f5")
        await desk.see("incerta [consultar]")
        await desk.press("e")
        await desk.see("só se envia de novo")
        await desk.press("f5")
        await desk.see("feita.")
    assert sandbox.ledger().credits == {"conta/1001": (1, 14280)}


async def test_a_settled_bill_given_back_is_freed_by_keys(tmp_path: Path, sandbox: SandboxControl) -> None:
    with desk_till(tmp_path, sandbox, "rbx") as till:
        till.closing.finish(paid(till, received(till)).id)
        async with at_desk(till) as desk:
            await desk.press("f4", "f8")
            await desk.see("Estornar pagamento", "já foi baixada no provedor")
            await desk.type("Beatriz", "enter")
            await desk.type("Conta do cliente errado", "enter")
            await desk.see("142,80: estornado.")
            await desk.press("f12")
            await desk.see("Mesas")
            await choose_desk(desk)
            await open_somebody(desk, "rbx")
            await desk.press("f4")
            await desk.see("feita.")
            await desk.press("f8")
            await desk.see("A baixa foi estornada no provedor")
            await desk.type("Beatriz", "enter")
            await desk.type("Estornada no painel", "enter")
            await desk.see("não realizada. Decidido por Beatriz.")
    assert sandbox.ledger().credits == {"conta/1001": (1, 14280)}


async def test_sgp_says_why_no_bill_is_received(tmp_path: Path, sandbox: SandboxControl) -> None:
    async with at_counter(tmp_path, sandbox, "sgp") as (desk, _):
        await open_somebody(desk, "sgp")
        await desk.press("6")
        await desk.see("O SGP não dá baixa por esta interface")


async def test_the_steps_of_cielo(tmp_path: Path, sandbox: SandboxControl) -> None:
    async with at_counter(tmp_path, sandbox, "rbx") as (desk, _):
        await open_somebody(desk, "rbx")
        await desk.press("7")
        await desk.see("4002-5472", "Número do Estabelecimento: 1234567890", "opção 4", "Atendente")


async def test_training_has_an_invented_bank(tmp_path: Path, sandbox: SandboxControl) -> None:
    with closing(open_till(tmp_path, sandbox)) as till:
        async with at_desk(till) as desk:
            await desk.press("f12")
            await desk.see("Mesas")
            await choose_desk(desk)
            await open_somebody(desk, "rbx")
            await desk.press("0")
            await desk.see("F6 compra créditos")
            await desk.press("f6", "1", "enter")
            await desk.see("para Fibra 500")
            await desk.press("c")
            await desk.see("aguardando pagamento")
            await desk.press("f9")
            await desk.see("Boleto da compra de crédito", "Linha digitável de banco")
