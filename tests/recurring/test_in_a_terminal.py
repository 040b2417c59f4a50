"""Seed 2's flow on the whole program in a terminal, by keys: once told by notices, once by polling.

OS, link, refusal shown, filter, payment, OS finished by itself, then month by month Confirmado and Negado.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pos_tui.domain.instalments import due_days
from pos_tui.providers.sandbox import ASAAS_PATH, KEY
from pos_tui.receive_command import READY
from tests.sandbox import SandboxControl
from tests.terminal import Terminal

F5, F6, F8, F9, F10 = "\x1b[15~", "\x1b[17~", "\x1b[19~", "\x1b[20~", "\x1b[21~"
CATALOGUE = "codigo;nome;preco;tipo\nCOR1;Corte de cabelo;45,00;serviço\n"
CONFIG = """
[till]
training = true
[payment]
methods = ["cash", "recurring"]
[recurring]
mode = "integrated"
[recurring.asaas]
url = "{url}"
"""


@dataclass
class World:
    """The program's folder, the platform, and the time on both."""

    folder: Path
    control: SandboxControl

    @property
    def env(self) -> dict[str, str]:
        """Where the program keeps its data."""
        return {"POS_TUI_DATA_DIR": str(self.folder / "data"), "XDG_CONFIG_HOME": str(self.folder / "xdg")}

    @property
    def config(self) -> Path:
        """The store's settings."""
        return self.folder / "loja.toml"

    @property
    def ahead(self) -> Path:
        """By how many seconds the till's clock is ahead."""
        return self.folder / "ahead"

    def call(self, what: str, **asked: object) -> dict[str, Any]:
        """Have something happen at the platform, to the only subscription there is."""
        found: dict[str, Any] = self.control.call("POST", "asaas/view", {})["subscriptions"]
        reference = next(iter(found.values()))["externalReference"] if found else ""
        return self.control.call("POST", f"asaas/{what}", {"reference": reference, **asked})

    def days(self) -> tuple[date, ...]:
        """When the three instalments fall due."""
        (subscription,) = self.call("view")["subscriptions"].values()
        return due_days(date.fromisoformat(subscription["first"]), 3)

    def go_to(self, day: date) -> None:
        """Let it be the afternoon of a day, here and there."""
        then = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
        self.ahead.write_text(str((then - datetime.now(UTC)) / timedelta(seconds=1)))
        self.control.set_clock(then.timestamp())
        self.call("time")


@pytest.fixture
def world(tmp_path: Path, sandbox: SandboxControl) -> World:
    """A store with one service in its catalogue."""
    world = World(tmp_path, sandbox)
    world.config.write_text(CONFIG.format(url=sandbox.url + ASAAS_PATH))
    world.ahead.write_text("0")
    (tmp_path / "itens.csv").write_text(CATALOGUE, "utf-8")
    program(world, "catalog", "import", str(tmp_path / "itens.csv"))
    return world


def program(world: World, *arguments: str) -> str:
    """Run a subcommand; return what it says."""
    command = [sys.executable, "-m", "pos_tui.cli", "--config", str(world.config), *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env=os.environ | world.env
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def receiving(world: World) -> Iterator[str]:
    """Run `pos-tui receive` beside the till; give its address."""
    command = [sys.executable, "-m", "pos_tui.cli", "--config", str(world.config), "receive", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | world.env)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().removeprefix(READY).strip()
    finally:
        process.terminate()
        process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


def sell(terminal: Terminal) -> None:
    """Register Maria, sell her a haircut in three instalments, finalise the OS."""
    terminal.wait_for("Buscar cliente")
    terminal.send(F6)
    terminal.wait_for("Cadastro de cliente")
    terminal.send("Maria Souza\r52998224725\r67999991234\r\r")
    terminal.wait_for("Cliente: Maria Souza")
    terminal.send(F9)
    terminal.wait_for("Itens da venda")
    terminal.send("COR1\r")
    terminal.wait_for("Corte de cabelo: R$ 45,00.")
    terminal.send(F10)
    terminal.wait_for("[3 Pagamento]")
    terminal.send("23\r")
    terminal.wait_for("Finalizar OS")
    terminal.send(F10)
    terminal.wait_for("existem pagamentos pendentes nesta OS")
    terminal.wait_for("/asaas/i/pay_")


def find_it_with_an_error(terminal: Terminal) -> None:
    """Back in the list it stands with its error; the filter finds it; Enter opens it again."""
    terminal.send("\x1b")
    terminal.wait_for("Pagamento com erro")
    terminal.send(F6)
    terminal.wait_for("Status dos Pagamentos")
    terminal.send("\r\r")
    terminal.wait_for("3 Pagamento com erro")
    terminal.send("3\r\r\r")
    terminal.wait_for("Maria Souza")
    terminal.send("\r")
    terminal.wait_for("existem pagamentos pendentes nesta OS")


def states(terminal: Terminal) -> list[str]:
    """Where the instalments on the screen stand."""
    words = ("Confirmado", "Aguardando", "Negado", "Cancelado")
    rows = [line for line in terminal.screen() if "15,00" in line and "/20" in line]
    return [next(word for word in words if word in row) for row in rows]


def wait_states(terminal: Terminal, *expected: str) -> None:
    """Wait until the instalments stand so."""
    terminal.wait_until(lambda: states(terminal) == list(expected), f"instalments {expected}")


def test_told_by_notices(world: World) -> None:
    arguments = (str(world.config), str(world.ahead))
    with (
        receiving(world) as address,
        Terminal.python("tests.recurring.program", *arguments, env=world.env) as t,
    ):
        world.call("hook", url=address, token=KEY)
        sell(t)
        world.call("refuse")
        t.wait_for("O cartão foi recusado")
        find_it_with_an_error(t)
        world.call("pay")
        t.wait_for("O cliente pagou: a OS 1 foi finalizada sozinha.")
        wait_states(t, "Confirmado", "Aguardando", "Aguardando")
        _, second, third = world.days()
        world.go_to(second)
        wait_states(t, "Confirmado", "Confirmado", "Aguardando")
        world.call("card", word="bad")
        world.go_to(third)
        wait_states(t, "Confirmado", "Confirmado", "Negado")
        world.call("deliver", again=True, reverse=True)
        replayed = world.call("view")
        assert set(replayed["answers"]) == {200}
        assert len(replayed["answers"]) == 2 * len(replayed["events"])
        assert states(t) == ["Confirmado", "Confirmado", "Negado"]
        t.send("\x1b")
        t.wait_for("Lista de vendas]")


def test_told_by_polling(world: World) -> None:
    arguments = (str(world.config), str(world.ahead))
    with Terminal.python("tests.recurring.program", *arguments, env=world.env) as t:
        sell(t)
        first, second, third = world.days()
        world.go_to(first + timedelta(days=2))
        t.wait_for("O primeiro pagamento venceu")
        t.send(F8)
        t.wait_for("Cancelar a tentativa de pagamento?")
        t.send("n")
        t.wait_for("existem pagamentos pendentes nesta OS")
        world.call("pay")
        t.send(F5)
        t.wait_for("finalizada sozinha.")
        wait_states(t, "Confirmado", "Aguardando", "Aguardando")
        world.go_to(second)
        wait_states(t, "Confirmado", "Confirmado", "Aguardando")
        world.call("card", word="bad")
        world.go_to(third + timedelta(days=1))
        wait_states(t, "Confirmado", "Confirmado", "Negado")


def test_one_pass_for_cron_finds_what_was_paid(world: World) -> None:
    # The till's clock is behind, so that its first question is due for the pass's.
    world.ahead.write_text("-300")
    arguments = (str(world.config), str(world.ahead))
    with Terminal.python("tests.recurring.program", *arguments, env=world.env) as t:
        sell(t)
        t.send("\x1b")
        t.wait_for("Pagamento pendente")
        t.send("\x11")
        t.wait_for("Sair do programa?")
        t.send("s")
        assert t.wait_exit() == 0
    world.call("pay")
    assert "Crédito recorrente: 1 consultada(s)" in program(world, "sync")
    first, *_ = world.days()
    told = program(world, "report", "recorrente", "--from", first.isoformat(), "--to", first.isoformat())
    assert "Status: Confirmado" in told and "Cliente: Maria Souza" in told
