"""`pos-tui sync` and the open till's own rounds: the same steps, one row each (issue 6)."""

import time
from pathlib import Path

import pytest

from pos_tui import sync_command, upkeep
from pos_tui.config import data_dir, default_path
from pos_tui.domain.errors import RuleError
from pos_tui.exits import Exit
from pos_tui.till import Till
from pos_tui.upkeep import Step
from tests.care.shop import open_shop, write_config
from tests.databases import needs_file


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A store's configuration with a daily backup; the folder of the copies."""
    folder = tmp_path / "other"
    folder.mkdir()
    config = write_config(default_path().parent, f'[backup]\nfolder = "{folder}"\n')
    open_shop(config, data_dir()).close()
    return folder


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Steps of the test's own beside the backup; what ran."""
    ran: list[str] = []

    def note(name: str) -> str:
        ran.append(name)
        return "feito"

    def fails(till: Till) -> str:
        raise RuleError("Não deu.")

    def breaks(till: Till) -> str:
        raise ZeroDivisionError

    backup = next(step for step in upkeep.STEPS if step.name == "backup")
    rows = (
        Step("fails", "Falha", fails),
        Step("breaks", "Quebra", breaks),
        Step("alone", "Sozinho", lambda till: note("alone"), alone=True),
        Step("unwanted", "Ninguém quer", lambda till: note("unwanted"), wanted=lambda config: False),
        backup,
        Step("last", "Último", lambda till: note("last")),
    )
    monkeypatch.setattr(upkeep, "STEPS", rows)
    return ran


@needs_file
def test_every_step_is_run_though_one_fails(
    shop: Path, steps: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert sync_command.main([], None) == Exit.FAILED
    told = capsys.readouterr().out.splitlines()
    assert told[:3] == ["Falha: Não deu.", "Quebra: falha interna (ZeroDivisionError)", "Sozinho: feito"]
    assert told[3].startswith("Cópia de segurança: gravada e conferida em") and told[4] == "Último: feito"
    assert steps == ["alone", "last"] and len(list(shop.iterdir())) == 1


@needs_file
def test_beside_an_open_till_it_leaves_what_is_its_own(
    shop: Path, steps: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    till = open_shop(default_path(), data_dir())
    sync_command.main([], None)
    assert "Sozinho: o caixa está aberto e cuida disso" in capsys.readouterr().out
    assert steps == ["last"] and len(list(shop.iterdir())) == 1
    till.close()


@needs_file
def test_an_open_till_does_it_behind_the_screen(shop: Path) -> None:
    till = open_shop(default_path(), data_dir())
    till.__dict__["upkeep"] = upkeep.Rounds(till, first=0)
    till.upkeep.start()
    deadline = time.monotonic() + 30
    while not till.backups.kept():
        assert time.monotonic() < deadline, "no copy was made"
        time.sleep(0.01)
    till.close()
    (made,) = shop.iterdir()
    assert made.suffix == ".zip"


def test_nothing_to_do_starts_no_thread(till: Till) -> None:
    till.upkeep.start()
    assert not till.upkeep._loop.alive


def test_training_asks_its_own_world_and_keeps_no_copies(
    till: Till, capsys: pytest.CaptureFixture[str]
) -> None:
    told = [(told.step.name, told.failed) for told in upkeep.run(till, alone=True)]
    assert told == [("pendings", False), ("payments", False)]
