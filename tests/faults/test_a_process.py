"""A: the process and its machine fail (facts/pos-and-faults.md §6, 1–10)."""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pos_tui.domain.topup import TopUpState
from pos_tui.printing.spoolers import Cups
from pos_tui.till import Till
from tests.crash import invariants
from tests.crash.flows import FLOWS
from tests.crash.points import Kill
from tests.crash.runner import Harness
from tests.databases import needs_file
from tests.faults.program import F3, LINE, WHOLE_SALE, opened
from tests.sandbox import SandboxControl
from tests.terminal import Terminal
from tests.tills import SELLER, Watch, add, new_sale, open_till, pay_and_save


def state_of(terminal: Terminal) -> str:
    """The kernel's letter for what the program does: T is stopped."""
    return Path(f"/proc/{terminal.process.pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a3_a_signal_ends_the_till_in_order(number: signal.Signals, tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send(F3)
        terminal.wait_for("1 Vivo")
        terminal.send(f"1{LINE}{LINE}4")
        terminal.wait_for("Receba o pagamento")
        terminal.process.send_signal(number)
        assert terminal.wait_exit() == 128 + number
        assert not terminal.is_raw()
    with opened(tmp_path) as terminal:
        terminal.wait_for("Venda em andamento recuperada")


def test_a3_sigpipe_is_nothing_to_the_till(tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.process.send_signal(signal.SIGPIPE)
        terminal.send("abc")
        terminal.wait_for("abc")


def test_a3_stopped_and_continued_it_goes_on_where_it_was(tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send("Maria")
        terminal.wait_for("Maria")
        terminal.process.send_signal(signal.SIGTSTP)
        terminal.wait_until(lambda: state_of(terminal) == "T", "the program stopped")
        assert not terminal.is_raw(), "the shell gets a terminal it can use"
        terminal.process.send_signal(signal.SIGCONT)
        terminal.wait_until(terminal.is_raw, "the terminal taken again")
        terminal.send(" Luiza")
        terminal.wait_for("Maria Luiza")
        terminal.wait_for("Buscar cliente")


def test_a4_a_terminal_closed_with_the_hang_up_ignored(tmp_path: Path) -> None:
    """As under nohup: the end of the terminal is all that tells."""
    with opened(tmp_path, before=("/usr/bin/env", "--ignore-signal=HUP"), controlling=False) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.hang_up()
        assert terminal.wait_exit() == 128 + signal.SIGHUP


def sold(till: Till) -> None:
    """One top-up from the first key to its confirmation."""
    sale = new_sale(till)
    topup = add(till, sale)
    pay_and_save(till, sale)
    assert till.topups.confirm(topup.id, SELLER).state is TopUpState.CONFIRMED


@needs_file
def test_a5_power_lost_at_any_byte_of_the_log(tmp_path: Path, sandbox: SandboxControl) -> None:
    """What the disk had taken of the write-ahead log, cut or torn anywhere, is a state the till was in."""
    till = open_till(tmp_path / "till", sandbox)
    sold(till)
    image = tmp_path / "image"
    shutil.copytree(tmp_path / "till", image)
    till.close()
    whole = (image / "training.db-wal").read_bytes()
    dice = random.Random(5)
    for number in range(25):
        folder = tmp_path / f"cut-{number}"
        shutil.copytree(image, folder)
        end = dice.randrange(len(whole))
        torn = dice.randbytes(dice.choice((0, 512, 4096)))
        (folder / "training.db-wal").write_bytes(whole[:end] + torn)
        after = open_till(folder, sandbox)
        invariants.check(after)
        after.close()


def test_a6_a_second_start_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path) as first:
        first.wait_for("Buscar cliente")
        with opened(tmp_path) as second:
            assert second.wait_exit() == 4
        first.send("abc")
        first.wait_for("abc")


FIRST_START = """
import sys
import playhouse.migrations
from pos_tui.store.database import open_store
print("ready", flush=True)
sys.stdin.readline()
open_store(sys.argv[1]).close()
"""


def test_a6_tills_that_start_for_the_first_time_at_once_all_open(tmp_path: Path) -> None:
    """Each finds tables missing and makes them; whoever is second goes on from where the first one came."""
    run = [sys.executable, "-c", FIRST_START, f"sqlite:///{tmp_path / 'pos.db'}"]
    starting = [
        subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for one in starting:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    for one in starting:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    for one in starting:
        one.communicate()
    assert [one.returncode for one in starting] == [0, 0, 0]


@pytest.mark.parametrize("megabytes", [0, 1, 3])
def test_a7_memory_that_ends(megabytes: int, harness: Harness) -> None:
    assert harness.run(FLOWS["top-up"], Kill(), hardship=f"memory {megabytes}").broken == ""


@pytest.mark.parametrize("files", [1, 2, 4])
def test_a8_no_more_open_files(files: int, harness: Harness) -> None:
    assert harness.run(FLOWS["top-up"], Kill(), hardship=f"files {files}").broken == ""


def test_a9_a_helper_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_process(*_: object, **__: object) -> None:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(subprocess, "Popen", no_process)
    with pytest.raises(OSError, match=r"temporar|EAGAIN|Resource"):
        Cups("caixa").open(1.0)


def test_a10_asleep_for_eight_hours(tmp_path: Path, sandbox: SandboxControl, watch: Watch) -> None:
    """A reserve that ran out meanwhile is found out by asking, and never confirmed blindly."""
    till = open_till(tmp_path / "till", sandbox, clock=watch)
    sale = new_sale(till)
    topup = add(till, sale)
    pay_and_save(till, sale)
    sandbox.settings(ttl=600)
    sandbox.advance(8 * 3600)
    watch.advance(8 * 3600)
    till.sweeper.sweep(SELLER)
    till.topups.confirm(topup.id, SELLER)
    states = sandbox.ledger().states()
    now = till.topups.get(topup.id)
    agree = {TopUpState.CONFIRMED: "credited", TopUpState.EXPIRED: "expired"}
    assert agree[now.state] == states[now.provider_key]
    invariants.check(till)
    till.close()


def test_a10_stopped_and_woken_it_paints_and_types(tmp_path: Path) -> None:
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.process.send_signal(signal.SIGSTOP)
        terminal.wait_until(lambda: state_of(terminal) == "T", "the program stopped")
        terminal.send("abc")
        terminal.process.send_signal(signal.SIGCONT)
        terminal.wait_for("abc")
        terminal.send("\x15" + WHOLE_SALE)
        terminal.wait_for("Recarga conekta confirmada com sucesso.")
