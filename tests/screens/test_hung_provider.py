"""A provider that hangs holds up nothing but its own answers, however often it is asked."""

import threading
from collections.abc import Iterator

import pytest

from pos_tui.domain.outcome import Outcome, Uncertain
from pos_tui.domain.topup import Offer, Standing
from pos_tui.providers.base import ReserveRef
from pos_tui.till import Till
from tests.screens.desk import add_topup, at_desk
from tests.services.scripted import Scripted
from tests.tills import LINE, Watch

STORM = 20
"""More than the threads that serve the till's own work."""


class Hung(Scripted):
    """Answers nothing until it is let go; counts what it is asked meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()
        self.questions = 0

    def _hang(self) -> Uncertain:
        self.questions += 1
        self.go_on.wait()
        return Uncertain("sem resposta")

    def offers(self) -> Outcome[tuple[Offer, ...]]:
        return self._hang()

    def status(self, ref: ReserveRef) -> Outcome[Standing]:
        return self._hang()

    def pendings(self) -> Outcome[tuple[Standing, ...]]:
        return self._hang()


@pytest.fixture
def hung() -> Iterator[Hung]:
    provider = Hung()
    yield provider
    provider.go_on.set()


def hang(till: Till, hung: Hung) -> None:
    """From now on the till's provider hangs."""
    for part in (till.topups, till.topups._dealings, till.offers):
        name = "connect" if hasattr(part, "connect") else "_connect"
        setattr(part, name, lambda _: hung)


@pytest.mark.parametrize("place", ["f3", "f4"])
async def test_a_storm_of_f5_leaves_the_keys_alive(till: Till, hung: Hung, place: str) -> None:
    async with at_desk(till) as desk:
        await add_topup(desk, LINE, "1")
        hang(till, hung)
        await desk.press(place, *["f5"] * STORM)
        await desk.see("A consulta anterior ainda espera a resposta")
        await desk.until(lambda: hung.questions == 1, "one question")
        await desk.press("f10", "1", "enter")
        await desk.see("Pagamento completo")
        await desk.press("f4", "f2")
        await desk.see("Nova venda")
        hung.go_on.set()


async def test_a_storm_of_f6_and_tabs_leaves_the_keys_alive(till: Till, hung: Hung, watch: Watch) -> None:
    async with at_desk(till) as desk:
        await desk.press("f3")
        await desk.see("1 Vivo")
        hang(till, hung)
        watch.advance(3600)
        await desk.press(*["f4", "f3"] * STORM, "f6", "f6")
        await desk.type(f"1{LINE}{LINE}")
        await desk.see("1 R$ 4,00")
        await desk.until(lambda: hung.questions == 1, "one question")
        hung.go_on.set()


async def test_values_that_cannot_be_read_again_in_time_do_not_hold_up_a_topup(
    till: Till, hung: Hung, watch: Watch
) -> None:
    async with at_desk(till) as desk:
        await desk.press("f3")
        await desk.see("1 Vivo")
        watch.advance(15 * 60)
        till.offers._connect = lambda _: hung
        await desk.type(f"1{LINE}{LINE}1")
        await desk.see("Receba o pagamento")
        hung.go_on.set()
