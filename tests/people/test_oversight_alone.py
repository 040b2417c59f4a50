"""The oversight by itself: at a terminal of its own, and in a browser, behind the login."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from pos_tui.domain.people import Role
from pos_tui.till import Till
from tests.ports import free_port
from tests.sandbox import SandboxControl
from tests.terminal import ROOT, Terminal
from tests.tills import add, new_sale, open_till, pay_and_save, settings

PIN = "864209"
CASHIER_PIN = "7531"
PATIENCE_SECONDS = 30.0


@pytest.fixture
def store(tmp_path: Path, sandbox: SandboxControl) -> Iterator[Path]:
    """Where a training till with a supervisor, a cashier and a pending top-up has its data."""
    till = open_till(tmp_path, sandbox, settings())
    people(till)
    sale = new_sale(till)
    add(till, sale, line="67999991234")
    pay_and_save(till, sale)
    till.close()
    yield tmp_path


def people(till: Till) -> None:
    till.operators.create_first("Ana Souza", PIN)
    till.operators.enter(1, PIN)
    till.operators.create(2, "Bia Lima", Role.CASHIER, CASHIER_PIN, "Ana Souza")
    till.operators.leave("fim")


def env(store: Path) -> dict[str, str]:
    return {"POS_TUI_DATA_DIR": str(store), "XDG_CONFIG_HOME": str(store / "none")}


def test_a_supervisor_sees_the_pendings_at_a_terminal_and_leaving_locks(store: Path) -> None:
    with Terminal.start([*Terminal.PYTHON, "-m", "pos_tui", "oversight"], env=env(store)) as terminal:
        terminal.wait_for("Operador nº")
        terminal.send(f"1\r{PIN}\r")
        terminal.wait_for("67 99999-1234")
        terminal.send("\x1b")
        terminal.wait_for("Operador nº")
        terminal.wait_gone("67 99999-1234")
        terminal.send("\x11")
        assert terminal.wait_exit() == 0


def test_a_cashier_sees_nothing_without_a_supervisor(store: Path) -> None:
    with Terminal.start([*Terminal.PYTHON, "-m", "pos_tui", "oversight"], env=env(store)) as terminal:
        terminal.wait_for("Operador nº")
        terminal.send(f"2\r{CASHIER_PIN}\r")
        terminal.wait_for("Supervisor nº")
        assert not any("67 99999-1234" in line for line in terminal.screen())


@pytest.fixture
def page(store: Path) -> Iterator[str]:
    """The address of the browser's server."""
    port = free_port()
    command = [sys.executable, "-m", "pos_tui", "oversight", "--browser", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | env(store), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate()


async def until_up(session: aiohttp.ClientSession, page: str) -> str:
    """Wait for the server, and return its page."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                async with session.get(page) as answer:
                    assert answer.status == 200
                    policy = answer.headers["Content-Security-Policy"]
                    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
                    return await answer.text()
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


async def read_until(socket: aiohttp.ClientWebSocketResponse, words: bytes) -> None:
    """Read what the app draws until some words are in it."""
    drawn = b""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while words not in drawn:
            message = await socket.receive()
            assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), message
            if message.type is aiohttp.WSMsgType.BINARY:
                drawn += message.data


async def test_a_supervisor_sees_the_pendings_in_a_browser(page: str) -> None:
    async with aiohttp.ClientSession() as session:
        assert "pos-tui: supervisão" in await until_up(session, page)
        async with session.ws_connect(f"{page}/ws?width=100&height=30") as socket:
            await read_until(socket, "Operador nº".encode())
            await socket.send_json(["stdin", f"1\r{PIN}\r"])
            await read_until(socket, b"99999-1234")


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://elsewhere.example"}, {"Host": "elsewhere.example"}, {"Origin": "null"}],
    ids=["another page", "another name", "a page from a file"],
)
async def test_no_other_page_may_type_at_the_login(page: str, headers: dict[str, str]) -> None:
    async with aiohttp.ClientSession() as session:
        await until_up(session, page)
        for path in ("/", "/ws"):
            async with session.get(page + path, headers=headers) as answer:
                assert answer.status == 403
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(f"{page}/ws", headers=headers)
        assert refused.value.status == 403
