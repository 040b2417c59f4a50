"""Training cannot reach production: whatever the config says, every road out of it ends on this machine.

A config full of real addresses, in training: each thing that connects is done, and every address that a
socket is given, or a name server asked for, is written down. Databases are told by their address, since
their drivers do not use Python's sockets.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos_tui.config import Config, practising
from pos_tui.connection import TESTS, check_all, check_topup
from pos_tui.domain.errors import ConfigError
from pos_tui.domain.payment import Method
from pos_tui.domain.values import replace
from pos_tui.providers.http import is_loopback
from pos_tui.providers.sandbox.subscribers import PASSWORD
from pos_tui.reports.definition import Asked
from pos_tui.reports.registry import find
from pos_tui.screens.desks import DESKS
from pos_tui.settings.orders import MailSettings, OrdersSettings
from pos_tui.settings.payment import PaymentSettings, PixSettings, TefSettings
from pos_tui.settings.printer import PrinterSettings
from pos_tui.settings.recurring import AsaasSettings, RecurringSettings
from pos_tui.settings.store import DatabaseSettings, StoreSettings, TillSettings
from pos_tui.settings.subscribers import RbxSettings, RecordsSettings, SgpSettings, SubscribersSettings
from pos_tui.settings.topup import CelcoinSettings, DtOneSettings, RvSettings, TopUpSettings
from pos_tui.store.database import file_of
from pos_tui.till import Till
from pos_tui.upkeep import run
from pos_tui.wiring import connect_tef
from tests.recurring.os import sent
from tests.screens.desk import at_desk
from tests.tills import add, new_sale, pay_and_save

REAL = "https://producao.example"
_asked: list[str] | None = None
"""Where hosts are written down while a test watches."""


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook stays for the life of the process; it does nothing unless a test watches."""
    if _asked is None:
        return
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        _asked.append(str(arguments[1][0]))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        _asked.append(str(arguments[0]))


sys.addaudithook(_audit)


@pytest.fixture
def reached() -> Iterator[list[str]]:
    """The hosts that were asked for or connected to."""
    global _asked
    _asked = []
    yield _asked
    _asked = None


def real_config(folder: Path, provider: str = "rv", erp: str = "rbx") -> Config:
    """A store at work: every address is a real one's."""
    for name in ("Req", "Resp"):
        (folder / name).mkdir(exist_ok=True)
    return Config(
        store=StoreSettings(name="Loja 52", cnpj="12.345.678/0001-95"),
        till=TillSettings(training=False),
        database=DatabaseSettings(url="postgresql://pos@producao.example/pos"),
        topup=TopUpSettings(
            provider=provider,
            deadline_seconds=3,
            rv=RvSettings(url=f"{REAL}/integracao_xml.php", store="1234", user="loja"),
            celcoin=CelcoinSettings(url=REAL, client_id="loja", ddds=("67",)),
            dtone=DtOneSettings(url=f"{REAL}/v1", key="loja"),
        ),
        payment=PaymentSettings(
            methods=("cash", "card", "tef", "pix", "recurring"),
            pix=PixSettings(
                key="pix@loja.example", url=f"{REAL}/pix", token_url=f"{REAL}/token", client_id="x"
            ),
            tef=TefSettings(request_dir=str(folder / "Req"), response_dir=str(folder / "Resp")),
        ),
        printer=PrinterSettings(transport="capture"),
        subscribers=SubscribersSettings(
            provider=erp,
            rbx=RbxSettings(url=REAL),
            sgp=SgpSettings(url=REAL, app="caixa"),
            records=RecordsSettings(
                url="postgresql://radius@producao.example/radius", radacct="radacct", cdr="cdr"
            ),
        ),
        recurring=RecurringSettings(mode="integrated", asaas=AsaasSettings(url=f"{REAL}/v3")),
        orders=OrdersSettings(
            url=REAL, mail=MailSettings(host="producao.example", sender="loja@loja.example")
        ),
        source=folder / "config.toml",
    )


def in_training(folder: Path, provider: str = "rv", erp: str = "rbx") -> Till:
    """A till on that config, in training, with a sandbox of its own."""
    return Till.open(practising(real_config(folder, provider, erp)), folder=folder / "data")


def top_up(till: Till) -> None:
    """Sell, reserve, confirm, ask."""
    sale = new_sale(till, "Vendedor")
    topup = add(till, sale)
    pay_and_save(till, sale)
    till.topups.confirm(topup.id, "Vendedor")
    till.topups.ask(topup.id, "Vendedor")
    till.offers.balance()
    till.sweeper.sweep("Vendedor")


def pay_by_pix(till: Till) -> None:
    """Charge, ask, and be paid."""
    sale = new_sale(till, "Vendedor")
    add(till, sale)
    sale = till.sales.get(sale.id)
    line = till.payments.add(sale, Method.PIX_DYNAMIC, 1500)
    line = till.payments.charge(line.id, "Vendedor")
    till.practice.pay(line.request_key)
    till.payments.ask(line.id, "Vendedor")


def play_faults(till: Till) -> None:
    """The control endpoints."""
    till.practice.clear()
    assert till.practice.in_force() == []


def check_connections(till: Till) -> None:
    """The desk's connection tests, with what the till runs on."""
    assert check_all(TESTS, till.config, till)[0]


def ask_subscribers(till: Till) -> None:
    """The ERP; the databases of usage are a file beside the till."""
    (found,) = till.centre.questions.find("52998224725").subscribers
    somebody = till.centre.questions.visit(found, PASSWORD)
    till.centre.questions.open_bills(somebody)
    records = till.centre.questions.records()
    assert records is not None and "producao" not in vars_of(records)


def vars_of(thing: object) -> str:
    """Everything a thing holds, as text."""
    return " ".join(str(getattr(thing, name, "")) for name in dir(thing) if not name.startswith("__"))


def charge_monthly(till: Till) -> None:
    """Finalise an OS, send its link, be paid, ask."""
    attempt = sent(till)
    till.practice.pay_link(attempt.id)
    till.recurring.attempts.ask(attempt.id, "Vendedor")
    till.recurring.watch.sweep("Vendedor")


def attend_orders(till: Till) -> None:
    """The online shop, and what its customers are told."""
    till.orders.refresh()
    till.orders.sweep()


def run_upkeep(till: Till) -> None:
    """What the background and `pos-tui sync` do."""
    assert not [told for told in run(till, alone=True) if told.failed]


ROADS: tuple[tuple[str, str, Callable[[Till], None]], ...] = (
    ("rv", "rbx", top_up),
    ("celcoin", "rbx", top_up),
    ("dtone", "rbx", top_up),
    ("rv", "rbx", pay_by_pix),
    ("rv", "rbx", play_faults),
    ("rv", "rbx", check_connections),
    ("rv", "rbx", ask_subscribers),
    ("rv", "sgp", ask_subscribers),
    ("rv", "rbx", attend_orders),
    ("rv", "rbx", charge_monthly),
    ("rv", "rbx", run_upkeep),
)


@pytest.mark.parametrize(("provider", "erp", "go"), ROADS)
def test_every_road_ends_on_this_machine(
    tmp_path: Path, reached: list[str], provider: str, erp: str, go: Callable[[Till], None]
) -> None:
    till = in_training(tmp_path, provider, erp)
    try:
        go(till)
    finally:
        till.close()
    assert reached and all(is_loopback(host) for host in reached), reached


def test_the_watch_sees_what_leaves(tmp_path: Path, reached: list[str]) -> None:
    """The same config outside training does ask for the real host: the watch is not blind."""
    config = replace(real_config(tmp_path), database=DatabaseSettings())
    (tmp_path / "secrets.toml").write_text('[topup.rv]\npassword = "x"\n')
    (tmp_path / "secrets.toml").chmod(0o600)
    till = Till.beside(config, folder=tmp_path / "data")
    right, told = check_topup(config, till)
    till.close()
    assert not right and "producao.example" in reached, (reached, told)


def test_tef_and_the_database_are_of_training(tmp_path: Path) -> None:
    till = in_training(tmp_path)
    try:
        connect_tef(till)
        assert file_of(till.url) == tmp_path / "data" / "training.db"
        assert list((tmp_path / "Req").iterdir()) == list((tmp_path / "Resp").iterdir()) == []
        assert (tmp_path / "data" / "tef" / "Req").is_dir()
    finally:
        till.close()


def test_outside_training_there_is_no_pretended_world(tmp_path: Path) -> None:
    config = replace(real_config(tmp_path), database=DatabaseSettings())
    till = Till.beside(config, folder=tmp_path / "data")
    for pretended in ("sandbox", "practice"):
        with pytest.raises(ConfigError):
            getattr(till, pretended)
    till.close()


SAID = "TREINAMENTO"
KEYS = ("f1", "f6", "f7", "ctrl+k", "ctrl+o", "ctrl+x", "ctrl+s", "ctrl+z", "ctrl+q", "f12", "f2")


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_every_screen_says_so(till: Till, size: tuple[int, int]) -> None:
    async with at_desk(till, size) as desk:
        for tab in ("f3", "f10", "f4", "f2"):
            await desk.press(tab)
            assert SAID in desk.words(), tab
        for key in KEYS:
            await desk.press(key)
            assert SAID in desk.words(), key
            await desk.press("escape")
        for number, one in enumerate(DESKS, 1):
            await desk.press("f12")
            await desk.see("Menu")
            await desk.press(*["down"] * number, "enter")
            await desk.gone("Mesas")
            assert SAID in desk.words(), one.label
            await desk.press("f1")
            assert SAID in desk.words(), one.label
            while desk.app.screen is not desk.app.desk:
                assert SAID in desk.words(), one.label
                await desk.press("escape")


def test_every_paper_says_so(till: Till) -> None:
    till.cash.open(10_000, "Vendedor")
    sale = new_sale(till)
    topup = add(till, sale)
    pay_and_save(till, sale)
    till.topups.confirm(topup.id, "Vendedor")
    till.cash.withdraw(1_000, "depósito no cofre", "Vendedor")
    till.reports.print(find("vendas"), Asked(*till.day()))
    papers = [job for job in till.spool.owed() if job.kind != "drawer"]
    assert len(papers) >= 3
    for job in papers:
        assert till.papers.preview(job.document).count(SAID) >= 2, job.kind
