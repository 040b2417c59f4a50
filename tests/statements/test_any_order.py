"""The order of lines, of files, and of receipts and files among each other changes nothing (issue 8)."""

import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_tui.domain.reconciliation import Life
from pos_tui.services import card_matching
from pos_tui.services.reconciliation import Reconciliation
from pos_tui.store import card_links
from tests.statements.month import LAYOUTS, Maker, Month, Sold
from tests.statements.store import drop, listed, put_receipts, shop, standing

SALES, DAYS = 120, 14
Step = tuple[str, bytes] | list[Sold]
"""A file that comes, or receipts that are made."""


@pytest.fixture(autouse=True)
def _small_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few slips at once that every day is cut into lots, and what is open is settled many times."""
    monkeypatch.setattr(card_matching, "LOT", 7)


def shuffled(month: Month, chance: random.Random) -> list[Step]:
    """The month's files, their lines in another order, and its receipts in three lots, in any order."""
    for day in month.days.values():
        chance.shuffle(day)
    for happened in month.events.values():
        chance.shuffle(happened)
    lots = [month.sold[at::3] for at in range(3)]
    steps: list[Step] = [*month.files(), *lots]
    chance.shuffle(steps)
    return steps


def passes(steps: list[Step], chance: random.Random) -> Iterator[list[Step]]:
    """Cut into what comes before one pass of the inbox and what before the next."""
    while steps:
        at = chance.randint(1, len(steps))
        yield steps[:at]
        steps = steps[at:]


def play(desk: Reconciliation, folder: Path, month: Month, chance: random.Random) -> None:
    for number, some in enumerate(passes(shuffled(month, chance), chance)):
        for step in some:
            if isinstance(step, tuple):
                # The inbox is read by name: another name is another turn.
                drop(folder, f"{number}-{chance.random():.9f}-{step[0]}", step[1])
            else:
                put_receipts(desk, step)
        assert [one for one in desk.files.run("teste") if not one.taken] == []
    desk.matching.overdue()
    first, last = min(one.sale.day for one in month.sold), max(one.sale.day for one in month.sold)
    desk.matching.run(first, last)


@pytest.mark.parametrize("name", ["stone", "rede-eevc", "rede-eevd", "getnet", "cielo15", "teiacard"])
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_a_month_in_any_order_ends_as_planned(name: str, seed: int) -> None:
    month = Maker(LAYOUTS[name], SALES, days=DAYS).make()
    receipts, sales, lives = dict(month.receipts), dict(month.sales), dict(month.lives)
    with TemporaryDirectory() as path, shop(Path(path)) as desk:
        play(desk, Path(path), month, random.Random(seed))
        assert standing(desk) == receipts
        found = listed(desk)
    assert {place: state for place, (state, _) in found.items()} == sales
    assert {place: Life(life) for place, (_, life) in found.items() if life} == lives


@pytest.mark.parametrize("after", [0, 1, 5, 9])
def test_a_pass_that_stopped_midway_is_finished_by_the_next(
    tmp_path: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Days are written one by one: what a stop left between two of them is looked at again."""
    month = Maker(LAYOUTS["stone"], SALES, days=DAYS).make()
    written = 0
    replace_links = card_links.replace_links

    def stop(*arguments: object) -> None:
        nonlocal written
        written += 1
        if written > after:
            raise KeyboardInterrupt
        replace_links(*arguments)  # type: ignore[arg-type]

    with shop(tmp_path) as desk:
        put_receipts(desk, month.sold)
        for name, content in month.files():
            drop(tmp_path, name, content)
        with monkeypatch.context() as here:
            here.setattr(card_links, "replace_links", stop)
            with pytest.raises(KeyboardInterrupt):
                desk.files.run("teste")
        assert standing(desk) != month.receipts
        assert desk.files.run("teste") == [], "every file was read"
        assert standing(desk) == month.receipts
        assert {place: state for place, (state, _) in listed(desk).items()} == month.sales
