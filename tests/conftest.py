"""Fixtures for the whole suite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.domain.values import replace
from pos_tui.till import Till
from tests import databases
from tests.jitter import jitter
from tests.paying import METHODS, TefFolders, take_cards
from tests.sandbox import SandboxControl, sandbox, sandbox_process
from tests.tills import Watch, open_till, settings

__all__ = ["jitter", "sandbox", "sandbox_process"]


@pytest.fixture(autouse=True)
def own_databases() -> Iterator[None]:
    """Where the run is for a server: what a test kept there is for it alone."""
    yield
    if databases.HERE is not None:
        databases.HERE.give_back()


@pytest.fixture(autouse=True)
def no_own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the developer's own configuration and data out."""
    for name, value in databases.for_programs().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg-config"))
    monkeypatch.setenv("POS_TUI_DATA_DIR", str(tmp_path / "data"))
    # What one test reads as a secret is masked for the process's life, also where another expects the word.
    monkeypatch.setattr("pos_tui.settings.secrets._KNOWN", set())


@pytest.fixture
def watch() -> Watch:
    """The clock of `till`."""
    return Watch()


@pytest.fixture
def till(tmp_path: Path, sandbox: SandboxControl, watch: Watch) -> Iterator[Till]:
    """A till in training mode against the real sandbox."""
    opened = open_till(tmp_path / "till", sandbox, clock=watch)
    yield opened
    opened.close()


@pytest.fixture
def folders(tmp_path: Path) -> TefFolders:
    """The two folders of a manager that is not there yet."""
    return TefFolders(tmp_path / "tef")


@pytest.fixture
def paytill(tmp_path: Path, sandbox: SandboxControl, folders: TefFolders, watch: Watch) -> Iterator[Till]:
    """A till that takes TEF and dynamic Pix, with a manager at work and a bank to ask."""
    config = replace(settings(), payment=METHODS)
    with folders.manager():
        opened = take_cards(open_till(tmp_path / "paytill", sandbox, config, watch), folders)
        yield opened
        opened.close()
