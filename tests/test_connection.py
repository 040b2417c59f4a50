"""The connection tests of Configuração and the doctor, against real servers, folders and a mail server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.config import Config
from pos_tui.connection import NOTHING, TESTS, check, check_all
from pos_tui.doctor.outside import CONNECTIONS
from pos_tui.domain.values import replace
from pos_tui.providers.sandbox import ASAAS_PATH, KEY, USER, dooca, rbx, sgp
from pos_tui.providers.tef.folders import REQUEST, STATUS
from pos_tui.screens.settings_table import GROUPS
from pos_tui.settings import secrets
from pos_tui.settings.orders import MailSettings, OrdersSettings
from pos_tui.settings.payment import PaymentSettings, TefSettings
from pos_tui.settings.recurring import AsaasSettings, RecurringSettings
from pos_tui.settings.secrets import MissingSecret, secret
from pos_tui.settings.store import DatabaseSettings, TillSettings
from pos_tui.settings.subscribers import RbxSettings, SgpSettings, SubscribersSettings
from pos_tui.till import Till
from tests.orders.post_office import PostOffice
from tests.paying import TefFolders
from tests.sandbox import SandboxControl, sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]

NOBODY_LISTENS = "http://127.0.0.1:1"


def a_store(folder: Path, url: str, **changes: object) -> Config:
    """A store at work whose whole outside is at one address of this machine."""
    base = Config(
        till=TillSettings(training=False),
        database=DatabaseSettings(url=f"sqlite:///{folder / 'pos.db'}"),
        payment=PaymentSettings(methods=("cash", "recurring")),
        recurring=RecurringSettings(mode="integrated", asaas=AsaasSettings(url=url + ASAAS_PATH)),
        subscribers=SubscribersSettings(
            provider="rbx", rbx=RbxSettings(url=url + rbx.BASE), sgp=SgpSettings(url=url + sgp.BASE, app=USER)
        ),
        orders=OrdersSettings(url=url + dooca.PATH),
        source=folder / "config.toml",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def give_secrets(folder: Path, key: str) -> None:
    """Every secret of the store's."""
    (folder / "secrets.toml").write_text(
        f'[recurring.asaas]\naccess_token = "{key}"\n[subscribers.rbx]\nkey = "{key}"\n'
        f'[subscribers.sgp]\ntoken = "{key}"\n[orders]\ntoken = "{key}"\n'
    )
    (folder / "secrets.toml").chmod(0o600)


@pytest.fixture(autouse=True)
def _no_secret_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox's key is a word of the screens: as a store's secret, the log would mask it for ever."""
    monkeypatch.setattr(secrets, "_KNOWN", set())


@pytest.fixture
def store(tmp_path: Path, sandbox: SandboxControl) -> Iterator[tuple[Config, Till]]:
    config = a_store(tmp_path, sandbox.url)
    till = Till.beside(config, folder=tmp_path / "data")
    yield config, till
    till.close()


OUTSIDES = [
    ("recurring", "rbx", "A plataforma do recorrente"),
    ("subscribers", "rbx", "O ERP dos assinantes"),
    ("subscribers", "sgp", "O ERP dos assinantes"),
    ("orders", "rbx", "A loja virtual"),
]


@pytest.mark.parametrize(("name", "erp", "whom"), OUTSIDES)
def test_each_tells_a_good_key_a_wrong_one_and_silence(
    store: tuple[Config, Till], tmp_path: Path, sandbox: SandboxControl, name: str, erp: str, whom: str
) -> None:
    config, till = store
    wanted = replace(config.subscribers, provider=erp)
    config = replace(config, subscribers=wanted)
    assert check(name, config, till) == (False, _missing(name, erp, tmp_path))
    give_secrets(tmp_path, KEY)
    before = sandbox.ledger().counts, sandbox.shop()["effects"]
    right, told = check(name, config, till) or (False, "")
    assert right and told.startswith(f"{whom} respondeu e "), told
    assert (sandbox.ledger().counts, sandbox.shop()["effects"]) == before, "nothing was asked to happen"
    give_secrets(tmp_path, "outra")
    right, told = check(name, config, till) or (True, "")
    assert not right and told.startswith(f"{whom} respondeu que não:") and "senha" in told, told
    nowhere = a_store(tmp_path, NOBODY_LISTENS, subscribers=replace(
        wanted, rbx=RbxSettings(url=NOBODY_LISTENS), sgp=SgpSettings(url=NOBODY_LISTENS, app=USER)
    ))  # fmt: skip
    right, told = check(name, nowhere, till) or (True, "")
    assert not right and told.startswith(f"{whom} não foi alcançado(a):"), told


def _missing(name: str, erp: str, folder: Path) -> str:
    wanted = {"recurring": "recurring.asaas.access_token", "orders": "orders.token"}.get(
        name, "subscribers.rbx.key" if erp == "rbx" else "subscribers.sgp.token"
    )
    with pytest.raises(MissingSecret) as error:
        secret(wanted, a_store(folder, NOBODY_LISTENS))
    return error.value.message


def test_the_mail_server_is_greeted_and_gets_no_letter(store: tuple[Config, Till]) -> None:
    config, till = store
    with PostOffice() as post:
        mail = MailSettings(host="127.0.0.1", port=post.port, security="none", sender="loja@example.com")
        config = replace(config, orders=replace(config.orders, mail=mail))
        assert check("mail", config, till) == (True, "O servidor de e-mail respondeu e aceita este caixa.")
        assert post.letters == []
    right, told = check("mail", config, till) or (True, "")
    assert not right and "não foi alcançado" in told


def with_tef(config: Config, folders: TefFolders) -> Config:
    """The same store with TEF on these folders."""
    tef = TefSettings(request_dir=str(folders.req), response_dir=str(folders.resp))
    return replace(config, payment=PaymentSettings(methods=("cash", "tef"), tef=tef))


def test_the_tef_manager_is_asked_for_a_sign_of_life(store: tuple[Config, Till], tmp_path: Path) -> None:
    config, till = store
    folders = TefFolders(tmp_path / "tef")
    config = with_tef(config, folders)
    with folders.manager():
        assert check("tef", config, till) == (True, "O TEF respondeu e está pronto.")
    assert folders.ledger.effect == 0
    right, told = check("tef", config, till) or (True, "")
    assert not right and "não foi alcançado(a): O TEF não responde" in told
    assert list(folders.req.iterdir()) == [], "the question was taken back"


@pytest.mark.parametrize(("folder", "name"), [("req", REQUEST), ("resp", STATUS)])
def test_another_programs_operation_is_left_alone(
    store: tuple[Config, Till], tmp_path: Path, folder: str, name: str
) -> None:
    config, till = store
    folders = TefFolders(tmp_path / "tef")
    theirs: Path = getattr(folders, folder) / name
    theirs.write_bytes(b"000-000 = CRT\r\n001-000 = 7\r\n999-999 = 0\r\n")
    right, told = check("tef", with_tef(config, folders), till) or (True, "")
    assert not right and told.startswith(f"Outro programa usa este TEF: {name}")
    assert theirs.exists()


def test_a_tef_folder_that_is_not_there_is_named(store: tuple[Config, Till], tmp_path: Path) -> None:
    config, till = store
    folders = TefFolders(tmp_path / "tef")
    config = with_tef(config, folders)
    folders.resp.rmdir()
    right, told = check("tef", config, till) or (True, "")
    assert not right and str(folders.resp) in told


def test_what_a_store_does_not_use_is_not_asked(tmp_path: Path) -> None:
    config = Config(
        till=TillSettings(training=False),
        database=DatabaseSettings(url=f"sqlite:///{tmp_path / 'pos.db'}"),
        payment=PaymentSettings(methods=("cash",)),
        source=tmp_path / "config.toml",
    )
    till = Till.beside(config, folder=tmp_path)
    names = [name for name in TESTS if name != "topup"]
    assert check_all(names, config, till) == (True, NOTHING)
    till.close()


def test_every_group_and_row_names_a_test_there_is() -> None:
    asked = {name for group in GROUPS for name in group.tests}
    assert asked == set(TESTS)
    assert {name for name, _ in CONNECTIONS} | {"tef"} == set(TESTS)
