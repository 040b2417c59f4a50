"""The program from outside: its exit codes, what it imports, what it refuses, what it never touches."""

import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pos_tui.domain.errors import PosError
from pos_tui.providers.sandbox.process import start_sandbox
from tests.databases import needs_file
from tests.terminal import Terminal

HEAVY = ("escpos", "PIL", "starlette", "phonenumbers", "httpcore")
"""What the first paint must not wait for (design §1)."""


def own(folder: Path) -> dict[str, str]:
    """An environment in which the program has its data below a folder."""
    return {"POS_TUI_DATA_DIR": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}


def run(*command: str, folder: Path, timeout: float = 120) -> "subprocess.CompletedProcess[str]":
    """Run Python without a terminal."""
    return subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
        env=os.environ | own(folder),
        check=False,
    )


# Imports


def imported(script: str, names: tuple[str, ...], folder: Path) -> list[str]:
    """Run a script in a fresh interpreter and say which of the modules it brought."""
    end = f"\nimport sys\nprint([name for name in {names!r} if name in sys.modules])"
    ended = run("-c", script + end, folder=folder)
    assert ended.returncode == 0, ended.stderr
    return [name for name in names if repr(name) in ended.stdout.splitlines()[-1]]


def test_the_till_knows_no_textual(tmp_path: Path) -> None:
    assert imported("import pos_tui.till", ("textual", "rich"), tmp_path) == []


def test_opening_a_till_starts_nothing_heavy(tmp_path: Path) -> None:
    script = (
        "from pos_tui.config import Config\nfrom pos_tui.till import Till\n"
        "Till.open(Config()).sales.current('1', 'Ana')"
    )
    assert imported(script, (*HEAVY, "textual"), tmp_path) == []


FIRST_PAINT = """
import os
from pos_tui.widgets.theme import prepare
prepare(os.environ)
from pos_tui.app import PosApp
from pos_tui.config import Config
from pos_tui.till import Till

till = Till.open(Config())
till.start = lambda who: None  # what runs behind the first paint
app = PosApp(till)

async def look(pilot):
    app.exit()

app.run(headless=True, size=(80, 24), auto_pilot=look)
till.close()
"""


def test_the_first_paint_imports_nothing_heavy(tmp_path: Path) -> None:
    assert imported(FIRST_PAINT, HEAVY, tmp_path) == []


# The command line


def test_without_a_terminal_it_points_to_the_demo(tmp_path: Path) -> None:
    ended = run("-m", "pos_tui", folder=tmp_path)
    assert ended.returncode == 2
    assert "pos-tui demo" in ended.stderr


def test_the_demo_without_a_terminal_prints_screens_and_receipt(tmp_path: Path) -> None:
    ended = run("-m", "pos_tui", "demo", folder=tmp_path)
    assert ended.returncode == 0, ended.stderr
    for words in (
        "[1 Início]",
        "[2 Recarga]",
        "[3 Pagamento]",
        "[4 Lista de vendas]",
        "Confirmação da recarga: venda 1, Consumidor",
        "Recarga conekta confirmada com sucesso",
        "COMPROVANTE DE RECARGA DE CELULAR",
        "67 99999-1234",
        "Troco",
    ):
        assert words in ended.stdout
    assert "\x1b" not in ended.stdout
    assert not (tmp_path / "data").exists(), "the demo keeps to a folder of its own"


@pytest.mark.parametrize("command", [(), ("demo",), ("sandbox",)])
def test_every_command_explains_itself_in_portuguese(tmp_path: Path, command: tuple[str, ...]) -> None:
    ended = run("-m", "pos_tui", *command, "--help", folder=tmp_path)
    assert ended.returncode == 0
    assert "treinamento" in ended.stdout.lower() and "mostra esta ajuda" in ended.stdout
    assert not any(word in ended.stdout for word in ("usage", "options", "show this"))


@pytest.mark.parametrize(
    ("typed", "told"), [("nada", "'nada' não existe"), ("--nada", "não reconhecidos: --nada")]
)
def test_what_is_unknown_is_a_usage_error(tmp_path: Path, typed: str, told: str) -> None:
    ended = run("-m", "pos_tui", typed, folder=tmp_path)
    assert ended.returncode == 2
    assert told in ended.stderr


# The database


@needs_file
@pytest.mark.parametrize(
    "damage",
    [b"isto nao e um banco de dados" * 200, b"SQLite format 3\x00" + b"\xff" * 8000],
    ids=["text", "header only"],
)
def test_b15_a_damaged_database_is_told_and_left_alone(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "data" / "training.db"
    file.parent.mkdir()
    file.write_bytes(damage)
    with Terminal.python("pos_tui", env=own(tmp_path)) as terminal:
        assert terminal.wait_exit() == 4
        # The terminal breaks its lines anywhere.
        told = "".join("".join(terminal.screen()).split())
    assert "danificado" in told and "restaureaúltimacópia" in told
    assert "Traceback" not in told
    assert file.read_bytes() == damage


def spoil(file: Path, name: str) -> None:
    """Overwrite the root page of a table or index."""
    db = sqlite3.connect(file)
    (size,) = db.execute("PRAGMA page_size").fetchone()
    (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    db.close()
    whole = file.read_bytes()
    file.write_bytes(whole[: (page - 1) * size] + b"\xa5" * size + whole[page * size :])


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """The database of a till that was opened and closed."""
    with Terminal.python("pos_tui", env=own(tmp_path)) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send("\x11s")
        assert terminal.wait_exit() == 0
    return tmp_path / "data" / "training.db"


def spoil_indexes(file: Path, table: str) -> None:
    """Overwrite the root page of every index of a table."""
    db = sqlite3.connect(file)
    rows = db.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", (table,))
    names = [name for (name,) in rows]
    db.close()
    for name in names:
        spoil(file, name)


@needs_file
@pytest.mark.parametrize("name", ["customer", "topup", "print_job"])
def test_b15_a_damaged_table_is_told_on_the_screen(tmp_path: Path, used: Path, name: str) -> None:
    spoil(used, name)
    spoil_indexes(used, name)
    with Terminal.python("pos_tui", env=own(tmp_path)) as terminal:
        terminal.wait_for("O banco de dados está danificado")
        terminal.wait_for("Buscar cliente")
        terminal.send("\x11s")
        assert terminal.wait_exit() == 0


@needs_file
def test_b15_damage_that_leaves_no_screen_is_told_as_damage(tmp_path: Path, used: Path) -> None:
    spoil(used, "sale")
    spoil_indexes(used, "sale")
    with Terminal.python("pos_tui", env=own(tmp_path)) as terminal:
        assert terminal.wait_exit() == 4
        told = "".join(terminal.screen())
    assert "danificado. Pare de vender" in told
    assert "Nada do que foi gravado se perdeu" not in told


def test_b19_a_database_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    script = (
        "from pos_tui.config import Config\nfrom pos_tui.till import Till\n"
        "till = Till.open(Config())\ntill.context.store.db.execute_sql("
        "\"INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2099-01-01')\")"
    )
    made = run("-c", script, folder=tmp_path)
    assert made.returncode == 0, made.stderr
    with Terminal.python("pos_tui", env=own(tmp_path)) as terminal:
        assert terminal.wait_exit() == 4
        assert "versão mais nova do programa" in " ".join(terminal.screen())


def test_a_second_window_of_the_same_till_is_refused(tmp_path: Path) -> None:
    with Terminal.python("pos_tui", env=own(tmp_path)) as first:
        first.wait_for("Buscar cliente")
        with Terminal.python("pos_tui", env=own(tmp_path)) as second:
            assert second.wait_exit() == 4
            assert "já está aberto em outra janela" in " ".join(second.screen())
        assert first.process.poll() is None
    with Terminal.python("pos_tui", env=own(tmp_path)) as third:
        third.wait_for("Buscar cliente")


# The training world


def test_a_port_in_use_is_told_by_the_command(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("-m", "pos_tui", "sandbox", "--port", str(port), folder=tmp_path)
        with pytest.raises(PosError, match=f"A porta {port} não está livre"):
            start_sandbox(tmp_path / "ledger.jsonl", port)
    assert ended.returncode == 3
    assert f"A porta {port} não está livre" in ended.stderr


def test_a_training_world_that_does_not_open_is_told_on_the_screen(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sandbox.jsonl").write_text("nonsense\n")
    with Terminal.python("pos_tui", env=own(tmp_path)) as terminal:
        terminal.wait_for("O servidor de treinamento não abriu.")
        terminal.send("\x1bOR")
        terminal.wait_for("[2 Recarga]")
        terminal.wait_for("O servidor de treinamento não abriu.")
        assert terminal.process.poll() is None


def test_leaving_ends_the_training_world_too(tmp_path: Path) -> None:
    with Terminal.python("pos_tui", env=own(tmp_path)) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send("\x1bOR")
        terminal.wait_for("1 Vivo")
        terminal.send("\x11")
        terminal.wait_for("Sair do programa?")
        terminal.send("\r")
        terminal.wait_for("[2 Recarga]")
        terminal.send("\x11s")
        assert terminal.wait_exit() == 0
        assert not terminal.is_raw()
