"""A dialog's text never takes the place of its field: what does not fit is read page by page."""

from pos_tui.app import PosApp
from pos_tui.widgets.chrome import Title
from pos_tui.widgets.dialog import PromptDialog
from pos_tui.widgets.fields import TextField
from pos_tui.widgets.form import Form
from tests.widgets.pilot import Stage, drawn


class Desk(Stage):
    """Shows one dialog."""

    CSS = PosApp.CSS


async def test_a_long_text_leaves_room_for_the_field_and_is_read_by_pages() -> None:
    app = Desk()
    text = [f"{number}: mesmo valor, mesmo dia." for number in range(1, 9)]
    async with app.run_test(size=(40, 12)) as pilot:
        app.push_screen(PromptDialog("Ligar à mão", [TextField("reason", "Motivo", max_length=80)], text))
        await pilot.pause()
        title, form = app.screen.query_one(Title), app.screen.query_one(Form)
        assert drawn(title) == [" Ligar à mão", *text[:3], "PgDn mostra mais 5 linha(s)."]
        assert drawn(form)[0].startswith("> Motivo")
        await pilot.press("pagedown")
        assert drawn(title)[1:] == [*text[3:6], "PgDn mostra mais 2 linha(s)."]
        await pilot.press("pagedown", "pagedown")
        assert drawn(title)[1:] == [*text[5:], "PgUp volta ao começo do texto."]
        await pilot.press("pageup", "pageup", "x")
        assert drawn(title)[1:4] == text[:3]
        assert app.screen.query_one(Form).text("reason") == "x"


async def test_a_text_that_fits_is_shown_whole() -> None:
    app = Desk()
    async with app.run_test(size=(40, 12)) as pilot:
        app.push_screen(PromptDialog("Motivo", [TextField("reason", "Motivo", max_length=80)], ["Diga."]))
        await pilot.pause()
        assert drawn(app.screen.query_one(Title)) == [" Motivo", "Diga."]
