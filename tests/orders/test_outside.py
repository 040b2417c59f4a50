"""The order desk as the configuration builds it: training, production, the mail server, one pass of sync."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.config import Config
from pos_tui.domain.errors import ConfigError
from pos_tui.domain.order import Shipment
from pos_tui.domain.values import replace
from pos_tui.providers.orders.dooca import DoocaOrders
from pos_tui.providers.orders.medusa import MedusaOrders
from pos_tui.providers.sandbox import KEY
from pos_tui.providers.sandbox.dooca import PATH
from pos_tui.services.orders_outside import build_orders
from pos_tui.services.practice import SetFault
from pos_tui.settings.orders import DoocaSettings, MailSettings, OrdersSettings
from pos_tui.settings.secrets import MissingSecret
from pos_tui.settings.store import TillSettings
from pos_tui.till import Till
from pos_tui.upkeep import STEPS
from tests.orders.make import order
from tests.orders.post_office import PostOffice
from tests.orders.test_service import all_orders
from tests.sandbox import SandboxControl
from tests.tills import settings

TOKEN = "POS_TUI_ORDERS_TOKEN"


def config(path: Path, **orders: object) -> Config:
    """A production config whose shop is where `orders` says."""
    base = settings(till=TillSettings(), source=path / "config.toml")
    return replace(base, orders=OrdersSettings(**orders))  # type: ignore[arg-type]


@pytest.fixture
def production(tmp_path: Path, sandbox: SandboxControl, monkeypatch: pytest.MonkeyPatch) -> Iterator[Till]:
    """A till that takes the practice shop for a real one."""
    monkeypatch.setenv(TOKEN, KEY)
    opened = Till.open(config(tmp_path, url=sandbox.url + PATH), folder=tmp_path / "till")
    yield opened
    opened.close()


def test_production_speaks_to_the_configured_shop(production: Till) -> None:
    assert production.orders.refresh().read == 10
    assert isinstance(production.orders._connect(), DoocaOrders)


def test_sync_reads_the_shop_once(production: Till) -> None:
    (step,) = [step for step in STEPS if step.name == "orders"]
    assert step.alone and step.wanted(production.config)
    told = step.run(production)
    assert "10 pedido(s) lido(s)" in told and "0 pedido(s) em [verificar]" in told
    assert len(all_orders(production)) == 10


def test_without_a_token_it_says_which_secret_is_missing(
    production: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(TOKEN)
    with pytest.raises(MissingSecret, match=r"orders\.token"):
        production.orders.refresh()


def test_a_store_without_a_shop_is_told_what_to_set(till: Till, tmp_path: Path) -> None:
    bare = build_orders(config(tmp_path), till.context, lambda: "")
    with pytest.raises(ConfigError, match=r"\[orders\]"):
        bare.refresh()


def test_medusa_is_chosen_by_name(till: Till, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, "sk_1")
    chosen = config(tmp_path, provider="medusa", url="https://loja.example")
    assert isinstance(build_orders(chosen, till.context, lambda: "")._connect(), MedusaOrders)


def test_the_configured_mail_server_is_written_to(till: Till, tmp_path: Path) -> None:
    with PostOffice() as post:
        mail = MailSettings(host="127.0.0.1", port=post.port, security="none", sender="loja@example.com")
        outbox = build_orders(config(tmp_path, mail=mail), till.context, lambda: "").outbox
        parcel = Shipment("PAC", "AA123456785BR")
        till.context.store.write(lambda tx: outbox.queue(tx, "b" * 32, order(), parcel))
        assert outbox.send_next() and len(post.letters) == 1


def test_training_never_writes_to_anybody(till: Till) -> None:
    parcel = Shipment("PAC", "AA123456785BR")
    till.context.store.write(lambda tx: till.orders.outbox.queue(tx, "b" * 32, order(), parcel))
    assert till.orders.outbox.of("b" * 32) == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"provider": "loja"}, "orders.provider"),
        ({"dooca": DoocaSettings(cancel="apagar")}, "orders.dooca.cancel"),
        ({"dooca": DoocaSettings(unrelease="x")}, "orders.dooca.unrelease"),
        ({"mail": MailSettings(security="ssl")}, "orders.mail.security"),
        ({"days": 0}, "orders.days"),
        ({"tracking_url": "https://x.example"}, "{code}"),
        ({"timezone": "Marte"}, "orders.timezone"),
    ],
)
def test_settings_that_cannot_be(wrong: dict[str, object], told: str) -> None:
    problem = OrdersSettings(**wrong).problem()  # type: ignore[arg-type]
    assert problem is not None and told in problem


def test_a_mail_server_needs_a_sender() -> None:
    lacking = OrdersSettings(mail=MailSettings(host="smtp.example"))
    assert "orders.mail.sender" in str(lacking.missing(Config()))


def test_training_can_have_the_shop_misbehave(till: Till) -> None:
    till.orders.refresh()
    till.practice.set(SetFault("orders", "orders", "unauthorized", 1))
    assert [one.words for one in till.practice.in_force()] == [
        "Loja virtual · Listar os pedidos: O token deixa de valer (1 vez)"
    ]
    assert "token" in till.orders.refresh().words
    assert till.orders.refresh().problems == ()
