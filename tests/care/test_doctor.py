"""The doctor: what it finds, what it never shows, and what it never does (issue 6)."""

import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui import doctor, doctor_command
from pos_tui.config import data_dir, default_path
from pos_tui.doctor import Finding, Level, machine, worst
from pos_tui.domain.cash import Count
from pos_tui.exits import Exit
from pos_tui.key_test import KeyTest, reaches, run
from pos_tui.settings.secrets import Secret
from pos_tui.till import Till
from tests.care.shop import PASSWORD, open_shop
from tests.databases import needs_file
from tests.people.staff import ANA_PIN, BOSS, BOSS_PIN, hire
from tests.people.test_boards import approve, enter, open_desk
from tests.sandbox import SandboxControl
from tests.screens.desk import at_desk
from tests.terminal import Terminal
from tests.tills import Watch

SIZES = [(80, 24), (40, 12)]
CONFIG = """
[store]
name = "Loja 52 Centro"
[till]
number = 2
[topup.rv]
url = "http://127.0.0.1:1/rv"
store = "1234"
[payment]
methods = ["cash"]
[printer]
transport = "network"
host = "127.0.0.1"
port = 1
"""


@pytest.fixture
def clock() -> Watch:
    return Watch()


@pytest.fixture
def shop(tmp_path: Path, clock: Watch) -> Iterator[Till]:
    """A real store's till whose provider and printer, on this machine, answer nobody."""
    path = default_path()
    path.parent.mkdir(parents=True)
    path.write_text(CONFIG)
    path.chmod(0o600)
    secrets = path.with_name("secrets.toml")
    secrets.write_text(f'[topup.rv]\npassword = "{PASSWORD}"\n')
    secrets.chmod(0o600)
    till = open_shop(path, tmp_path / "data", clock)
    yield till
    till.close()


def examine(till: Till, *, alone: bool = True) -> dict[str, Finding]:
    return {one.name: one for one in doctor.of_till(till, alone=alone)}


@needs_file
def test_a_till_in_training_is_well(till: Till, sandbox: SandboxControl) -> None:
    (till.folder / "operators.pepper").touch(mode=0o600)
    till.folder.chmod(0o700)
    before = sandbox.ledger().counts
    found = examine(till)
    assert {one.level for one in found.values()} == {Level.OK}, found
    assert "Saldo disponível" in found["topup"].words and "em treinamento" in found["config"].words
    assert sandbox.ledger().counts == before, "nothing was charged, credited or held"


@needs_file
def test_a_store_whose_outside_is_away_is_told(shop: Till) -> None:
    found = examine(shop)
    assert {name: one.level for name, one in found.items() if one.level is Level.FAILURE} == {
        "topup": Level.FAILURE,
        "printer": Level.FAILURE,
    }
    assert "não foi alcançado" in found["topup"].words and "não responde" in found["printer"].words
    assert found["config.secrets"].words == ("presente(s), sem mostrar: topup.rv.password, operators.pepper.")
    assert found["backup"].level is Level.WARNING and worst(found.values()) is Level.FAILURE
    assert PASSWORD not in str(found)


def test_beside_an_open_till_the_printer_is_left_alone(shop: Till) -> None:
    assert "o caixa aberto fala com ela" in examine(shop, alone=False)["printer"].words


@needs_file
@pytest.mark.parametrize(
    ("name", "mode", "check", "level"),
    [
        ("config.toml", 0o644, "config.mode", Level.WARNING),
        ("config.toml", 0o620, "config.mode", Level.FAILURE),
        ("pos.db", 0o640, "files.mode", Level.FAILURE),
        ("operators.pepper", 0o604, "files.mode", Level.FAILURE),
    ],
)
def test_files_that_others_may_open_are_told(
    shop: Till, name: str, mode: int, check: str, level: Level
) -> None:
    folder = default_path().parent if name == "config.toml" else shop.folder
    (folder / name).chmod(mode)
    found = examine(shop)[check]
    assert found.level is level and "chmod 600" in found.words


def test_a_secret_that_is_missing_is_named(shop: Till) -> None:
    default_path().with_name("secrets.toml").unlink()
    shop.pepper.path.unlink()
    found = examine(shop)["config.secrets"]
    assert found.level is Level.FAILURE
    assert "topup.rv.password" in found.words and "operators.pepper" in found.words


def test_c22_a_clock_that_went_back_is_told(shop: Till, clock: Watch) -> None:
    assert examine(shop)["clock"].level is Level.OK
    clock.advance(-3_600)
    found = examine(shop)["clock"]
    assert (
        found.level is Level.FAILURE and "voltou 0:59:5" in found.words
    ) or "voltou 1:00:00" in found.words
    clock.advance(-40 * 365 * 24 * 3_600)
    assert "o ano está errado" in examine(shop)["clock"].words


@needs_file
def test_a_changed_journal_and_a_damaged_file_are_told(shop: Till) -> None:
    shop.cash.close(Count({}, 10_000), BOSS)
    seal = shop.shifts.last()
    assert seal is not None and "lacre do caixa nº 1" in examine(shop)["journal"].words
    shop.context.store.db.execute_sql("UPDATE journal SET who = 'X' WHERE seq = 2")  # type: ignore[no-untyped-call]
    found = examine(shop)
    assert found["journal"].level is Level.FAILURE and "linha 2" in found["journal"].words
    shop.context.store.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[no-untyped-call]
    file = shop.database_file
    assert file is not None
    spoil(file, "customer_word")
    assert "danificado" in examine(shop)["database"].words


def spoil(file: Path, table: str) -> None:
    """Overwrite the root page of a table."""
    db = sqlite3.connect(file)
    (size,) = db.execute("PRAGMA page_size").fetchone()
    (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    db.close()
    data = file.read_bytes()
    file.write_bytes(data[: (page - 1) * size] + b"\xa5" * size + data[page * size :])


def test_what_is_told_is_masked_and_a_check_that_breaks_is_told() -> None:
    Secret("palavra-secreta")

    def leaks() -> list[Finding]:
        return [doctor.ok("leak", "Vaza", "CPF 52998224725, senha palavra-secreta")]

    def breaks() -> list[Finding]:
        raise ZeroDivisionError

    leaked, broken = doctor.look([("leak", "Vaza", leaks), ("broken", "Quebra", breaks)])
    assert leaked.words == "CPF ***.982.247-**, senha ***"
    assert (broken.level, broken.words) == (Level.FAILURE, "não pôde ser conferido (ZeroDivisionError).")


def test_the_command_tells_people_and_programs(shop: Till, capsys: pytest.CaptureFixture[str]) -> None:
    shop.close()
    assert doctor_command.main([], None) == Exit.FAILED
    told = capsys.readouterr().out
    assert "[falha] Operadora: A operadora não foi alcançado(a)" in told and "em falha." in told
    assert "[ok] Relógio:" in told and PASSWORD not in told
    assert doctor_command.main(["--json"], None) == Exit.FAILED
    tree = json.loads(capsys.readouterr().out)
    assert tree["worst"] == "falha"
    assert {"name", "label", "level", "words"} == set(tree["findings"][0])


def test_a_configuration_that_does_not_read_is_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    default_path().parent.mkdir(parents=True)
    default_path().write_text("[till]\nnumbr = 3\n")
    assert doctor_command.main([], None) == Exit.FAILED
    assert "Quis dizer «till.number»?" in capsys.readouterr().out


def test_a_database_that_does_not_open_is_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    (data_dir() / "training.db").write_bytes(b"isto nao e um banco de dados" * 200)
    assert doctor_command.main([], None) == Exit.FAILED
    told = capsys.readouterr().out
    assert "[falha] Banco de dados:" in told and "[ok] Versões" in told


@needs_file
def test_training_without_anything_is_well(tmp_path: Path) -> None:
    env = {"POS_TUI_DATA_DIR": str(tmp_path / "d"), "XDG_CONFIG_HOME": str(tmp_path / "c"), "TERM": "linux"}
    with Terminal.python("pos_tui", "doctor", env=env) as terminal:
        terminal.wait_for("itens conferidos, 0 em falha.")
        assert terminal.wait_exit() == 0
        words = " ".join(" ".join(terminal.screen()).split())
    assert "TERM=linux, 8 cores" in words and "80 colunas por 24 linhas" in words


class Tty:
    """Stands for the program's output on a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "look", "level", "words"),
    [
        ({"TERM": "dumb"}, "mono", Level.WARNING, "TERM=dumb, sem cores"),
        ({}, "mono", Level.WARNING, "Defina TERM"),
        ({"TERM": "tmux-256color", "TMUX": "1"}, "dark", Level.OK, "dentro do tmux, 256 cores"),
    ],
)
def test_terminals_are_told_apart(
    environ: dict[str, str], look: str, level: Level, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.__stdout__", Tty())
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((39, 12)))
    found = {one.name: one for one in doctor.look(machine.checks(look, environ))}
    assert found["terminal"].level is level and words in found["terminal"].words
    assert found["terminal.size"].level is Level.FAILURE


# Keys


def test_a_key_is_told_with_what_it_reaches() -> None:
    test = KeyTest()
    (told,) = test.feed(b"\x1bOP")
    assert told.startswith("1b 4f 50") and "F1" in told and "Ajuda" in told
    for other in (b"\x1b[[A", b"\x1b[11~"):
        assert all("F1" in line for line in test.feed(other))
    assert test.seen == ["f1"] * 3, "xterm, Linux console and PuTTY"
    assert list(test.feed(b"\x1b")) == []
    (escape,) = test.feed(b"")
    assert list(test.feed(b"")) == [] == list(test.feed(b"\x1b[98z"))
    (unknown,) = test.feed(b"")
    assert unknown.endswith("nada que se conheça")
    assert "Esc" in escape and "Em qualquer lugar: Pagamento" in reaches("f10")


def test_what_never_came_has_another_key() -> None:
    said: list[str] = []
    keys = [b"\x1bOP", b"\x1b[21~", b"\r", b"\r", b"never read"]
    run(keys, said.append)
    assert not any("F1 não chegou" in line or "F10 não chegou" in line for line in said)
    assert any(line.startswith("F12 não chegou: use Ctrl+A") for line in said)
    assert not any("never" in line for line in said)


def test_the_key_test_on_a_real_terminal(tmp_path: Path) -> None:
    env = {"POS_TUI_DATA_DIR": str(tmp_path)}
    with Terminal.python("pos_tui", "doctor", "--keys", size=(120, 40), env=env) as terminal:
        terminal.wait_for("Teste de teclas.")
        terminal.wait_until(terminal.is_raw, "raw mode")
        terminal.send("\x1bOR")
        terminal.wait_for("Recarga")
        terminal.send(b"\xe7")
        terminal.wait_for("«ç»: nenhum comando")
        terminal.send("\x03")
        terminal.wait_for("F2 não chegou")
        assert terminal.wait_exit() == 0
        assert not terminal.is_raw()
        assert "F3 não chegou" not in " ".join(terminal.screen())


def test_without_a_terminal_there_are_no_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor_command.main(["--keys"], None) == Exit.USAGE


# The desk


@needs_file
@pytest.mark.parametrize("size", SIZES)
async def test_the_desk_says_the_same(till: Till, size: tuple[int, int]) -> None:
    hire(till)
    async with at_desk(till, size) as desk:
        await enter(desk, "1", BOSS_PIN)
        await open_desk(desk, "doctor")
        await desk.see("Diagnóstico", "itens conferidos, 0 em falha.")
        await desk.press("end", "enter")
        await desk.see("Situação: ok")
        await desk.press("escape", "f5")
        await desk.see("itens conferidos")


async def test_a_cashier_sees_it_with_a_supervisor(till: Till) -> None:
    hire(till)
    async with at_desk(till) as desk:
        await enter(desk, "2", ANA_PIN)
        await open_desk(desk, "doctor")
        await desk.see("Autorizar: ver o diagnóstico")
        await desk.press("escape")
        await desk.see("Sem autorização: nada foi feito.")
        await desk.press("escape")
        await open_desk(desk, "doctor")
        await approve(desk)
        await desk.see("itens conferidos")
