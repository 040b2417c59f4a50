"""`pos-tui demo`: one whole sale through the real screens, typed by the program itself.

With a terminal on stdout it can be watched; without one it runs headless and prints the words of each screen
and the receipt, for screen readers and for tests.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from pos_tui.arguments import parser
from pos_tui.domain.errors import PosError
from pos_tui.exits import Exit
from pos_tui.widgets.theme import prepare

if TYPE_CHECKING:
    from pos_tui.app import PosApp
    from pos_tui.domain.sale import SaleFilter
    from pos_tui.till import Till

LINE = "67999991234"
PATIENCE_SECONDS = 30.0
"""How long an expected word may take, on the slowest terminal, before the demo gives up."""
PACE_SECONDS = 0.6
"""Between two steps when somebody watches."""


class Step(Struct, frozen=True):
    """Keys to press, and words that must be on the screen afterwards."""

    title: str
    keys: tuple[str, ...]
    expect: str


STEPS = (
    Step("Início: Consumidor, a escolha padrão", (), "Consumidor"),
    Step("F3: Recarga, com as operadoras do provedor", ("f3",), "Vivo"),
    Step("Operadora e o número da linha, digitado duas vezes", ("1", *LINE, *LINE), "R$ 15,00"),
    Step("O valor escolhido pelo número: a recarga é reservada", ("4",), "Receba o pagamento"),
    Step("F10: Pagamento em dinheiro, com troco", ("f10", "1", *"20", "enter"), "Troco: R$ 5,00"),
    Step("F10: Salvar; a venda aparece na lista do dia", ("f10",), "Venda 1 salva"),
    Step("Enter abre a venda: a recarga espera a confirmação", ("enter",), "Confirmar a recarga de"),
    Step("Enter confirma: só agora a linha é creditada", ("enter",), "confirmada com sucesso"),
)


class Played(Struct):
    """What the demo showed."""

    screens: list[tuple[str, str]] = field(default_factory=list)
    receipt: str = ""
    bytes_file: Path | None = None


def options() -> argparse.ArgumentParser:
    """Return the parser of its options."""
    return parser("demo", "Faz uma venda inteira pelas telas de verdade, em treinamento.")


def main(argv: Sequence[str], config: Path | None) -> int:
    """Play, and print what was seen. Training needs no config: the one named is not read."""
    options().parse_args(argv)
    prepare(os.environ)
    watched = sys.stdout.isatty()
    with tempfile.TemporaryDirectory(prefix="pos-tui-demo-") as folder:
        played = play(Path(folder), watched=watched)
        out = sys.stdout.write
        if not watched:
            for title, words in played.screens:
                out(f"== {title}\n{words}\n\n")
        out(f"== Comprovante\n{played.receipt}")
        size = played.bytes_file.stat().st_size if played.bytes_file else 0
        out(f"\nBytes ESC/POS gravados: {size}\n")
    return 0


def play(folder: Path, *, watched: bool = False) -> Played:
    """Play the sale in a folder of its own.

    Raises:
        PosError: an expected word did not come; the message names it.
    """
    from textual.pilot import Pilot

    from pos_tui.app import PosApp
    from pos_tui.config import Config
    from pos_tui.settings.printer import PrinterSettings
    from pos_tui.till import Till

    played = Played()
    problem: list[PosError] = []
    till = Till.open(Config(printer=PrinterSettings(transport="capture")), folder=folder)
    app = PosApp(till)

    async def pilot(keys: Pilot[object]) -> None:
        try:
            for step in STEPS:
                await keys.press(*step.keys)
                await _until(lambda step=step: step.expect in _words(app), step.expect)  # type: ignore[misc]
                played.screens.append((step.title, _words(app)))
                await asyncio.sleep(PACE_SECONDS if watched else 0)
            await _until(lambda: not till.spool.owed(), "impressão do comprovante")
        except PosError as error:
            problem.append(error)
        app.exit(Exit.OK)

    try:
        app.run(headless=not watched, size=None if watched else (80, 24), mouse=False, auto_pilot=pilot)
        if problem:
            raise problem[0]
        if app.return_code:
            raise PosError("A demonstração parou no meio: veja o registro de erros.")
        played.receipt, played.bytes_file = _receipt(till, folder)
    finally:
        till.close()
    return played


def _receipt(till: "Till", folder: Path) -> tuple[str, Path]:
    (line,) = till.sales.page(_today(till))
    topup = till.sales.get(line.id).topups[0]
    paper = till.spool.paper_of(topup.id, "top_up")
    assert paper is not None, "a confirmed top-up has its paper"
    return till.papers.preview(paper.document), sorted((folder / "papers").glob("*.bin"))[-1]


def _today(till: "Till") -> "SaleFilter":
    from pos_tui.domain.sale import SaleFilter

    return SaleFilter(*till.day())


async def _until(happened: Callable[[], bool], what: str) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE_SECONDS
    while not happened():
        if loop.time() > end:
            raise PosError(f"A demonstração esperou por «{what}» e não veio.")
        await asyncio.sleep(0.02)


def _words(app: "PosApp") -> str:
    """Return the text of the screen on top, line by line."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips).rstrip()
