"""What works on every tab: help, palette, second keys, leaving (issue 2)."""

import pytest

from pos_tui.commands import Command, Place, of_place, own
from pos_tui.till import Till
from pos_tui.widgets.form import Form
from tests.screens.desk import Desk, at_desk
from tests.tills import SELLER, add, new_sale

TABS = {
    "f2": Place.START,
    "f3": Place.RECHARGE,
    "f10": Place.PAYMENT,
    "f4": Place.SALES,
}


SHOWS = {"help": "Ajuda", "cash": "Caixa fechado.", "menu": "Mesas"}
"""What covers the sale; everything else leaves its status line to be seen."""

TWO_KEYS = [command for command in own(Place.ANYWHERE) if len(command.keys) > 1]


@pytest.mark.parametrize("key", TABS)
async def test_help_names_every_command_of_the_place(till: Till, key: str) -> None:
    place = TABS[key]
    async with at_desk(till, (80, 100)) as desk:
        await desk.press(key, "f1")
        await desk.see(f"Ajuda: {place.value}", "0800 941 4530")
        for command in of_place(place):
            keys, label = " ou ".join(command.key_words), command.label_at(place)
            assert f"{keys} {label}." in desk.words() or f"({keys}) {label}." in desk.words()
        await desk.press("escape")
        await desk.see(f"{place.value}]")


COVERS = {"help": "Ajuda", "reports": "Relatório de", "items": "Itens da venda"}
"""What covers the status line."""


def has_cursor(desk: Desk) -> bool:
    """Whether a form, where one has the keys, has drawn where they go: the tab's name comes before."""
    return not isinstance(desk.app.focused, Form) or any(line.startswith("> ") for line in desk.lines())


@pytest.mark.parametrize("command", TWO_KEYS, ids=lambda command: command.id)
async def test_the_second_key_does_the_same(till: Till, command: Command) -> None:
    shown: list[list[str]] = []
    for key in command.keys:
        async with at_desk(till) as desk:
            await desk.press(key)
            await desk.see({**COVERS, **SHOWS}.get(command.id, "pendências"))
            await desk.until(lambda desk=desk: has_cursor(desk), "the cursor in its field")  # type: ignore[misc]
            shown.append([line for line in desk.lines() if "TREINAMENTO" not in line])
    assert shown[0] == shown[1]


async def test_the_palette_runs_a_command_by_its_name(till: Till) -> None:
    async with at_desk(till) as desk:
        await desk.press("ctrl+k")
        await desk.see("Comandos")
        await desk.type("recarga", "enter", "1")
        await desk.see("[2 Recarga]")


async def test_the_palette_lists_the_name_before_a_mention_of_it(till: Till) -> None:
    async with at_desk(till) as desk:
        await desk.press("ctrl+k")
        await desk.type("cartões", "enter")
        await desk.see("1 Cartões (F12)", "2 Menu (F12)")


async def test_the_palette_tells_why_a_command_is_off(till: Till) -> None:
    async with at_desk(till) as desk:
        await desk.press("f3", "ctrl+k")
        await desk.type("remover", "enter", "1")
        await desk.see("Não há recarga pendente nesta venda para remover.")


async def test_leaving_asks_and_enter_stays(till: Till) -> None:
    async with at_desk(till) as desk:
        add(till, new_sale(till))
        await desk.press("ctrl+q")
        await desk.see("Sair do programa?", "volta ao abrir de novo")
        assert "F7" not in desk.words()
        await desk.press("enter")
        await desk.see("[1 Início]")
        till.cash.open(5_000, SELLER)
        await desk.press("ctrl+q")
        await desk.see("O caixa continua aberto: quem o fecha é F7")
        await desk.press("n")
        await desk.press("ctrl+q", "s")
        await desk.until_ended()


async def test_papers_that_wait_are_told_and_answered(till: Till) -> None:
    async with at_desk(till) as desk:
        await desk.press("ctrl+o")
        await desk.see("Impressões a fazer", "Nada a imprimir: tudo saiu.")
        await desk.press("escape")
        await desk.see("[1 Início]")
