"""Any report on the screen."""

from pos_tui.commands.command import Command, Place

R = Place.REPORT

COMMANDS = (
    Command(
        "report_filter",
        ("f6", "ctrl+f"),
        "Filtrar",
        "Escolhe o período, também por dias, e o que mais o relatório filtra.",
        R,
        footer=1,
    ),
    Command("report_print", ("i", "f9"), "Imprimir", "Põe o relatório na fila da impressora.", R, footer=3),
    Command(
        "report_csv",
        ("g", "ctrl+b"),
        "CSV",
        "Grava o relatório inteiro em CSV, na pasta do caixa. Esc interrompe.",
        R,
        footer=4,
    ),
    Command(
        "report_plot", ("p", "ctrl+p"), "Gráfico", "Troca a lista pelos gráficos e de volta.", R, footer=2
    ),
    Command("report_today", ("1",), "Hoje", "O dia de hoje.", R),
    Command("report_yesterday", ("2",), "Ontem", "O dia de ontem.", R),
    Command("report_week", ("3",), "7 dias", "Os últimos sete dias, com o de hoje.", R),
    Command("report_month", ("4",), "Este mês", "Do dia primeiro até hoje.", R),
    Command("report_last_month", ("5",), "Mês passado", "O mês passado inteiro.", R),
)
