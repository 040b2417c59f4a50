"""A list over pages, as long as anybody likes."""

import pytest
from textual import on

from pos_tui.widgets.columns import Column, widths
from pos_tui.widgets.line_list import LineList, Row
from tests.widgets.pilot import Stage, drawn, kinds

COLUMNS = [
    Column("Nº", 6, "right"),
    Column("Cliente", 10, flex=True),
    Column("Vendedor", 12, priority=2),
    Column("NF", 6, priority=1),
    Column("Total", 10, "right"),
]
EMPTY = "Nenhuma venda hoje. F3 começa uma recarga."


def row(number: int) -> Row:
    cells = (str(number), f"Cliente {number}", "Maria", "55", f"{number},00")
    return Row(f"{number:07}", cells, "pending" if number % 10 == 3 else "normal")


class Shop(Stage):
    """Answers `More` from a million sales."""

    TOTAL = 1_000_000
    PAGE = 50

    def __init__(self, line_list: LineList) -> None:
        super().__init__(line_list)
        self.line_list = line_list
        self.asked: list[str] = []

    def on_mount(self) -> None:
        self.line_list.set_rows([row(n) for n in range(self.PAGE)], after=True)

    @on(LineList.More)
    def _more(self, event: LineList.More) -> None:
        self.asked.append(event.direction)
        edge = int(event.key)
        first = {
            "first": 0,
            "last": self.TOTAL - self.PAGE,
            "after": edge + 1,
            "before": max(0, edge - self.PAGE),
        }[event.direction]
        last = edge if event.direction == "before" else min(first + self.PAGE, self.TOTAL)
        more = first > 0 if event.direction in ("before", "last") else last < self.TOTAL
        event.line_list.add_rows(event.direction, [row(n) for n in range(first, last)], more=more)


def new_list(limit: int = 300) -> LineList:
    return LineList(COLUMNS, empty=EMPTY, limit=limit)


@pytest.mark.parametrize(
    ("width", "sizes"), [(78, [6, 40, 12, 6, 10]), (38, [6, 13, 0, 6, 10]), (30, [6, 12, 0, 0, 10])]
)
def test_columns_of_little_importance_vanish(width: int, sizes: list[int]) -> None:
    assert widths(COLUMNS, width) == sizes


async def test_rows_are_drawn_with_their_signs() -> None:
    sales = new_list()
    async with Stage(sales).run_test(size=(40, 6)):
        sales.set_rows([row(2), row(3), Row("9", ("9", "Ana [/", "", "", "5,00"), "error")])
        assert drawn(sales)[:4] == [
            "      Nº Cliente       NF          Total",
            "       2 Cliente 2     55           2,00",
            "*      3 Cliente 3     55           3,00",
            "!      9 Ana [/                     5,00",
        ]


async def test_the_cursor_moves_and_selects() -> None:
    sales = new_list()
    app = Stage(sales)
    async with app.run_test(message_hook=app.hear) as pilot:
        sales.set_rows([row(n) for n in range(5)])
        await pilot.press("down", "down", "up", "enter")
        assert kinds(app.heard) == ["Highlighted"] * 4 + ["Selected"]
        selected = app.heard[-1]
        assert isinstance(selected, LineList.Selected) and selected.key == "0000001"
        await pilot.press("end")
        assert sales.row == row(4)
        await pilot.press("home", "up")
        assert sales.row == row(0)


async def test_a_million_rows_are_walked_a_page_at_a_time() -> None:
    app = Shop(new_list(limit=120))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*["pagedown"] * 12)
        assert app.line_list.row == row(12 * 22)
        assert len(app.line_list.rows) <= 170
        assert set(app.asked) == {"after"}
        await pilot.press("end")
        assert app.line_list.row == row(999_999)
        await pilot.press(*["pageup"] * 12)
        assert app.line_list.row == row(999_999 - 12 * 22)
        assert len(app.line_list.rows) <= 170
        await pilot.press("home")
        assert app.line_list.row == row(0)
        assert {"last", "before", "first"} <= set(app.asked)


async def test_rows_stay_in_order_without_gaps() -> None:
    app = Shop(new_list(limit=100))
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ["pagedown"] * 9 + ["pageup"] * 5 + ["pagedown"] * 3:
            await pilot.press(key)
            numbers = [int(held.key) for held in app.line_list.rows]
            assert numbers == list(range(numbers[0], numbers[-1] + 1))
            shown = [line for line in drawn(app.line_list)[1:] if line]
            assert len(shown) == 23


async def test_a_row_that_changed_is_shown_again_and_the_cursor_stays() -> None:
    sales = new_list()
    async with Stage(sales).run_test() as pilot:
        sales.set_rows([row(n) for n in range(5)])
        await pilot.press("down", "down", "down")
        sales.update_row(Row("0000003", ("3", "Confirmada", "", "", "3,00")))
        assert drawn(sales)[4].startswith("       3 Confirmada")
        sales.set_rows([row(n) for n in range(1, 5)])
        assert sales.row == row(3)


async def test_an_empty_list_says_what_to_do() -> None:
    sales = new_list()
    app = Stage(sales)
    async with app.run_test(size=(80, 6), message_hook=app.hear) as pilot:
        await pilot.press("down", "enter", "end", "home")
        assert drawn(sales)[0] == EMPTY
        assert sales.row is None
        assert app.heard == []


async def test_other_keys_go_on_to_the_bindings() -> None:
    class Bound(Stage):
        BINDINGS = [("c", "confirm"), ("f5", "confirm")]  # noqa: RUF012
        confirmed = 0

        def action_confirm(self) -> None:
            self.confirmed += 1

    app = Bound(new_list())
    async with app.run_test() as pilot:
        await pilot.press("c", "f5")
        assert app.confirmed == 2


async def test_a_page_asked_of_an_older_list_is_not_wanted_in_a_newer() -> None:
    sales = new_list()
    app = Shop(sales)
    async with app.run_test(size=(40, 6)):
        asked = LineList.More(sales, "after", row(49).key)
        sales._ask("after")
        assert sales.wants(asked)
        sales.set_rows([row(n) for n in range(60, 70)], after=True)
        assert not sales.wants(asked)
        sales._ask("after")
        assert not sales.wants(asked), "another was asked for, behind another row"
