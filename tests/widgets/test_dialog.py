"""Dialogs: what they return, and that Enter never does harm."""

import pytest
from textual.app import ComposeResult

from pos_tui.app import PosApp
from pos_tui.screens.commanded import Commanded
from pos_tui.widgets.chrome import Title
from pos_tui.widgets.dialog import Answer, Dialog, ErrorBox, PromptDialog, Question, TextPage
from pos_tui.widgets.dialog_body import Body
from pos_tui.widgets.fields import TextField, Value
from pos_tui.widgets.text import Reading
from tests.widgets.pilot import Stage, drawn, filled

YES, NO = Answer("S", "Sim, cancelar", dangerous=True), Answer("N", "Não")
TEXT = ["A recarga de R$ 20,00 será cancelada.", "Isto não pode ser desfeito."]


class Desk(Stage):
    """Shows one dialog and keeps its result."""

    CSS = PosApp.CSS

    results: list[str | dict[str, Value] | None]

    def ask(self, dialog: Dialog[str | None]) -> None:
        self.results = []
        self.push_screen(dialog, self.results.append)


async def test_the_letter_answers() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        app.ask(Question("Cancelar?", TEXT, [YES, NO]))
        await pilot.press("s")
        assert app.results == ["s"]
        assert not app.screen.is_modal


@pytest.mark.parametrize("key", ["enter", "space", "x", "tab", "down", "f8"])
async def test_nothing_else_does_what_is_dangerous(key: str) -> None:
    app = Desk()
    async with app.run_test() as pilot:
        app.ask(Question("Cancelar?", TEXT, [YES, NO]))
        await pilot.press(*[key] * 5)
        assert app.results == []
        await pilot.press("escape")
        assert app.results == [None]


async def test_enter_gives_a_default_that_is_safe() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        app.ask(Question("Cancelar?", TEXT, [YES, NO], default="N"))
        await pilot.pause()
        assert filled(app.screen.query_one(Body))[-1] == " S Sim, cancelar   Enter/N Não   Esc Voltar"
        await pilot.press("enter")
        assert app.results == ["n"]


@pytest.mark.parametrize("default", ["S", "Z"])
def test_a_dangerous_default_is_a_mistake_in_the_program(default: str) -> None:
    with pytest.raises(ValueError, match=default):
        Question("Cancelar?", TEXT, [YES, NO], default=default)


async def test_keys_typed_ahead_of_a_dialog_are_its_own() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        app.ask(Question("Cancelar?", TEXT, [YES, NO]))
        app.push_screen(ErrorBox("Sem resposta", "A operadora não respondeu."))
        await pilot.press("enter", "n")
        assert app.results == ["n"]


async def test_an_error_says_so_in_its_title() -> None:
    app = Desk()
    async with app.run_test(size=(40, 12)) as pilot:
        app.push_screen(
            ErrorBox("Sem resposta", "A operadora não respondeu. Consulte com F5 antes de repetir.")
        )
        await pilot.pause()
        assert filled(app.screen.query_one(Body)) == [
            " ! Sem resposta",
            "A operadora não respondeu. Consulte com",
            "F5 antes de repetir.",
            " Esc Voltar",
        ]


async def test_a_long_text_scrolls_in_a_small_window() -> None:
    app = Desk()
    async with app.run_test(size=(40, 12)) as pilot:
        app.push_screen(TextPage("Ajuda", [f"linha {n}" for n in range(100)], wrapped=False))
        await pilot.press("end")
        body = app.screen.query_one(Body)
        assert drawn(body)[9].strip() == "linha 99"
        assert drawn(body)[10].strip() == "linhas 92 a 100 de 100 · PgUp/PgDn"
        await pilot.press("pageup", "up")
        assert drawn(body)[1].strip() == "linha 82"
        await pilot.press("home", "f1")
        assert not app.screen.is_modal


async def test_a_receipt_wider_than_the_window_moves_sideways() -> None:
    app = Desk()
    async with app.run_test(size=(40, 12)) as pilot:
        app.push_screen(TextPage("Comprovante", ["x" * 47 + "F"], wrapped=False))
        await pilot.pause()
        body = app.screen.query_one(Body)
        assert "F" not in drawn(body)[1]
        assert "← →" in drawn(body)[-2]
        await pilot.press("right", "right")
        assert drawn(body)[1] == "x" * 39 + "F"


async def test_a_prompt_returns_what_was_typed_or_nothing() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        for keys, result in ((["enter", "m", "enter"], {"reason": "m"}), (["m", "escape"], None)):
            results: list[dict[str, Value] | None] = []
            prompt = PromptDialog("Motivo", [TextField("reason", "Motivo", required=True)], ["Diga por quê."])
            app.push_screen(prompt, results.append)
            await pilot.press(*keys)
            assert results == [result]


async def test_an_answer_from_behind_takes_away_its_own_dialog_not_what_lies_over_it() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        waiting = Question("Aguardando", TEXT, [YES])
        app.ask(waiting)
        lock = TextPage("Tela bloqueada", TEXT)
        app.push_screen(lock)
        waiting.dismiss("veio")
        await pilot.pause()
        assert app.screen is lock
        assert app.results == []
        await pilot.press("escape")
        assert app.results == ["veio"]
        assert not app.screen.is_modal


async def test_a_dialog_that_was_left_takes_nothing_else_away() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        below, above = Question("Embaixo", TEXT, [YES]), Question("Em cima", TEXT, [YES])
        app.ask(below)
        app.push_screen(above)
        await pilot.pause()
        above.dismiss("s")
        above.dismiss("veio tarde")
        await pilot.pause()
        assert app.screen is below
        assert app.results == []


@pytest.mark.parametrize("size", [(40, 12), (20, 5), (2, 2), (80, 24)])
async def test_any_size(size: tuple[int, int]) -> None:
    app = Desk()
    async with app.run_test(size=size) as pilot:
        app.ask(Question("Cancelar?", TEXT * 5, [YES, NO]))
        await pilot.press("down", "s")
        assert app.results == ["s"]


class Small(Commanded, Dialog[None]):
    """A desk that fills one line only; as with every desk, Dialog is not the first of its bases."""

    def compose(self) -> ComposeResult:
        yield Title("Mesa")


@pytest.mark.parametrize("term", ["linux", "xterm-256color", "vt100"])
async def test_nothing_of_what_lies_below_shows(monkeypatch: pytest.MonkeyPatch, term: str) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.delenv("COLORTERM", raising=False)
    app = Desk(Reading(["por baixo"] * 10))
    async with app.run_test() as pilot:
        assert any("por baixo" in line for line in shown(app))
        app.push_screen(Small())
        await pilot.pause()
        assert [line for line in shown(app) if line] == [" Mesa"]


def shown(app: Desk) -> list[str]:
    """Return the lines that the terminal gets."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]
