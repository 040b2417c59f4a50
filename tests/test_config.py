"""A broken configuration is told by file, key and nearest key, and no till opens with it (issue 2)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pos_tui.config import Config, load
from pos_tui.domain.errors import ConfigError
from pos_tui.settings.secrets import Secret, secret

VALID = '[topup.rv]\nurl = "https://example.com"\nstore = "1"\nuser = "u"\n[payment]\nmethods = ["cash"]\n'
"""The least that a till outside of training needs."""


def written(folder: Path, text: str) -> Path:
    """Write a configuration."""
    path = folder / "loja.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[tll]\nnumber = 1\n", "a chave «tll» não existe. Quis dizer «till»?"),
        ("[till]\nnumber_ = 1\n", "a chave «till.number_» não existe. Quis dizer «till.number»?"),
        ("[topup.rv]\nstor = 'x'\n", "a chave «topup.rv.stor» não existe. Quis dizer «topup.rv.store»?"),
        ("[keys]\nzzzz = 'x'\n", "a chave «keys.zzzz» não existe. Valem: preset."),
        ("[till]\nnumber = 'um'\n", "«till.number» deve ser um número inteiro, e é 'um'."),
        ("[till]\nnumber = true\n", "«till.number» deve ser um número inteiro, e é True."),
        ("[till]\ntraining = 1\n", "«till.training» deve ser true ou false, e é 1."),
        ("[store]\nname = 52\n", "«store.name» deve ser um texto entre aspas, e é 52."),
        ("till = 1\n", "«till» deve ser uma seção [till]."),
        ("[till]\nsellers = []\n", "«till.sellers» deve ser uma lista de textos"),
        ("[till]\nsellers = ['Ana', 1]\n", "«till.sellers» deve ser uma lista de textos"),
        ("[till]\nnumber = 100\n", "«till.number» vai de 1 a 99, e é 100."),
        ("[topup]\npending_limit = 0\n", "«topup.pending_limit» deve ser pelo menos 1."),
        ("[printer]\ncolumns = 40\n", "«printer.columns» é 40. Valem: 32, 42, 48."),
        ("[payment]\nmethods = ['ouro']\n", "«payment.methods» não conhece 'ouro'."),
        ("[store]\ncnpj = '12.345.678/0001-00'\n", "«store.cnpj»: CNPJ inválido"),
        ("[till\n", "não é TOML válido"),
        ("[till]\nnumber = 1\n", "falta «topup.rv.url», necessária fora do treinamento."),
        (VALID.replace('"cash"', '"pix"'), "falta «payment.pix.key»"),
        (VALID.replace('"cash"', '"tef"'), "«payment.tef.request_dir» deve ser uma pasta do TEF que exista."),
        (
            VALID.replace('"cash"', '"tef"') + '[payment.tef]\nrequest_dir = "/"\nresponse_dir = "/"\n',
            "devem ser pastas diferentes",
        ),
        (f'{VALID}[payment.pix]\nurl = "https://x"\n', "falta «payment.pix.token_url»"),
        (
            f'{VALID}[payment.pix]\nurl = "https://x"\ntoken_url = "https://x"\nclient_id = "a"\n'
            'ca = "/não"\n',
            "«payment.pix.ca» aponta para /não, que não existe.",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert told in caught.value.message
    assert str(path) in caught.value.message


@pytest.mark.parametrize("zone", ["Marte/Fobos", "../etc/passwd", ""])
def test_a_time_zone_that_does_not_exist_is_named(tmp_path: Path, zone: str) -> None:
    path = written(tmp_path, f'[store]\ntimezone = "{zone}"\n[till]\ntraining = true\n')
    with pytest.raises(ConfigError, match=r"store\.timezone"):
        load(path)


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    path = tmp_path / "loja.toml"
    path.write_bytes(b'[store]\nname = "Jo\xe3o"\n')
    with pytest.raises(ConfigError, match="não é TOML válido"):
        load(path)


def test_a_file_that_is_not_there_is_told_when_it_was_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="não existe"):
        load(tmp_path / "nada.toml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="não pôde ser lido"):
        load(tmp_path)


def test_without_a_file_it_is_training() -> None:
    assert load().training


def test_a_valid_file_is_production(tmp_path: Path) -> None:
    config = load(written(tmp_path, VALID))
    assert not config.training
    assert config.source == tmp_path / "loja.toml"


def test_the_command_names_it_and_ends_with_its_own_code(tmp_path: Path) -> None:
    path = written(tmp_path, "[till]\nnumber_ = 1\n")
    command = [sys.executable, "-m", "pos_tui", "--config", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert ended.returncode == 3
    assert (
        ended.stderr
        == f"Configuração inválida: {path}: a chave «till.number_» não existe. Quis dizer «till.number»?\n"
    )


# Secrets


def test_a_secret_never_shows_itself() -> None:
    found = Secret("segredo")
    assert "segredo" not in f"{found} {found!r} {[found]}"
    assert found.reveal() == "segredo"


def test_secrets_are_looked_for_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = load(written(tmp_path, VALID))
    name = "topup.rv.password"
    with pytest.raises(ConfigError, match="Falta o segredo"):
        secret(name, config)
    monkeypatch.setenv("POS_TUI_TOPUP_RV_PASSWORD", "do ambiente")
    assert secret(name, config).reveal() == "do ambiente"
    beside = tmp_path / "secrets.toml"
    beside.write_text('[topup.rv]\npassword = "do arquivo"\n', "utf-8")
    beside.chmod(0o600)
    assert secret(name, config).reveal() == "do arquivo"
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / name).write_text("do serviço\n", "utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    assert secret(name, config).reveal() == "do serviço"


def test_an_empty_secret_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notice without a token would match an empty one."""
    config = load(written(tmp_path, VALID))
    name = "recurring.asaas.webhook_token"
    monkeypatch.setenv("POS_TUI_RECURRING_ASAAS_WEBHOOK_TOKEN", "")
    (tmp_path / name).write_text("\n", "utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    beside = tmp_path / "secrets.toml"
    beside.write_text('[recurring.asaas]\nwebhook_token = ""\n', "utf-8")
    beside.chmod(0o600)
    with pytest.raises(ConfigError, match="Falta o segredo"):
        secret(name, config)


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_a_secrets_file_open_to_others_is_refused(tmp_path: Path) -> None:
    config = load(written(tmp_path, VALID))
    beside = tmp_path / "secrets.toml"
    beside.write_text('[topup.rv]\npassword = "x"\n', "utf-8")
    beside.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        secret("topup.rv.password", config)


def test_a_secrets_file_that_is_no_toml_is_told(tmp_path: Path) -> None:
    config = load(written(tmp_path, VALID))
    beside = tmp_path / "secrets.toml"
    beside.write_text("senha=[", "utf-8")
    beside.chmod(0o600)
    with pytest.raises(ConfigError, match=r"secrets\.toml"):
        secret("topup.rv.password", config)


def test_training_is_the_default_of_everything() -> None:
    assert Config().training
