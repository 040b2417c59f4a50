"""What another till of the store does appears by itself, and reading goes on only when something did."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.services.neighbours import Neighbours
from pos_tui.till import Till
from tests import databases
from tests.people.desk import at_desk
from tests.people.staff import BOSS_PIN, hire
from tests.people.test_boards import enter, open_desk
from tests.postgres import needed, running
from tests.sandbox import SandboxControl
from tests.scale.selling import open_one
from tests.tills import add, new_sale, pay_and_save

pytestmark = needed()


@pytest.fixture
def tills(tmp_path: Path, sandbox: SandboxControl) -> Iterator[tuple[Till, Till]]:
    """Two tills of one store on a server."""
    with running() as postgres, databases.on(postgres.url.removesuffix("/postgres")):
        first, second = (open_one(tmp_path, sandbox.url, number) for number in (1, 2))
        yield first, second
        first.close()
        second.close()


def test_only_what_others_did_is_noticed(tills: tuple[Till, Till]) -> None:
    first, second = tills
    watching = Neighbours(first.context)
    assert watching.ask_due() == 0, "what was there before is read anyway"
    new_sale(first)
    assert watching.ask_due() == 0, "our own"
    new_sale(second)
    assert watching.ask_due() == 1
    assert watching.ask_due() == 0


async def test_a_pending_of_the_other_till_appears(tills: tuple[Till, Till]) -> None:
    first, second = tills
    hire(first)
    async with at_desk(first) as desk:
        await enter(desk, "1", BOSS_PIN)
        await open_desk(desk, "3")
        await desk.see("Nada pendente em nenhum caixa.")
        sale = new_sale(second)
        add(second, sale)
        pay_and_save(second, sale)
        await desk.see("Pendente")
