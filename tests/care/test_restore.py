"""Restoring: onto another machine, never over an open till, never losing what stood there (issue 6)."""

import io
import sqlite3
from pathlib import Path

import pytest

from pos_tui import restore_command
from pos_tui.config import default_path
from pos_tui.domain.errors import ConfigError, RuleError, StoreError
from pos_tui.services.restore import GAP
from pos_tui.store import database
from pos_tui.till import Till
from tests.care.shop import count, lines, numbers, open_shop, write_config
from tests.databases import needs_file
from tests.people.staff import ANA_PIN, BOSS, BOSS_PIN

pytestmark = needs_file


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A backup of another machine's till, whose drawer holds 100 reais."""
    shop = open_shop(write_config(tmp_path / "old" / "etc"), tmp_path / "old" / "data")
    shop.context.store.write(lambda tx: count(tx, "rv/2"))
    shop.context.journal.verify()
    made = shop.backups.make(tmp_path / "copy.zip", BOSS)
    shop.close()
    return made


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """This machine's data folder."""
    return tmp_path / "data"


def restore(*arguments: str) -> int:
    return restore_command.main(arguments, None)


def expected(folder: Path) -> int:
    """What the drawer must hold, by the till of this machine."""
    till = open_shop(default_path(), folder)
    try:
        assert till.context.journal.verify(whole=True) is None
        return till.cash.reading().drawer.expected
    finally:
        till.close()


def test_b15_h63_another_machine_goes_on_where_the_first_stopped(
    copy: Path, here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert restore(str(copy)) == 0
    told = capsys.readouterr().out
    assert "Configuração da cópia instalada" in told and "operators.pepper" in told and "--new-pins" in told
    assert "banco antigo" not in told
    (here / "operators.pepper").write_bytes((tmp_path / "old" / "data" / "operators.pepper").read_bytes())
    till = open_shop(default_path(), here)
    assert till.operators.enter(2, ANA_PIN).number == 2
    assert till.cash.reading().drawer.expected == 10_000
    assert ("backup", "restored") in lines(till) and till.context.journal.verify(whole=True) is None
    till.close()
    assert {path.stat().st_mode & 0o077 for path in (here / "pos.db", default_path())} == {0}
    assert not list(here.glob(".restaurar-*"))


def test_nothing_is_numbered_twice(copy: Path, here: Path) -> None:
    restore(str(copy))
    till = open_shop(default_path(), here)
    taken = numbers(till)
    assert (taken["rv/2"], taken["shift/2"]) == (1 + GAP, 1 + GAP)
    assert taken["checked/2"] < GAP, "how far the journal was checked is no numbering"
    assert till.cash.supply(100, "troco do banco", BOSS).number > GAP
    till.close()


def test_what_stood_here_is_kept_aside(copy: Path, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = write_config(default_path().parent)
    ours = open_shop(config, here)
    ours.cash.supply(555, "troco do banco", BOSS)
    ours.close()
    before = config.read_text()
    assert restore(str(copy)) == 0
    assert "O banco antigo está guardado" in capsys.readouterr().out
    assert config.read_text() == before and expected(here) == 10_000
    (aside,) = here.glob("pos.db.antes-*")
    with sqlite3.connect(aside) as db:
        (total,) = db.execute("SELECT SUM(amount) FROM cash_move").fetchone()
    db.close()
    assert total == 10_555


def test_the_database_goes_where_the_configuration_says(copy: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "other disk" / "data" / "store.db"
    write_config(default_path().parent, f'[database]\nurl = "sqlite:///{elsewhere}"\n')
    assert restore(str(copy)) == 0
    assert [path.name for path in elsewhere.parent.iterdir() if path.name.startswith(".")] == []
    with sqlite3.connect(elsewhere) as db:
        assert db.execute("SELECT SUM(amount) FROM cash_move").fetchone() == (10_000,)
    db.close()


def test_an_open_till_is_never_restored_over(copy: Path, here: Path) -> None:
    ours = open_shop(write_config(default_path().parent), here)
    with pytest.raises(StoreError, match="Há um caixa aberto"):
        restore(str(copy))
    assert ours.cash.reading().drawer.expected == 10_000
    ours.close()
    assert not list(here.glob("pos.db.antes-*"))


def test_a_changed_one_changes_nothing(copy: Path, here: Path) -> None:
    copy.write_bytes(copy.read_bytes()[:-400])
    with pytest.raises(StoreError, match="cortado"):
        restore(str(copy))
    assert not (here / "pos.db").exists() and not default_path().exists()


def test_a_file_that_is_not_there_is_told(here: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="não pôde ser lido"):
        restore(str(tmp_path / "nada.zip"))


def test_training_and_the_store_do_not_mix(till: Till, here: Path, tmp_path: Path) -> None:
    practice = till.backups.make(tmp_path / "practice.zip", BOSS)
    write_config(default_path().parent)
    with pytest.raises(RuleError, match="A cópia é de treinamento"):
        restore(str(practice))
    assert not (here / "pos.db").exists()


def test_a_configuration_that_is_wrong_here_is_told_first(tmp_path: Path, here: Path) -> None:
    folders = tmp_path / "tef"
    for name in ("Req", "Resp"):
        (folders / name).mkdir(parents=True)
    extra = f'[payment.tef]\nrequest_dir = "{folders}/Req"\nresponse_dir = "{folders}/Resp"\n'
    config = write_config(tmp_path / "etc", extra)
    config.write_text(config.read_text().replace('["cash"]', '["cash", "tef"]'))
    shop = open_shop(config, tmp_path / "shop")
    copy = shop.backups.make(tmp_path / "copy.zip", BOSS)
    shop.close()
    (folders / "Req").rmdir()
    with pytest.raises(ConfigError, match="restaure de novo; o banco não foi mudado"):
        restore(str(copy))
    assert not (here / "pos.db").exists()
    (folders / "Req").mkdir()
    assert restore(str(copy)) == 0 and expected(here) == 10_000


def test_lost_pins_start_over_from_the_first_supervisor(
    copy: Path, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    restore(str(copy))
    monkeypatch.setattr("sys.stdin", io.StringIO("975310\n"))
    assert restore("--new-pins") == 0
    assert f"PIN novo de {BOSS}" in capsys.readouterr().out
    till = open_shop(default_path(), here)
    for number, pin in ((1, BOSS_PIN), (2, ANA_PIN), (2, "")):
        with pytest.raises(RuleError):
            till.operators.enter(number, pin)
    assert till.operators.enter(1, "975310").name == BOSS
    till.operators.set_pin(till.operators.all()[1].id, ANA_PIN, BOSS)
    assert till.operators.enter(2, ANA_PIN).number == 2
    assert ("operator", "pins_lost") in lines(till)
    till.close()


class Crash(BaseException):
    """The power went."""


@pytest.mark.parametrize("where", ["restore-aside", "restore-placed", "restore-done"])
def test_a_crash_in_the_middle_loses_neither(
    copy: Path, here: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = open_shop(write_config(default_path().parent), here)
    ours.cash.supply(555, "troco do banco", BOSS)
    ours.close()

    def burn(name: str) -> None:
        if name == where:
            raise Crash

    monkeypatch.setattr(database, "step", burn)
    with pytest.raises(Crash):
        restore(str(copy))
    monkeypatch.undo()
    monkeypatch.setenv("POS_TUI_DATA_DIR", str(here))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(here.parent / "xdg-config"))
    aside = list(here.glob("pos.db.antes-*"))
    assert aside or (here / "pos.db").exists()
    assert restore(str(copy)) == 0 and expected(here) == 10_000
    kept = [path for path in here.glob("pos.db.antes-*") if not path.name.endswith(("-wal", "-shm"))]
    totals = set()
    for path in kept:
        with sqlite3.connect(path) as db:
            totals.add(db.execute("SELECT SUM(amount) FROM cash_move").fetchone()[0])
        db.close()
    assert 10_555 in totals


def test_it_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        restore("--help")
    assert "recomeça os PINs" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        restore()
