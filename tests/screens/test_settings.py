"""F12, Configuração, by keys: groups, connection tests, secrets, the first-run wizard (issue 6)."""

import stat
from pathlib import Path

import pytest

from pos_tui.config import default_path, load
from pos_tui.domain.trail import TrailFilter
from pos_tui.providers.sandbox import KEY, STORE, USER
from pos_tui.screens.desks import DESKS
from pos_tui.screens.settings_entry import Kind, shown
from pos_tui.screens.settings_table import GROUPS
from pos_tui.settings.secrets import secret
from pos_tui.till import Till
from tests.people.staff import ANA_PIN, hire
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk, at_desk

SIZES = [(80, 24), (40, 12)]
SETTINGS = ["down"] * (1 + [desk.command for desk in DESKS].index("settings"))
EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


async def open_settings(desk: Desk) -> None:
    """F12, Configuração."""
    await desk.press("f12")
    await desk.see("Menu")
    await desk.press(*SETTINGS, "enter")
    await desk.see("Configuração", "Assistente")


async def erase_and_type(desk: Desk, text: str) -> None:
    """Another text in the field, and on."""
    await desk.press("ctrl+u", *text, "enter")


@pytest.mark.parametrize("size", SIZES)
async def test_a_group_is_changed_checked_and_written(till: Till, size: tuple[int, int]) -> None:
    file = default_path()
    async with at_desk(till, size) as desk:
        await open_settings(desk)
        await desk.see("ainda não tem configuração")
        await desk.press("2")
        await desk.see("Configuração: Loja")
        await erase_and_type(desk, "Loja 52 Centro")
        await erase_and_type(desk, "12345678000100")
        await desk.see("dígitos verificadores não conferem")
        await erase_and_type(desk, "12345678000195")
        await desk.press("f10")
        await desk.see("Gravado: store.name, store.cnpj.")
        await desk.press("f10")
        await desk.see("Nada mudou")
        await desk.press("escape")
        await desk.see("Arquivo:")
    config = load(file)
    assert (config.store.name, config.store.cnpj) == ("Loja 52 Centro", "12.345.678/0001-95")
    assert config.training and stat.S_IMODE(file.stat().st_mode) == 0o600
    (line,) = [one for one in till.audit.trail(TrailFilter(*till.day())) if one.kind == "config"]
    assert "store.name, store.cnpj" in " ".join(line.details)


async def test_what_no_till_can_work_with_stays_in_its_field(till: Till) -> None:
    async with at_desk(till) as desk:
        await open_settings(desk)
        await desk.press("3")
        await erase_and_type(desk, "100")
        await desk.press("f10")
        await desk.see("vai de 1 a 99, e é 100")
        assert desk.field == "till.number"
    assert not default_path().exists()


async def test_a_secret_is_kept_and_never_shown(till: Till, sandbox: SandboxControl) -> None:
    async with at_desk(till) as desk:
        await open_settings(desk)
        await desk.press("4", "1", "down", "down", "down")
        await desk.see("Ainda não há.")
        await desk.press(*"s3nha", "f10")
        await desk.see("Gravado: topup.rv.password (segredo).")
        assert "s3nha" not in desk.words()
        await desk.press("1", "down", "down", "down")
        await desk.see("Em branco fica o de agora.")
        await desk.press("f5")
        await desk.see("A operadora respondeu. Saldo disponível")
        sandbox.fault("down", "balance")
        await desk.press("f5")
        await desk.see("A operadora")
        await desk.gone("Saldo disponível")
    beside = default_path().with_name("secrets.toml")
    assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    trail = " ".join(" ".join(one.details) for one in till.audit.trail(TrailFilter(*till.day())))
    assert "topup.rv.password (segredo)" in trail and "s3nha" not in trail


async def test_the_payment_group_asks_only_what_its_methods_need(till: Till) -> None:
    async with at_desk(till) as desk:
        await open_settings(desk)
        await desk.press("5")
        await desk.see("Chave Pix")
        assert "Pasta Req" not in desk.words() and "Certificado" not in desk.words()
        await desk.press("2", "1", "1", "2")
        await desk.see("Pasta Req do TEF")
        await desk.gone("Chave Pix")
        await desk.press("f10")
        await desk.see("Gravado: payment.methods.")
    assert load(default_path()).payment.methods == ("card", "tef")


async def test_only_a_supervisor_changes_it(till: Till) -> None:
    hire(till)
    async with at_desk(till) as desk:
        await desk.press("2", "enter", *ANA_PIN, "enter")
        await desk.see("Bem-vindo(a)")
        await desk.press("f12")
        await desk.see("Menu")
        await desk.press(*SETTINGS, "enter")
        await desk.see("Autorizar: mudar a configuração")
        await desk.press("escape")
        await desk.see("Sem autorização")
        assert "Loja" not in desk.words()


@pytest.mark.parametrize("size", SIZES)
async def test_the_wizard_makes_a_store(till: Till, sandbox: SandboxControl, size: tuple[int, int]) -> None:
    async with at_desk(till, size) as desk:
        await open_settings(desk)
        await desk.press("1")
        await desk.see("Passo 1 de 6")
        await desk.press("f10")
        await desk.see("Preencha este campo: sai no papel da loja.")
        await desk.press(*"Loja 52 Centro", "enter", *"12345678000195", "enter", *"Campo Grande", "enter")
        await desk.press("1")
        await desk.press("f10")
        await desk.see("Passo 2 de 6")
        await erase_and_type(desk, "3")
        await desk.press("f10")
        await desk.see("Passo 3 de 6")
        await desk.press("f10")
        await desk.see("fora do treinamento ele é")
        await desk.press(*f"{sandbox.url}/integracao_xml.php", "enter", *STORE, "enter", *USER, "enter")
        await desk.press(*"errada", "f10")
        await desk.see("Passo 4 de 6")
        await desk.press("1", "1", "2", "2", "f10")
        await desk.see("Passo 5 de 6. Recebimento de cartões.")
        await desk.press("2", "f10")
        await desk.see("Peça o código à integradora antes de prosseguir")
        await desk.press(*"123456789", "f10")
        await desk.see("Passo 6 de 6. Teclas e aparência.")
        await desk.press("2", "f10")
        await desk.see("Gravar a configuração?")
        await desk.press("t")
        await desk.see("A conexão NÃO deu certo.")
        assert not default_path().exists()
        await desk.press(*["escape"] * 4)
        await desk.see("Passo 3 de 6")
        assert desk.field == "topup.rv.password"
        await desk.press("ctrl+u", *KEY, *["f10"] * 4)
        await desk.see("Gravar a configuração?")
        await desk.press("enter")
        await desk.see("Conexão certa.", "Saldo disponível")
        await desk.press("g")
        await desk.see("Há uma impressora")
        await desk.press("n")
        await desk.see("Saia do programa (Ctrl+Q)", "pos-tui --training")
        await desk.press("escape")
        await desk.see("Arquivo:")
    config = load()
    assert not config.training
    assert (config.till.number, config.store.timezone) == (3, "America/Sao_Paulo")
    assert config.keys.preset == "automafour"
    assert (config.topup.rv.store, config.payment.methods) == (STORE, ("cash", "card"))
    assert secret("topup.rv.password", config).reveal() == KEY
    assert (config.statements.layout, config.statements.establishment) == ("stone", "123456789")


async def test_leaving_the_wizard_writes_nothing(till: Till) -> None:
    async with at_desk(till) as desk:
        await open_settings(desk)
        await desk.press("1", *"Loja 52", "escape")
        await desk.see("ainda não tem configuração")
    assert not default_path().exists()


async def test_what_waits_for_the_next_opening_is_told(till: Till, tmp_path: Path) -> None:
    file = tmp_path / "loja.toml"
    file.write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    till.setup.running = load(file)
    till.setup.path = file
    till.setup.begin().save({"store.city": "Dourados"}, {}, "Israel")
    assert till.setup.waiting() == ["store.city"]
    async with at_desk(till) as desk:
        await open_settings(desk)
        await desk.see("Espera o caixa abrir de novo", "store.city")


def test_every_setting_of_the_desk_is_one_of_the_config() -> None:
    config = load(EXAMPLE)
    for group in GROUPS:
        for entry in group.entries:
            assert entry.kind is Kind.SECRET or isinstance(shown(entry, config), str)
            assert entry.when is None or entry.when[0] in {one.name for one in group.entries}


async def test_recurring_charges_and_an_online_shop_are_set_up(till: Till) -> None:
    async with at_desk(till) as desk:
        await open_settings(desk)
        await desk.press("5", "1", "1", "2", "2", "1")
        await desk.see("Modo do recorrente")
        await desk.press("tab", "2")
        assert "Endereço do Asaas" not in desk.words()
        await desk.press("f10")
        await desk.see("Gravado: recurring.mode, payment.methods.")
        await desk.press("escape", "0")
        await desk.see("Loja virtual")
        assert desk.line("Loja virtual").strip().startswith("3")
        await desk.press("3")
        await desk.see("Configuração: Loja virtual", "Servidor de e-mail")
        await desk.press("1", *"https://loja.example", "f10")
        await desk.see("Gravado: orders.url.")
    config = load(default_path())
    assert (config.recurring.mode, config.payment.methods) == ("manual", ("cash", "card", "recurring"))
    assert config.orders.url == "https://loja.example"


async def test_every_desk_with_an_outside_tests_it(till: Till) -> None:
    async with at_desk(till) as desk:
        await open_settings(desk)
        await desk.press("0")
        await desk.see("Central do assinante")
        await desk.press("2")
        await desk.see("Configuração: Central do assinante")
        await desk.press("f5")
        await desk.see("O ERP dos assinantes respondeu e aceita a chave da loja.")
        await desk.press("escape", "0", "3")
        await desk.see("Configuração: Loja virtual")
        await desk.press("f5")
        await desk.see("A loja virtual respondeu e aceita o token deste caixa.")
