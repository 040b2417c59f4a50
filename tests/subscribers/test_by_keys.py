"""Every menu of seed 4 by keys, on the sandbox and on the store's own book; bills and plans stand beside."""

import stat
import threading
from pathlib import Path

import pytest

from pos_tui.services.subscribers import Found
from tests.sandbox import SandboxControl
from tests.subscribers.counter import at_counter, open_somebody, papers
from tests.subscribers.desk import PROVIDERS


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
