"""Takes the pictures of the manual from the real program: `make screenshots`.

Plays seed 1's sale in training mode, in a folder of its own and under a clock that stands still, and writes
an SVG of each screen to docs/pictures/. The same program gives the same pictures.
"""

import argparse
import asyncio
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from textual.pilot import Pilot

from pos_tui.app import PosApp
from pos_tui.config import Config
from pos_tui.exits import Exit
from pos_tui.settings.printer import PrinterSettings
from pos_tui.settings.store import StoreSettings, TillSettings
from pos_tui.till import Till

PICTURES = Path(__file__).parent / "pictures"
SIZE = (80, 24)
NOW = datetime(2021, 5, 18, 9, 33, 15, tzinfo=ZoneInfo("America/Campo_Grande"))
PATIENCE_SECONDS = 30.0

CELL = 12.2
"""Width of a character in the pictures, as Rich draws them."""
BLANK = "&#160;"
PADDED = re.compile(r'x="([\d.]+)"( y="[\d.]+" )textLength="([\d.]+)"([^>]*)>([^<\n]*)<')

SETTINGS = Config(
    store=StoreSettings(name="52 Centro", cnpj="12.345.678/0001-95"),
    till=TillSettings(first_sale=3637620, sellers=("Israel Veiga",)),
    printer=PrinterSettings(transport="capture"),
)


@dataclass(frozen=True, slots=True)
class Shot:
    """Keys to press, words that must come, and the picture's name; without a name no picture is taken."""

    keys: tuple[str, ...]
    expect: str
    name: str = ""


def top_up(line: str, value: str) -> tuple[str, ...]:
    """Return the keys of one Vivo top-up from the operator on."""
    return ("1", *line, *line, value)


SHOTS = (
    Shot((), "Buscar cliente", "inicio"),
    Shot(("f6", *"Rian Ricardo Coelho Barros", "enter", *"52998224725", "enter"), "E-mail", "cadastro"),
    Shot((*"67998855662", "enter", "enter"), "Cliente: Rian"),
    Shot(("1", *"24998855662", *"24998855662"), "R$ 15,00", "recarga"),
    Shot(("4",), "Receba o pagamento"),
    Shot(("f10", "1", *"20", "enter"), "Troco: R$ 5,00", "pagamento"),
    Shot(("f10",), "Venda 3637620 salva"),
    Shot(("enter",), "Confirmar a recarga de", "confirmacao"),
    Shot(("enter",), "confirmada com sucesso", "confirmada"),
    Shot(("escape", "f3", *top_up("67984115159", "2")), "98411-5159: pendente"),
    Shot((*top_up("67985465464", "9"),), "98546-5464: pendente", "varias"),
    Shot(("f10", "1", "enter", "f10"), "Venda 3637621 salva", "pendentes"),
    Shot(("enter",), "67 98546-5464", "confirmar-varias"),
    Shot(("f1",), "Ajuda", "ajuda"),
)  # fmt: skip


def main() -> int:
    """Play and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=PICTURES)
    target: Path = parser.parse_args().folder
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pos-tui-pictures-") as folder:
        asyncio.run(play(Path(folder), target))
    return 0


async def play(folder: Path, target: Path) -> None:
    """Play the sale in `folder` and write the pictures to `target`."""
    till = Till.open(SETTINGS, lambda: NOW, folder)
    app = PosApp(till)
    try:
        async with app.run_test(size=SIZE) as pilot:
            await app.workers.wait_for_complete()
            for shot in SHOTS:
                await take(app, pilot, shot, target)
    finally:
        till.close()


async def take(app: PosApp, pilot: Pilot[Exit], shot: Shot, target: Path) -> None:
    """Press the keys of one picture, wait for its words and for all that goes on behind, and write it."""
    await pilot.press(*("space" if key == " " else key for key in shot.keys))
    await until(lambda: shot.expect in words(app), shot.expect)
    await app.workers.wait_for_complete()
    await pilot.pause()
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
