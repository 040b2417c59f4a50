"""The lines around the work, at the sizes counters have."""

import pytest

from pos_tui.widgets.chrome import KeyHint, KeyLine, MessageLine, StatusLine, TabBar
from tests.widgets.pilot import Stage, drawn, kinds

TABS = ["Início", "Recarga", "Pagamento", "Lista de vendas"]


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        (80, " 1 Início  2 Recarga [3 Pagamento] 4 Lista de vendas"),
        (50, " 1 Início  2 Recarga [3 Pagamento] 4 Lista de"),
        (40, " 1 Iníc  2 Reca [3 Pagamento] 4 List"),
        (24, " 1  2 [3 Pagamento] 4"),
    ],
)
async def test_tabs_shorten_before_they_vanish(columns: int, line: str) -> None:
    tabs = TabBar(TABS, active=2)
    async with Stage(tabs).run_test(size=(columns, 5)):
        assert drawn(tabs) == [line]


async def test_another_tab_is_drawn_when_it_is_the_active_one() -> None:
    tabs = TabBar(TABS)
    async with Stage(tabs).run_test():
        tabs.active = 1
        assert drawn(tabs)[0].startswith(" 1 Início [2 Recarga]")


async def test_the_status_line_drops_the_least_important() -> None:
    status = StatusLine()
    async with Stage(status).run_test(size=(50, 5)) as pilot:
        status.set("store", "Loja 52 Centro", priority=2)
        status.set("till", "PDV 01")
        status.set("pending", "3 de 5 pendências", tone="pending")
        status.set("training", "TREINAMENTO", priority=1)
        assert drawn(status) == [" PDV 01 | *3 de 5 pendências | TREINAMENTO"]
        await pilot.resize_terminal(36, 5)
        assert drawn(status) == [" PDV 01 | *3 de 5 pendências"]
        status.set("pending", "")
        assert drawn(status) == [" PDV 01 | TREINAMENTO"]


async def test_the_status_line_says_a_fault_shorter_before_it_drops_it() -> None:
    status = StatusLine()
    async with Stage(status).run_test(size=(50, 5)) as pilot:
        status.set("pending", "3 de 5 pendências", short="3/5")
        status.set("printer", "SEM PAPEL · 2 impressões", priority=1, tone="error", short="SEM PAPEL 2")
        assert drawn(status) == [" 3 de 5 pendências | !SEM PAPEL · 2 impressões"]
        await pilot.resize_terminal(36, 5)
        assert drawn(status) == [" 3/5 | !SEM PAPEL 2"]
        await pilot.resize_terminal(16, 5)
        assert drawn(status) == [" 3/5"]


async def test_what_is_never_dropped_is_said_shorter_before_it_is_cut() -> None:
    status = StatusLine()
    async with Stage(status).run_test(size=(40, 5)):
        status.set("server", "SERVIDOR AUSENTE · 12 a enviar", tone="error", short="SEM SERVIDOR · 12")
        status.set("pending", "3 de 5 pendências", short="3/5")
        assert drawn(status) == [" !SEM SERVIDOR · 12 | 3/5"]


async def test_the_help_key_is_always_there() -> None:
    keys = KeyLine(
        [
            KeyHint("F3", "Recarga"),
            KeyHint("F8", "Cancelar", enabled=False),
            KeyHint("F9", "2ª via", priority=1),
        ]
    )
    async with Stage(keys).run_test(size=(60, 5)) as pilot:
        assert drawn(keys) == ["F3 Recarga  (F8 Cancelar)  F9 2ª via  F1 ajuda"]
        await pilot.resize_terminal(40, 5)
        assert drawn(keys) == ["F3 Recarga  F9 2ª via  F1 ajuda"]
        await pilot.resize_terminal(20, 5)
        assert drawn(keys)[0].endswith("F1 ajuda")


async def test_a_notice_takes_more_lines_when_it_must() -> None:
    message = MessageLine()
    async with Stage(message).run_test(size=(40, 12)) as pilot:
        message.say("Recarga conekta confirmada com sucesso.")
        await pilot.pause()
        assert drawn(message) == ["Recarga conekta confirmada com sucesso."]
        message.say("A operadora não respondeu. Aperte F5 para consultar de novo.", "error")
        await pilot.pause()
        assert drawn(message) == ["! A operadora não respondeu. Aperte F5", "para consultar de novo."]
        message.say("palavra " * 40)
        await pilot.pause()
        assert len(drawn(message)) == MessageLine.LINES and drawn(message)[-1].endswith(">")
        message.clear()
        await pilot.pause()
        assert drawn(message) == [""]


async def test_none_of_them_takes_the_focus() -> None:
    app = Stage(TabBar(TABS), StatusLine(), MessageLine(), KeyLine())
    async with app.run_test(message_hook=app.hear) as pilot:
        await pilot.press("1", "enter", "tab")
        assert app.focused is None
        assert kinds(app.heard) == []
