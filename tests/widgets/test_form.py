"""The form under a pilot: keys, messages, errors, what is drawn."""

import pytest
from textual.events import Paste

from pos_tui.domain.phone import why_not_mobile
from pos_tui.widgets.fields import ChoiceField, DigitsField, MoneyField, NoteField, Option, TextField, grouped
from pos_tui.widgets.form import Form
from tests.widgets.pilot import Stage, drawn, filled, kinds

PHONE = grouped("## #####-####")


def recharge() -> Form:
    return Form(
        [
            ChoiceField("operator", "Operadora", [Option("v", "Vivo"), Option("c", "Claro")], required=True),
            DigitsField(
                "line",
                "Número",
                max_length=11,
                mask=PHONE,
                check=why_not_mobile,
                required=True,
                auto_advance=True,
                hint="DDD e nove dígitos.",
            ),
            NoteField("missing", "Falta", "R$ 12,00"),
            MoneyField("amount", "Valor", required=True),
        ]
    )


async def test_a_whole_form_from_the_first_key_to_the_last() -> None:
    form = recharge()
    app = Stage(form)
    async with app.run_test(message_hook=app.hear) as pilot:
        await pilot.press("1", *"67999998888", *"12,5", "enter")
        assert kinds(app.heard)[0] == "Chosen"
        submitted = app.heard[-1]
        assert isinstance(submitted, Form.Submitted)
        assert submitted.values == {"operator": "v", "line": "67999998888", "amount": 1250}
        assert (form.text("line"), form.cents("amount"), form.text("operator")) == ("67999998888", 1250, "v")


async def test_what_is_drawn() -> None:
    form = recharge()
    async with Stage(form).run_test(size=(60, 20)) as pilot:
        assert filled(form) == [
            "> Operadora  (escolha)",
            "             1 Vivo",
            "             2 Claro",
            "  Número",
            "  Falta      R$ 12,00",
            "  Valor",
        ]
        await pilot.press("2", "6", "7", "9")
        assert filled(form) == [
            "  Operadora  Claro",
            "> Número     [67 9        ]",
            "             Faltam 8 dígitos (DDD + 9 dígitos).",
            "  Falta      R$ 12,00",
            "  Valor",
        ]


async def test_enter_stays_in_a_wrong_field_and_other_keys_leave_it() -> None:
    form = recharge()
    app = Stage(form)
    async with app.run_test() as pilot:
        await pilot.press("1", *"2099", "enter")
        assert form.current is form.fields["line"]
        assert "! DDD 20 não existe. Confira os dois primeiros dígitos." in [x.strip() for x in drawn(form)]
        assert app.bells == 1
        await pilot.press("tab")
        assert form.current is form.fields["amount"]
        assert "! Número     20 99" in filled(form)
        await pilot.press("shift+tab", "backspace")
        assert form.fields["line"].error == ""


async def test_submitting_goes_to_the_first_wrong_field() -> None:
    form = recharge()
    app = Stage(form)
    async with app.run_test(message_hook=app.hear) as pilot:
        form.go("amount")
        await pilot.press("5", "enter")
        assert form.current is form.fields["operator"]
        assert form.fields["operator"].error and form.fields["line"].error
        assert "Submitted" not in kinds(app.heard)


async def test_an_enter_out_of_habit_after_a_field_that_filled_itself() -> None:
    form = recharge()
    async with Stage(form).run_test() as pilot:
        await pilot.press("1", *"67999998888", "enter")
        assert form.current is form.fields["amount"]
        assert form.fields["amount"].error == ""
        await pilot.press("enter")
        assert form.fields["amount"].error


async def test_the_screen_puts_the_cursor_where_its_error_is() -> None:
    form = recharge()
    async with Stage(form).run_test():
        form.error("line", "Este número já recebeu recarga hoje.")
        assert form.current is form.fields["line"]
        assert any("! Este número já recebeu recarga hoje." in line for line in drawn(form))
        assert form.hint == "DDD e nove dígitos."


async def test_arrows_choose_too() -> None:
    form = recharge()
    app = Stage(form)
    async with app.run_test(message_hook=app.hear) as pilot:
        await pilot.press("enter")
        assert form.fields["operator"].error
        await pilot.press("down", "down", "enter")
        assert form.text("operator") == "c"
        assert form.current is form.fields["line"]
        await pilot.press("up")
        assert form.current is form.fields["operator"]


async def test_hidden_and_disabled_fields_are_passed_over() -> None:
    form = recharge()
    async with Stage(form).run_test() as pilot:
        form.show("line", False)
        form.enable("operator", False)
        assert form.current is form.fields["amount"]
        assert set(form.values()) == {"operator", "amount"}
        form.show("line")
        await pilot.press("up")
        assert form.current is form.fields["line"]


async def test_editing_keys() -> None:
    form = Form([TextField("name", "Nome")])
    async with Stage(form).run_test() as pilot:
        await pilot.press(*"aço", "home", "x", "right", "delete", "end", "backspace")
        assert form.text("name") == "xa"
        await pilot.press("ctrl+u", *"b c", "left", "left", "d")
        assert form.text("name") == "bd c"


async def test_keys_without_use_go_on() -> None:
    class Bound(Stage):
        BINDINGS = [("escape", "note('esc')"), ("plus", "note('+')"), ("f9", "note('f9')")]  # noqa: RUF012
        notes: list[str]

        def action_note(self, text: str) -> None:
            self.notes.append(text)

    app = Bound(recharge())
    app.notes = []
    async with app.run_test() as pilot:
        await pilot.press("escape", "+", "f9")
        assert app.notes == ["esc", "+", "f9"]


async def test_a_paste_is_cleaned_and_cut() -> None:
    form = recharge()
    app = Stage(form)
    async with app.run_test(message_hook=app.hear) as pilot:
        form.go("line")
        app.post_message(Paste("\x1b[31m+55 (67) 99999-8888" + "9" * 1_000_000))
        await pilot.pause()
        await app.keyboard.drained()
        assert len(form.text("line")) == 11
        form.go("amount")
        app.post_message(Paste("R$ 1.234,56\n"))
        await pilot.pause()
        await app.keyboard.drained()
        assert form.cents("amount") == 123456


async def test_long_text_scrolls_inside_its_field() -> None:
    form = Form([TextField("name", "Nome", max_length=200)])
    async with Stage(form).run_test(size=(40, 12)) as pilot:
        form.set("name", "x" * 100 + "fim")
        form.redraw()
        assert "fim ]" in drawn(form)[0]
        assert len(drawn(form)[0]) <= 40
        await pilot.press("home")
        assert "[xxx" in drawn(form)[0]


async def test_wide_characters_keep_their_columns() -> None:
    form = Form([TextField("name", "Nome", max_length=10), TextField("other", "Outro")])
    async with Stage(form).run_test(size=(40, 12)) as pilot:
        await pilot.press(*"山田", "left")
        strip = form.render_line(0)
        assert strip.cell_length == 40
        cursor = next(segment for segment in strip if segment.style and segment.style.reverse)
        assert cursor.text == "田"


async def test_markup_and_controls_are_drawn_as_text() -> None:
    form = Form([TextField("name", "Nome [/"), NoteField("note", "Nota", "[bold]x\x1b[31m[/ 5")])
    async with Stage(form).run_test():
        assert "Nome [/" in drawn(form)[0]
        assert "[bold]x [31m[/ 5" in drawn(form)[1]


@pytest.mark.parametrize("size", [(40, 12), (40, 4), (20, 5), (3, 2), (80, 24)])
async def test_the_current_field_is_always_in_the_window(size: tuple[int, int]) -> None:
    names = [f"campo{number}" for number in range(12)]
    form = Form([TextField(name, name) for name in names])
    async with Stage(form).run_test(size=size) as pilot:
        for _ in names:
            assert any(line.startswith(">") for line in drawn(form))
            await pilot.press("down")


async def test_a_small_window_tells_that_there_is_more() -> None:
    form = Form([TextField(f"f{number}", f"Campo {number}") for number in range(6)])
    async with Stage(form).run_test(size=(30, 3)) as pilot:
        assert [line[-1] for line in drawn(form)] == ["]", "1", "v"]
        await pilot.press(*["down"] * 3)
        assert [line[-1] for line in drawn(form)] == ["^", "2", "]"]
        await pilot.press(*["down"] * 2)
        assert [line[-1] for line in drawn(form)] == ["^", "4", "]"]


async def test_a_long_choice_turns_its_pages_in_a_small_window() -> None:
    options = [Option(str(n), f"R$ {n},00") for n in range(1, 31)]
    form = Form([ChoiceField("value", "Valor", options)])
    async with Stage(form).run_test(size=(40, 8)) as pilot:
        await pilot.press("pagedown")
        assert "          1 R$ 6,00".strip() in [line.strip() for line in drawn(form)]
        assert any("página 2 de 6" in line for line in drawn(form))
        await pilot.press("1")
        assert form.text("value") == "6"


async def test_only_what_changed_is_painted_again() -> None:
    form = recharge()
    async with Stage(form).run_test() as pilot:
        await pilot.press("1", "6")
        before = [form.render_line(y) for y in range(form.size.height)]
        form._exchange_repaint_regions()
        form.take_text("7")
        dirty = {y for region in form._exchange_repaint_regions() for y in region.line_range}
        assert {y for y, strip in enumerate(before) if form.render_line(y) != strip} == dirty
        assert len(dirty) == 2


async def test_options_move_left_where_their_column_would_cut_them() -> None:
    """A decision about money is read whole."""
    options = [Option("a", "Aconteceu no provedor"), Option("b", "Não aconteceu: devolver ao cliente")]
    form = Form([ChoiceField("what", "Decisão do pedido", options)])
    async with Stage(form).run_test(size=(40, 12)):
        assert filled(form) == [
            "> Decisão do pedido  (escolha)",
            "    1 Aconteceu no provedor",
            "    2 Não aconteceu: devolver ao cliente",
        ]


async def test_the_cursor_is_drawn_where_the_focus_goes_though_both_were_painted_before() -> None:
    first = Form([TextField("name", "Nome")], height=2)
    second = Form([TextField("phone", "Fone")], height=2)
    app = Stage(first, second)
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.pause()
        assert [drawn(form)[0][:2] for form in (first, second)] == ["> ", "  "]
        app.set_focus(second)
        await app.keyboard.settle()
        assert [drawn(form)[0][:2] for form in (first, second)] == ["  ", "> "]
