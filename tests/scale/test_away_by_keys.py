"""A store's till on a terminal, by keys: its PostgreSQL is killed while it sells, and comes back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pos_tui.config import load
from pos_tui.domain.sale import SaleFilter
from pos_tui.providers.sandbox import KEY, STORE, USER
from pos_tui.till import Till
from tests.people.staff import ANA_PIN, hire
from tests.postgres import Postgres, needed, running
from tests.sandbox import SandboxControl
from tests.scale.islands import address, make_database
from tests.terminal import Terminal
from tests.tills import LINE

pytestmark = needed()

F3, F4, F10 = "\x1bOR", "\x1bOS", "\x1b[21~"
CTRL_K, CTRL_Q, ESC = "\x0b", "\x11", "\x1b"
CONFIG = """
[till]
number = {number}
[database]
url = "{url}"
[topup.rv]
url = "{sandbox}/integracao_xml.php"
store = "{store}"
user = "{user}"
[payment]
methods = ["cash"]
[printer]
transport = "none"
"""


@dataclass
class World:
    """A server, and two tills of its store; the first has its *caixa* open."""

    server: Postgres
    folder: Path

    def start(self, size: tuple[int, int], term: str) -> Terminal:
        """Open till 1 on a terminal."""
        argv = [*Terminal.PYTHON, "-m", "pos_tui", "--config", str(self.config(1))]
        env = {"POS_TUI_DATA_DIR": str(self.folder / "1"), "TERM": term}
        return Terminal.start(argv, size, env)

    def config(self, number: int) -> Path:
        """The settings of a till."""
        return self.folder / str(number) / "config.toml"

    def open(self, number: int) -> Till:
        """Open a till here."""
        return Till.open(load(self.config(number)), folder=self.folder / str(number))


@pytest.fixture
def world(tmp_path: Path, sandbox: SandboxControl) -> Iterator[World]:
    """Everything in its place."""
    with running() as server:
        make_database(server.port)
        url = address(server.port)
        for number in (1, 2):
            folder = tmp_path / str(number)
            folder.mkdir()
            words = CONFIG.format(number=number, url=url, sandbox=sandbox.url, store=STORE, user=USER)
            (folder / "config.toml").write_text(words)
            (folder / "secrets.toml").write_text(f'[topup.rv]\npassword = "{KEY}"\n')
            (folder / "secrets.toml").chmod(0o600)
        made = World(server, tmp_path)
        till = made.open(1)
        boss, *_ = hire(till)
        till.guard.operator = boss
        till.cash.open(10_000, boss.name)
        till.close()
        yield made


@pytest.mark.parametrize(
    ("size", "term", "away"),
    [((80, 24), "xterm-256color", "SERVIDOR AUSENTE"), ((40, 12), "linux", "SEM SERVIDOR")],
)
def test_a_sale_goes_on_by_keys(
    world: World, sandbox: SandboxControl, size: tuple[int, int], term: str, away: str
) -> None:
    with world.start(size, term) as terminal:
        terminal.wait_for("Operador")
        terminal.send(f"2\r{ANA_PIN}\r")
        terminal.wait_for("Buscar cliente")
        terminal.send(f"{F3}1{LINE}{LINE}")
        terminal.wait_for("Outro valor")
        world.server.kill()
        terminal.send("1")
        terminal.wait_for("pendente. Receba")
        terminal.wait_for(away)
        terminal.send(f"{F10}1\r{F10}")
        terminal.wait_for("Venda 1 salva")
        terminal.send("\r\r")
        terminal.wait_for("confirmada com")
        terminal.send(ESC)
        terminal.wait_for("a enviar" if size[0] > 40 else "SEM SERVIDOR ·")
        terminal.send(f"{CTRL_K}pedidos\r1")
        terminal.wait_for("Isto espera o servidor da loja")
        terminal.send(ESC)
        terminal.wait_for("Lista de vendas]")
        terminal.send(CTRL_Q)
        terminal.wait_for("ainda não foram ao")
        terminal.send(ESC)
        terminal.wait_gone("ainda não foram ao")
        terminal.wait_for(away)
        world.server.start()
        terminal.wait_gone(away)
        terminal.send(CTRL_Q)
        terminal.wait_for("Sair do programa?")
        terminal.send("s")
        assert terminal.wait_exit() == 0
    other = world.open(2)
    (line,) = other.sales.page(SaleFilter(*other.day()))
    sale = other.sales.get(line.id)
    assert (sale.till, sale.number, [topup.state.value for topup in sale.topups]) == (1, 1, ["confirmed"])
    assert list(sandbox.ledger().credits) == [LINE]
    other.close()
