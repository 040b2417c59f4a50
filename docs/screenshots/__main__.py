"""Takes the pictures of the manual from the real program: `make screenshots`.

Plays each walk in training mode, in a folder of its own and under a clock that stands still, and writes an
SVG of each screen to docs/pictures/. The same program gives the same pictures.
"""

import argparse
import asyncio
import re
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from textual.pilot import Pilot

from pos_tui.app import PosApp
from pos_tui.exits import Exit
from pos_tui.providers.sandbox.process import SharedSandbox, start_sandbox
from pos_tui.providers.sandbox.shop import Shop
from pos_tui.till import Till
from tests.sandbox import SandboxControl

from .walks import WALKS, Shot, Walk

PICTURES = Path(__file__).parent.parent / "pictures"
SIZE = (80, 24)
NOW = datetime(2021, 5, 18, 9, 33, 15, tzinfo=ZoneInfo("America/Campo_Grande"))
PATIENCE_SECONDS = 30.0

CELL = 12.2
"""Width of a character in the pictures, as Rich draws them."""
BLANK = "&#160;"
PADDED = re.compile(r'x="([\d.]+)"( y="[\d.]+" )textLength="([\d.]+)"([^>]*)>([^<\n]*)<')


def main() -> int:
    """Play and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=PICTURES)
    parser.add_argument("--only", action="append", metavar="WALK", help="one walk, by its name")
    options = parser.parse_args()
    target: Path = options.folder
    chosen: list[str] = options.only or []
    target.mkdir(parents=True, exist_ok=True)
    for walk in WALKS:
        if not chosen or walk.name in chosen:
            with tempfile.TemporaryDirectory(prefix="pos-tui-pictures-") as folder:
                asyncio.run(play(walk, Path(folder), target))
    return 0


async def play(walk: Walk, folder: Path, target: Path) -> None:
    """Play a walk in `folder` and write its pictures to `target`."""
    till = Till.open(walk.settings(folder), lambda: NOW, folder)
    Shop(folder / "sandbox.shop.json", NOW.timestamp)  # its orders are of the days before
    world = start_sandbox(folder / "sandbox.jsonl", walk.port)
    SandboxControl(world.url).set_clock(NOW.timestamp())
    till.__dict__["sandbox"] = SharedSandbox(world.url)
    try:
        walk.before(till)
        app = PosApp(till)
        async with app.run_test(size=SIZE) as pilot:
            await app.workers.wait_for_complete()
            for shot in walk.shots:
                await take(app, pilot, shot, target)
    finally:
        till.close()
        world.stop()


async def take(app: PosApp, pilot: Pilot[Exit], shot: Shot, target: Path) -> None:
    """Press the keys of one picture, wait for its words and for all that goes on behind, and write it."""
    await pilot.press(*("space" if key == " " else key for key in shot.keys))
    try:
        await until(lambda: shot.expect in words(app), shot.expect)
    except TimeoutError as error:
        raise TimeoutError(f"{shot.expect!r} did not come; the screen:\n{words(app)}") from error
    if not shot.waiting:
        await app.workers.wait_for_complete()
    await pilot.pause()
    await asyncio.to_thread(shot.meanwhile, app.till)
    if shot.name:
        svg = PADDED.sub(unpadded, app.export_screenshot(title="pos-tui"))
        (target / f"{shot.name}.svg").write_text(svg + "\n", "utf-8")


def unpadded(found: re.Match[str]) -> str:
    """Place a text where its first letter stands: some viewers drop the blanks before it."""
    x, middle, width, clip, text = found.groups()
    plain = text.replace(BLANK, " ")
    kept = plain.strip()
    left = float(x) + (len(plain) - len(plain.lstrip())) * CELL
    length = float(width) - (len(plain) - len(kept)) * CELL
    kept = kept.replace(" ", BLANK)
    return f'x="{left:g}"{middle}textLength="{length:g}"{clip}>{kept}<'


async def until(happened: Callable[[], bool], what: str) -> None:
    """Wait. Raises TimeoutError that names what did not come."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE_SECONDS
    while not happened():
        if loop.time() > end:
            raise TimeoutError(what)
        await asyncio.sleep(0.02)


def words(app: PosApp) -> str:
    """Return the text of the screen on top."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


if __name__ == "__main__":
    raise SystemExit(main())
