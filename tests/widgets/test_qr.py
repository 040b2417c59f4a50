"""The QR on the screen, read back module by module."""

import pytest
import segno

from pos_tui.widgets.qr import QrCode
from tests.widgets.pilot import Stage, drawn

HALVES = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}


def modules(version: int) -> list[list[bool]]:
    code = segno.make("PIX", version=version, error="L", micro=False, boost_error=False)
    return [[bool(module) for module in row] for row in code.matrix]


def read_back(lines: list[str], side: int) -> list[list[bool]]:
    rows: list[list[bool]] = []
    for line in lines:
        rows += [[HALVES[char][half] for char in line] for half in (0, 1)]
    return rows[:side]


@pytest.mark.parametrize(("version", "quiet", "size"), [(6, 4, (80, 30)), (7, 1, (47, 24)), (1, 2, (40, 13))])
async def test_the_modules_stand_as_they_were_given(version: int, quiet: int, size: tuple[int, int]) -> None:
    given = modules(version)
    code = QrCode(given, quiet=quiet)
    async with Stage(code).run_test(size=size):
        columns, lines = code.needed
        assert code.problem is None
        left = (size[0] - columns) // 2
        shown = [code.render_line(y).crop(left, left + columns).text for y in range(lines)]
        inner = [row[quiet : columns - quiet] for row in read_back(shown, columns)[quiet : columns - quiet]]
        assert inner == given


async def test_it_is_black_on_white(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    code = QrCode(modules(1))
    async with Stage(code).run_test(size=(29, 20)):
        style = next(iter(code.render_line(0))).style
        assert style is not None and style.color is not None and style.bgcolor is not None
        assert (style.color.name, style.bgcolor.name) == ("black", "white")


async def test_a_code_that_does_not_fit_says_so_in_words() -> None:
    code = QrCode(modules(8), quiet=4)
    async with Stage(code).run_test(size=(80, 24)):
        assert code.problem == "O QR não cabe nesta janela: precisa de 57 colunas e 29 linhas."
        assert drawn(code)[0] == code.problem


async def test_without_colours_it_is_reversed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    code = QrCode(modules(1))
    async with Stage(code).run_test(size=(29, 20)):
        style = next(iter(code.render_line(0))).style
        assert style is not None and style.reverse
