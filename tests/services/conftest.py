"""A till that takes TEF and dynamic Pix."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.domain.sale import Sale
from pos_tui.domain.values import replace
from pos_tui.till import Till
from tests.paying import METHODS, TefFolders, take_cards
from tests.sandbox import SandboxControl
from tests.tills import add, new_sale, open_till, settings


@pytest.fixture
def folders(tmp_path: Path) -> TefFolders:
    """The two folders of a manager that is not there yet."""
    return TefFolders(tmp_path / "tef")


@pytest.fixture
def paytill(tmp_path: Path, sandbox: SandboxControl, folders: TefFolders) -> Iterator[Till]:
    """A till with a manager at work and a bank to ask."""
    config = replace(settings(), payment=METHODS)
    with folders.manager():
        till = take_cards(open_till(tmp_path / "paytill", sandbox, config), folders)
        yield till
        till.close()


@pytest.fixture
def sale(paytill: Till) -> Sale:
    """An open sale of R$ 60,00."""
    opened = new_sale(paytill)
    add(paytill, opened, 6000)
    return paytill.sales.get(opened.id)
