"""The sandbox as a process: it starts, tells its port, keeps its ledger, and never outlives its till."""

import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pos_tui.domain.errors import PosError
from pos_tui.providers.sandbox.process import start_sandbox
from tests.sandbox import SandboxControl

COMMAND = [sys.executable, "-m", "pos_tui.providers.sandbox"]


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    running = start_sandbox(tmp_path / "ledger.jsonl")
    assert running.process.stdin is not None
    running.process.stdin.close()
    assert running.process.wait(10) == 0


def test_it_ends_on_sigterm_even_while_dripping(tmp_path: Path) -> None:
    running = start_sandbox(tmp_path / "ledger.jsonl")
    SandboxControl(running.url).fault("drip", seconds=60)
    host, port = running.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as client:
        client.sendall(b"GET /integracao_xml.php HTTP/1.1\r\n\r\n")
        assert client.recv(1) == b"H"
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0
    running.stop()


def test_it_rests_when_what_came_before_is_served(sandbox: SandboxControl) -> None:
    """A till may have died over its request: what it asked for happens all the same, a moment later."""
    host, port = sandbox.url.removeprefix("http://").split(":")
    sandbox.fault("held")
    with socket.create_connection((host, int(port))) as dead:
        dead.sendall(b"GET /integracao_xml.php HTTP/1.1\r\n\r\n")
    with ThreadPoolExecutor() as pool:
        resting = pool.submit(sandbox.rest)
        for _ in range(50):
            assert sandbox.ledger().rows == [], "nobody else waits"
        assert not resting.done()
        sandbox.clear()
        resting.result()


def test_a_port_in_use_is_said_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run([*COMMAND, "--port", str(port)], capture_output=True, text=True, timeout=30)
    assert ended.returncode == 3
    assert f"A porta {port} não está livre" in ended.stderr


def test_it_serves_this_machine_only() -> None:
    ended = subprocess.run([*COMMAND, "--host", "0.0.0.0"], capture_output=True, text=True, timeout=30)
    assert ended.returncode == 2
    assert "só atende nesta máquina" in ended.stderr


def test_a_broken_ledger_is_said_in_words(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    ledger.write_text("nonsense\n")
    with pytest.raises(PosError, match=r"não abriu.*ledger\.jsonl não pôde ser lido"):
        start_sandbox(ledger)


def test_it_starts_without_the_heavy_libraries() -> None:
    script = (
        "import sys, pos_tui.providers.sandbox.command\n"
        "print([name for name in ('httpx', 'httpcore', 'textual', 'rich', 'peewee') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_nonsense_at_the_control_endpoint_is_refused(sandbox: SandboxControl) -> None:
    nonsense: list[object] = [{"kind": "nonsense"}, {"kind": "lost", "operation": "nonsense"}, [], {}]
    for asked in nonsense:
        with pytest.raises(OSError, match="400"):
            sandbox.call("POST", "faults", asked)
