"""F1's page: two columns that stay two columns in a small window, and what is off told in words."""

import pytest

from pos_tui.commands import Place, own
from pos_tui.screens.explaining import help_page
from pos_tui.widgets.dialog_body import Body
from pos_tui.widgets.guide import Entry, Guide, GuidePage, Section
from tests.widgets.pilot import Stage, drawn, filled

GUIDE = Guide(
    "Ajuda: Mesa",
    ("Para que serve esta mesa.",),
    (
        Section("Teclas daqui", (Entry("F8 ou Ctrl+D", "Cancelar. Desfaz o que está marcado."),)),
        Section("Desligado agora", ()),
        Section("Suporte", (Entry("", "Conekta SAC 0800 941 4530"),)),
    ),
)


class Desk(Stage):
    """Shows one page."""


async def test_two_columns_and_no_empty_section() -> None:
    app = Desk()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(GuidePage(GUIDE))
        await pilot.pause()
        assert filled(app.screen.query_one(Body)) == [
            " Ajuda: Mesa",
            "Para que serve esta mesa.",
            "Teclas daqui",
            "  F8 ou Ctrl+D  Cancelar. Desfaz o que está marcado.",
            "Suporte",
            "  Conekta SAC 0800 941 4530",
            " Esc Voltar",
        ]


async def test_a_long_text_hangs_beside_its_key_and_scrolls() -> None:
    app = Desk()
    async with app.run_test(size=(40, 10)) as pilot:
        app.push_screen(GuidePage(GUIDE))
        await pilot.pause()
        body = app.screen.query_one(Body)
        assert drawn(body)[4:6] == [
            "  F8 ou Ctrl+D  Cancelar. Desfaz o que",
            "                está marcado.",
        ]
        await pilot.press("end")
        assert "Conekta SAC 0800 941 4530" in drawn(body)[7]
        await pilot.press("escape")
        assert not app.screen.is_modal


async def test_what_is_off_for_one_reason_stands_in_one_line() -> None:
    app = Desk()
    async with app.run_test(size=(80, 60)) as pilot:
        off = {"credit_slip": "Nenhuma compra está marcada.", "credit_paid": "Nenhuma compra está marcada."}
        app.push_screen(help_page(Place.CREDIT, "Créditos.", off.get, ["Suporte da loja"]))
        await pilot.pause()
        page = "\n".join(filled(app.screen.query_one(Body)))
        assert "Boleto, Paga: Nenhuma compra está marcada." in page
        assert "(F9 ou Ctrl+B)" in page and "(P ou F4)" in page and "  F8 ou Ctrl+D" in page
        assert "Em qualquer lugar\n" in page and "  Esc " in page and "F3" not in page


@pytest.mark.parametrize("place", [place for place in Place if place is not Place.ANYWHERE])
@pytest.mark.parametrize("width", [40, 80])
async def test_every_place_fits(place: Place, width: int) -> None:
    app = Desk()
    async with app.run_test(size=(width, 300)) as pilot:
        app.push_screen(help_page(place, "Para que serve.", lambda _: "Agora não.", ["SAC 0800"]))
        await pilot.pause()
        lines = filled(app.screen.query_one(Body))
        assert {"Desligado agora", "Suporte", "Em qualquer lugar"} <= set(lines)
        assert ("Teclas daqui" in lines) == bool(own(place))
        assert all(len(line.rstrip()) <= width and not line.rstrip().endswith(">") for line in lines)
