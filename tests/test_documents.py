"""What the documents say of the program is so: links, places, commands, the keys of the commonest sale."""

import argparse
import re
from pathlib import Path

import pytest

from pos_tui.app import PosApp
from pos_tui.cli import parser
from pos_tui.commands import Place
from pos_tui.exits import Exit
from pos_tui.screens.confirmation import CONFIRMED, Confirmation
from pos_tui.till import Till

ROOT = Path(__file__).parent.parent
MANUAL = ROOT / "docs" / "manual.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def headings(page: Path) -> list[str]:
    return [found[1] for found in re.finditer(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)]


def anchor(heading: str) -> str:
    """Return how a heading is linked to."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8")):
        if target.startswith("https://"):
            continue
        name, _, place = target.partition("#")
        linked = page.parent / name if name else page
        assert linked.exists(), target
        assert not place or place in map(anchor, headings(linked)), target


def test_every_picture_is_used() -> None:
    text = "".join(page.read_text("utf-8") for page in DOCUMENTS)
    for picture in (ROOT / "docs" / "pictures").glob("*.svg"):
        assert f"pictures/{picture.name}" in text


def test_every_place_has_its_part_of_the_manual() -> None:
    places = {place.value for place in Place if place is not Place.ANYWHERE}
    assert places <= set(headings(MANUAL))


def test_every_subcommand_is_in_the_manual() -> None:
    manual = MANUAL.read_text("utf-8")
    actions = parser()._actions
    (commands,) = (action for action in actions if isinstance(action, argparse._SubParsersAction))
    for name in commands.choices:
        assert f"`pos-tui {name}`" in manual


def test_every_exit_code_is_in_the_manual() -> None:
    table = MANUAL.read_text("utf-8").partition("| código | o que quer dizer |")[2].partition("\n\n")[0]
    told = re.findall(r"^\| (\d+) \| \w", table, re.MULTILINE)
    assert [int(code) for code in told] == list(Exit)


def commonest_sale() -> list[str]:
    """Return the manual's line of keys, one item for each key or number."""
    found = re.search(r"^(F3 · .+)$", MANUAL.read_text("utf-8"), re.MULTILINE)
    assert found is not None
    return found[1].split(" · ")


async def test_the_commonest_sale_takes_the_keys_that_the_manual_says(till: Till) -> None:
    told = re.search(r"\*\*(\d+) teclas\*\* além dos números", MANUAL.read_text("utf-8"))
    assert told is not None
    items = commonest_sale()
    assert len([item for item in items if not item.isdecimal()]) == int(told[1]) <= 8
    app = PosApp(till)
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        for item in items:
            await pilot.press(*(item if item.isdecimal() else [item.lower()]))
            await app.workers.wait_for_complete()
            await pilot.pause()
        assert isinstance(app.screen, Confirmation)
        assert CONFIRMED in app.screen.message.render_line(0).text
