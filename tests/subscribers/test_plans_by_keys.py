"""Plans of seed 4 by keys: enabled for some days, and credit for them."""

from pathlib import Path

import pytest

from pos_tui.domain.subscriber_action import CreditState
from tests.sandbox import SandboxControl
from tests.subscribers.counter import at_counter, open_somebody, papers
from tests.subscribers.desk import PROVIDERS, visit


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_suspended_plan_is_enabled(provider: str, tmp_path: Path, sandbox: SandboxControl) -> None:
    async with at_counter(tmp_path, sandbox, provider) as (desk, till):
        await open_somebody(desk, provider)
        await desk.press("8")
        await desk.see("Selecione o plano suspenso")
        await desk.press("enter")
        await desk.see("Habilitar provisoriamente", "nunca repetido sozinho")
        await desk.press("enter")
        await desk.see("Extrato de ligação")
        assert till.centre.actions.waiting() == []
        await desk.press("8")
        await desk.see("Selecione o plano suspenso")
        await desk.press("enter")
        await desk.see("Habilitar provisoriamente")
        await desk.press("s")
        await desk.see("Habilitação feita.")
        assert "HABILITAÇÃO PROVISÓRIA" in papers(till, "subscriber")[0]
        if provider != "rbx":
            await desk.see("(ativo)")
            await desk.press("8")
            await desk.see("está suspenso")
        await desk.press("f4")
        await desk.see("Baixas e habilitações", "feita.")
        await desk.press("enter")
        said = {"rbx": "Contrato desbloqueado", "sgp": "por 3 dias", "local": "informe ao suporte"}
        await desk.see("Fibra 100 Chácara", "feita.", said[provider])
        await desk.press("escape")
        await desk.see("Baixas e habilitações")


async def test_a_notice_names_the_bill_before_it_goes(tmp_path: Path, sandbox: SandboxControl) -> None:
    async with at_counter(tmp_path, sandbox, "rbx", enabling="notice") as (desk, _):
        await open_somebody(desk, "rbx")
        await desk.press("8")
        await desk.see("Selecione o plano suspenso")
        await desk.press("enter")
        await desk.see("aviso de pagamento da conta 1001/1")
        await desk.press("s")
        await desk.see("Aviso de pagamento aceito.", "Protocolo")


async def test_a_used_quota_is_told_in_the_erps_words(tmp_path: Path, sandbox: SandboxControl) -> None:
    async with at_counter(tmp_path, sandbox, "sgp") as (desk, _):
        await open_somebody(desk, "sgp", "maria", "Maria")
        await desk.press("8")
        await desk.see("Selecione o plano suspenso")
        await desk.press("enter")
        await desk.see("Habilitar provisoriamente")
        await desk.press("s")
        await desk.see("O provedor não habilitou", "já atingiu quantidade permitida")


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_credit_is_bought_received_and_released(
    provider: str, tmp_path: Path, sandbox: SandboxControl
) -> None:
    async with at_counter(tmp_path, sandbox, provider) as (desk, till):
        await open_somebody(desk, provider)
        await desk.press("0")
        await desk.see("F6 compra créditos")
        await desk.press("f6")
        await desk.see("500 SMS por R$ 50,00")
        await desk.press("1")
        await desk.press("enter")
        await desk.see("500 SMS por R$ 50,00 para Fibra 500")
        await desk.press("c")
        await desk.see("A compra de crédito está cadastrada", "aguardando pagamento")
        await desk.press("t")
        await desk.see("Esta compra está aguardando pagamento.")
        await desk.press("f9")
        await desk.see("Linha digitável de banco", "Pix: F6")
        await desk.press("f9")
        await desk.see("na fila de impressão")
        await desk.press("escape", "p")
        await desk.see("500 SMS por R$ 50,00 para Fibra 500", "O Financeiro viu o boleto")
        await desk.press("enter")
        await desk.see("aguardando pagamento")
        await desk.press("p", "s")
        await desk.see("transfira os créditos no site do SMS")
        await desk.press("t", "s")
        await desk.see("os créditos estão liberados")
        (credit,) = till.centre.credit.of(
            till.centre.questions.visit(till.centre.questions.find("52998224725").subscribers[0], "1234")
        )
        assert credit.state is CreditState.RELEASED


async def test_credit_is_paid_in_a_sale(tmp_path: Path, sandbox: SandboxControl) -> None:
    async with at_counter(tmp_path, sandbox, "rbx") as (desk, till):
        await open_somebody(desk, "rbx")
        await desk.press("0")
        await desk.see("F6 compra créditos")
        await desk.press("f6", "1", "enter")
        await desk.see("para Fibra 500")
        await desk.press("c")
        await desk.see("aguardando pagamento")
        await desk.press("f10")
        await desk.see("na venda em andamento", "Esc vai ao pagamento.")
        await desk.press("escape")
        await desk.see("[3 Pagamento]", "50,00")
        await desk.press("1", "enter", "f10")
        await desk.see("salva")
        somebody = visit(till.centre)
        (credit,) = till.centre.credit.of(somebody)
        assert credit.state is CreditState.PAID


async def test_where_the_erp_tells_no_states_the_desk_says_so(
    tmp_path: Path, sandbox: SandboxControl
) -> None:
    async with at_counter(tmp_path, sandbox, "rbx") as (desk, _):
        await open_somebody(desk, "rbx")
        await desk.see("Planos: como no último livro importado.")
        await desk.press("f5")
        await desk.see("O RBX não informa a situação dos planos")
