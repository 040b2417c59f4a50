"""Every menu of seed 4 by keys, against the sandbox and against the store's own book."""

import stat
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from pos_tui.domain.item import ItemState
from pos_tui.domain.subscriber_action import ActionState, CreditState
from pos_tui.services.subscribers import Found
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk, at_desk
from tests.subscribers.desk import PROVIDERS, desk_till, paid, received, visit
from tests.tills import open_till

SIZES = ((80, 24), (40, 12))


@asynccontextmanager
async def at_counter(
    folder: Path,
    sandbox: SandboxControl,
    provider: str,
    size: tuple[int, int] = (80, 24),
    enabling: str = "unblock",
) -> AsyncIterator[tuple[Desk, Till]]:
    """The app on the subscriber desk."""
    with desk_till(folder, sandbox, provider, enabling=enabling) as till:
        async with at_desk(till, size) as desk:
            await desk.press("f12")
            await desk.see("Mesas")
            await choose_desk(desk)
            await desk.see("Assinante")
            yield desk, till


async def choose_desk(desk: Desk) -> None:
    """Find the desk in F12's list, on whichever page it stands."""
    for _ in range(4):
        for line in desk.lines():
            if "Central do assinante" in line:
                digit = next(char for char in line if char.isdigit())
                await desk.press(digit)
                return
        await desk.press("0")
    raise AssertionError("\n".join(desk.lines()))


async def open_somebody(desk: Desk, provider: str, text: str = "jose aparecido", name: str = "José") -> None:
    """Search, choose the first, and give the password where one is wanted."""
    await desk.type(text, "enter")
    await desk.see(name)
    await desk.until(lambda: type(desk.app.focused).__name__ == "LineList", "the list")
    await desk.press("enter")
    if provider == "sgp":
        await desk.see("Senha do assinante")
        await desk.type("1234", "enter")
    await desk.see("Extrato de ligação")


def papers(till: Till, kind: str) -> list[str]:
    """What was queued of a kind, as text."""
    from pos_tui.store.models import PrintJobRow

    with till.context.store.reading() as tx:
        rows = tx.rows(PrintJobRow.select(PrintJobRow.document).where(PrintJobRow.kind == kind))
    return [till.papers.preview(row[0]) for row in rows]


@pytest.mark.parametrize("text", ["jose aparecido", "529.982.247-25", "67999990010", "102"])
@pytest.mark.parametrize("provider", PROVIDERS)
async def test_found_by_name_document_phone_and_contract(
    provider: str, text: str, tmp_path: Path, sandbox: SandboxControl
) -> None:
    async with at_counter(tmp_path, sandbox, provider) as (desk, _):
        await open_somebody(desk, provider, text)
        await desk.see("José Aparecido da Silva", "***.982.247-**", "102 Fibra 100 Chácara (suspenso)")
        assert "52998224725" not in desk.words()


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_calls_are_seen_narrowed_and_printed(
    provider: str, tmp_path: Path, sandbox: SandboxControl
) -> None:
    async with at_counter(tmp_path, sandbox, provider) as (desk, till):
        await open_somebody(desk, provider)
        await desk.press("1")
        await desk.see("Tipo de terminação")
        await desk.press("enter", "enter", "1")
        await desk.press("enter")
        await desk.see("Ligações: 5", "33210000", "Móvel VC3", "não atendida")
        await desk.press("f9")
        await desk.see("na fila de impressão")
        (paper,) = papers(till, "subscriber")
        assert "EXTRATO DE LIGAÇÃO" in paper and "6733210010" in paper and "0800" in paper
        await desk.press("f6")
        await desk.see("De")
        await desk.press("enter", "enter", "2")
        await desk.press("enter")
        await desk.see("Ligações: 1", "Fixo local")


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_connections_tell_open_from_stale(
    provider: str, tmp_path: Path, sandbox: SandboxControl
) -> None:
    async with at_counter(tmp_path, sandbox, provider) as (desk, till):
        await open_somebody(desk, provider)
        await desk.press("2")
        await desk.see("De")
        await desk.press("enter", "enter")
        await desk.see("Abertas agora: 1", "aberta", "sem atualização")
        await desk.press("f9")
        await desk.see("na fila de impressão")
        (paper,) = papers(till, "subscriber")
        assert "EXTRATO DE CONEXÕES" in paper and "2,4 GB" in paper


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_money_open_and_settled(provider: str, tmp_path: Path, sandbox: SandboxControl) -> None:
    async with at_counter(tmp_path, sandbox, provider) as (desk, till):
        await open_somebody(desk, provider)
        await desk.press("3")
        await desk.see("Em aberto: R$ 382,60", "VENCIDA", "Baixadas: R$ 129,90")
        await desk.press("ctrl+b")
        await desk.see("na fila de impressão")
        assert "EXTRATO FINANCEIRO" in papers(till, "subscriber")[0]


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_notes_are_listed_seen_and_saved(
    provider: str, tmp_path: Path, sandbox: SandboxControl
) -> None:
    async with at_counter(tmp_path, sandbox, provider) as (desk, till):
        await open_somebody(desk, provider)
        await desk.press("4")
        await desk.see("NFCom", "NFSC mod. 21")
        await desk.press("enter")
        await desk.see("Chave")
        if provider == "rbx":
            await desk.see("não entrega o XML")
            await desk.press("escape", "f9")
            await desk.see("não entrega o XML")
            return
        await desk.see("Fibra 500", "Autorizada.", "12.ABC.345/01DE-35", "***.982.247-**", " 08:00")
        assert "T08:00:00" not in desk.words()
        await desk.press("escape", "f9")
        await desk.see("XML gravado em")
        (path,) = till.centre.folder.iterdir()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_bytes().startswith(b"<?xml")


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


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_an_extract_stays_until_another_period_is_chosen(
    provider: str, tmp_path: Path, sandbox: SandboxControl
) -> None:
    async with at_counter(tmp_path, sandbox, provider) as (desk, _):
        await open_somebody(desk, provider)
        await desk.press("2")
        await desk.see("Extrato de conexões", "De", "Até")
        await desk.press("enter", "enter")
        await desk.see("Conexões:")
        await desk.press("f6")
        await desk.see("De", "Até")
        await desk.press("escape")
        await desk.see("Conexões:", "F6 Período")
        await desk.press("f6")
        await desk.see("De", "Até")
        await desk.type("01/05/2021", "enter")  # written over what stood there
        await desk.type("18/05/2021", "enter")
        await desk.see("01/05/2021 a 18/05/2021")
        await desk.press("escape")
        await desk.see("1 Extrato de ligação")


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
async def test_tickets_are_filtered_and_opened(
    provider: str, tmp_path: Path, sandbox: SandboxControl
) -> None:
    async with at_counter(tmp_path, sandbox, provider) as (desk, _):
        await open_somebody(desk, provider)
        await desk.press("9")
        await desk.see("20260001", "20250977", "Todos os contatos")
        await desk.press("f6")
        await desk.see("Campo")
        await desk.press("2")
        await desk.type("0977", "enter", "enter", "enter", "enter", "enter")
        await desk.see("1 atendimento(s)", "Protocolo: 0977")
        await desk.press("enter")
        await desk.see("Mudança de endereço", "Solução", "Instalado e testado")
        await desk.press("escape", "f6")
        await desk.see("Campo")
        await desk.press("1", "ctrl+u", "enter", "enter", "enter", "enter")
        await desk.type("Maria", "enter")
        await desk.see("Contato: Maria", "1 atendimento(s)", "20260001")


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


async def test_where_the_erp_tells_no_states_the_desk_says_so(
    tmp_path: Path, sandbox: SandboxControl
) -> None:
    async with at_counter(tmp_path, sandbox, "rbx") as (desk, _):
        await open_somebody(desk, "rbx")
        await desk.see("Planos: como no último livro importado.")
        await desk.press("f5")
        await desk.see("O RBX não informa a situação dos planos")


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


async def test_the_gates_say_why(tmp_path: Path, sandbox: SandboxControl) -> None:
    async with at_counter(tmp_path, sandbox, "rbx") as (desk, _):
        await open_somebody(desk, "rbx", "maria", "Maria")
        await desk.press("3")
        assert "AGORA NÃO: só com plano ativo" in desk.words()
        await desk.see("Extrato financeiro: só com plano ativo")
        await desk.press("5")
        await desk.see("VENCIDA")


async def test_an_erp_that_is_away_is_no_empty_list(tmp_path: Path, sandbox: SandboxControl) -> None:
    async with at_counter(tmp_path, sandbox, "rbx") as (desk, _):
        await open_somebody(desk, "rbx")
        sandbox.fault("bad_gateway", "status", times=None)
        await desk.press("5")
        await desk.see("respondeu 502", "F5 consulta de novo")
        sandbox.clear()
        await desk.press("f5")
        await desk.see("VENCIDA")


async def test_a_hostile_name_is_only_a_name(tmp_path: Path, sandbox: SandboxControl) -> None:
    async with at_counter(tmp_path, sandbox, "rbx") as (desk, _):
        await open_somebody(desk, "rbx", "robert", "Robert")
        await desk.see("DROP TABLE clientes;-- [bold]")


@pytest.mark.parametrize("digit", "123456790")
async def test_every_menu_works_in_a_small_window(
    digit: str, tmp_path: Path, sandbox: SandboxControl
) -> None:
    async with at_counter(tmp_path, sandbox, "rbx", (40, 12)) as (desk, _):
        await desk.type("jose", "enter")
        await desk.see("José")
        await desk.until(lambda: type(desk.app.focused).__name__ == "LineList", "the list")
        await desk.press("enter")
        await desk.see("Extrato de")
        await desk.press(digit)
        await desk.gone("disponível")
        assert all(len(line) <= 40 for line in desk.lines())


async def test_the_subscriber_may_identify_themselves(tmp_path: Path, sandbox: SandboxControl) -> None:
    async with at_counter(tmp_path, sandbox, "rbx") as (desk, _):
        await desk.press("f8")
        await desk.see("O assinante se identifica")
        await desk.type("52998224725", "enter")
        await desk.type("1234", "enter")
        await desk.see("101 Fibra 500 + Voz (ativo)")


async def test_who_types_another_name_meanwhile_is_not_moved_to_those_found_of_the_first(
    tmp_path: Path, sandbox: SandboxControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_counter(tmp_path, sandbox, "rbx") as (desk, till):
        find, go_on = till.centre.questions.find, threading.Event()

        def slow(text: str) -> Found:
            go_on.wait()
            return find(text)

        monkeypatch.setattr(till.centre.questions, "find", slow)
        await desk.type("jose aparecido", "enter", *["backspace"] * 5)
        go_on.set()
        await desk.see("José")
        assert desk.field == "text"
