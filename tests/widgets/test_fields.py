"""What typing does to each kind of field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_tui.domain.phone import why_not_mobile
from pos_tui.widgets.fields import ChoiceField, DigitsField, Effect, MoneyField, Option, TextField, grouped
from pos_tui.widgets.fields.base import EMPTY
from pos_tui.widgets.fields.choice import UNCHOSEN

PHONE = grouped("## #####-####")


def typed(field: TextField | ChoiceField, text: str) -> list[Effect]:
    return [field.take(char) for char in text]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("6", "6"),
        ("67", "67"),
        ("679", "67 9"),
        ("67999998888", "67 99999-8888"),
        ("0" * 13, "00 00000-000000"),
    ],
)
def test_a_mask_grows_with_what_is_typed(text: str, shown: str) -> None:
    assert PHONE(text) == shown


@given(st.text("0123456789", max_size=11), st.integers(0, 11))
def test_the_cursor_of_a_masked_field_stands_on_its_digit(text: str, cursor: int) -> None:
    field = DigitsField("line", "Linha", max_length=11, mask=PHONE)
    field.set(text)
    field.jump(min(cursor, len(text)))
    shown, place = field.shown()
    assert shown.replace(" ", "").replace("-", "") == text
    assert sum(char.isdigit() for char in shown[:place]) == field.cursor
    assert place == len(shown) or shown[place] == text[field.cursor]


def test_what_was_only_suggested_is_written_anew_by_the_first_key() -> None:
    field = DigitsField("number", "Número", max_length=4, suggested=True)
    field.set("3")
    assert field.value == "3"
    typed(field, "12")
    assert field.value == "12"


def test_a_full_field_that_was_given_is_written_anew_by_the_first_key() -> None:
    field = TextField("since", "De", max_length=10)
    field.set("29/11/2026")
    typed(field, "01/05/2021")
    assert field.value == "01/05/2021"
    field.set("29/11/2026")
    field.erase(-1)  # who rubs out goes on with what is left
    typed(field, "7")
    assert field.value == "29/11/2027"
    assert typed(field, "7") == [Effect.NO_ROOM]


def test_digits_take_punctuation_in_silence_and_leave_the_rest_to_others() -> None:
    field = DigitsField("line", "Linha", max_length=11)
    assert set(typed(field, "67 99999-8888")) == {Effect.TAKEN}
    assert field.value == "67999998888"
    assert typed(field, "9") == [Effect.NO_ROOM]
    assert typed(field, "+x") == [Effect.REFUSED, Effect.REFUSED]


def test_a_full_and_right_number_is_finished_and_a_wrong_one_is_not() -> None:
    right = DigitsField("line", "Linha", max_length=11, check=why_not_mobile, auto_advance=True)
    assert typed(right, "67999998888")[-1] is Effect.FINISHED
    wrong = DigitsField("line", "Linha", max_length=11, check=why_not_mobile, auto_advance=True)
    assert typed(wrong, "20999998888")[-1] is Effect.TAKEN
    assert wrong.remark() == "DDD 20 não existe. Confira os dois primeiros dígitos."


def test_letters_of_a_new_cnpj_become_capitals() -> None:
    field = DigitsField("document", "CNPJ", letters=True)
    typed(field, "12.abc.345/01de-35")
    assert field.value == "12ABC34501DE35"


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12", 1200),
        ("12,5", 1250),
        ("12,50", 1250),
        ("1.234,56", 123456),
        ("0,01", 1),
        ("12,505", 1250),
        (",5", 50),
    ],
)
def test_money_as_it_is_typed(text: str, cents: int) -> None:
    field = MoneyField("amount", "Valor")
    typed(field, text)
    assert field.value == cents


def test_money_is_read_back_while_it_is_typed_and_completed_when_it_is_left() -> None:
    field = MoneyField("amount", "Valor", hint="Quanto foi recebido.")
    assert field.remark() == "Quanto foi recebido."
    typed(field, "1234,5")
    assert field.remark() == "R$ 1.234,50"
    field.leave()
    assert field.shown()[0] == "1.234,50"


@pytest.mark.parametrize("text", ["12.50", "7891000100103", "1.2"])
def test_no_amount_is_guessed(text: str) -> None:
    field = MoneyField("amount", "Valor")
    typed(field, text)
    assert field.value is None
    assert field.problem()


def test_money_can_be_checked_by_its_screen() -> None:
    field = MoneyField(
        "amount", "Valor", required=True, check_cents=lambda cents: "Falta." if cents < 500 else None
    )
    assert field.problem() == EMPTY
    typed(field, "4")
    assert field.problem() == "Falta."
    field.set(500)
    assert field.problem() is None


@pytest.mark.parametrize("text", ["[bold]", "[/", "José da Silva", "山田太郎", "ação"])
def test_text_keeps_what_is_typed(text: str) -> None:
    field = TextField("name", "Nome")
    typed(field, text)
    assert field.value == text


def test_a_combining_accent_belongs_to_its_letter() -> None:
    field = TextField("name", "Nome")
    typed(field, "ac\u0327a\u0303o")
    assert field.value == "ação"
    typed(field, "x\u0323\u0302")
    field.move(-1)
    assert field.cursor == 4
    field.erase(1)
    assert field.value == "ação"


def test_a_megabyte_pasted_is_cut_to_the_field() -> None:
    field = TextField("name", "Nome", max_length=30)
    field.paste("a\x1b[31m\n" * 200_000)
    assert 25 < len(field.text) <= 30
    assert "\x1b" not in field.text


def test_a_paste_goes_in_at_the_cursor() -> None:
    field = DigitsField("line", "Linha", max_length=11)
    field.set("6788")
    field.jump(2)
    field.paste("(99) 999-9")
    assert (field.value, field.cursor) == ("6799999988", 8)


@given(st.text(max_size=40), st.lists(st.sampled_from(["left", "right", "back", "delete", "home", "end"])))
def test_editing_never_loses_the_cursor(text: str, edits: list[str]) -> None:
    field = TextField("name", "Nome", max_length=20)
    typed(field, text)
    for edit in edits:
        match edit:
            case "left" | "right":
                field.move(-1 if edit == "left" else 1)
            case "back" | "delete":
                field.erase(-1 if edit == "back" else 1)
            case _:
                field.jump(0 if edit == "home" else len(field.text))
        assert 0 <= field.cursor <= len(field.text) <= 20


def options(count: int) -> list[Option]:
    return [Option(f"k{number}", f"Opção {number}") for number in range(1, count + 1)]


def test_a_digit_chooses_at_once() -> None:
    field = ChoiceField("value", "Valor", options(3), required=True)
    assert field.problem() == UNCHOSEN
    assert typed(field, "2") == [Effect.FINISHED]
    assert field.value == "k2"
    assert typed(field, "4") == [Effect.NO_ROOM]
    assert field.error == "Não há opção 4 nesta lista."
    assert field.value == "k2"


def test_digits_mean_the_options_on_the_page() -> None:
    field = ChoiceField("value", "Valor", options(20))
    assert typed(field, "02") == [Effect.TAKEN, Effect.FINISHED]
    assert field.value == "k11"
    assert typed(field, "003") == [Effect.TAKEN, Effect.TAKEN, Effect.FINISHED]
    assert field.value == "k3"
    field.resize(4)
    assert typed(field, "9") == [Effect.NO_ROOM]
    assert [option.key for _, option in field.visible()] == ["k1", "k2", "k3", "k4"]


def test_a_disabled_option_says_why() -> None:
    field = ChoiceField(
        "value", "Valor", [Option("tef", "TEF", enabled=False, why_not="O TEF não responde.")]
    )
    assert typed(field, "1") == [Effect.NO_ROOM]
    assert (field.value, field.error) == (None, "O TEF não responde.")


def test_other_options_keep_the_choice_only_while_it_is_offered() -> None:
    field = ChoiceField("value", "Valor", options(3))
    field.set("k2")
    field.set_options(options(2))
    assert field.value == "k2"
    field.set_options(options(1))
    assert field.value is None
