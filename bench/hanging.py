"""The echo of a key while every device hangs (I8 of facts/pos-and-faults.md §6), on a pty.

The provider is stopped with a reserve on its way, the printer takes connections and never reads with papers
owed to it, and another program holds the lock of the database. Then the TEF manager hangs too, with a card
that it took: its window covers the till, and the keys are those of the supervisor who gives the waiting up.
"""

import contextlib
import os
import random
import signal
import socket
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.result import Row, percentile
from bench.screens import F3, F10, READY, TILL
from bench.terminal import Program

LINE, OTHER = "67999991234", "67999995678"
KEYS = 200
LIMIT_MS = 100.0
DEADLINE = 30.0
"""Seconds for the till to be done with what it writes."""
CONFIG = """
[till]
training = true
[payment]
methods = ["cash", "tef"]
[printer]
transport = "network"
host = "127.0.0.1"
port = {port}
profile = "epson-tm-t20"
"""


def rows() -> Iterator[Row]:
    """Measure the echo of keys in a field, and of tabs, meanwhile."""
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as deaf:
        folder = Path(name)
        config = folder / "config.toml"
        config.write_text(CONFIG.format(port=deaf.getsockname()[1]), "utf-8")
        config.chmod(0o600)
        with Program((*TILL, "--config", str(config)), {"POS_TUI_DATA_DIR": str(folder / "data")}) as program:
            program.until(READY)
            _sell(program)
            program.send(F3)
            well = _typed(program)
            program.send("\x15")
            with _no_provider(program):
                with _locked(folder / "data" / "training.db"):
                    typed, tabs = _typed(program), _tabs(program)
                _charge(program, folder / "data" / "tef")
                with _locked(folder / "data" / "training.db"):
                    at_tef = _echoes(program)
    base = percentile(well, 0.95) * 1e3
    for devices, times in (("provider, printer and database", typed), ("these and TEF", at_tef)):
        what = f"a key while {devices} hang"
        yield Row(f"{what}, p95", "ms", percentile(times, 0.95) * 1e3, base, 1.5, "nothing hangs")
        yield Row(f"{what}, the slowest of {KEYS}", "ms", max(times) * 1e3, None, LIMIT_MS)
    yield Row("a tab meanwhile, the slowest of 20", "ms", max(tabs) * 1e3, None, None)


def _sell(program: Program) -> None:
    """A sale is saved, so that papers are owed to the printer."""
    program.send(F3)
    program.until("1 Vivo")
    program.send(f"1{LINE}{LINE}4")
    program.until("Receba o pagamento")
    program.send(f"{F10}120\r")
    program.until("Troco")
    program.send(F10)
    program.until("salva")


@contextlib.contextmanager
def _no_provider(program: Program) -> Iterator[None]:
    """The provider stands still, with a reserve on its way to it."""
    provider = _child(program.process.pid)
    os.kill(provider, signal.SIGSTOP)
    try:
        program.send(f"{OTHER}{OTHER}4")
        program.until("reservando")
        yield
    finally:
        os.kill(provider, signal.SIGCONT)


@contextlib.contextmanager
def _locked(database: Path) -> Iterator[None]:
    """Another program holds the lock."""
    other = sqlite3.connect(database, isolation_level=None, timeout=DEADLINE)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def _charge(program: Program, tef: Path) -> None:
    """A card that the manager takes and never answers; a supervisor is about to give it up."""
    tef.mkdir(exist_ok=True, mode=0o700)
    (tef / "ledger.control").write_text("CRT silent\n", "utf-8")
    program.send(F10)
    program.until("Forma")
    program.send("2\r2\r")
    program.until("pinpad")
    program.send("a")
    program.until("> Supervisor")


def _child(pid: int) -> int:
    """The training world that a till started."""
    for each in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in each.read_text("ascii").split():
            if b"sandbox" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
    raise AssertionError("no provider was started")


def _typed(program: Program) -> list[float]:
    """Seconds from each digit typed into the line's number to its paint."""
    program.until("1 Vivo")
    program.send("1")
    program.until("> Número da linha")
    return _echoes(program)


def _echoes(program: Program) -> list[float]:
    """Seconds from each key typed into the field with the cursor to its paint."""
    program.quiet()
    chance = random.Random(8)
    times = []
    for number in range(KEYS):
        key = "\x7f" if number % 2 else chance.choice("679")
        at = program.send(key)
        times.append(program.first_change() - at)
        program.quiet(0.05)
    return times


def _tabs(program: Program) -> list[float]:
    times = []
    for number in range(20):
        key, shown = (F10, r"\[3 Pagamento") if number % 2 == 0 else (F3, r"\[2 Recarga")
        at = program.send(key)
        times.append(program.until(shown) - at)
        program.quiet(0.1)
    return times
