"""The one writer of the config: keys change, comments stay, what is not valid is never written."""

import stat
from pathlib import Path

import pytest

from pos_tui.config import load, parse
from pos_tui.domain.errors import ConfigError
from pos_tui.services.config_file import differing, write, write_secrets
from pos_tui.settings.secrets import secret

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def test_every_comment_and_every_other_key_stays(tmp_path: Path) -> None:
    file = tmp_path / "loja.toml"
    file.write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    before = load(file)
    config = write(
        file,
        {
            "store.name": "Loja Nova",
            "till.number": 7,
            "till.sellers": ("Ana Prado", "Beto Lima"),
            "topup.auto_confirm": True,
            "topup.rv.url": "https://outro.example",
            "payment.pix.key": "outra@loja.example",
        },
    )
    assert config == load(file)
    assert differing(before, config) == [
        "payment.pix.key",
        "store.name",
        "till.number",
        "till.sellers",
        "topup.auto_confirm",
        "topup.rv.url",
    ]
    old, new = EXAMPLE.read_text("utf-8").splitlines(), file.read_text("utf-8").splitlines()
    assert len(old) == len(new)
    assert [line.partition("#")[2] for line in new] == [line.partition("#")[2] for line in old]
    assert sum(a != b for a, b in zip(old, new, strict=True)) == 6


def test_a_file_is_made_when_there_is_none_and_trains_until_told_otherwise(tmp_path: Path) -> None:
    file = tmp_path / "nova" / "config.toml"
    assert write(file, {"store.name": "Loja", "topup.celcoin.ddds": ("67",)}).training
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load(file).topup.celcoin.ddds == ("67",)


def test_sections_that_are_not_there_are_made_wherever_the_file_stops(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[till]\ntraining = true\n[topup.rv]\nurl = "https://a.example" # do contrato\n')
    config = write(file, {"topup.provider": "dtone", "topup.dtone.key": "k", "payment.methods": ("cash",)})
    assert (config.topup.provider, config.topup.dtone.key) == ("dtone", "k")
    assert config.topup.rv.url == "https://a.example" and "# do contrato" in file.read_text()


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"till.number": 0}, "«till.number» vai de 1 a 99"),
        ({"store.cnpj": "12.345.678/0001-00"}, "«store.cnpj»"),
        ({"store.nome": "Loja"}, "«store.nome» não existe"),
        ({"till.training": False}, "falta «topup.rv.url»"),
    ],
)
def test_what_would_not_be_valid_is_never_written(
    tmp_path: Path, values: dict[str, str | int], told: str
) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[till]\ntraining = true\n")
    with pytest.raises(ConfigError, match=told):
        write(file, values)
    assert file.read_text() == "[till]\ntraining = true\n"
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_a_file_that_is_no_toml_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[till\n")
    with pytest.raises(ConfigError, match="corrija-o à mão"):
        write(file, {"till.number": 2})
    assert file.read_text() == "[till\n"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "arquivo").write_text("")
    with pytest.raises(ConfigError, match="não pôde ser gravado"):
        write(tmp_path / "arquivo" / "config.toml", {"till.number": 2})


def test_secrets_are_kept_closed_and_beside_the_config(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    write(file, {"till.number": 2})
    write_secrets(file, {"topup.rv.password": "s3nha"})
    write_secrets(file, {"topup.celcoin.client_secret": "outra", "topup.rv.password": 'nova"#'})
    beside = tmp_path / "secrets.toml"
    assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    config = parse(file.read_text(), file)
    assert secret("topup.rv.password", config).reveal() == 'nova"#'
    assert secret("topup.celcoin.client_secret", config).reveal() == "outra"
    assert "s3nha" not in file.read_text() + beside.read_text()
    beside.write_text("[topup\nsegredo = 1")
    with pytest.raises(ConfigError) as caught:
        write_secrets(file, {"topup.rv.password": "x"})
    assert "segredo" not in str(caught.value) and beside.read_text() == "[topup\nsegredo = 1"
